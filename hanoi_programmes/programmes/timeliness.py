"""The nine groups of PRODUCT §6: one SQL expression and one Python mirror; nowhere else.

A task is, on a day, in exactly one group, or outside every figure (draft, cancelled). Each group is
judged against the current deadline or against the original one: the caller names the field. Whose
delay it is (`charges`) is said here too.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, F, Field, Func, IntegerField, Q, TextChoices

from hanoi_programmes.lib.dates import ONE_DAY, is_working_day
from hanoi_programmes.programmes.states import OPEN, OUTSIDE, State

DUE_SOON = timedelta(days=7)
# After so many working days a waiting verification is the verifier's delay (PRODUCT §6).
VERIFIER_WORKING_DAYS = 5


class Group(TextChoices):
    """The nine groups, in the order of every screen: what needs its reader first."""

    OVERDUE = "overdue", "Quá hạn"
    DUE_SOON = "due_soon", "Sắp đến hạn"
    AWAITING = "awaiting", "Chờ xác nhận"
    SUSPENDED = "suspended", "Tạm dừng"
    NO_DEADLINE = "no_deadline", "Chưa có thời hạn"
    IN_TERM = "in_term", "Trong hạn"
    ONGOING = "ongoing", "Thường xuyên"
    COMPLETED_LATE = "completed_late", "Hoàn thành quá hạn"
    COMPLETED_ON_TIME = "completed_on_time", "Hoàn thành đúng hạn"


# The on-time rate is of what has come due (PRODUCT §6).
COME_DUE = (Group.COMPLETED_ON_TIME, Group.COMPLETED_LATE, Group.OVERDUE)
# The groups in which the clock runs: the states of `states.OPEN`.
OPEN_GROUPS = (Group.OVERDUE, Group.DUE_SOON, Group.NO_DEADLINE, Group.IN_TERM, Group.ONGOING)
COMPLETED_GROUPS = (Group.COMPLETED_ON_TIME, Group.COMPLETED_LATE)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that timeliness looks at."""

    state: str
    deadline: date | None
    completed_on: date | None
    is_recurring: bool


def group_of(facts: Facts, *, on: date) -> Group | None:
    """The group of one task on a day, or None when it is outside. Mirror of `group_expression`."""
    state, deadline = facts.state, facts.deadline
    if state in OUTSIDE:
        return None
    if state == State.COMPLETED:
        late = bool(deadline and facts.completed_on and facts.completed_on > deadline)
        return Group.COMPLETED_LATE if late else Group.COMPLETED_ON_TIME
    if state == State.AWAITING:
        return Group.AWAITING
    if state == State.SUSPENDED:
        return Group.SUSPENDED
    return _group_of_open(deadline, is_recurring=facts.is_recurring, on=on)


def _group_of_open(deadline: date | None, *, is_recurring: bool, on: date) -> Group:
    if deadline is None:
        return Group.ONGOING if is_recurring else Group.NO_DEADLINE
    if on > deadline:
        return Group.OVERDUE
    return Group.DUE_SOON if deadline - on <= DUE_SOON else Group.IN_TERM


def _of_open(due: str) -> dict[Group, Q]:
    """SQL for the group of an open task; exactly one is true."""
    is_undated, is_recurring = Q(**{f"{due}__isnull": True}), ~Q(rhythm="")
    return {
        Group.OVERDUE: Q(**{f"{due}__lt": F("day")}),
        Group.DUE_SOON: Q(**{f"{due}__gte": F("day"), f"{due}__lte": F("soon")}),
        Group.IN_TERM: Q(**{f"{due}__gt": F("soon")}),
        Group.ONGOING: is_undated & is_recurring,
        Group.NO_DEADLINE: is_undated & ~is_recurring,
    }


def _of_completed(due: str) -> dict[Group, Q]:
    """SQL for the group of a completed task; exactly one is true."""
    is_undated = Q(**{f"{due}__isnull": True}) | Q(done_on__isnull=True)
    return {
        Group.COMPLETED_LATE: Q(done_on__gt=F(due)),
        Group.COMPLETED_ON_TIME: is_undated | Q(done_on__lte=F(due)),
    }


def told_apart() -> dict[str, tuple[dict[Group, Q], Group]]:
    """How the rows of a state fall into its groups: conditions, and the group of all the others.

    For who counts by state first; the rest then needs no question, so it is the longest to ask.
    """
    of_open, of_done = _of_open("due"), _of_completed("due")
    del of_open[Group.DUE_SOON], of_done[Group.COMPLETED_ON_TIME]
    none: dict[Group, Q] = {}
    return {
        **dict.fromkeys(OPEN, (of_open, Group.DUE_SOON)),
        State.COMPLETED: (of_done, Group.COMPLETED_ON_TIME),
        State.AWAITING: (none, Group.AWAITING),
        State.SUSPENDED: (none, Group.SUSPENDED),
    }


def conditions(due: str = "due") -> dict[Group, Q]:
    """SQL for each group, of which at most one is true; none when outside.

    They speak of the facts of a day by the names that `TaskQuerySet.with_group_on` gives them:
    `standing` (the state), `done_on`, the `day` and the last day that is `soon`. `due` names the
    deadline judged against ("due" or "due_first").
    """
    is_open, is_done = Q(standing__in=OPEN), Q(standing=State.COMPLETED)
    return {
        Group.AWAITING: Q(standing=State.AWAITING),
        Group.SUSPENDED: Q(standing=State.SUSPENDED),
        **{group: is_open & is_in for group, is_in in _of_open(due).items()},
        **{group: is_done & is_in for group, is_in in _of_completed(due).items()},
    }


# All groups of these states together are the states themselves.
_WHOLES = ((OPEN_GROUPS, OPEN), (COMPLETED_GROUPS, (State.COMPLETED,)))


