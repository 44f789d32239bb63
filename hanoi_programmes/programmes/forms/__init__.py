"""Field validation of what people type about tasks; who may and when is `rules`' matter."""

from hanoi_programmes.programmes.forms.bulk import read_seen, seen_text
from hanoi_programmes.programmes.forms.decisions import (
    AboutTask,
    AgainForm,
    AnswerForm,
    AskForm,
    CloseForm,
    DecideForm,
    DirectForm,
    PassOnForm,
    ReplyForm,
    WithdrawForm,
)
from hanoi_programmes.programmes.forms.moves import MoveForm, NeedsForm
from hanoi_programmes.programmes.forms.progress import NothingForm, ReportForm
from hanoi_programmes.programmes.forms.verification import VerifyForm

__all__ = [
    "AboutTask",
    "AgainForm",
    "AnswerForm",
    "AskForm",
    "CloseForm",
    "DecideForm",
    "DirectForm",
    "MoveForm",
    "NeedsForm",
    "NothingForm",
    "PassOnForm",
    "ReplyForm",
    "ReportForm",
    "VerifyForm",
    "WithdrawForm",
    "read_seen",
    "seen_text",
]
