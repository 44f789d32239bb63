"""What has changed since a day: each figure then and now, and the tasks that moved since.

The numbers of then are those that were frozen; which tasks moved is told from the rows' history.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import Count

from hanoi_programmes.people.models import Unit
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.querysets import TaskQuerySet
from hanoi_programmes.programmes.timeliness import Group
from hanoi_programmes.reports.figures.cells import Cell, Numbers, by_unit, tally, together
from hanoi_programmes.reports.figures.matters import View, address_of
from hanoi_programmes.reports.figures.scope import Scope
from hanoi_programmes.reports.figures.tally import Share, Tally

# The order in which moved tasks are told: what became worse comes first.
_URGENT = {group.value: place for place, group in enumerate(Group)}
Groups = Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Line:
    """One figure, then and now, each with the task list's query string for its rows.

    `worse` when it is late work and there is more of it.
    """

    label: str
    then: int
    now: int
    then_query: str
    now_query: str
    worse: bool = False

    @property
    def change(self) -> int:
        """How many more."""
        return self.now - self.then


@dataclass(frozen=True, slots=True)
class Rate:
    """A share then and now."""

    label: str
    then: Share
    now: Share

    @property
    def change(self) -> float | None:
        """Percentage points."""
        return self.now.points_since(self.then)


@dataclass(frozen=True, slots=True)
class Placed:
    """A unit's or an area's tally then and now; empty where it had no task."""

    key: str
    name: str
    then: Tally
    now: Tally
    then_query: str
    now_query: str

    @property
    def moved(self) -> bool:
        """Whether any number of the line differs."""
        return self.then.groups != self.now.groups


@dataclass(frozen=True, slots=True)
class Move:
    """A task that stands elsewhere now; empty: it was not counted then, or is not now."""

    pk: int
    then: str
    now: str

    @property
    def is_worse(self) -> bool:
        """It fell behind."""
        return self.now == Group.OVERDUE


def today_of(scope: Scope) -> Scope:
    """The same scope as of the day on which it is asked."""
    return replace(scope, on=scope.today)


def tally_lines(scope: Scope, then: Tally, now: Tally) -> list[Line]:
    """The total and the nine groups."""
    after = today_of(scope)
    lines = [Line("Tổng nhiệm vụ", then.total, now.total, scope.query(), after.query())]
    for (group, before), (_, today) in zip(then.groups, now.groups, strict=True):
        lines.append(
            Line(
                label=group.label,
                then=before,
                now=today,
                then_query=scope.query(group=group.value),
                now_query=after.query(group=group.value),
                worse=group == Group.OVERDUE and today > before,
            )
        )
    return lines


def rates(then: Tally, now: Tally) -> list[Rate]:
    """On time, by the current and by the first deadline."""
    return [
        Rate("Tỷ lệ đúng hạn", then.on_time, now.on_time),
        Rate("Tỷ lệ đúng hạn theo hạn gốc", then.on_time_original, now.on_time_original),
    ]


def view_lines(scope: Scope, then: Mapping[View, int], now: Numbers) -> list[Line]:
    """The reasons for attention whose number was frozen."""
    after = today_of(scope)
    counts = {
        View.OVERDUE: now.tally.overdue,
        View.BLOCKED: now.blocked,
        View.SILENT: now.silent,
        View.RETURNED: now.returned,
    }
    return [
        Line(
            label=view.label,
            then=before,
            now=counts[view],
            then_query=address_of(scope, view),
            now_query=address_of(after, view),
            worse=view == View.OVERDUE and counts[view] > before,
        )
        for view, before in then.items()
    ]


def cells_now(scope: Scope) -> list[Cell]:
    """All that can be said of the scope today, by lead unit; one query."""
    return by_unit(today_of(scope))


def numbers_of(cells: list[Cell]) -> Numbers:
    """The same added up."""
    return together(cells)


def moves(then: Groups, now: Groups) -> list[Move]:
    """Tasks whose group differs, what became worse first, then by where they stand now."""
    found = [
        Move(pk, then.get(pk, ""), now.get(pk, ""))
        for pk in {**then, **now}
        if then.get(pk) != now.get(pk)
    ]
    return sorted(found, key=lambda one: (_URGENT.get(one.now, len(_URGENT)), one.then, one.pk))


def groups_of(rows: TaskQuerySet) -> dict[int, str]:
    """The group of each row; one query."""
    keys = ("pk", "group")
    return dict(rows.order_by().values_list(*keys))


def moved(scope: Scope) -> list[Move]:
    """The scope's tasks that stand elsewhere today; two queries whatever their number."""
    return moves(groups_of(scope.counted()), groups_of(today_of(scope).counted()))


