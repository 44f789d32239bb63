"""Spreadsheets of figures: the matrix as on its page, and any report's tables from its paper."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils.timezone import get_current_timezone

from hanoi_programmes.lib import sheets
from hanoi_programmes.lib.books import Book, Sheet, Typed
from hanoi_programmes.lib.paper import Element, Paper, Row, rows_of
from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.timeliness import Group
from hanoi_programmes.reports.figures import By, Cell, Line, Matrix, Scope, definitions
from hanoi_programmes.reports.models import Report
from hanoi_programmes.ui.templatetags.ui import look_of, number, vn_date, vn_datetime

# The tints of the page's light theme; a sheet has no style sheet to ask.
_FILLS = {Group.OVERDUE: "#fce9e6", Group.DUE_SOON: "#fdf0d5", Group.AWAITING: "#efe9f8"}
_SOLID = "#b4231a"
_KINDS = {"ward": "Phường", "commune": "Xã"}


@dataclass(frozen=True, slots=True)
class Made:
    """By whom and when (local time) a sheet is made, and whether its data are invented."""

    by: User
    at: datetime
    illustrative: bool


def matrix_sheet(matrix: Matrix, scope: Scope, *, made: Made, conditions: Sequence[str]) -> bytes:
    """The matrix as shown: overdue cells hold days late, the others the state in words."""
    title = "Phường, xã theo chương trình"
    if matrix.by == By.TASK:
        title = f"{matrix.areas} phường, xã × {matrix.tasks} nhiệm vụ giao đồng loạt"
    return sheets.workbook(
        title=title,
        notes=list(_notes(matrix, scope, made, conditions)),
        columns=list(_columns(matrix)),
        rows=(list(_row(line, matrix)) for line in matrix.lines),
    )


def _notes(matrix: Matrix, scope: Scope, made: Made, conditions: Sequence[str]) -> Iterator[str]:
    place = made.by.unit.name if made.by.unit else made.by.display_name
    yield f"Số liệu đến hết ngày {scope.on:%d/%m/%Y}, theo phạm vi được xem của {place}."
    yield (
        f"{matrix.overdue} lượt quá hạn tại {matrix.late_areas} phường, xã; "
        f"{matrix.clear_areas} nơi không có việc quá hạn. Bảng có {len(matrix.lines)} dòng."
    )
    if conditions:
        yield "Điều kiện: " + "; ".join(conditions) + "."
    if matrix.by == By.TASK:
        yield (
            "Ô có số là số ngày quá hạn; nền đậm: quá hạn trên "
            f"{settings.SERIOUSLY_LATE_DAYS} ngày; ô trống: không giao."
        )
    yield f"Người lập: {made.by.display_name}, {made.at:%H:%M, %d/%m/%Y}."
    if made.illustrative:
        yield "Dữ liệu minh họa, không phải số liệu thật."


def _columns(matrix: Matrix) -> Iterator[sheets.Column]:
    yield sheets.Column("Phường, xã", 26)
    yield from (sheets.Column(name, 9) for name in ("Mã", "Loại", "Quá hạn", "Đúng hạn", "Đến hạn"))
    yield from (sheets.Column(name, 11) for name in ("Đúng hạn %", "Chậm nhất (ngày)"))
    for column in matrix.columns:
        if matrix.by == By.TASK:
            yield sheets.Column(f"{column.code} {column.text}".strip(), 20)
        else:
            names = ("quá hạn", "đúng hạn", "đến hạn", "chậm nhất (ngày)")
            yield from (sheets.Column(f"{column.head}: {name}", 14) for name in names)


def _row(line: Line, matrix: Matrix) -> Iterator[sheets.Cell]:
    yield line.name
    yield line.code
    yield _KINDS.get(line.kind, "")
    yield line.overdue
    yield line.on_time.part
    yield line.on_time.whole
    yield None if line.on_time.rate is None else round(100 * line.on_time.rate, 1)
    yield line.days or None
    for cell in line.cells:
        if matrix.by == By.TASK:
            yield _state(cell)
        else:
            yield from _sums(cell)


def _state(cell: Cell | None) -> sheets.Cell:
    if cell is None:
        return None
    value = cell.days if cell.group == Group.OVERDUE else look_of(cell.group).label
    if not cell.is_exception:
        return value
    fill = _SOLID if cell.is_serious else _FILLS[cell.group]
    return sheets.Tint(value, fill, cell.is_serious)


def _sums(cell: Cell | None) -> list[sheets.Cell]:
    if cell is None:
        return [None] * 4
    late = sheets.Tint(cell.overdue, _FILLS[Group.OVERDUE]) if cell.overdue else 0
    days = cell.days if cell.overdue else None
    return [late, cell.on_time.part, cell.on_time.whole, days]


# The tables of a report, from its paper

_MADE_UP = "Số liệu minh họa, không phải kết quả thật"


@dataclass(frozen=True, slots=True)
class About:
    """What the first sheet says of a report: its facts by their names, and whether it is real."""

    title: str
    author: str
    facts: tuple[tuple[str, str | date], ...]
    illustrative: bool


def about(report: Report, *, author: str, illustrative: bool) -> About:
    """The facts of a report. A version without names does not name its maker either."""
    by = report.requested_by
    place = by.unit.name if by.unit else ""
    maker = by.signature if report.named else place
    facts = (
        ("Loại báo cáo", report.get_kind_display()),
        ("Nội dung", report.about),
        ("Kỳ", report.period_label),
        ("Từ ngày", report.period_start),
        ("Đến ngày", report.period_end),
        ("Số liệu tính đến hết ngày", report.as_of),
        ("Mã số liệu", report.code),
        ("Dưới tên", author),
        ("Người lập", maker),
        ("Yêu cầu lúc", vn_datetime(report.requested_at.astimezone(get_current_timezone()))),
        ("Bản nêu tên người", "có" if report.named else "không"),
    )
    return About(report.subject, author, facts, illustrative)


def workbook(html: str | Iterable[str], *, about: About) -> bytes:
    """A sheet for each `<table data-sheet="…">` of the paper, behind one that says what they are.

    Tables of one name and with the same heads go on in one sheet: so a list that the paper cuts
    into sections can be filtered and summed as a whole. `data-part` names such a section in a
    column of its own, headed by `data-part-head`. A column whose head has `data-print`, as one of
    drawings, is for paper only.
    """
    book = Book(title=about.title, author=about.author)
    first = book.sheet("Thông tin")
    lists: dict[tuple[str, ...], _List] = {}
    for source in [html] if isinstance(html, str) else html:
        for table in Paper(source).body.iter("table"):
            name = table.get("data-sheet")
            rows = list(rows_of(table)) if name else []
            if rows:
                heads = _heads(table, rows)
                if (name, *heads) not in lists:
                    lists[name, *heads] = _List(book.sheet(name, landscape=len(heads) > 6), heads)
                lists[name, *heads].add(_typed(table, rows))
    for one in lists.values():
        one.end(above=f"{about.title} · {one.sheet.name}")
    _fill_first(first, about, list(lists.values()))
    return book.written()


class _List:
    """A sheet under its heads. The sum of a part is no sum of the whole: it waits until the end
    and is left out when the list goes on."""

    def __init__(self, sheet: Sheet, heads: list[str]) -> None:
        self.sheet = sheet
        self.number = 0
        self._sums: list[list[Typed]] = []
        sheet.head(heads)

    def add(self, rows: Iterator[tuple[list[Typed], bool]]) -> None:
        """Write the rows of a table; each says whether it is a sum."""
        self._sums = []
        for cells, is_sum in rows:
            if is_sum:
                self._sums.append(cells)
            else:
                self.sheet.row(cells)
                self.number += 1

    def end(self, above: str) -> None:
        """Write what waited; `above` stands over each printed page."""
        for cells in self._sums:
            self.sheet.row(cells, is_sum=True)
        self.sheet.end(above=above)


def _heads(table: Element, rows: Sequence[Row]) -> list[str]:
    """One head a column: of heads above one another the words of all, from the top down."""
    grid = [[cell.text for cell in cells] for cells, row in _grid(rows) if row.is_head]
    width = max((len(cells) for cells, _ in _grid(rows)), default=0)
    found = []
    for column in range(width):
        words = dict.fromkeys(line[column] for line in grid if column < len(line))
        found.append(" – ".join(filter(None, words)))
    return [table.get("data-part-head", "Đơn vị"), *found] if table.get("data-part") else found


def _typed(table: Element, rows: Sequence[Row]) -> Iterator[tuple[list[Typed], bool]]:
    part = table.get("data-part")
    before = [Typed(part)] if part else []
    for cells, row in _grid(rows):
        if not row.is_head:
            yield before + cells, row.is_sum


def _grid(rows: Sequence[Row]) -> Iterator[tuple[list[Typed], Row]]:
    """The rows with a cell in each column: what reaches down is said again in each row, so that
    it can be sorted; beside what reaches across stands nothing, but in heads the same."""
    held: dict[int, tuple[int, Typed]] = {}
    on_paper: list[int] = []
    for row in rows:
        line: list[Typed] = []
        for cell in row.cells:
            _hold(held, line)
            typed = Typed(cell.text, cell.value, cell.is_share)
            for step in range(cell.across):
                here = typed if step == 0 or row.is_head else Typed("")
                if "data-print" in cell.element.attrib:
                    on_paper.insert(0, len(line))
                if cell.down > 1:
                    held[len(line)] = (cell.down - 1, here)
                line.append(here)
        _hold(held, line)
        # From the right, so that the places of the others hold.
        for column in on_paper:
            del line[column : column + 1]
        yield line, row


def _hold(held: dict[int, tuple[int, Typed]], line: list[Typed]) -> None:
    """Say again what cells above say down to here."""
    while len(line) in held:
        column = len(line)
        left, typed = held.pop(column)
        line.append(typed)
        if left > 1:
            held[column] = (left - 1, typed)


def _fill_first(sheet: Sheet, about: About, lists: Sequence[_List]) -> None:
    """What the report is, where its tables are, and how its figures are counted."""
    sheet.line(Typed(about.title), bold=True, size=14)
    if about.illustrative:
        sheet.line(Typed(_MADE_UP), bold=True, colour="#b4231a")
    sheet.line()
    for name, value in about.facts:
        if isinstance(value, date):
            sheet.line(Typed(name), Typed(vn_date(value), value))
        elif value:
            sheet.line(Typed(name), Typed(value))
    sheet.line()
    sheet.line(Typed("Các bảng"), bold=True)
    for one in lists:
        sheet.link(one.sheet, f"{number(one.number)} dòng")
    sheet.line()
    sheet.line(Typed("Cách tính"), bold=True)
    for figure in definitions().values():
        sheet.line(Typed(figure.label), Typed(f"{figure.rule}."))
    sheet.end(above=about.title, widths=(28, 76))
