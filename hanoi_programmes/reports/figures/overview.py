"""All that the dashboard shows of one scope, with the change since a week before."""

from dataclasses import dataclass
from datetime import date

from hanoi_programmes.programmes.timeliness import Group
from hanoi_programmes.reports.figures.cells import Numbers, together, whoever_leads
from hanoi_programmes.reports.figures.curve import Curve, curve
from hanoi_programmes.reports.figures.parts import Part, parts
from hanoi_programmes.reports.figures.scope import Scope
from hanoi_programmes.reports.figures.tally import Tally


@dataclass(frozen=True, slots=True)
class Waiting:
    """Tasks that wait for a decision, and the days of the obstacle that waits longest."""

    number: int
    longest: int


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
    before = together(whoever_leads(scope.a_week_before()))
    return Overview(
        on=scope.on,
        resolution=scope.resolution,
        tally=cut.numbers.tally,
        serious=cut.numbers.serious,
        blocked=_waiting(cut.numbers, scope.on),
        silent=cut.numbers.silent,
        returned=cut.numbers.returned,
        before=before if before.tally.total else None,
        curve=curve(scope),
        resolutions=cut.resolutions,
        axes=cut.axes,
        units=cut.units,
        communes=cut.communes,
        areas=cut.areas,
    )


def _waiting(numbers: Numbers, on: date) -> Waiting:
    return Waiting(numbers.blocked, (on - numbers.waiting).days if numbers.waiting else 0)


def group_address(scope: Scope, *groups: Group) -> str:
    """The list's query string for the rows of some groups."""
    return scope.query(group=tuple(group.value for group in groups))
