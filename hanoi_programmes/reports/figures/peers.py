"""Like with like: units of one level and axis side by side, and the middle of their rates.

Never raw counts, and nobody's rank: large and small units are compared by their share of what came
due, and only where enough units have enough of it.
"""

from dataclasses import dataclass, replace
from datetime import date
from statistics import median

from django.db.models import Count, Min, Q

from hanoi_programmes.people.models import Unit
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.querysets import Choice, TaskQuerySet
from hanoi_programmes.programmes.timeliness import COME_DUE, Group, days_late
from hanoi_programmes.reports.figures.parts import MIN_DUE
from hanoi_programmes.reports.figures.scope import Scope
from hanoi_programmes.reports.figures.tally import Share

# With fewer units the middle would say more of one of them than of all.
MIN_UNITS = 5


@dataclass(frozen=True, slots=True)
class Peers:
    """The middle of the on-time rates of `units` units that have enough tasks come due."""

    units: int
    median: float


@dataclass(frozen=True, slots=True)
class Compared:
    """One unit of a table of like ones; `query` opens what it has come due in the period, the
    others what of it is late and what was on time."""

    unit: Unit
    on_time: Share
    late: Share
    longest: int
    query: str
    late_query: str
    on_time_query: str

    @property
    def has_enough(self) -> bool:
        """Enough has come due for its rate to be read."""
        return self.on_time.whole >= MIN_DUE


@dataclass(frozen=True, slots=True)
class _Row:
    """What came due of one unit's tasks."""

    unit: int
    due: int
    on_time: int
    overdue: int
    oldest: date | None


def peers(unit: Unit, period: str, *, on: date, today: date) -> Peers | None:
    """The middle of all units of the unit's level and axis, itself included; None where too few.

    It counts tasks that the reader may not see: a middle of five units or more tells of none.
    """
    choice = Choice(axis=unit.axis.code, tier=unit.level, period=period)
    rows = _rows(Task.objects.with_group_on(on, today=today).chosen(choice))
    rates = [row.on_time / row.due for row in rows if row.due >= MIN_DUE]
    return Peers(len(rates), median(rates)) if len(rates) >= MIN_UNITS else None


def like_units(scope: Scope) -> list[Compared]:
    """The units of the scope's axis and tier that have something come due in its period: late
    ones first by share, those with too little come due last."""
    rows = {row.unit: row for row in _rows(scope.counted())}
    units = Unit.objects.filter(pk__in=rows).select_related("axis", "area")
    found = [_compared(scope, unit, rows[unit.pk]) for unit in units]
    return sorted(found, key=_late_first)


def middle(rows: list[Compared]) -> Peers | None:
    """The middle of a table's own rates; None where too few."""
    rates = [row.on_time.part / row.on_time.whole for row in rows if row.has_enough]
    return Peers(len(rates), median(rates)) if len(rates) >= MIN_UNITS else None


def _rows(tasks: TaskQuerySet) -> list[_Row]:
    keys = ("lead",)
    come_due = tasks.in_groups(*COME_DUE).order_by().values_list(*keys)
    counted = come_due.annotate(
        number=Count("pk"),
        on_time=Count("pk", filter=Q(group=Group.COMPLETED_ON_TIME)),
        overdue=Count("pk", filter=Q(group=Group.OVERDUE)),
        oldest=Min("due", filter=Q(group=Group.OVERDUE)),
    )
    return [_Row(*row) for row in counted]


def _compared(scope: Scope, unit: Unit, row: _Row) -> Compared:
    choice = replace(scope.choice, unit=unit.code, axis="", tier="")
    own, groups = replace(scope, choice=choice), tuple(group.value for group in COME_DUE)
    return Compared(
        unit=unit,
        on_time=Share(row.on_time, row.due),
        late=Share(row.overdue, row.due),
        longest=days_late(row.oldest, on=scope.on),
        query=own.query(group=groups),
        late_query=own.query(group=Group.OVERDUE),
        on_time_query=own.query(group=Group.COMPLETED_ON_TIME),
    )


def _late_first(row: Compared) -> tuple[bool, float, float, str]:
    return not row.has_enough, -(row.late.rate or 0), row.on_time.rate or 0, row.unit.sort_key
