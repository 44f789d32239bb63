"""The same tally cut by resolution, axis and unit: one grouped query, added up in Python."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q

from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.roles import Level
from hanoi_programmes.programmes.models import ActionProgramme, Resolution
from hanoi_programmes.programmes.querysets import TaskQuerySet
from hanoi_programmes.programmes.timeliness import Group, days_late
from hanoi_programmes.reports.figures.scope import Scope
from hanoi_programmes.reports.figures.tally import Tally

# With fewer tasks due, one late task would put a ward on top of the list by chance.
MIN_DUE = 3
AREAS_SHOWN = 5
# Up to so many wards are worth a line each; more are added up, and the second table tells of them.
COMMUNES_EACH = 10


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


@dataclass(frozen=True, slots=True)
class Parts:
    """All cuts of one scope. `units` adds up to the total; `communes` counts the wards' own tasks,
    which stand below the city's and are not part of it; `areas` are the wards in most need."""

    total: Tally
    resolutions: tuple[Part, ...]
    axes: tuple[Part, ...]
    units: tuple[Part, ...]
    communes: tuple[Part, ...]
    areas: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class _Cell:
    """Tasks of one unit and resolution in one group against each deadline."""

    unit: int
    resolution: int
    group: str
    original: str
    number: int
    oldest: date | None


def parts(scope: Scope) -> Parts:
    """Cut the scope; seven queries whatever its size."""
    city, wards = _cells(scope.counted()), _cells(scope.of_communes())
    units = _units({cell.unit for cell in (*city, *wards)})
    return Parts(
        total=_tally(city),
        resolutions=_by_resolution(scope, city),
        axes=_by_axis(scope, city, units),
        units=_by_unit(scope, city, units),
        communes=_by_commune_axis(scope, wards, units),
        areas=_areas(scope, wards, units),
    )


def _cells(rows: TaskQuerySet) -> list[_Cell]:
    keys = ("lead", "programme__resolution", "group", "original_group")
    late = Q(group=Group.OVERDUE)
    grouped = rows.order_by().values_list(*keys)
    grouped = grouped.annotate(number=Count("pk"), oldest=Min("due", filter=late))
    return [_Cell(*row) for row in grouped]


def _units(ids: set[int]) -> dict[int, Unit]:
    return Unit.objects.select_related("axis").in_bulk(ids)


def _tally(cells: Iterable[_Cell]) -> Tally:
    counts: dict[str, int] = defaultdict(int)
    originals: dict[str, int] = defaultdict(int)
    for cell in cells:
        counts[cell.group] += cell.number
        originals[cell.original] += cell.number
    return Tally.of(counts, originals)


def _longest(cells: Iterable[_Cell], on: date) -> int:
    return max((days_late(cell.oldest, on=on) for cell in cells), default=0)


def _split(cells: Iterable[_Cell], key: Callable[[_Cell], int]) -> dict[int, list[_Cell]]:
    found: dict[int, list[_Cell]] = defaultdict(list)
    for cell in cells:
        found[key(cell)].append(cell)
    return found


def _by_resolution(scope: Scope, cells: list[_Cell]) -> tuple[Part, ...]:
    """Every resolution, also one without tasks yet: the reader must see that it has none."""
    found = _split(cells, lambda cell: cell.resolution)
    resolutions = Resolution.objects.all()
    if scope.resolution:
        resolutions = resolutions.filter(key=scope.resolution)
    numbers = dict(ActionProgramme.objects.values_list("resolution_id", "number"))
    return tuple(
        Part(
            key=row.key,
            name=row.short_number,
            note=" · ".join(filter(None, (row.short, numbers.get(row.pk, "")))),
            query=scope.query(resolution=row.key),
            tally=_tally(found[row.pk]),
            longest=_longest(found[row.pk], scope.on),
        )
        for row in resolutions
    )


def _by_axis(scope: Scope, cells: list[_Cell], units: dict[int, Unit]) -> tuple[Part, ...]:
    found = _split(cells, lambda cell: units[cell.unit].axis_id)
    axes = {unit.axis_id: unit.axis for unit in units.values()}
    rows = sorted((axes[pk] for pk in found), key=lambda axis: axis.order)
    return tuple(
        Part(
            key=axis.code,
            name=axis.name,
            note="",
            query=scope.query(axis=axis.code),
            tally=_tally(found[axis.pk]),
            longest=_longest(found[axis.pk], scope.on),
        )
        for axis in rows
    )


def _by_unit(scope: Scope, cells: list[_Cell], units: dict[int, Unit]) -> tuple[Part, ...]:
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


def _unit_part(scope: Scope, unit: Unit, cells: list[_Cell], *, level: str = "") -> Part:
    return Part(
        key=unit.code,
        name=unit.short_name,
        note=unit.axis.name,
        query=scope.query(unit=unit.code, level=level),
        tally=_tally(cells),
        longest=_longest(cells, scope.on),
    )


def _folded(scope: Scope, cells: list[_Cell], number: int) -> Part:
    """The line of all wards that lead counted tasks themselves."""
    return Part(
        key="communes",
        name="Phường, xã trực tiếp chủ trì",
        note="",
        query=scope.query(tier=Level.COMMUNE),
        tally=_tally(cells),
        units=number,
        longest=_longest(cells, scope.on),
    )


def _by_commune_axis(scope: Scope, cells: list[_Cell], units: dict[int, Unit]) -> tuple[Part, ...]:
    found = _split(cells, lambda cell: units[cell.unit].axis_id)
    axes = {unit.axis_id: unit.axis for unit in units.values()}
    rows = sorted((axes[pk] for pk in found), key=lambda axis: axis.order)
    return tuple(
        Part(
            key=axis.code,
            name=axis.name,
            note="phường, xã",
            query=scope.query(axis=axis.code, level="commune"),
            tally=_tally(found[axis.pk]),
            units=len({cell.unit for cell in found[axis.pk]}),
            longest=_longest(found[axis.pk], scope.on),
        )
        for axis in rows
    )


def _areas(scope: Scope, cells: list[_Cell], units: dict[int, Unit]) -> tuple[Part, ...]:
    """Wards with overdue tasks, by overdue over due: fair between large and small (PRODUCT §3)."""
    found = _split(cells, lambda cell: cell.unit)
    lines = [_unit_part(scope, units[pk], rows, level="commune") for pk, rows in found.items()]
    late = [part for part in lines if part.tally.overdue and part.tally.due >= MIN_DUE]
    late.sort(key=lambda part: (-(part.tally.late.rate or 0), -part.longest, part.name))
    return tuple(late[:AREAS_SHOWN])
