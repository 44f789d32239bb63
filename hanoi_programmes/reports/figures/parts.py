"""The same tally cut by resolution, axis and unit: small cells, added up in Python."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar
from urllib.parse import urlencode

from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.roles import Level
from hanoi_programmes.programmes.models import ActionProgramme, Resolution
from hanoi_programmes.programmes.timeliness import COME_DUE, Group, days_late
from hanoi_programmes.reports.figures.cells import (
    Cell,
    Numbers,
    by_unit,
    in_sight,
    tally,
    together,
)
from hanoi_programmes.reports.figures.scope import Scope
from hanoi_programmes.reports.figures.tally import Tally

# With fewer tasks due, one late task would put a ward on top of the list by chance.
MIN_DUE = 3
AREAS_SHOWN = 5
# Up to so many wards are worth a line each; more are added up, and the second table tells of them.
COMMUNES_EACH = 10
# Up to so many units are asked for by name; to name more takes longer than to read all.
LEADS_NAMED = 100

_Key = TypeVar("_Key", int, str)
_COME_DUE = urlencode([("group", group.value) for group in COME_DUE])


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a cut: its name, its tally, and the list's query string for its rows.

    `units` is the number of bodies added up; `longest` the days of its longest delay.
    """

    key: str
    name: str
    note: str
    query: str
    tally: Tally
    units: int = 1
    longest: int = 0

    @property
    def due_query(self) -> str:
        """The list's query string for what came due: the denominator of its rates."""
        return f"{self.query}&{_COME_DUE}"

    @property
    def on_time_query(self) -> str:
        """The same for what was completed on time."""
        return f"{self.query}&group={Group.COMPLETED_ON_TIME.value}"


@dataclass(frozen=True, slots=True)
class Parts:
    """All cuts of one scope. `units` adds up to the total; `communes` counts the wards' own tasks,
    which stand below the city's and are not part of it; `areas` are the wards in most need. The
    tallies of these two judge by the current deadline alone."""

    numbers: Numbers
    resolutions: tuple[Part, ...]
    axes: tuple[Part, ...]
    units: tuple[Part, ...]
    communes: tuple[Part, ...]
    areas: tuple[Part, ...]


class _Lead(NamedTuple):
    """What the cuts say of a lead unit: hundreds of them are read for a handful of lines."""

    pk: int
    code: str
    name: str
    level: str
    axis: str
    axis_name: str
    axis_order: int


def parts(scope: Scope) -> Parts:
    """Cut the scope; five queries whatever its size."""
    city, all_led = by_unit(scope), in_sight(scope)
    units = _leads({cell.unit for cell in (*city, *all_led)})
    wards = [cell for cell in all_led if units[cell.unit].level == Level.COMMUNE]
    return Parts(
        numbers=together(city),
        resolutions=_by_resolution(scope, city),
        axes=_by_axis(scope, city, units),
        units=_by_unit(scope, city, units),
        communes=_by_commune_axis(scope, wards, units),
        areas=_areas(scope, wards, units),
    )


def _leads(ids: set[int]) -> dict[int, _Lead]:
    columns = ("pk", "code", "short_name", "level", "axis__code", "axis__name", "axis__order")
    rows = Unit.objects.order_by().values_list(*columns)
    if len(ids) <= LEADS_NAMED:
        rows = rows.filter(pk__in=ids)
    return {row[0]: _Lead(*row) for row in rows}


def _longest(cells: Iterable[Cell], on: date) -> int:
    return max((days_late(cell.oldest, on=on) for cell in cells), default=0)


def _split(cells: Iterable[Cell], key: Callable[[Cell], _Key]) -> dict[_Key, list[Cell]]:
    found: dict[_Key, list[Cell]] = defaultdict(list)
    for cell in cells:
        found[key(cell)].append(cell)
    return found


def _by_resolution(scope: Scope, cells: list[Cell]) -> tuple[Part, ...]:
    """Every resolution, also one without tasks yet: the reader must see that it has none."""
    programmes = ActionProgramme.objects.values_list("pk", "resolution_id", "number")
    carries_out = {pk: resolution for pk, resolution, _number in programmes}
    numbers = {resolution: number for _pk, resolution, number in programmes}
    found = _split(cells, lambda cell: carries_out[cell.programme])
    resolutions = Resolution.objects.all()
    if scope.resolution:
        resolutions = resolutions.filter(key=scope.resolution)
    return tuple(
        Part(
            key=row.key,
            name=row.short_number,
            note=" · ".join(filter(None, (row.short, numbers.get(row.pk, "")))),
            query=scope.query(resolution=row.key),
            tally=tally(found[row.pk]),
            longest=_longest(found[row.pk], scope.on),
        )
        for row in resolutions
    )


