"""What people type about reminders."""

from hanoi_programmes.reminders.forms.answers import AnswerForm

__all__ = ["AnswerForm"]
