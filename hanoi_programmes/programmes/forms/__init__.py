"""Field validation of what people type about tasks; who may and when is `rules`' matter."""

from hanoi_programmes.programmes.forms.bulk import read_seen, seen_text
from hanoi_programmes.programmes.forms.moves import MoveForm, NeedsForm
from hanoi_programmes.programmes.forms.progress import NothingForm, ReportForm
from hanoi_programmes.programmes.forms.verification import VerifyForm

__all__ = [
    "MoveForm",
    "NeedsForm",
    "NothingForm",
    "ReportForm",
    "VerifyForm",
    "read_seen",
    "seen_text",
]
