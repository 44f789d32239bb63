"""A person's lines of the day as a letter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.urls import reverse

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.reminders import policy
from hanoi_programmes.reminders.mail.letter import Contents, Letter, letter
from hanoi_programmes.reminders.models import Reminder
from hanoi_programmes.reminders.states import Urgency

# A digest is read on a phone: longer groups end with a count and the link to the whole list.
LINES_A_GROUP = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One task in a digest: what it is, how late, which product is missing, where to answer."""

    task: Task
    words: str
    url: str


@dataclass(slots=True)
class Section:
    """One group of a digest; `more` counts the lines that are not printed."""

    urgency: Urgency
    lines: list[Line] = field(default_factory=list)
    more: int = 0


@dataclass(frozen=True, slots=True)
class Digest:
    """All that the templates say."""

    recipient: User
    on: date
    sections: Sequence[Section]
    late_since: date | None
    site_url: str
    is_illustrative: bool

    @property
    def summary(self) -> str:
        """The numbers that matter, the worst first: "2 nhiệm vụ quá hạn, 1 sắp đến hạn"."""
        counts = [(len(section.lines) + section.more, section.urgency) for section in self.sections]
        parts = [f"{count} {urgency.label.lower()}" for count, urgency in counts]
        return ", ".join(parts).replace(" ", " nhiệm vụ ", 1)


def digest_letter(contents: Contents) -> Letter:
    """The words of a person's lines of the day."""
    return letter(
        {"digest": content_of(contents)},
        subject="reminders/mail/digest.subject.txt",
        text="reminders/mail/digest.txt",
        html="reminders/mail/digest.html",
    )


def content_of(contents: Contents) -> Digest:
    """The content of a mail on the day it leaves; a task stands in it once, by its newest rung."""
    mail, on = contents.mail, contents.on
    newest: dict[int, Reminder] = {}
    for reminder in sorted(contents.reminders, key=lambda r: (_rank(r, on), -r.due_on.toordinal())):
        newest.setdefault(reminder.task_id, reminder)
    told = list(newest.values())
    late = [r.due_on for r in told if r.is_late] + [mail.on] * (mail.on < on)
    return Digest(
        recipient=mail.recipient,
        on=on,
        sections=_sections(told, on),
        late_since=min(late, default=None),
        site_url=settings.SITE_URL,
        is_illustrative=settings.ILLUSTRATIVE or any(r.task.is_illustrative for r in told),
    )


def _rank(reminder: Reminder, on: date) -> int:
    return policy.urgency(reminder.rung, reminder.deadline, on=on).rank


def _sections(reminders: Iterable[Reminder], on: date) -> list[Section]:
    sections = {urgency: Section(urgency) for urgency in Urgency}
    for reminder in sorted(reminders, key=lambda r: (_rank(r, on), r.deadline, r.task.code)):
        section = sections[policy.urgency(reminder.rung, reminder.deadline, on=on)]
        if len(section.lines) < LINES_A_GROUP:
            section.lines.append(_line(reminder, on))
        else:
            section.more += 1
    return [section for section in sections.values() if section.lines]


def _line(reminder: Reminder, on: date) -> Line:
    path = reverse("programmes:task-page", args=[reminder.task_id])
    words = policy.words(reminder.rung, reminder.deadline, on=on)
    return Line(reminder.task, words, f"{settings.SITE_URL}{path}")
