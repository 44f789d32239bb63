"""The task list as a file: a spreadsheet, or text for very many rows."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from io import StringIO

from hanoi_programmes.lib.sheets import Cell, Column, Tint, Value, workbook
from hanoi_programmes.people.models import User
from hanoi_programmes.people.roles import Confidence
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.shapes.columns import about, sheet_cells
from hanoi_programmes.programmes.shapes.lines import lines
from hanoi_programmes.programmes.timeliness import Group

TITLE = "Danh sách nhiệm vụ"
_STATE = "Tình trạng"
_LATE, _SOON = "#fbe4e1", "#fdf0d8"
_FILLS = {Group.OVERDUE.label: _LATE, Group.DUE_SOON.label: _SOON}
# A spreadsheet would take these for the start of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Listed:
    """Who asked for the file, the day it tells of, the conditions in words, the chosen columns."""

    user: User
    on: date
    conditions: tuple[str, ...]
    columns: tuple[str, ...]

    def notes(self, number: int, *, illustrative: bool) -> list[str]:
        """What stands above the table."""
        asked = "; ".join(self.conditions) or "không lọc"
        found = [
            f"Số liệu tính đến hết ngày {self.on:%d/%m/%Y}. {number} nhiệm vụ. Điều kiện: {asked}.",
            f"Người xuất: {self.user.signature}.",
        ]
        return [*found, "Dữ liệu minh họa, không phải số liệu thật."] if illustrative else found


def as_sheet(listed: Listed, parts: Iterable[list[Task]], number: int) -> bytes:
    """An xlsx file; overdue and due soon are tinted."""
    tasks = list(parts)
    illustrative = any(
        task.confidence == Confidence.ILLUSTRATIVE for part in tasks for task in part
    )
    columns = [Column(heading, width) for heading, width, _value in sheet_cells(listed.columns)]
    return workbook(
        title=TITLE,
        notes=listed.notes(number, illustrative=illustrative),
        columns=columns,
        rows=(_tinted(row, columns) for part in tasks for row in _rows(listed, part)),
    )


def as_text(listed: Listed, parts: Iterable[list[Task]]) -> Iterator[str]:
    """The same columns as comma-separated text, part by part; marked as UTF-8 for Excel."""
    yield "\ufeff" + _text([[heading for heading, _, _ in sheet_cells(listed.columns)]])
    for part in parts:
        yield _text(_rows(listed, part))


def _rows(listed: Listed, tasks: list[Task]) -> Iterator[list[Value]]:
    known = about(tasks, listed.columns)
    values = [value for _heading, _width, value in sheet_cells(listed.columns)]
    for line in lines(tasks, on=listed.on):
        yield [value(line, known) for value in values]


def _tinted(row: list[Value], columns: list[Column]) -> list[Cell]:
    return [
        Tint(value, _FILLS[str(value)])
        if column.heading == _STATE and str(value) in _FILLS
        else value
        for value, column in zip(row, columns, strict=True)
    ]


def _text(rows: Iterable[Iterable[Value]]) -> str:
    out = StringIO()
    csv.writer(out).writerows([_harmless(value) for value in row] for row in rows)
    return out.getvalue()


def _harmless(value: Value) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