def moved_below(scope: Scope) -> list[Move]:
    """The same of what wards and communes lead, as the papers of all areas count it."""
    before, after = _in_areas(scope), _in_areas(today_of(scope))
    return moves(groups_of(before), groups_of(after))


def moved_among(scope: Scope, tasks: Iterable[int], then: Group) -> list[Move]:
    """The same of some tasks, all of which stood in one group."""
    chosen = list(tasks)
    rows = today_of(scope).in_sight().filter(pk__in=chosen)
    return moves(dict.fromkeys(chosen, then.value), groups_of(rows))


def units_since(
    scope: Scope, then: Mapping[str, tuple[str, Tally]], cells: list[Cell]
) -> list[Placed]:
    """Units by their code, each with its name and tally of then, beside those of today."""
    places = dict(Unit.objects.order_by().values_list("pk", "code"))
    found: dict[str, list[Cell]] = {}
    for cell in cells:
        found.setdefault(places[cell.unit], []).append(cell)
    now = {code: tally(own) for code, own in found.items()}
    return _placed(then, now, {code: scope.query(unit=code) for code in then}, scope)


def areas_since(scope: Scope, then: Mapping[str, tuple[str, Tally]]) -> list[Placed]:
    """The same of areas."""
    after = today_of(scope)
    areas = Unit.objects.filter(area__isnull=False).order_by()
    now = _tallies(_in_areas(after), dict(areas.values_list("pk", "area__code")))
    return _placed(then, now, {code: scope.query(area=code) for code in then}, scope)


def _placed(
    then: Mapping[str, tuple[str, Tally]],
    now: Mapping[str, Tally],
    queries: Mapping[str, str],
    scope: Scope,
) -> list[Placed]:
    day, today = f"on={scope.on}", f"on={scope.today}"
    found = [
        Placed(
            key=code,
            name=name,
            then=tally,
            now=now.get(code, Tally()),
            then_query=queries[code],
            now_query=queries[code].replace(day, today),
        )
        for code, (name, tally) in then.items()
    ]
    return sorted(found, key=lambda one: (-one.now.overdue, -one.then.overdue, one.name))


def _in_areas(scope: Scope) -> TaskQuerySet:
    return scope.in_sight().led_within(Unit.objects.filter(area__isnull=False))


def _tallies(rows: TaskQuerySet, places: Mapping[int, str]) -> dict[str, Tally]:
    """Tallies by the place of the lead unit; one query."""
    keys = ("lead", "group")
    grouped = rows.order_by().values_list(*keys).annotate(number=Count("*"))
    found: dict[str, dict[str, int]] = {}
    for lead, group, number in grouped:
        if place := places.get(lead):
            counts = found.setdefault(place, {})
            counts[group] = counts.get(group, 0) + number
    return {place: Tally.of(counts, {}) for place, counts in found.items()}


def named(tasks: TaskQuerySet, found: Iterable[Move]) -> list[tuple[Task, Move]]:
    """The moved tasks that the reader sees, in their order; one query."""
    order = list(found)
    rows = tasks.filter(pk__in=[move.pk for move in order]).select_related("lead_unit")
    known = {task.pk: task for task in rows}
    return [(known[move.pk], move) for move in order if move.pk in known]
