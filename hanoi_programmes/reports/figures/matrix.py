"""Wards and communes by what they were given: at a glance where it is stuck, and for how long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.db.models import Case, Count, Exists, Min, OuterRef, Q, TextChoices, When

from hanoi_programmes.lib.text import fold, shortened, words_of
from hanoi_programmes.people.models import Area, Unit
from hanoi_programmes.people.roles import Level
from hanoi_programmes.programmes.models import ActionProgramme, Resolution, Task
from hanoi_programmes.programmes.querysets import TaskQuerySet
from hanoi_programmes.programmes.timeliness import COME_DUE, Group, days_late
from hanoi_programmes.reports.figures.cells import Led, by_key
from hanoi_programmes.reports.figures.scope import Scope
from hanoi_programmes.reports.figures.tally import Share

# The states that are tinted and lead to their rows; all others are quiet.
EXCEPTIONS = (Group.OVERDUE, Group.DUE_SOON, Group.AWAITING)
_RANK = {group: rank for rank, group in enumerate(Group)}


class By(TextChoices):
    """What stands over the columns."""

    TASK = "task", "Từng nhiệm vụ"
    PROGRAMME = "programme", "Từng chương trình"


class Only(TextChoices):
    """Which lines are shown."""

    LATE = "late", "Có việc quá hạn"
    EXCEPTIONS = "exceptions", "Có việc cần chú ý"
    CLEAR = "clear", "Không có việc quá hạn"


class Order(TextChoices):
    """What the lines are sorted by; besides, the key of a column."""

    LATE = "late", "Quá hạn nhiều nhất"
    DAYS = "days", "Chậm lâu nhất"
    RATE = "rate", "Đúng hạn thấp nhất"
    NAME = "name", "Tên A–Y"


@dataclass(frozen=True, slots=True)
class Column:
    """A task that wards were given, a programme, or all that was given to single wards.

    `conditions` find its rows in the task list; `head` names its resolution (`mark` in short), by
    whose key, `part`, the columns stand together. `task` is the id of its task or 0, `programme`
    the key of its programme or empty.
    """

    key: str
    name: str
    text: str
    code: str
    part: str
    head: str
    mark: str
    conditions: dict[str, str]
    task: int = 0
    programme: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """An area's tasks under a column.

    `group` is that of its tasks which needs its reader first. `days` are the days late of the
    longest delay, or else the days left to the nearest deadline that is due soon. `task` is the id
    of its one task, 0 when it has several.
    """

    group: Group
    days: int
    number: int
    task: int
    overdue: int
    on_time: Share

    @property
    def is_exception(self) -> bool:
        """Tinted, and leads to its rows."""
        return self.group in EXCEPTIONS

    @property
    def is_serious(self) -> bool:
        """Late by more than a month: shown solid, as everywhere."""
        return self.group == Group.OVERDUE and self.days > settings.SERIOUSLY_LATE_DAYS


@dataclass(frozen=True, slots=True)
class Line:
    """One area: its cells in the order of the columns, None where nothing was given.

    The totals count all of the area's tasks in the scope; `days` are those of its longest delay.
    """

    code: str
    name: str
    kind: str
    sort_key: str
    cells: tuple[Cell | None, ...]
    overdue: int
    on_time: Share
    days: int
    has_exception: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """Areas × columns. `lines` are those that are shown; the totals tell of all areas in scope.

    `late` are the overdue tasks of each column; `hidden` the columns that had no room.
    """

    by: By
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    areas: int
    overdue: int
    late_areas: int
    late: tuple[int, ...]
    on_time: Share
    hidden: int = 0

    @property
    def clear_areas(self) -> int:
        """Areas in which nothing is overdue."""
        return self.areas - self.late_areas

    @property
    def tasks(self) -> int:
        """How many tasks were given to wards, shown or not."""
        return sum(1 for column in self.columns if column.task) + self.hidden

    def worst_part(self) -> str:
        """The resolution with the most overdue cells; the first when there is none."""
        late: dict[str, int] = defaultdict(int)
        for column, number in zip(self.columns, self.late, strict=True):
            late[column.part] += number
        return max(late, key=lambda part: late[part], default="")

    def arranged(self, *, order: str, words: str = "", only: str = "") -> Matrix:
        """Lines whose area has the words in its name, that are asked for, sorted; "-" turns round.

        An order that is neither of `Order` nor a column's key is that of most overdue first.
        """
        found = [line for line in self.lines if _is_asked(line, words_of(words), only)]
        found.sort(key=lambda line: line.sort_key)
        name = order.removeprefix("-")
        keys = [column.key for column in self.columns]
        place = keys.index(name) if name in keys else None
        # Names stay in their own order inside a tie, whichever way the rest is turned.
        found.sort(key=lambda line: _rank(line, name, place), reverse=order.startswith("-"))
        return replace(self, lines=tuple(found))


def _is_asked(line: Line, words: list[str], only: str) -> bool:
    name = f"{fold(line.name)} {line.code}"
    if not all(word in name for word in words):
        return False
    if only == Only.LATE:
        return line.overdue > 0
    if only == Only.CLEAR:
        return line.overdue == 0
    return line.has_exception if only == Only.EXCEPTIONS else True


def _rank(line: Line, name: str, place: int | None) -> tuple[object, ...]:
    if place is not None:
        return _rank_of_cell(line.cells[place])
    rate = line.on_time.rate
    if name == Order.NAME:
        return (line.sort_key,)
    if name == Order.DAYS:
        return (-line.days, -line.overdue)
    if name == Order.RATE:
        return (rate is None, rate or 0, -line.overdue)
    return (-line.overdue, rate is None, rate or 0)


def _rank_of_cell(cell: Cell | None) -> tuple[int, int, int]:
    """What needs its reader first, the longest delay and the nearest deadline before others."""
    if cell is None:
        return (len(_RANK), 0, 0)
    if cell.group == Group.OVERDUE:
        return (0, -cell.days, -cell.overdue)
    return (_RANK[cell.group], cell.days, 0)


@dataclass(frozen=True, slots=True)
class _Count:
    """Tasks of one unit, under one column, in one group."""

    unit: int
    column: int | None
    group: Group
    number: int
    nearest: date | None
    task: int


_RESOLUTION = "programme__resolution"
_GIVEN = ("pk", "text", "code", *(f"{_RESOLUTION}__{name}" for name in ("key", "number", "short")))


class _Given(NamedTuple):
    """A task that wards were given, by `_GIVEN`: hundreds of them may want a column."""

    pk: int
    text: str
    code: str
    resolution: str
    number: str
    short: str


def matrix(scope: Scope, by: By = By.TASK, *, most: int | None = None) -> Matrix:
    """Count what wards lead; six queries at most, whatever the size.

    With `most`, so many of the tasks stand as columns: those with the most overdue.
    """
    columns, left_out = _columns(scope, by, most)
    home = dict(Unit.objects.filter(level=Level.COMMUNE).values_list("pk", "area_id"))
    found: dict[int, dict[str, list[_Count]]] = defaultdict(lambda: defaultdict(list))
    for count in _counts(scope, by, left_out):
        key = columns.get(count.column or 0, APART).key
        found[home[count.unit] or 0][key].append(count)
    led = by_key(scope.of_communes(), lambda unit: home[unit] or 0)
    shown = list(columns.values())
    if any(APART.key in cells for cells in found.values()):
        shown.append(APART)
    lines = tuple(
        _line(area, found.get(area.pk, {}), led.get(area.pk, Led()), shown, scope.on)
        for area in _areas(scope, led)
    )
    by_column = zip(*(line.cells for line in lines), strict=True)
    return Matrix(
        by=by,
        columns=tuple(shown),
        lines=lines,
        areas=len(lines),
        overdue=sum(line.overdue for line in lines),
        late_areas=sum(1 for line in lines if line.overdue),
        late=tuple(sum(cell.overdue for cell in cells if cell) for cells in by_column),
        on_time=Share(
            sum(line.on_time.part for line in lines), sum(line.on_time.whole for line in lines)
        ),
        hidden=len(left_out),
    )


# What no task of the city or a department stands above.
APART = Column(
    key="apart",
    name="Việc giao riêng",
    text="Nhiệm vụ giao riêng từng phường, xã, không theo nhiệm vụ cấp trên",
    code="",
    part="",
    head="Việc khác",
    mark="Khác",
    conditions={"level": "apart"},
)


def _counts(scope: Scope, by: By, left_out: list[int]) -> list[_Count]:
    column = "programme" if by == By.PROGRAMME else "parent"
    rows = scope.of_communes().order_by().values_list("lead", column, "group")
    if left_out:
        rows = rows.exclude(parent__in=left_out)
    counted = rows.annotate(number=Count("pk"), nearest=Min("due"), task=Min("pk"))
    return [_Count(unit, key, Group(group), *rest) for unit, key, group, *rest in counted]


def _columns(scope: Scope, by: By, most: int | None) -> tuple[dict[int, Column], list[int]]:
    """Columns by the id that the counts carry, and the tasks that have no room; what only wards
    stand above has no column of its own."""
    below = scope.of_communes().order_by()

    def given(column: str) -> Case:
        # As a case it is asked of each of the few that stand above, by index; else all below are
        # read first.
        return Case(
            When(Exists(below.filter(**{column: OuterRef("pk")})), then=True), default=False
        )

    if by == By.PROGRAMME:
        programmes = ActionProgramme.objects.visible_to(scope.user).filter(given("programme"))
        return {row.pk: _of_programme(row) for row in programmes.select_related("resolution")}, []
    tasks = Task.objects.visible_to(scope.user).filter(
        given("parent"),
        lead_unit__level__in=(Level.CITY, Level.DEPARTMENT),
    )
    ordered = tasks.order_by("programme__resolution__number", "task_group__number", "code")
    asked = [_Given(*row) for row in ordered.values_list(*_GIVEN)]
    if most is None or len(asked) <= most:
        return {row.pk: _of_task(row) for row in asked}, []
    kept = _latest(below, [row.pk for row in asked], most)
    columns = {row.pk: _of_task(row) for row in asked if row.pk in kept}
    return columns, [row.pk for row in asked if row.pk not in kept]


def _latest(below: TaskQuerySet, asked: list[int], most: int) -> set[int]:
    """The tasks with the most overdue below them, in their order where they have as many."""
    late = below.in_groups(Group.OVERDUE).values_list("parent").annotate(number=Count("pk"))
    numbers = dict(late)
    return set(sorted(asked, key=lambda pk: -numbers.get(pk, 0))[:most])


def _of_programme(programme: ActionProgramme) -> Column:
    resolution = programme.resolution
    return Column(
        key=f"p{programme.pk}",
        name=programme.number or "Dự thảo",
        text=programme.title,
        code=programme.number,
        part=resolution.key,
        head=f"{resolution.short_number} {resolution.short}",
        mark=resolution.short_number,
        conditions={"level": "commune", "programme": programme.key},
        programme=programme.key,
    )


def _of_task(task: _Given) -> Column:
    number = Resolution.short_of(task.number)
    return Column(
        key=f"t{task.pk}",
        name=shortened(task.text),
        text=task.text,
        code=task.code,
        part=task.resolution,
        head=f"{number} {task.short}",
        mark=number,
        conditions={"parent": str(task.pk), "tier": Level.COMMUNE.value},
        task=task.pk,
    )


def _areas(scope: Scope, found: Iterable[int]) -> list[Area]:
    """Those in which something is seen; for who sees all, every area of the day besides."""
    asked = Q(pk__in=list(found))
    if scope.user.sees_all:
        begun = Q(starts_on__isnull=True) | Q(starts_on__lte=scope.on)
        asked |= begun & (Q(ends_on__isnull=True) | Q(ends_on__gte=scope.on))
    rows = Area.objects.filter(asked)
    choice = scope.choice
    if choice.area:
        rows = rows.filter(code=choice.area)
    return list(rows.filter(kind=choice.area_kind) if choice.area_kind else rows)


def _line(
    area: Area, found: dict[str, list[_Count]], led: Led, columns: list[Column], on: date
) -> Line:
    cells = {key: _cell(counts, on) for key, counts in found.items()}
    return Line(
        code=area.code,
        name=area.name,
        kind=area.kind,
        sort_key=area.sort_key,
        cells=tuple(cells.get(column.key) for column in columns),
        overdue=led.overdue,
        on_time=Share(led.counts.get(Group.COMPLETED_ON_TIME, 0), led.due),
        days=days_late(led.oldest, on=on),
        has_exception=any(map(led.counts.get, EXCEPTIONS)),
    )


def _cell(counts: list[_Count], on: date) -> Cell:
    worst = min(counts, key=lambda count: _RANK[count.group])
    numbers: dict[Group, int] = defaultdict(int)
    for count in counts:
        numbers[count.group] += count.number
    near = [c.nearest for c in counts if c.group == worst.group and c.nearest]
    counts_days = worst.group in {Group.OVERDUE, Group.DUE_SOON} and near
    number = sum(numbers.values())
    return Cell(
        group=worst.group,
        days=abs((on - min(near)).days) if counts_days else 0,
        number=number,
        task=worst.task if number == 1 else 0,
        overdue=numbers[Group.OVERDUE],
        on_time=Share(numbers[Group.COMPLETED_ON_TIME], sum(numbers[g] for g in COME_DUE)),
    )
