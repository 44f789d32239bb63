"""What people type about reminders."""

from hanoi_programmes.reminders.forms.answers import AnswerForm
from hanoi_programmes.reminders.forms.calendar import (
    DayForm,
    ProposalsForm,
    RemoveDayForm,
    filled_from,
)
from hanoi_programmes.reminders.forms.ladder import LadderForm, Rows, rows_of, rungs_in
from hanoi_programmes.reminders.forms.preferences import PreferenceForm
from hanoi_programmes.reminders.forms.urging import UrgeForm, opening, read_seen, seen_text

__all__ = [
    "AnswerForm",
    "DayForm",
    "LadderForm",
    "PreferenceForm",
    "ProposalsForm",
    "RemoveDayForm",
    "Rows",
    "UrgeForm",
    "filled_from",
    "opening",
    "read_seen",
    "rows_of",
    "rungs_in",
    "seen_text",
]
