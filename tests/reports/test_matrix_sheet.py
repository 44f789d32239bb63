"""The matrix as a spreadsheet: read back from the file, it holds what the page shows."""

import re
import zipfile
from html import unescape
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils.timezone import localdate
from pytest_django import Settings

from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.timeliness import Group
from hanoi_programmes.reports.figures import By
from tests.conftest import Cast, signed_in

URL, SHEET = reverse("reports:matrix"), reverse("reports:matrix-export")


def cells_of_sheet(content: bytes) -> list[list[str]]:
    """The rows of the one sheet, read back from the file's own XML."""
    book = zipfile.ZipFile(BytesIO(content))
    shared = [
        unescape("".join(re.findall(r"<t[^>]*>([^<]*)</t>", item)))
        for item in re.findall(r"<si>(.*?)</si>", _part(book, "xl/sharedStrings.xml"), re.S)
    ]
    rows = []
    for row in re.findall(r"<row [^>]*>(.*?)</row>", _part(book, "xl/worksheets/sheet1.xml"), re.S):
        values = {}
        for place, kind, inside in re.findall(r'<c r="([A-Z]+)\d+"([^>]*)>(.*?)</c>', row, re.S):
            text = "".join(re.findall(r"<(?:v|t)[^>]*>([^<]*)</(?:v|t)>", inside))
            values[place] = shared[int(text)] if 't="s"' in kind else unescape(text)
        rows.append([values[place] for place in sorted(values, key=lambda p: (len(p), p))])
    return rows


def _part(book: zipfile.ZipFile, name: str) -> str:
    return book.read(name).decode() if name in book.namelist() else ""


def test_the_sheet_holds_what_the_page_shows(fan: list[Task], cast: Cast) -> None:
    asked = {"only": "late", "order": "name"}
    client = signed_in(cast.leader)
    table = client.get(URL, asked).context["matrix"]
    answer = client.get(SHEET, asked)
    assert answer["Content-Disposition"] == (
        f'attachment; filename="phuong-xa-{localdate():%Y-%m-%d}.xlsx"'
    )
    rows = cells_of_sheet(answer.content)
    words = "\n".join(" ".join(row) for row in rows[:8])
    assert f"Số liệu đến hết ngày {localdate():%d/%m/%Y}" in words
    assert "Điều kiện: Chỉ nơi: có việc quá hạn" in words
    assert cast.leader.display_name in words
    lines = {row[0]: row for row in rows if row and row[0] in {ln.name for ln in table.lines}}
    assert list(lines) == [line.name for line in table.lines]
    for line in table.lines:
        row = lines[line.name]
        assert row[1] == line.code
        assert int(row[3]) == line.overdue
        days = [str(cell.days) for cell in line.cells if cell and cell.group == Group.OVERDUE]
        assert [text for text in row[-3:] if text.isdecimal()] == days


@pytest.mark.parametrize("by", By)
def test_a_sheet_of_each_view_opens(fan: list[Task], cast: Cast, by: By) -> None:
    rows = cells_of_sheet(signed_in(cast.ward_officer).get(SHEET, {"by": by}).content)
    assert [row[0] for row in rows if row].count("Phường Láng") == 1


def test_the_sheet_says_that_its_data_are_invented(
    fan: list[Task], cast: Cast, settings: Settings
) -> None:
    settings.ILLUSTRATIVE = True
    rows = cells_of_sheet(signed_in(cast.leader).get(SHEET).content)
    assert any("Dữ liệu minh họa" in " ".join(row) for row in rows)
