"""The tables of a paper as a workbook: what stands where, and what a first sheet says of it."""

from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.timeliness import Group
from hanoi_programmes.reports import xlsx
from hanoi_programmes.reports.figures import definitions
from hanoi_programmes.reports.models import Report
from hanoi_programmes.reports.states import Issuer, Kind, Profile

DAY = date(2026, 11, 16)
ABOUT = xlsx.About(
    "Báo cáo <thử>", "Thành ủy", (("Kỳ", "quý IV"), ("Đến ngày", DAY)), illustrative=False
)


def table(rows: str, *, name: str = "Theo đơn vị", part: str = "", head: str = "") -> str:
    """A paper of one table."""
    head = head or "<tr><th>Đơn vị</th><th>Quá hạn</th></tr>"
    part = f' data-part="{part}"' if part else ""
    return (
        f'<html><body><table data-sheet="{name}"{part}><thead>{head}</thead>'
        f"<tbody>{rows}</tbody></table><table><tr><td>chỉ để in</td></tr></table></body></html>"
    )


def line(name: str, number: int) -> str:
    """A row of two cells."""
    return f'<tr><th scope="row">{name}</th><td class="r" data-n="{number}">{number}</td></tr>'


def total(number: int) -> str:
    """The row of sums."""
    return line("Tổng cộng", number).replace("<tr>", '<tr class="sum">')


def opened(*pages: str, about: xlsx.About = ABOUT) -> Workbook:
    """The workbook of these pages, read back."""
    return load_workbook(BytesIO(xlsx.workbook(pages, about=about)))


def values(book: Workbook, name: str) -> list[tuple[object, ...]]:
    """The rows of a sheet."""
    return list(book[name].iter_rows(values_only=True))


def test_each_named_table_is_a_sheet() -> None:
    book = opened(table(line("Sở Y tế", 3) + total(3)), table(line("a", 1), name="Khác"))
    assert book.sheetnames == ["Thông tin", "Theo đơn vị", "Khác"]
    assert values(book, "Theo đơn vị") == [("Đơn vị", "Quá hạn"), ("Sở Y tế", 3), ("Tổng cộng", 3)]
    assert book["Theo đơn vị"].auto_filter.ref == "A1:B2"


def test_a_list_cut_into_sections_goes_on_in_one_sheet() -> None:
    pages = [table(line("a", n) + total(n), part=f"Sở {n}") for n in (1, 2)]
    book = opened(*pages, table(line("a", 1), head="<tr><th>X</th><th>Y</th></tr>"))
    assert book.sheetnames == ["Thông tin", "Theo đơn vị", "Theo đơn vị (2)"]
    assert values(book, "Theo đơn vị") == [
        ("Đơn vị", "Đơn vị", "Quá hạn"),
        ("Sở 1", "a", 1),
        ("Sở 2", "a", 2),
        ("Sở 2", "Tổng cộng", 2),
    ]


def test_heads_above_one_another_become_one_and_what_reaches_down_is_said_again() -> None:
    head = (
        '<tr><th rowspan="2">Trục</th><th colspan="2">Nhiệm vụ</th></tr>'
        "<tr><th>Tổng</th><th>Quá hạn</th></tr>"
    )
    rows = (
        '<tr><td rowspan="2">Đảng</td><td data-n="1">1</td><td data-share="0.5">50%</td></tr>'
        '<tr><td data-n="2">2</td><td data-day="2026-11-16">16/11/2026</td></tr>'
        '<tr><td colspan="3">Không có</td></tr>'
    )
    assert values(opened(table(rows, head=head)), "Theo đơn vị") == [
        ("Trục", "Nhiệm vụ – Tổng", "Nhiệm vụ – Quá hạn"),
        ("Đảng", 1, 0.5),
        ("Đảng", 2, datetime.combine(DAY, datetime.min.time())),
        ("Không có", None, None),
    ]


def test_the_first_sheet_says_what_the_others_are() -> None:
    book = opened(table(line("a", 1) + line("b", 2)))
    rows = values(book, "Thông tin")
    assert rows[0][0] == "Báo cáo <thử>"
    known = {row[0]: row[1] for row in rows}
    assert known["Kỳ"] == "quý IV"
    assert known["Đến ngày"] == datetime.combine(DAY, datetime.min.time())
    assert known["Theo đơn vị"] == "2 dòng"
    for figure in definitions().values():
        assert known[figure.label] == f"{figure.rule}."
    assert not any("minh họa" in str(cell) for row in rows for cell in row)
    links = [cell.hyperlink.location for row in book["Thông tin"] for cell in row if cell.hyperlink]
    assert links == ["'Theo đơn vị'!A1"]


def test_a_column_for_paper_only_is_left_out() -> None:
    head = "<tr><th>A</th><th data-print>Cơ cấu</th><th>B</th><th data-print>C</th></tr>"
    rows = "<tr><td>a</td><td><svg></svg></td><td data-n='2'>2</td><td>c</td></tr>"
    found = values(opened(table(rows, head=head)), "Theo đơn vị")
    assert found == [("A", "B"), ("a", 2)]


def test_every_group_has_a_rule() -> None:
    assert {group.value for group in Group} <= set(definitions())


def test_made_up_figures_are_marked() -> None:
    made_up = xlsx.About("Báo cáo", "", (), illustrative=True)
    assert "Số liệu minh họa" in str(values(opened(about=made_up), "Thông tin")[1][0])


def test_a_paper_without_tables_is_a_sheet_of_facts() -> None:
    assert opened("", "<p>không có bảng</p>").sheetnames == ["Thông tin"]


@pytest.mark.parametrize("named", [True, False])
def test_a_version_without_names_does_not_name_its_maker(named: bool) -> None:  # noqa: FBT001
    report = Report(
        pk=43, kind=Kind.CITY, issuer=Issuer.OFFICE, profile=Profile.PARTY, named=named,
        period_start=date(2026, 10, 1), period_end=date(2026, 12, 31), as_of=DAY,
        requested_by=User(display_name="Nguyễn Văn An"), requested_on=DAY,
        requested_at=datetime.fromisoformat("2026-11-16T01:30:00Z"),
    )  # fmt: skip
    facts = dict(xlsx.about(report, author="Văn phòng", illustrative=False).facts)
    assert facts["Mã số liệu"] == "SL-1116-0043"
    assert facts["Yêu cầu lúc"] == "08:30, 16/11/2026"
    assert facts["Số liệu tính đến hết ngày"] == DAY
    assert facts["Người lập"] == ("Nguyễn Văn An" if named else "")
