"""The ledger of reminders, what the office and each reader settled about them, and how jobs ran."""

from hanoi_programmes.reminders.models.answer import AnswerLink
from hanoi_programmes.reminders.models.ladder import Ladder
from hanoi_programmes.reminders.models.ledger import Mail, Notice, Reminder
from hanoi_programmes.reminders.models.preference import Preference
from hanoi_programmes.reminders.models.running import JobRun, Pulse
from hanoi_programmes.reminders.models.urging import Urging

__all__ = [
    "AnswerLink",
    "JobRun",
    "Ladder",
    "Mail",
    "Notice",
    "Preference",
    "Pulse",
    "Reminder",
    "Urging",
]