def in_any(groups: Collection[Group]) -> Q:
    """SQL for "in one of these groups", as short as it can be said."""
    found, left = Q(pk__in=[]), set(groups)
    for whole, states in _WHOLES:
        if left.issuperset(whole):
            found |= Q(standing__in=states)
            left.difference_update(whole)
    each = conditions()
    for group in sorted(left):
        found |= each[group]
    return found


def late_by(days: int, *, on: date) -> Q:
    """SQL for "overdue by more than so many days", where the rows are judged as of `on`."""
    return in_any([Group.OVERDUE]) & Q(due__lt=on - timedelta(days=days))


def group_expression(due: str = "due") -> Func:
    """SQL for the group on the annotated day; NULL when outside."""
    return _judged("task_group", due, CharField(max_length=20, null=True))


def rank_expression() -> Func:
    """SQL for the place of the group in the order of every screen; NULL when outside."""
    return _judged("task_rank", "due", IntegerField(null=True))


def _judged(function: str, due: str, field: "Field[Any, Any]") -> Func:
    """The database's own functions (migration 0011): in each query as one call, not as a page."""
    facts = ("standing", due, "done_on", "rhythm", "day", "soon")
    return Func(*facts, function=function, output_field=field)


def days_late(deadline: date | None, *, on: date) -> int:
    """Whole days past the deadline; 0 when none or not yet past (the deadline's day counts)."""
    return max((on - deadline).days, 0) if deadline else 0


def days_left(deadline: date | None, *, on: date) -> int | None:
    """Whole days to the deadline, 0 on its day; None without deadline or when past."""
    return (deadline - on).days if deadline and deadline >= on else None


class Side(TextChoices):
    """To whom a day of delay is charged (PRODUCT §6)."""

    DECIDER = "decider", "Cấp quyết định"
    VERIFIER = "verifier", "Nơi xác nhận"
    UNIT = "unit", "Đơn vị"


@dataclass(frozen=True, slots=True)
class Wait:
    """The work waited for `whom` from the day `since` to the day `until`; None: it still waits.

    The day on which it was asked is not yet a day of waiting, the day of the answer is one.
    """

    since: date
    until: date | None
    whom: str = ""

    def covers(self, day: date) -> bool:
        """Whether that day was spent waiting."""
        return self.since < day and (self.until is None or day <= self.until)


_WHOSE = {
    Side.UNIT: "của đơn vị",
    Side.DECIDER: "chờ {whom} quyết định",
    Side.VERIFIER: "chờ {whom} xác nhận",
}


@dataclass(frozen=True, slots=True)
class Charge:
    """So many days of a delay, and whose they are; `whom` is empty for the unit itself."""

    side: Side
    whom: str
    days: int

    def __str__(self) -> str:
        """Inside a sentence: "5 ngày chờ Sở Tài chính quyết định"."""
        return f"{self.days} ngày {_WHOSE[self.side].format(whom=self.whom)}"

    @property
    def brief(self) -> str:
        """In a cell: "Sở Tài chính 5"."""
        return f"{self.whom or 'đơn vị'} {self.days}"


@dataclass(frozen=True, slots=True)
class Waits:
    """What a task waited for: decisions (obstacles, extensions asked for in time) and verifiers."""

    decisions: Sequence[Wait] = ()
    submissions: Sequence[Wait] = ()


def charges(
    deadline: date | None, *, end: date, waits: Waits, exceptions: Mapping[date, bool]
) -> tuple[Charge, ...]:
    """Split the days after the deadline, up to and including `end`, among those they waited for.

    Each day is charged once, in this order:

    1. While submitted: to the verifier, from the sixth working day of waiting on. The verifier's
       own five days are nobody's delay while the answer is out; once the work was sent back they
       count like any other day, since it was not done.
    2. To the decider of the oldest request that waited on that day.
    3. To the unit.

    So the parts add up to the days late, less the verifier's term of a submission that stands.
    Deciders come first, the unit last; `exceptions` is the calendar, as in `lib.dates`.
    """
    if deadline is None:
        return ()
    if not (waits.decisions or waits.submissions):
        days = days_late(deadline, on=end)
        return (Charge(Side.UNIT, "", days),) if days else ()
    decisions = sorted(waits.decisions, key=lambda wait: wait.since)
    turns = [(wait, verifier_from(wait.since, exceptions)) for wait in waits.submissions]
    found: Counter[tuple[Side, str]] = Counter()
    for number in range(1, days_late(deadline, on=end) + 1):
        charged = _charged(deadline + timedelta(days=number), decisions, turns)
        if charged:
            found[charged] += 1
    order = list(Side)
    rows = sorted(found.items(), key=lambda row: (order.index(row[0][0]), -row[1], row[0][1]))
    return tuple(Charge(side, whom, days) for (side, whom), days in rows)


def _charged(
    day: date, decisions: Sequence[Wait], turns: Sequence[tuple[Wait, date]]
) -> tuple[Side, str] | None:
    for wait, overdue_from in turns:
        if wait.covers(day) and day >= overdue_from:
            return Side.VERIFIER, wait.whom
        if wait.covers(day) and wait.until is None:
            return None
    asked = next((wait for wait in decisions if wait.covers(day)), None)
    return (Side.DECIDER, asked.whom) if asked else (Side.UNIT, "")


def verifier_from(submitted_on: date, exceptions: Mapping[date, bool]) -> date:
    """The first day that is the verifier's delay: the sixth working day after the submission."""
    day, left = submitted_on, VERIFIER_WORKING_DAYS + 1
    while left:
        day += ONE_DAY
        left -= is_working_day(day, exceptions)
    return day
