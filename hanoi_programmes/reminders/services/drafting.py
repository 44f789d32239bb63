"""The rows that the ledger should hold on a day, whether it holds them already or not."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from django.db.models import Max, Q

from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.querysets import TaskQuerySet
from hanoi_programmes.reminders import policy
from hanoi_programmes.reminders.models import Reminder
from hanoi_programmes.reminders.policy import (
    Exceptions,
    Fallen,
    Matter,
    People,
    Rung,
    TaskFacts,
    Window,
)
from hanoi_programmes.reminders.services import matters
from hanoi_programmes.reminders.services.roster import facts_by_id, facts_of
from hanoi_programmes.reminders.states import URGED, Audience, Subject

_MATTERS = (Subject.DIRECTION, Subject.OBSTACLE, Subject.EXTENSION)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the ledger, in the order of its columns."""

    task: int
    recipient: int
    rung: str
    deadline: date
    matter: int
    due_on: date
    is_late: bool


def last_planned(before: date) -> date | None:
    """The newest day before this one on which a planner wrote something."""
    rows = Reminder.objects.exclude(rung=URGED).filter(planned_on__lt=before)
    found: date | None = rows.aggregate(last=Max("planned_on"))["last"]
    return found


class Draft:
    """What falls on a day, by a ladder, a calendar and the people of that day.

    `nobody` counts, while rows are drawn, the rungs that have nobody to tell.
    """

    def __init__(
        self, on: date, *, rungs: Sequence[Rung], exceptions: Exceptions, people: People
    ) -> None:
        self.rungs = rungs
        self.exceptions = exceptions
        self.people = people
        self.last_planned = last_planned(on)
        self.days: Window = policy.window(on, self.last_planned)
        self.nobody = 0
        self._fallen = cache(self._look_up)
        self._known: dict[tuple[object, ...], list[int]] = {}

    def rows(self) -> Iterator[Row]:
        """Ladder after ladder, each in the order of its tasks; streamed."""
        for facts in facts_of(self._near_deadline()):
            if facts.deadline:
                yield from self._rows_of(facts, self._fallen(Subject.DEADLINE, facts.deadline))
        updates = self._fallen(Subject.UPDATE, policy.period_end(self.days.on))
        if updates:
            for facts in facts_of(Task.objects.not_updated(self.days.on)):
                yield from self._rows_of(facts, updates)
        for facts in facts_of(Task.objects.awaiting()):
            if facts.submitted_on:
                yield from self._rows_of(facts, self._fallen(Subject.VERIFY, facts.submitted_on))
        for subject in _MATTERS:
            yield from self._rows_of_matters(list(matters.waiting(subject)))

    def _rows_of_matters(self, waiting: list[Matter]) -> Iterator[Row]:
        facts = facts_by_id({matter.task_id for matter in waiting})
        for matter in waiting:
            if matter.task_id in facts:
                steps = self._fallen(matter.subject, matter.counted_from)
                yield from self._rows_of(facts[matter.task_id], steps, matter)

    def _look_up(self, subject: Subject, counted_from: date) -> tuple[Fallen, ...]:
        fallen = policy.fallen(subject, counted_from, self.days, self.exceptions, self.rungs)
        return tuple(fallen)

    def _near_deadline(self) -> TaskQuerySet:
        """Open tasks that are overdue, or whose deadline has a rung in the window."""
        on = self.days.on
        ahead = [on + timedelta(days=n) for n in range(policy.horizon(self.rungs).days + 1)]
        near = [deadline for deadline in ahead if self._fallen(Subject.DEADLINE, deadline)]
        return Task.objects.open().filter(Q(deadline__lt=on) | Q(deadline__in=near))

    def _rows_of(
        self, facts: TaskFacts, fallen: Iterable[Fallen], matter: Matter | None = None
    ) -> Iterator[Row]:
        """The newest rung since the matter came up, for each person it reaches."""
        since = matter.since if matter else facts.issued_on
        steps = [step for step in fallen if not since or step.due_on >= since]
        for step in steps[-1:]:
            told = self._recipients(facts, step.audience, matter)
            self.nobody += not told
            key = matter.pk if matter else 0
            late = self._was_missed(step.due_on)
            for person in told:
                yield Row(facts.pk, person, step.rung, step.counted_from, key, step.due_on, late)

    def _recipients(
        self, facts: TaskFacts, audience: frozenset[Audience], matter: Matter | None
    ) -> list[int]:
        """In order. Tasks of one unit and officer reach the same people: they are asked once."""
        if matter:
            return sorted(policy.recipients(facts, audience, self.people, matter))
        place = (facts.unit_id, facts.superior_id, facts.officer_id)
        key = (*place, facts.above_id, facts.is_citys, audience)
        if key not in self._known:
            self._known[key] = sorted(policy.recipients(facts, audience, self.people))
        return self._known[key]

    def _was_missed(self, due_on: date) -> bool:
        return self.last_planned is not None and self.last_planned < due_on < self.days.on
