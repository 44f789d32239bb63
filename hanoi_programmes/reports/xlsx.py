"""Spreadsheets of figures: the same dataclasses as on the page, as numbers that can be sorted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from hanoi_programmes.lib import sheets
from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.timeliness import Group
from hanoi_programmes.reports.figures import By, Cell, Line, Matrix, Scope
from hanoi_programmes.ui.templatetags.ui import look_of

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
