"""Planned against done, cumulated month by month: the S-curve of a year."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, Count, DateField, F, Func, IntegerField, Q, Value, When

from hanoi_programmes.lib.dates import ONE_DAY, Period, month_of
from hanoi_programmes.programmes.timeliness import COMPLETED_GROUPS, in_any
from hanoi_programmes.reports.figures.scope import Scope

# As far as an address can name a day.
_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class Point:
    """Numbers of tasks at the end of a day: due by then (by the current and the original deadline)
    and done by then, which is None for days after the one the figures tell of."""

    day: date
    planned: int
    original: int
    done: int | None


@dataclass(frozen=True, slots=True)
class Curve:
    """The points of a year: the day before it, each month's end, and `on`. Only tasks that have a
    deadline are counted, in all three lines, so that they compare like with like."""

    on: date
    points: tuple[Point, ...]

    @property
    def now(self) -> Point:
        """The point of the day the figures tell of."""
        return next(point for point in self.points if point.day == self.on)

    @property
    def gap(self) -> int:
        """Planned less done on the day: positive when behind."""
        return self.now.planned - (self.now.done or 0)

    @property
    def top(self) -> int:
        """The largest number drawn."""
        return max(max(p.planned, p.original, p.done or 0) for p in self.points)


def curve(scope: Scope) -> Curve:
    """All points in one query, added up from the first one on."""
    days = _days(scope.on)
    counts = [[0] * len(days) for _line in range(3)]
    for *befores, number in _fallen(scope, days):
        for line, before in zip(counts, befores, strict=True):
            # Without a day, or after all of them.
            if before is not None and before < len(days):
                line[before] += number
    lines = zip(days, *map(accumulate, counts), strict=True)
    points = (
        Point(day, planned, original, done if day <= scope.on else None)
        for day, planned, original, done in lines
    )
    return Curve(on=scope.on, points=tuple(points))


def _fallen(scope: Scope, days: list[date]) -> Iterable[tuple[Any, ...]]:
    """How many of the days lie before the deadline, the original one and the completion of so many
    tasks, and their number; None without."""
    rows = scope.counted().filter(Q(due__isnull=False)).order_by()
    is_done = in_any(COMPLETED_GROUPS)
    keys = {
        "planned_after": _before("due", days),
        "original_after": _before("original_deadline", days),
        "done_after": Case(When(is_done, then=_before("done_on", days))),
    }
    named = rows.annotate(**keys).values_list(*keys)
    return named.annotate(number=Count("*"))


def _before(column: str, days: list[date]) -> Func:
    """How many of the days, which are in order, lie before the column's."""
    nexts = Value([day + ONE_DAY for day in days], output_field=ArrayField(DateField()))
    return Func(F(column), nexts, function="width_bucket", output_field=IntegerField())


def due_address(scope: Scope, day: date) -> str:
    """The list's query string for the tasks that fall due by a day; empty when none can."""
    span = scope.choice.span or Period(_FIRST, _LAST)
    end = min(span.end, day)
    return scope.query(period=f"{span.start}..{end}") if span.start <= end else ""


def done_address(scope: Scope) -> str:
    """The same for those of them that are done on the scope's day: only tasks with a deadline."""
    period = scope.choice.period or f"{_FIRST}..{_LAST}"
    return scope.query(period=period, group=tuple(group.value for group in COMPLETED_GROUPS))


def _days(on: date) -> list[date]:
    ends = {month_of(date(on.year, month, 1)).end for month in range(1, 13)}
    return sorted({date(on.year, 1, 1) - ONE_DAY, on} | ends)
