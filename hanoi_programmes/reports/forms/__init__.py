"""What pages of figures are asked with, and what people type on them."""

from hanoi_programmes.reports.forms.asking import ReportForm
from hanoi_programmes.reports.forms.dashboard import DashboardForm
from hanoi_programmes.reports.forms.letters import LetterForm
from hanoi_programmes.reports.forms.periods import FIRST_YEAR
from hanoi_programmes.reports.forms.scorecards import AnswerForm, ContestForm, ScorecardForm

__all__ = [
    "FIRST_YEAR",
    "AnswerForm",
    "ContestForm",
    "DashboardForm",
    "LetterForm",
    "ReportForm",
    "ScorecardForm",
]
