"""The same tally cut by resolution, axis and unit: small cells, added up in Python."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest
from typing import NamedTuple, TypeVar
from urllib.parse import urlencode

from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.roles import Level
from hanoi_programmes.programmes.models import Resolution
from hanoi_programmes.programmes.timeliness import COME_DUE, Group, days_late
from hanoi_programmes.reports.figures.cells import (
    Cell,
    Led,
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


class _Plan(NamedTuple):
    """A resolution with a programme that carries it out, or with none yet."""

    resolution: str
    number: str
    short: str
    pk: int | None
    programme_number: str | None


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
    """Cut the scope; four queries whatever its size."""
    city, all_led = by_unit(scope), in_sight(scope)
    units = _leads({cell.unit for cell in city} | all_led.keys())
    wards = {pk: led for pk, led in all_led.items() if units[pk].level == Level.COMMUNE}
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
    columns = ("key", "number", "short", "programmes__pk", "programmes__number")
    rows = Resolution.objects.order_by("number", "programmes__pk").values_list(*columns)
    plans: dict[str, list[_Plan]] = defaultdict(list)
    for row in rows.filter(key=scope.resolution) if scope.resolution else rows:
        plans[row[0]].append(_Plan(*row))
    found = _split(cells, lambda cell: cell.programme)
    return tuple(
        _resolution_part(scope, its, [cell for plan in its for cell in found.get(plan.pk or 0, ())])
        for its in plans.values()
    )


def _resolution_part(scope: Scope, plans: list[_Plan], cells: list[Cell]) -> Part:
    last = plans[-1]
    return Part(
        key=last.resolution,
        name=Resolution.short_of(last.number),
        note=" · ".join(filter(None, (last.short, last.programme_number))),
        query=scope.query(resolution=last.resolution),
        tally=tally(cells),
        longest=_longest(cells, scope.on),
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
    lines = [
        _unit_part(scope, units[pk], tally(found[pk]), _longest(found[pk], scope.on))
        for pk in found.keys() - folded
    ]
    lines.sort(key=lambda part: (-part.tally.overdue, -part.tally.total, part.name))
    if folded:
        rest = [cell for pk in folded for cell in found[pk]]
        lines.append(_folded(scope, rest, len(folded)))
    return tuple(lines)


def _unit_part(scope: Scope, unit: _Lead, counted: Tally, longest: int, *, level: str = "") -> Part:
    return Part(
        key=unit.code,
        name=unit.name,
        note=unit.axis_name,
        query=scope.query(unit=unit.code, level=level),
        tally=counted,
        longest=longest,
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


def _by_commune_axis(
    scope: Scope, wards: dict[int, Led], units: dict[int, _Lead]
) -> tuple[Part, ...]:
    found: dict[str, list[Led]] = defaultdict(list)
    for pk, led in wards.items():
        found[units[pk].axis].append(led)
    return tuple(
        Part(
            key=axis,
            name=name,
            note="phường, xã",
            query=scope.query(axis=axis, level="commune"),
            tally=_together(found[axis]),
            units=len(found[axis]),
            longest=max(days_late(led.oldest, on=scope.on) for led in found[axis]),
        )
        for axis, name in _in_order(found, units)
    )


def _together(rows: Iterable[Led]) -> Tally:
    """One tally of all; the first deadline is not told apart, so by it nothing is counted."""
    counts: dict[str, int] = defaultdict(int)
    for led in rows:
        for group, number in led.counts.items():
            counts[group] += number
    return Tally.of(counts, {})


def _areas(scope: Scope, wards: dict[int, Led], units: dict[int, _Lead]) -> tuple[Part, ...]:
    """Wards with overdue tasks, by overdue over due: fair between large and small (PRODUCT §3)."""
    behind: list[tuple[float, date, str, int]] = []
    for pk, led in wards.items():
        if led.oldest and led.due >= MIN_DUE:
            behind.append((-led.overdue / led.due, led.oldest, units[pk].name, pk))
    return tuple(
        _unit_part(
            scope, units[pk], _together([wards[pk]]), days_late(first, on=scope.on), level="commune"
        )
        for _rate, first, _name, pk in nsmallest(AREAS_SHOWN, behind)
    )
