"""The matrix's cells as HTML: thousands of them, so pieces that are kept, not a template each."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from hanoi_programmes.programmes.timeliness import COME_DUE, Group
from hanoi_programmes.reports.figures import By, Cell, Column, Line, Matrix, Scope
from hanoi_programmes.ui.templatetags.ui import icon, look_of, number, percent

# A thousand days late are as rare as they are dear to format.
_number = cache(number)
_LETTERS_A_COLUMN = 6


@dataclass(frozen=True, slots=True)
class Head:
    """A resolution over its columns; `looks` are the classes of its cell."""

    column: Column
    columns: tuple[tuple[Column, str], ...]
    looks: str

    @property
    def width(self) -> int:
        """How many columns stand below it."""
        return len(self.columns)

    @property
    def name(self) -> str:
        """Whole where it fits, so that all columns stay as narrow as their cells."""
        column, fits = self.column, _LETTERS_A_COLUMN * self.width
        return column.head if len(column.head) <= fits or column.programme else column.mark


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line ready for the page; the addresses are those of its rows that are overdue, that were
    done on time, and that came due."""

    line: Line
    cells: SafeString
    late: str
    on_time: str
    due: str


def heads(matrix: Matrix, pick: str) -> list[Head]:
    """The columns by resolution. A rule begins each one (`g`); a phone shows only the resolution
    `pick` and leaves out the others (`off`), unless it is empty."""
    found: dict[str, list[Column]] = {}
    for column in matrix.columns:
        found.setdefault(column.part, []).append(column)
    shown = []
    for part, columns in found.items():
        off = "off" if pick and part != pick else ""
        looks = [" ".join(filter(None, ("g" * (n == 0), off))) for n in range(len(columns))]
        shown.append(Head(columns[0], tuple(zip(columns, looks, strict=True)), looks[0]))
    return shown


def lines(matrix: Matrix, scope: Scope, pick: str) -> Iterator[Drawn]:
    """Each line with its cells, whose exceptions lead to exactly their rows."""
    places = [place for head in heads(matrix, pick) for place in head.columns]
    pen, rows = _Pen(scope, matrix.by), reverse("programmes:task-list")
    due = grouped(*COME_DUE)
    for line in matrix.lines:
        cells = zip(places, line.cells, strict=True)
        drawn = ((pen.draw(line, *place, cell),) for place, cell in cells)
        own = f"{rows}?{scope.query(level='commune', area=line.code)}"
        late, on_time = grouped(Group.OVERDUE), grouped(Group.COMPLETED_ON_TIME)
        cells_drawn = format_html_join("", "{}", drawn)
        yield Drawn(line, cells_drawn, own + late, own + on_time, own + due)


def grouped(*groups: Group) -> str:
    """The end of an address that asks for some groups."""
    return "".join(f"&group={group.value}" for group in groups)


def totals(matrix: Matrix, scope: Scope, pick: str) -> list[tuple[str, int, str]]:
    """For each column its classes, how many of its tasks are overdue, and the address of those."""
    places = [place for head in heads(matrix, pick) for place in head.columns]
    rows = reverse("programmes:task-list")
    return [
        (looks, late, f"{rows}?{scope.query(group=Group.OVERDUE, **column.conditions)}")
        for (column, looks), late in zip(places, matrix.late, strict=True)
    ]


class _Pen:
    """Draws cells; knows the addresses: to reverse thousands would take longer than all else."""

    def __init__(self, scope: Scope, by: By) -> None:
        self._scope = scope
        self._task = reverse("programmes:task-page", args=[0]).replace("/0/", "/{}/")
        self._list = reverse("programmes:task-list")
        self._adds_up = by == By.PROGRAMME

    def draw(self, line: Line, column: Column, looks: str, cell: Cell | None) -> SafeString:
        if cell is None:
            return _quiet("", looks)
        if self._adds_up:
            return self._sum(line, column, looks, cell)
        if not cell.is_exception:
            return _quiet(cell.group, looks)
        words = f"{line.name}, {column.name}: {_words(cell)}"
        late = cell.group == Group.OVERDUE
        shown = _number(cell.days) if late else _icon(cell.group)
        return self._link(words, looks, cell, self._address(line, column, cell), shown)

    def _sum(self, line: Line, column: Column, looks: str, cell: Cell) -> SafeString:
        """Overdue of what has come due, with the on-time rate; the worst days when any is late."""
        due, rate = cell.on_time.whole, percent(cell.on_time.rate, 0)
        if not due:
            return _quiet(cell.group, looks)
        own, place = self._query(line, column), f"{line.name}, {column.head}"
        # A number, a link: the late ones and what came due are different rows.
        whole = format_html(
            '<a href="{}{}" aria-label="{} việc đến hạn, {}">{}</a>',
            *(own, grouped(*COME_DUE), due, place, _number(due)),
        )
        if not cell.overdue:
            return format_html('<td class="q {}">0/{} · {}</td>', looks, whole, rate)
        return format_html(
            '<td class="k-{}{} {}"><a href="{}{}" aria-label="{} việc quá hạn, {}">{}</a>/{} · {}'
            " · {} ngày</td>",
            *(look_of(cell.group).kind, " d2" if cell.is_serious else "", looks),
            *(own, grouped(Group.OVERDUE), cell.overdue, place, _number(cell.overdue)),
            *(whole, rate, _number(cell.days)),
        )

    def _link(self, words: str, looks: str, cell: Cell, address: str, shown: str) -> SafeString:
        return format_html(
            '<td class="k-{}{} {}"><a href="{}" aria-label="{}" title="{}">{}</a></td>',
            look_of(cell.group).kind,
            " d2" if cell.is_serious else "",
            looks,
            address,
            words,
            words,
            shown,
        )

    def _address(self, line: Line, column: Column, cell: Cell) -> str:
        return self._task.format(cell.task) if cell.task else self._query(line, column)

    def _query(self, line: Line, column: Column, **more: str) -> str:
        return f"{self._list}?{self._scope.query(area=line.code, **column.conditions, **more)}"


@cache
def _quiet(group: str, looks: str) -> SafeString:
    """A cell that asks for nothing: a picture with its words."""
    kind, name, words = "none", "s-na", "Không giao"
    if group:
        look = look_of(group)
        kind, name, words = look.kind, look.icon, look.label
    return format_html(
        '<td class="k-{} {}">{}<span class="vh">{}</span></td>', kind, looks, icon(name), words
    )


@cache
def _icon(group: str) -> SafeString:
    return icon(look_of(group).icon)


def _words(cell: Cell) -> str:
    """Inside a sentence, after the names of area and task."""
    if cell.group == Group.OVERDUE:
        if cell.overdue > 1:
            return f"{cell.overdue} việc quá hạn, chậm nhất {cell.days} ngày"
        return f"quá hạn {cell.days} ngày"
    if cell.group == Group.DUE_SOON:
        return f"còn {cell.days} ngày" if cell.days else "hết hạn hôm nay"
    return look_of(cell.group).label.lower()
