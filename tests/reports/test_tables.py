"""Tables over several pages: their heads come again, and no row is torn or left alone."""

import pytest

from hanoi_programmes.reports import pdf
from hanoi_programmes.reports.states import Profile
from tests.reports.measuring import Measured

TABLE = (
    '<table><thead><tr><th scope="col">Đầu bảng</th></tr></thead><tbody>{}</tbody></table>'
    '<p>Sau bảng.</p>'
)  # fmt: skip


def test_a_table_repeats_its_head_on_every_page() -> None:
    rows = "".join(f"<tr><td>Dòng {n}</td></tr>" for n in range(150))
    page = f'<html lang="vi"><body>{TABLE.format(rows)}</body></html>'
    measured = Measured(pdf.lay_out(page, profile=Profile.PARTY).write())
    heads = [line.page for line in measured.lines if line.text == "Đầu bảng"]
    with_rows = {line.page for line in measured.lines if line.text.startswith("Dòng")}
    assert len(with_rows) >= 3
    assert set(heads) == with_rows
    assert len(heads) == len(with_rows)


@pytest.mark.parametrize("before", range(24, 44))
def test_no_row_stands_alone_and_no_head_without_rows(before: int) -> None:
    """The table begins at every height near a page's end."""
    rows = "".join(f"<tr><td>Dòng {n}</td></tr>" for n in range(3))
    lead = "<p>Đoạn.</p>" * before
    page = f'<html lang="vi"><body>{lead}<h3>1. Mục</h3>{TABLE.format(rows)}</body></html>'
    measured = Measured(pdf.lay_out(page, profile=Profile.PARTY).write())
    at = [line.page for line in measured.lines if line.text.startswith("Dòng")]
    assert len(at) == 3
    assert len(set(at)) == 1
    assert measured.find("1. Mục").page == at[0]


def test_a_tall_row_is_not_torn() -> None:
    cell = "Nội dung dài của một nhiệm vụ. " * 12
    rows = "".join(f"<tr><td>Dòng {n}: {cell}</td></tr>" for n in range(30))
    page = f'<html lang="vi"><body>{TABLE.format(rows)}</body></html>'
    measured = Measured(pdf.lay_out(page, profile=Profile.PARTY).write())
    for at in range(len(measured.pages)):
        first = next(
            line.text for line in measured.lines
            if line.page == at and 18 < line.base < 275 and line.text != "Đầu bảng"
        )  # fmt: skip
        assert first.startswith("Dòng") or first == "Sau bảng."
