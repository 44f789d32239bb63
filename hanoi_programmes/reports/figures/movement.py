"""What moved in a period: finished, became late, extended, stayed silent, and what is due next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, F, Q

from hanoi_programmes.lib.dates import ONE_DAY, Period, following
from hanoi_programmes.lib.periods import period_key
from hanoi_programmes.people.models import Unit
from hanoi_programmes.programmes.models import Extension, Task
from hanoi_programmes.programmes.querysets.scored import GRANTED, happened
from hanoi_programmes.programmes.timeliness import OPEN_GROUPS
from hanoi_programmes.reports.figures.scope import Scope

# A paper is read in a meeting: more rows than this belong to the list, which the paper names.
MOVED_PRINTED = 40


@dataclass(frozen=True, slots=True)
class MovedTask:
    """One task that moved: `day` is when (done, became late, extended) or until when (due)."""

    pk: int
    code: str
    text: str
    unit: str
    due: date | None
    day: date | None
    before: date | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """So many tasks, the first of them by name, and the list's query string that opens all."""

    number: int
    query: str
    rows: tuple[MovedTask, ...] = ()


@dataclass(frozen=True, slots=True)
class Movement:
    """A period up to the day the figures tell of. `ahead` is due after that day, until `until`."""

    start: date
    end: date
    issued: int
    came_due: int
    finished: Moved
    lapsed: Moved
    extended: Moved
    unheard: Moved
    ahead: Moved
    until: date


def movement(scope: Scope, period: Period, rhythm: str, *, rows: int = MOVED_PRINTED) -> Movement:
    """Count the period, and name up to so many rows of each; the same queries for any number."""
    days = Period(period.start, min(period.end, scope.on))
    counted = scope.counted()
    numbers = counted.aggregate(
        issued=Count("pk", filter=Q(issued_on__range=(days.start, days.end))),
        came_due=Count("pk", filter=Q(due__range=(days.start, days.end))),
    )
    until = following(period, rhythm).end
    return Movement(
        start=days.start,
        end=days.end,
        **numbers,
        finished=_moved(scope, "finished", days, rows),
        lapsed=_moved(scope, "lapsed", days, rows),
        extended=_moved(scope, "extended", days, rows),
        unheard=_moved(scope, "unheard", days, rows),
        ahead=_ahead(scope, until, rows),
        until=until,
    )


def _moved(scope: Scope, what: str, days: Period, limit: int) -> Moved:
    found = happened(scope.counted(), what, days, on=scope.on)
    order = "done_on" if what == "finished" else "due"
    shown = list(found.order_by(F(order), "code")[:limit]) if limit else []
    moved = _named(shown)
    if what == "extended":
        moved = _extended(moved, days)
    elif what == "lapsed":
        moved = tuple(replace(row, day=row.due + ONE_DAY) for row in moved if row.due)
    query = scope.query(happened=what, during=period_key(days, "dates"))
    return Moved(found.count(), query, moved)


def _ahead(scope: Scope, until: date, limit: int) -> Moved:
    """Open and due after the day, until the end of the next period."""
    days = Period(scope.on + ONE_DAY, until)
    inside = Q(due__range=(days.start, days.end))
    found = scope.counted().in_groups(*OPEN_GROUPS).filter(inside)
    shown = list(found.order_by(F("due"), "code")[:limit]) if limit else []
    groups = tuple(group.value for group in OPEN_GROUPS)
    query = scope.query(group=groups, period=period_key(days, "dates"))
    return Moved(found.count(), query, _named(shown))


def _named(tasks: Sequence[Task]) -> tuple[MovedTask, ...]:
    """The tasks with the names of those who led them on the day."""
    facts = [{name: getattr(task, name) for name in _COLUMNS} for task in tasks]
    units = names_of({row["lead"] for row in facts})
    return tuple(
        MovedTask(
            pk=row["pk"],
            code=row["code"],
            text=row["text"],
            unit=units.get(row["lead"], ""),
            due=row["due"],
            day=row["done_on"],
        )
        for row in facts
    )


_COLUMNS = ("pk", "code", "text", "lead", "due", "done_on")


def names_of(units: set[int]) -> Mapping[int, str]:
    """The short names of units by their key; one query."""
    rows = Unit.objects.filter(pk__in=units).order_by().values_list("pk", "short_name")
    return dict(rows)


def _extended(rows: tuple[MovedTask, ...], days: Period) -> tuple[MovedTask, ...]:
    """The same with the day on which more time was given, and the deadline before it."""
    granted = Extension.objects.filter(
        task__in=[row.pk for row in rows],
        answer__in=GRANTED,
        decided_on__range=(days.start, days.end),
    )
    last = {row.task_id: row for row in granted.order_by("decided_on", "pk")}
    return tuple(
        replace(row, day=last[row.pk].decided_on, before=last[row.pk].deadline)
        for row in rows
        if row.pk in last
    )
