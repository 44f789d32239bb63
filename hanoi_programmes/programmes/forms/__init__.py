"""Field validation of what people type about tasks; who may and when is `rules`' matter."""

from hanoi_programmes.programmes.forms.moves import MoveForm
from hanoi_programmes.programmes.forms.progress import NothingForm, ReportForm
from hanoi_programmes.programmes.forms.verification import VerifyForm

__all__ = ["MoveForm", "NothingForm", "ReportForm", "VerifyForm"]
