"""Whose delay it is, for many tasks at once: finds what each waited for and lets timeliness judge.

What a unit took back (an obstacle, a request) charges nobody else, nor does a request that came
after the deadline, nor an obstacle that the lead unit itself has to decide.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from django.db.models import F, Q

from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.rules import calendar_exceptions
from hanoi_programmes.programmes.models import (
    Event,
    Extension,
    Obstacle,
    Referral,
    Task,
    TaskSpan,
)
from hanoi_programmes.programmes.querysets import TaskQuerySet
from hanoi_programmes.programmes.querysets.among import Among
from hanoi_programmes.programmes.states import State
from hanoi_programmes.programmes.timeliness import (
    Charge,
    Group,
    Side,
    Wait,
    Waits,
    charges,
    group_of,
    verifier_from,
)

# Whose deadline may have passed; the others have no day to charge.
_DELAYED = (Group.OVERDUE, Group.AWAITING, Group.COMPLETED_LATE)
OFFICE = "Văn phòng Thành ủy"
# Public holidays may lie in the verifier's five working days after the last day asked about.
_AHEAD = timedelta(days=30)
# What is read of hundreds of late tasks; whole rows of them took longer than the question.
_ABOVE = "task__parent__lead_unit"
_ASSIGNED = ("task__lead_unit", _ABOVE, f"{_ABOVE}__short_name")
_ASKED = ("pk", "task", "task__lead_unit", "raised_on", "resolved_on", "decider", "decider_text")
_PASSED = ("on", "unit", "unit_text")
_WANTED = ("task", "asked_on", "decided_on")
_LAY = ("task", "starts_on", "ends_on")


class _Asked(NamedTuple):
    """An obstacle, by `_ASKED`."""

    pk: int
    task: int
    lead: int
    raised_on: date
    resolved_on: date | None
    decider: int | None
    decider_text: str


class _Passed(NamedTuple):
    """Who had to decide it until a day, by `_PASSED`."""

    on: date
    unit: int | None
    unit_text: str


@dataclass(frozen=True, slots=True)
class Late:
    """A task whose delay is to be split: its deadline, and the last day that may count."""

    task: int
    deadline: date
    end: date


@dataclass(frozen=True, slots=True)
class Delay:
    """The days of a delay and whose they are; `days` is their sum.

    `is_asked`: another than the unit had still to decide on the day, as `rules.stuck` asks in SQL.
    """

    days: int
    charges: tuple[Charge, ...]
    is_asked: bool

    @property
    def elsewhere(self) -> int:
        """Days that are not the unit's."""
        return sum(charge.days for charge in self.charges if charge.side != Side.UNIT)


def late_now(task: Task, *, on: date) -> Late | None:
    """What there is to split today: overdue, awaiting past the deadline, or completed late."""
    group = group_of(task.facts, on=on)
    if task.deadline is None or group not in {
        Group.OVERDUE,
        Group.AWAITING,
        Group.COMPLETED_LATE,
    }:
        return None
    end = task.completed_on or on
    return Late(task.pk, task.deadline, end) if end > task.deadline else None


def delays_of(late: Sequence[Late], *, on: date) -> dict[int, Delay]:
    """The delays by task, as they stood on the day; six queries whatever the number."""
    ids = [row.task for row in late]
    if not ids:
        return {}
    decisions, submissions = _decisions(ids, on), _submissions(ids, on)
    waits = {pk: Waits(decisions.get(pk, ()), submissions.get(pk, ())) for pk in ids}
    first = min(
        [wait.since for rows in submissions.values() for wait in rows] or [row.end for row in late]
    )
    exceptions = calendar_exceptions(first, on + _AHEAD)
    found = {}
    for row in late:
        parts = charges(row.deadline, end=row.end, waits=waits[row.task], exceptions=exceptions)
        is_asked = any(wait.until is None for wait in decisions.get(row.task, ()))
        found[row.task] = Delay(sum(part.days for part in parts), parts, is_asked)
    return found


def charged_to(rows: TaskQuerySet, side: Side, whom: str, on: date) -> TaskQuerySet:
    """Those with a day of delay that is charged to this side, and to this body when one is named;
    after `with_group_on`. The days are split one by one, so the late rows are read first."""
    keys = ("pk", "due", "done_on")
    known = rows.in_groups(*_DELAYED).order_by().values_list(*keys)
    late = [Late(pk, due, done or on) for pk, due, done in known if due and (done or on) > due]
    found = [
        pk
        for pk, delay in delays_of(late, on=on).items()
        if any(part.side == side and whom in {"", part.whom} for part in delay.charges)
    ]
    return rows.filter(pk__in=found)


