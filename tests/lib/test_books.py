"""Workbooks read back: what is a number, what is text and stays it, and how sheets are named."""

from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet

from hanoi_programmes.lib.books import Book, Typed
from hanoi_programmes.lib.sheets import Column, harmless, workbook

# A day as a file without zones has it.
DAY = datetime(2026, 11, 30)  # noqa: DTZ001
HOSTILE = [
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x","y")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "http://example.com/",
    "<r><t>finished markup</t></r>",
    "<r></worksheet></r>",
    "_x0041_",
    "]]>&amp;<c>",
    "1234",
]


def written(rows: list[list[Typed]], name: str = "Bảng") -> Workbook:
    """A book of one sheet with these rows."""
    book = Book(title="Thử", author="Văn phòng")
    sheet = book.sheet(name)
    sheet.head([f"Cột {n}" for n in range(len(rows[0]))])
    for row in rows:
        sheet.row(row)
    sheet.end(above="A & B")
    return load_workbook(BytesIO(book.written()))


def first_of(book: Workbook) -> Worksheet:
    """The first sheet."""
    sheet = book.worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def test_cells_keep_their_types() -> None:
    cells = [
        Typed("12", 12),
        Typed("60,7", 60.68),
        Typed("75,3%", 0.7532, is_share=True),
        Typed("30/11/2026", date(2026, 11, 30)),
        Typed("Sở Y tế"),
        Typed("01/01/0001", date(1, 1, 1)),
    ]
    row = next(first_of(written([cells])).iter_rows(min_row=2))
    assert [cell.value for cell in row] == [
        12, 60.68, 0.7532, DAY, "Sở Y tế", "01/01/0001",
    ]  # fmt: skip
    formats = [cell.number_format for cell in row[:4]]
    assert formats == ["#,##0", "#,##0.0", "0.0%", "dd/mm/yyyy"]
    assert row[3].is_date


@pytest.mark.parametrize("text", HOSTILE)
def test_user_text_is_never_a_formula_nor_markup(text: str) -> None:
    for book in (
        written([[Typed(text), Typed("sau", 1)]]),
        load_workbook(
            BytesIO(workbook(title=text, notes=[text], columns=[Column("A")], rows=[[text, 1]]))
        ),
    ):
        cell = next(c for row in book.worksheets[0].iter_rows() for c in row if c.value == 1)
        found = book.worksheets[0].cell(cell.row, 1)
        assert found.data_type in {"s", "inlineStr"}
        assert unescape(str(found.value)).rstrip() == text.rstrip()
        assert not any(c.data_type == "f" for row in book.worksheets[0].iter_rows() for c in row)


def test_what_looks_like_a_formula_stays_text_when_it_is_edited() -> None:
    row = next(first_of(written([[Typed("=1+1"), Typed("một")]])).iter_rows(min_row=2))
    assert [bool(cell.quotePrefix) for cell in row] == [True, False]


def test_what_cannot_be_seen_and_what_is_too_long_is_left_out() -> None:
    assert harmless("a\x00b\x1f\u202ec\u2069") == "abc"
    for letter in ("Ễ", "𠀀"):
        units = len(harmless(letter * 50_000).encode("utf-16-le")) // 2
        assert 32_760 < units <= 32_767
    cell = first_of(written([[Typed("Ễ" * 50_000)]])).cell(2, 1)
    assert str(cell.value).endswith("Ễ…")


def test_names_of_sheets_are_valid_and_differ() -> None:
    book = Book(title="", author="")
    asked = [
        "Quá hạn", "quá HẠN", "a/b\\c[d]:*?", "", "'''", "History", "x" * 50, "x" * 60, "𠀀" * 20,
        "\x07=cmd", "Quá hạn (2)",
    ]  # fmt: skip
    found = [book.sheet(name).name for name in asked]
    assert len({name.casefold() for name in found}) == len(asked)
    assert found[:2] == ["Quá hạn", "quá HẠN (2)"]
    assert found[2:6] == ["a b c d", "Bảng", "Bảng (2)", "History 1"]
    assert all(0 < len(name.encode("utf-16-le")) // 2 <= 31 for name in found)
    assert load_workbook(BytesIO(book.written())).sheetnames == found


def test_a_sheet_is_ready_to_be_read_and_printed() -> None:
    sheet = first_of(written([[Typed("b", 2), Typed("x")], [Typed("a", 1), Typed("y" * 200)]]))
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:B3"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0
    assert all(cell.font.b for cell in sheet[1])
    assert sheet.column_dimensions["A"].width < 12
    assert 70 < sheet.column_dimensions["B"].width < 90
    assert sheet.oddHeader.center.text == "A && B"


def test_a_sum_is_not_part_of_the_list() -> None:
    book = Book(title="", author="")
    sheet = book.sheet("Bảng")
    sheet.head(["A"])
    sheet.row([Typed("1", 1)])
    sheet.row([Typed("1", 1)], is_sum=True)
    sheet.end()
    found = first_of(load_workbook(BytesIO(book.written())))
    assert found.auto_filter.ref == "A1:A2"
    assert found.cell(3, 1).font.b
