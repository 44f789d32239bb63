"""What the task page shows of the reminders sent: one entry a day and rung, with its readers."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from hanoi_programmes.reminders import policy
from hanoi_programmes.reminders.models import Reminder
from hanoi_programmes.reminders.states import MailState, Urgency


@dataclass(slots=True)
class Urged:
    """One time that people were reminded of a task."""

    on: date
    words: str
    urgency: Urgency
    # What became of it (the notice in the app is always there) → who was told that way.
    ways: dict[str, list[str]] = field(default_factory=dict)


def urged(reminders: Iterable[Reminder]) -> list[Urged]:
    """Reminders of one task, newest first, gathered by day and rung."""
    entries: dict[tuple[date, str], Urged] = {}
    for reminder in reminders:
        on, rung, counted_from = reminder.planned_on, reminder.rung, reminder.deadline
        entry = entries.setdefault(
            (on, rung),
            Urged(
                on=on,
                words=policy.words(rung, counted_from, on=on),
                urgency=policy.urgency(rung, counted_from, on=on),
            ),
        )
        told = entry.ways.setdefault(_way(reminder), [])
        told.append(reminder.recipient.display_name)
    return list(entries.values())


def _way(reminder: Reminder) -> str:
    if reminder.mail is None:
        return "Trong ứng dụng"
    label = MailState(reminder.mail.state).label.lower()
    return f"Thư {label}"
