"""Titles that mean harm, through the whole making: three files that open and say them as text."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils.timezone import localdate, now
from docx import Document
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from pypdf import PdfReader

from hanoi_programmes.lib.dates import quarter_of
from hanoi_programmes.reports import services
from hanoi_programmes.reports.kinds import Wish
from hanoi_programmes.reports.models import Report
from hanoi_programmes.reports.states import Issuer, Kind, State
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.usefixtures("media")
# As typed, and as it must come out: nothing is lost but what cannot be seen.
HOSTILE = {
    "<script>alert(1)</script>": "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0": "=cmd|' /C calc'!A0",
    "<r><t>giả</t></r>": "<r><t>giả</t></r>",
    "+1+1": "+1+1",
    "@SUM(A1)": "@SUM(A1)",
    "exe\u202egpj\u2066.doc\u200f": "exegpj.doc",
    "a\x01b\x1fc": "abc",
    "{% now 'Y' %}{{ report.pk }}": "{% now 'Y' %}{{ report.pk }}",
    "]]></w:t></w:r>": "]]></w:t></w:r>",
    "_x0041_": "_x0041_",
    "tên " * 125: ("tên " * 125).strip(),
}
LONG = "Ễ" * 50_000


def made(cast: Cast, *texts: str) -> Report:
    """The tables by unit of late tasks with these titles."""
    on = localdate()
    for text in texts:
        factories.make_task(
            cast.programme,
            cast.department,
            deadline=on - timedelta(3),
            product=text,
            text=text[:500],
        )
    wish = Wish(Kind.TABLES, quarter_of(on), on, Issuer.OFFICE)
    report = services.request(wish, by=cast.office, at=now(), on=on, form_key=uuid4())
    services.make(report.pk, today=on)
    report.refresh_from_db()
    assert report.state == State.DONE, report.error
    return report


def test_hostile_titles_are_text_in_every_form(cast: Cast) -> None:
    report = made(cast, *HOSTILE)
    rows = list(load_workbook(report.excel.path)["Nhiệm vụ"].iter_rows(min_row=2))
    cells = [cell for row in rows for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n", "d"}
    products = {unescape(str(row[4].value)).strip() for row in rows}
    assert products == set(HOSTILE.values())
    table = Document(report.word.path).tables[-1]
    assert {row.cells[3].text for row in table.rows[1:]} == set(HOSTILE.values())
    words = "".join(page.extract_text() for page in PdfReader(report.file.path).pages)
    printed = "".join(words.split())
    # Marks of direction print nothing; the letters are there in the order in which they were typed.
    for text in HOSTILE.values():
        assert "".join(text.split()) in printed, text


def test_a_title_of_fifty_thousand_letters_ends_well(cast: Cast) -> None:
    report = made(cast, LONG)
    table = Document(report.word.path).tables[-1]
    assert table.rows[1].cells[3].text == LONG
    row = next(load_workbook(report.excel.path)["Nhiệm vụ"].iter_rows(min_row=2, values_only=True))
    assert str(row[4]) == f"{'Ễ' * 32_766}…"
    assert report.pages > 5
