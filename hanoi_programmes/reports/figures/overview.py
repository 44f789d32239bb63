"""All that the dashboard shows of one scope, with the change since a week before."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min

from hanoi_programmes.programmes.timeliness import Group
from hanoi_programmes.reports.figures.curve import Curve, curve
from hanoi_programmes.reports.figures.matters import View, rows_of, waiting_since
from hanoi_programmes.reports.figures.parts import Part, parts
from hanoi_programmes.reports.figures.scope import Scope
from hanoi_programmes.reports.figures.tally import Tally, tally_of


@dataclass(frozen=True, slots=True)
class Waiting:
    """Tasks that wait for a decision, and the days of the obstacle that waits longest."""

    number: int
    longest: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of one day: the tally, and what needs a leader. All are numbers of tasks."""

    tally: Tally
    blocked: int
    silent: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of a day. `before` is None when no task was counted a week earlier."""

    on: date
    resolution: str
    tally: Tally
    serious: int
    blocked: Waiting
    silent: int
    returned: int
    before: Numbers | None
    curve: Curve
    resolutions: tuple[Part, ...]
    axes: tuple[Part, ...]
    units: tuple[Part, ...]
    communes: tuple[Part, ...]
    areas: tuple[Part, ...]

    @property
    def is_empty(self) -> bool:
        """Nothing is counted: the page says so instead of drawing zeros."""
        return not self.tally.total

    @property
    def compares_wards(self) -> bool:
        """Several wards are in sight; a ward's own page compares it with nobody."""
        return sum(part.units for part in self.communes) > 1

    def change(self, name: str) -> float | None:
        """Since a week before, of a group's key, "blocked", "silent", "total" or "completed"."""
        if self.before is None:
            return None
        if name == "blocked":
            return self.blocked.number - self.before.blocked
        if name == "silent":
            return self.silent - self.before.silent
        then: int = getattr(self.before.tally, name)
        return int(getattr(self.tally, name)) - then

    @property
    def change_of_rate(self) -> float | None:
        """Percentage points of the on-time rate since a week before."""
        return self.tally.on_time.points_since(self.before.tally.on_time) if self.before else None


def overview(scope: Scope) -> Overview:
    """Compute the figures; the number of queries does not depend on the number of tasks."""
    cut = parts(scope)
    return Overview(
        on=scope.on,
        resolution=scope.resolution,
        tally=cut.total,
        serious=cut.serious,
        blocked=_blocked(scope),
        silent=rows_of(scope, View.SILENT).count(),
        returned=rows_of(scope, View.RETURNED).count(),
        before=_before(scope.a_week_before()),
        curve=curve(scope),
        resolutions=cut.resolutions,
        axes=cut.axes,
        units=cut.units,
        communes=cut.communes,
        areas=cut.areas,
    )


def _blocked(scope: Scope) -> Waiting:
    rows = waiting_since(rows_of(scope, View.BLOCKED), scope.on)
    found = rows.aggregate(number=Count("pk"), oldest=Min("since"))
    oldest: date | None = found["oldest"]
    return Waiting(found["number"], (scope.on - oldest).days if oldest else 0)


def _before(scope: Scope) -> Numbers | None:
    rows = scope.counted()
    tally = tally_of(rows)
    if not tally.total:
        return None
    return Numbers(
        tally=tally,
        blocked=rows_of(scope, View.BLOCKED).count(),
        silent=rows_of(scope, View.SILENT).count(),
    )


def group_address(scope: Scope, *groups: Group) -> str:
    """The list's query string for the rows of some groups."""
    return scope.query(group=tuple(group.value for group in groups))