def _by_axis(scope: Scope, cells: list[Cell], units: dict[int, _Lead]) -> tuple[Part, ...]:
    found = _split(cells, lambda cell: units[cell.unit].axis)
    return tuple(
        Part(
            key=axis,
            name=name,
            note="",
            query=scope.query(axis=axis),
            tally=tally(found[axis]),
            longest=_longest(found[axis], scope.on),
        )
        for axis, name in _in_order(found, units)
    )


def _in_order(axes: Iterable[str], units: dict[int, _Lead]) -> list[tuple[str, str]]:
    """Code and name of each of the axes, in the order of every screen."""
    known = {unit.axis: (unit.axis_order, unit.axis_name) for unit in units.values()}
    return [(code, known[code][1]) for code in sorted(axes, key=lambda code: known[code])]


def _by_unit(scope: Scope, cells: list[Cell], units: dict[int, _Lead]) -> tuple[Part, ...]:
    """Lead units, most overdue first; many wards together as one line at the end."""
    found = _split(cells, lambda cell: cell.unit)
    wards = {pk for pk in found if units[pk].level == Level.COMMUNE}
    folded = wards if len(wards) > COMMUNES_EACH else set()
    lines = [_unit_part(scope, units[pk], found[pk]) for pk in found.keys() - folded]
    lines.sort(key=lambda part: (-part.tally.overdue, -part.tally.total, part.name))
    if folded:
        rest = [cell for pk in folded for cell in found[pk]]
        lines.append(_folded(scope, rest, len(folded)))
    return tuple(lines)


def _unit_part(scope: Scope, unit: _Lead, cells: list[Cell], *, level: str = "") -> Part:
    return Part(
        key=unit.code,
        name=unit.name,
        note=unit.axis_name,
        query=scope.query(unit=unit.code, level=level),
        tally=tally(cells),
        longest=_longest(cells, scope.on),
    )


def _folded(scope: Scope, cells: list[Cell], number: int) -> Part:
    """The line of all wards that lead counted tasks themselves."""
    return Part(
        key="communes",
        name="Phường, xã trực tiếp chủ trì",
        note="",
        query=scope.query(tier=Level.COMMUNE),
        tally=tally(cells),
        units=number,
        longest=_longest(cells, scope.on),
    )


def _by_commune_axis(scope: Scope, cells: list[Cell], units: dict[int, _Lead]) -> tuple[Part, ...]:
    found = _split(cells, lambda cell: units[cell.unit].axis)
    return tuple(
        Part(
            key=axis,
            name=name,
            note="phường, xã",
            query=scope.query(axis=axis, level="commune"),
            tally=tally(found[axis]),
            units=len({cell.unit for cell in found[axis]}),
            longest=_longest(found[axis], scope.on),
        )
        for axis, name in _in_order(found, units)
    )


def _areas(scope: Scope, cells: list[Cell], units: dict[int, _Lead]) -> tuple[Part, ...]:
    """Wards with overdue tasks, by overdue over due: fair between large and small (PRODUCT §3)."""
    due, late = Counter[int](), Counter[int]()
    first: dict[int, date] = {}
    for cell in cells:
        if cell.group in COME_DUE:
            due[cell.unit] += cell.number
        if cell.group == Group.OVERDUE and cell.oldest:
            late[cell.unit] += cell.number
            first[cell.unit] = min(cell.oldest, first.get(cell.unit, cell.oldest))
    behind = [pk for pk in late if due[pk] >= MIN_DUE]
    behind.sort(key=lambda pk: (-late[pk] / due[pk], first[pk], units[pk].name))
    shown = behind[:AREAS_SHOWN]
    found = _split((cell for cell in cells if cell.unit in shown), lambda cell: cell.unit)
    return tuple(_unit_part(scope, units[pk], found[pk], level="commune") for pk in shown)
