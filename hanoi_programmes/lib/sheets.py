"""Spreadsheets (xlsx) written row by row in constant memory."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format

from hanoi_programmes.lib.text import seen

# What a cell may hold; a number stays a number and a day a day, so that a sheet can be sorted.
Value = str | int | float | date | None
# Excel's own limits.
MOST_ROWS = 1_048_576 - 10
_MOST_LETTERS = 32_767


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading, and its width in characters."""

    heading: str
    width: int = 14


@dataclass(frozen=True, slots=True)
class Tint:
    """A value with the look of a state: the fill as "#rrggbb", and whether its ink is white."""

    value: Value
    fill: str
    is_solid: bool = False


Cell = Value | Tint


def workbook(
    *, title: str, notes: Sequence[str], columns: Sequence[Column], rows: Iterable[Sequence[Cell]]
) -> bytes:
    """One sheet: the title and notes (scope, day, source) above a table with frozen headings.

    Cells are `Value` or `Tint`. Text is written as text: what starts with "=" is no formula.
    """
    stream = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(stream, options)
    _Sheet(book, title).fill(notes, columns, rows)
    book.close()
    return stream.getvalue()


def harmless(text: str) -> str:
    """What a cell may hold of a text that somebody typed: as much as fits, and no markup.

    Written as a string it is no formula. In constant memory the library takes "<r>…</r>" for
    finished XML and writes it as it stands; a space behind it makes it text again.
    """
    text = seen(text)
    # Counted as Excel counts: letters beyond the first plane are two.
    if len(text) > _MOST_LETTERS // 2:
        units = text.encode("utf-16-le", "ignore")
        if len(units) > 2 * _MOST_LETTERS:
            text = units[: 2 * (_MOST_LETTERS - 1)].decode("utf-16-le", "ignore") + "…"
    return f"{text} " if text.startswith("<r>") else text


class _Sheet:
    """One sheet that is written from the top down."""

    def __init__(self, book: xlsxwriter.Workbook, title: str) -> None:
        self.book = book
        self.title = title
        self.sheet = book.add_worksheet("Số liệu")
        self.formats: dict[tuple[str, bool, bool], Format] = {}

    def fill(
        self, notes: Sequence[str], columns: Sequence[Column], rows: Iterable[Sequence[Cell]]
    ) -> None:
        for number, column in enumerate(columns):
            self.sheet.set_column(number, number, column.width)
        self.sheet.write_string(
            0, 0, harmless(self.title), self.book.add_format({"bold": True, "size": 14})
        )
        for number, note in enumerate(notes, start=1):
            self.sheet.write_string(number, 0, harmless(note))
        top = len(notes) + 2
        look = {"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#eef1f5"}
        heading = self.book.add_format(look | {"valign": "vcenter"})
        for number, column in enumerate(columns):
            self.sheet.write_string(top, number, harmless(column.heading), heading)
        last = top
        for last, row in enumerate(rows, start=top + 1):
            for number, cell in enumerate(row):
                self._write(last, number, cell)
        self.sheet.freeze_panes(top + 1, 1)
        if columns and last > top:
            self.sheet.autofilter(top, 0, last, len(columns) - 1)

    def _write(self, row: int, column: int, cell: Cell) -> None:
        value = cell.value if isinstance(cell, Tint) else cell
        if value is None or value == "":
            return
        look = self._format(cell, is_day=isinstance(value, date))
        if isinstance(value, date):
            self.sheet.write_datetime(row, column, value, look)
        elif isinstance(value, str):
            self.sheet.write_string(row, column, harmless(value), look)
        else:
            self.sheet.write_number(row, column, value, look)

    def _format(self, cell: Cell, *, is_day: bool) -> Format:
        tint = cell if isinstance(cell, Tint) else Tint(None, "")
        key = (tint.fill, tint.is_solid, is_day)
        if key not in self.formats:
            look: dict[str, Any] = {"valign": "top", "text_wrap": True}
            if tint.fill:
                look |= {"bg_color": tint.fill, "valign": "vcenter", "align": "center"}
            if tint.is_solid:
                look |= {"font_color": "#ffffff", "bold": True}
            if is_day:
                look["num_format"] = "dd/mm/yyyy"
            self.formats[key] = self.book.add_format(look)
        return self.formats[key]
