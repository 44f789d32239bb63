"""Workbooks of several sheets of typed cells, in constant memory, to be read and to be printed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format

from hanoi_programmes.lib.sheets import harmless

FONT = "Times New Roman"
# Excel's own limits of a sheet's name, and of the words above a printed page.
_MOST_OF_NAME, _MOST_OF_HEADER = 31, 150
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_RESERVED = {"history"}
# A column is as wide as its words, within reason; longer ones go on in a second line.
_LEAST, _MOST = 7, 78
_FIRST_DAY = date(1900, 3, 1)
_FORMATS = {"n": "#,##0", "f": "#,##0.0", "s": "0.0%", "d": "dd/mm/yyyy"}
# What would begin a formula if a person typed it: marked as text, it stays text when edited.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_A4 = 9


@dataclass(frozen=True, slots=True)
class Typed:
    """A cell: its words, and the number, the share of one or the day that they print."""

    text: str
    value: int | float | date | None = None
    is_share: bool = False


class Book:
    """A workbook; its first sheet is filled at the end, when the others are known."""

    def __init__(self, *, title: str, author: str) -> None:
        self._stream = BytesIO()
        # Strings are strings: neither formulas nor addresses are made of them.
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(self._stream, options)
        self._book.set_properties({"title": title[:255], "author": author[:255]})
        self._formats: dict[tuple[Any, ...], Format] = {}
        self._names: set[str] = set()

    def sheet(self, name: str, *, landscape: bool = False) -> "Sheet":
        """A further sheet, under this name or the next that is valid and free."""
        valid = self._free(name)
        self._names.add(valid.casefold())
        return Sheet(self, self._book.add_worksheet(valid), landscape=landscape)

    def _free(self, name: str) -> str:
        plain = " ".join(_NOT_IN_NAMES.sub(" ", harmless(name)).split()).strip("' ") or "Bảng"
        if plain.casefold() in _RESERVED:
            plain = f"{plain} 1"
        found, number = _short(plain, ""), 1
        while found.casefold() in self._names:
            number += 1
            found = _short(plain, f" ({number})")
        return found

    def format(self, **look: object) -> Format:
        """One object a look: Excel allows 64,000 of them in a file."""
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            plain = {"font_name": FONT, "font_size": 11, "valign": "top", "text_wrap": True}
            self._formats[key] = self._book.add_format(plain | look)
        return self._formats[key]

    def written(self) -> bytes:
        """The file."""
        self._book.close()
        return self._stream.getvalue()


def _short(name: str, end: str) -> str:
    """The name with its ending, cut where Excel would refuse it; it counts letters in UTF-16."""
    units = name.encode("utf-16-le")[: 2 * (_MOST_OF_NAME - len(end))]
    return units.decode("utf-16-le", "ignore").rstrip("' ") + end


class Sheet:
    """One sheet, written from the top down."""

    def __init__(self, book: Book, sheet: Any, *, landscape: bool) -> None:  # noqa: ANN401 - untyped
        self._book, self._sheet = book, sheet
        self.name: str = sheet.get_name()
        self.rows = 0
        self._widths: list[int] = []
        self._head_at: int | None = None
        self._last_of_list = 0
        self._sheet.set_paper(_A4)
        if landscape:
            self._sheet.set_landscape()
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.7)

    def head(self, names: Sequence[str]) -> None:
        """The heads of the columns: they stay in sight, and on top of each printed page."""
        look = {"bold": True, "border": 1, "align": "center", "valign": "vcenter"}
        for column, name in enumerate(names):
            self._write(column, Typed(name), look | {"bg_color": "#eef1f5"})
        self._head_at = self.rows
        self._sheet.freeze_panes(self.rows + 1, 1)
        self._sheet.repeat_rows(self.rows)
        self.rows += 1

    def row(self, cells: Sequence[Typed], *, is_sum: bool = False) -> None:
        """A row below the last one; a sum is bold, and no part of what the filters hide."""
        look: dict[str, Any] = {"border": 1, "bold": is_sum}
        for column, cell in enumerate(cells):
            self._write(column, cell, look)
        if not is_sum:
            self._last_of_list = self.rows
        self.rows += 1

    def line(self, *cells: Typed, bold: bool = False, colour: str = "", size: int = 11) -> None:
        """A line outside any table."""
        # A title may stand over the columns beside it.
        look: dict[str, Any] = {"bold": bold, "font_size": size, "text_wrap": not bold}
        for column, cell in enumerate(cells):
            self._write(column, cell, look | ({"font_color": colour} if colour else {}))
        self.rows += 1

    def link(self, sheet: "Sheet", note: str) -> None:
        """A line that leads to a sheet."""
        name = sheet.name.replace("'", "''")
        look = self._book.format(font_color="#17498a", underline=1)
        self._sheet.write_url(self.rows, 0, f"internal:'{name}'!A1", look, sheet.name)
        self._write(1, Typed(note), {})
        self.rows += 1

    def end(self, *, above: str = "", widths: Sequence[int] = ()) -> None:
        """What is known at the end: filters, widths, the words above each printed page."""
        if self._head_at is not None and self._last_of_list > self._head_at:
            last = len(self._widths) - 1
            self._sheet.autofilter(self._head_at, 0, self._last_of_list, last)
        for column, width in enumerate(widths or self._widths):
            self._sheet.set_column(column, column, min(max(width + 2, _LEAST), _MOST))
        words = harmless(above)[:_MOST_OF_HEADER].replace("&", "&&")
        self._sheet.set_header(f'&C&"{FONT},Bold"{words}')
        self._sheet.set_footer(f'&C&"{FONT}"&P/&N')

    def _write(self, column: int, cell: Typed, look: dict[str, Any]) -> None:
        value = cell.value
        if isinstance(value, date) and value < _FIRST_DAY:
            # Excel knows no day before 1900, and a day too many in it.
            value = None
        self._measure(column, cell.text)
        if value is None and not cell.text:
            self._sheet.write_blank(self.rows, column, None, self._book.format(**look))
        elif value is None:
            is_marked = cell.text.startswith(_FORMULA)
            form = self._book.format(**look, **({"quote_prefix": True} if is_marked else {}))
            self._sheet.write_string(self.rows, column, harmless(cell.text), form)
        elif isinstance(value, date):
            form = self._book.format(num_format=_FORMATS["d"], **(look | {"align": "center"}))
            self._sheet.write_datetime(self.rows, column, value, form)
        else:
            kind = "s" if cell.is_share else "n" if isinstance(value, int) else "f"
            form = self._book.format(num_format=_FORMATS[kind], **look)
            self._sheet.write_number(self.rows, column, value, form)

    def _measure(self, column: int, text: str) -> None:
        while len(self._widths) <= column:
            self._widths.append(0)
        if len(text) > self._widths[column]:
            longest = max(map(len, text.split("\n")))
            self._widths[column] = max(longest, self._widths[column])
