"""Urging by hand as a letter: the office's words first, then the tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.timeliness import days_late
from hanoi_programmes.reminders.mail.letter import Contents, Letter, letter
from hanoi_programmes.reminders.models import Urging

# More are in the app: the letter is read on a phone.
MOST_LINES = 30


@dataclass(frozen=True, slots=True)
class Line:
    """One task that is urged: how late it is on the day of the letter, and where to answer."""

    task: Task
    late: int
    url: str


@dataclass(frozen=True, slots=True)
class Urged:
    """All that the templates say."""

    recipient: User
    urging: Urging
    lines: Sequence[Line]
    more: int
    url: str
    site_url: str
    is_illustrative: bool

    @property
    def count(self) -> int:
        """How many tasks it is about."""
        return len(self.lines) + self.more

    @property
    def worst(self) -> int:
        """The longest delay among the tasks, 0 when none is late."""
        return max((line.late for line in self.lines), default=0)


def urging_letter(contents: Contents) -> Letter:
    """The words of an urging for one person; the longest overdue task first."""
    reminders, on = contents.reminders, contents.on
    urging = Urging.objects.select_related("by__unit").get(pk=reminders[0].matter)
    tasks = sorted((row.task for row in reminders), key=lambda t: (t.deadline or date.max, t.code))
    content = Urged(
        recipient=contents.mail.recipient,
        urging=urging,
        lines=[_line(task, on) for task in tasks[:MOST_LINES]],
        more=len(tasks[MOST_LINES:]),
        url=f"{settings.SITE_URL}{reverse('reminders:urging-page', args=[urging.pk])}",
        site_url=settings.SITE_URL,
        is_illustrative=settings.ILLUSTRATIVE or any(task.is_illustrative for task in tasks),
    )
    return letter(
        {"urged": content},
        subject="reminders/mail/urging.subject.txt",
        text="reminders/mail/urging.txt",
        html="reminders/mail/urging.html",
    )


def _line(task: Task, on: date) -> Line:
    path = reverse("programmes:task-page", args=[task.pk])
    return Line(task, days_late(task.deadline, on=on), f"{settings.SITE_URL}{path}")
