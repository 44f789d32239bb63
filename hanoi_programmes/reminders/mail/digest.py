"""A person's lines of the day as one letter, or one line as a letter of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.urls import reverse

from hanoi_programmes.lib.text import cut, one_line
from hanoi_programmes.reminders import policy
from hanoi_programmes.reminders.mail.known import known_of
from hanoi_programmes.reminders.mail.letter import Contents, Letter, letter
from hanoi_programmes.reminders.mail.lines import Line, line_of
from hanoi_programmes.reminders.models import Reminder
from hanoi_programmes.reminders.states import BY_REPORT, MailKind, Urgency

# A digest is read on a phone, and some mail programs cut it at 100 kB: longer groups end with a
# count and the link to the whole list.
LINES_A_GROUP = 15
LINES_A_MAIL = 30
# What a list of mails shows of a subject.
_GROUPS_IN_SUBJECT = 3
_TITLE_IN_SUBJECT = 90


@dataclass(slots=True)
class Section:
    """One group of a digest; `more` counts the lines that are not printed."""

    urgency: Urgency
    lines: list[Line] = field(default_factory=list)
    more: int = 0

    @property
    def count(self) -> int:
        """All its lines."""
        return len(self.lines) + self.more

    @property
    def more_url(self) -> str:
        """Where the lines that are not printed stand."""
        name, query = _LISTS.get(self.urgency, ("reminders:notices", ""))
        return f"{settings.SITE_URL}{reverse(name)}{query}"


_LISTS: dict[str, tuple[str, str]] = {
    Urgency.OVERDUE: ("programmes:task-list", "?group=overdue"),
    Urgency.SOON: ("programmes:task-list", "?group=due_soon"),
    Urgency.VERIFY: ("programmes:task-list", "?group=awaiting"),
    Urgency.ANSWER: ("programmes:decisions", ""),
    Urgency.DECIDE: ("programmes:decisions", ""),
}


@dataclass(frozen=True, slots=True)
class Digest:
    """All that the templates say."""

    reader: str
    on: date
    sections: Sequence[Section]
    late_since: date | None
    site_url: str
    is_illustrative: bool
    is_single: bool

    @property
    def summary(self) -> str:
        """The numbers that matter, the worst first: "2 việc quá hạn, 1 sắp đến hạn"."""
        return _counted(self.sections)

    @property
    def subject(self) -> str:
        """Of a single line how it stands and its title; of several the numbers of the worst."""
        if self.is_single:
            return f"{self.first.headline}: {cut(self.first.title, _TITLE_IN_SUBJECT)}"
        return self.heading

    @property
    def heading(self) -> str:
        """The numbers of the worst groups, and how many lines the others have."""
        told = _counted(self.sections[:_GROUPS_IN_SUBJECT])
        others = sum(section.count for section in self.sections[_GROUPS_IN_SUBJECT:])
        return told + (f", {others} việc khác" if others else "")

    @property
    def first(self) -> Line:
        """The most urgent line."""
        return self.sections[0].lines[0]

    @property
    def has_answers(self) -> bool:
        """Whether some line can be answered from the mail."""
        return any(line.answer_url for section in self.sections for line in section.lines)


def _counted(sections: Iterable[Section]) -> str:
    told = ", ".join(f"{section.count} {section.urgency.label.lower()}" for section in sections)
    return told.replace(" ", " việc ", 1)


def digest_letter(contents: Contents) -> Letter:
    """The words of a person's lines of the day."""
    return letter(
        {"digest": content_of(contents)},
        subject="reminders/mail/digest.subject.txt",
        text="reminders/mail/digest.txt",
        html="reminders/mail/digest.html",
    )


def content_of(contents: Contents) -> Digest:
    """The content of a mail on the day it leaves; a task stands in it once, by its newest rung.

    A direction, an obstacle or a request for time about the same task stands beside it.
    """
    mail, on = contents.mail, contents.on
    newest: dict[tuple[int, str, int], Reminder] = {}
    for reminder in sorted(contents.reminders, key=lambda r: _order(r, on)):
        newest.setdefault(_about(reminder), reminder)
    told = list(newest.values())
    late = [r.due_on for r in told if r.is_late] + [mail.on] * (mail.on < on)
    return Digest(
        reader=one_line(mail.recipient.display_name),
        on=on,
        sections=_sections(told, contents),
        late_since=min(late, default=None),
        site_url=settings.SITE_URL,
        is_illustrative=settings.ILLUSTRATIVE or any(r.task.is_illustrative for r in told),
        is_single=mail.kind == MailKind.SINGLE and len(told) == 1,
    )


def _order(reminder: Reminder, on: date) -> tuple[int, date, str, int]:
    rank = policy.urgency(reminder.rung, reminder.deadline, on=on).rank
    return rank, reminder.deadline, reminder.task.code, -reminder.due_on.toordinal()


def _about(reminder: Reminder) -> tuple[int, str, int]:
    """The task itself, or what waits beside it."""
    if not reminder.matter:
        return reminder.task_id, "", 0
    return reminder.task_id, policy.subject_of(reminder.rung), reminder.matter


def _answer(reminder: Reminder, contents: Contents) -> str:
    """Where a line can be answered by a report; "" where something else is wanted."""
    by_report = policy.subject_of(reminder.rung) in BY_REPORT
    return contents.answers.get(reminder.task_id, "") if by_report else ""


def _sections(told: Sequence[Reminder], contents: Contents) -> list[Section]:
    known, on = known_of(told), contents.on
    sections = {urgency: Section(urgency) for urgency in Urgency}
    printed = 0
    for reminder in told:
        section = sections[policy.urgency(reminder.rung, reminder.deadline, on=on)]
        if len(section.lines) < LINES_A_GROUP and printed < LINES_A_MAIL:
            section.lines.append(line_of(reminder, known, on, _answer(reminder, contents)))
            printed += 1
        else:
            section.more += 1
    return [section for section in sections.values() if section.count]