def verifier_days(tasks: Iterable[Task], *, on: date) -> dict[int, int]:
    """Of tasks that await verification: how many days are already the verifier's; one query."""
    waiting = {
        task.pk: (task.submitted_on, task.deadline)
        for task in tasks
        if task.submitted_on and task.state == State.AWAITING
    }
    if not waiting:
        return {}
    exceptions = calendar_exceptions(min(day for day, _ in waiting.values()), on + _AHEAD)
    found = {}
    for pk, (submitted_on, deadline) in waiting.items():
        last_free = verifier_from(submitted_on, exceptions) - timedelta(days=1)
        found[pk] = max((on - max(last_free, deadline or last_free)).days, 0)
    return found


def _until(day: date | None, on: date) -> date | None:
    """What ended after the day asked about had not ended on it."""
    return day if day and day <= on else None


def _decisions(tasks: list[int], on: date) -> dict[int, list[Wait]]:
    found: dict[int, list[Wait]] = defaultdict(list)
    obstacles = Obstacle.objects.filter(Among("task", tasks), raised_on__lte=on, is_withdrawn=False)
    asked = [_Asked(*row) for row in obstacles.values_list(*_ASKED)]
    passed: dict[int, list[_Passed]] = defaultdict(list)
    if asked:
        rows = Referral.objects.filter(Among("obstacle", [row.pk for row in asked]))
        for obstacle, *row in rows.values_list("obstacle", *_PASSED):
            passed[obstacle].append(_Passed(*row))
    for obstacle in asked:
        found[obstacle.task] += _turns(obstacle, passed[obstacle.pk], on)
    requests = Extension.objects.filter(
        Among("task", tasks), Q(asked_on__lte=F("deadline")), asked_on__lte=on
    )
    answered = requests.exclude(answer=Extension.Answer.WITHDRAWN)
    for task, asked_on, decided_on, *given in answered.values_list(*_WANTED, *_ASSIGNED):
        found[task].append(Wait(asked_on, _until(decided_on, on), _assigner(*given)))
    return found


def _turns(obstacle: _Asked, passed: list[_Passed], on: date) -> Iterator[Wait]:
    """One wait for each level that had to decide, from when it came to it."""
    since = obstacle.raised_on
    for referral in passed:
        is_others = referral.unit is None or referral.unit != obstacle.lead
        if referral.on > on:
            if is_others:
                yield Wait(since, None, referral.unit_text)
            return
        if is_others:
            yield Wait(since, referral.on, referral.unit_text)
        since = referral.on
    if obstacle.decider is None or obstacle.decider != obstacle.lead:
        yield Wait(since, _until(obstacle.resolved_on, on), obstacle.decider_text)


def _submissions(tasks: list[int], on: date) -> dict[int, list[Wait]]:
    """When each task lay with its verifier: spans in which it awaited, joined where they meet.

    What was sent back and submitted again on one day leaves two spans that meet, but waits anew.
    """
    spans = TaskSpan.objects.filter(Among("task", tasks), state=State.AWAITING, starts_on__lte=on)
    lay = list(spans.order_by("task", "starts_on").values_list(*_LAY, *_ASSIGNED))
    submitted = _submitted([task for task, *_span in lay])
    found: dict[int, list[Wait]] = defaultdict(list)
    for task, starts_on, ends_on, *given in lay:
        until, rows = _until(ends_on, on), found[task]
        anew = (task, starts_on) in submitted
        if rows and rows[-1].until == starts_on and not anew:
            rows[-1] = Wait(rows[-1].since, until, rows[-1].whom)
        else:
            rows.append(Wait(starts_on, until, _assigner(*given)))
    return found


def _submitted(tasks: Sequence[int]) -> set[tuple[int, date]]:
    """Task and day of the submissions of tasks that have several spans; mostly none do."""
    several = {task for task, after in pairwise(tasks) if task == after}
    if not several:
        return set()
    events = Event.objects.filter(task__in=several, kind="submit")
    return set(events.values_list("task", "on"))


def assigner(task: Task) -> Unit | None:
    """The unit on whose behalf the task was given: who leads the one above; None is the office."""
    above = task.parent.lead_unit if task.parent else None
    return None if above is None or above.pk == task.lead_unit_id else above


def _assigner(lead: int, above: int | None, name: str | None) -> str:
    """The name of the same, of a task whose unit is `lead`, the one above's `above`."""
    return OFFICE if name is None or above == lead else name
