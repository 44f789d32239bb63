"""Planned against done, cumulated month by month: the S-curve of a year."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from hanoi_programmes.lib.dates import ONE_DAY, Period, month_of
from hanoi_programmes.programmes.timeliness import COMPLETED_GROUPS
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
    """All points in two queries: what falls due, and what of it is done."""
    days = _days(scope.on)
    rows = scope.counted().filter(Q(due__isnull=False)).order_by()
    due = {f"p{n}": Count("pk", filter=Q(due__lte=day)) for n, day in enumerate(days)}
    first = {
        f"o{n}": Count("pk", filter=Q(original_deadline__lte=day)) for n, day in enumerate(days)
    }
    done = {
        f"d{n}": Count("pk", filter=Q(done_on__lte=day))
        for n, day in enumerate(days)
        if day <= scope.on
    }
    found = rows.aggregate(**due, **first) | rows.in_groups(*COMPLETED_GROUPS).aggregate(**done)
    points = (
        Point(day, found[f"p{n}"], found[f"o{n}"], found.get(f"d{n}")) for n, day in enumerate(days)
    )
    return Curve(on=scope.on, points=tuple(points))


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
