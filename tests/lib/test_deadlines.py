"""A day, its precision, and how papers print the two."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanoi_programmes.lib.deadlines import Deadline, last_day, printed, read, why_not

PRINTED = [
    (date(2026, 12, 15), "day", date(2026, 12, 15), "15/12/2026"),
    (date(2026, 2, 3), "day", date(2026, 2, 3), "03/02/2026"),
    (date(2026, 2, 3), "month", date(2026, 2, 28), "Tháng 2/2026"),
    (date(2028, 2, 3), "month", date(2028, 2, 29), "Tháng 2/2028"),
    (date(2026, 12, 1), "month", date(2026, 12, 31), "Tháng 12/2026"),
    (date(2026, 1, 1), "quarter", date(2026, 3, 31), "Quý I/2026"),
    (date(2026, 11, 16), "quarter", date(2026, 12, 31), "Quý IV/2026"),
    (date(2026, 11, 16), "year", date(2026, 12, 31), "Năm 2026"),
]


@pytest.mark.parametrize(("day", "precision", "last", "text"), PRINTED)
def test_a_deadline_is_its_last_day_and_printed_as_papers_do(
    day: date, precision: str, last: date, text: str
) -> None:
    assert last_day(day, precision) == last
    assert printed(last, precision) == text


@given(
    st.dates(date(2020, 1, 1), date(2040, 12, 31)),
    st.sampled_from(["day", "month", "quarter", "year"]),
)
def test_the_last_day_is_never_earlier_and_stays_where_it_is(day: date, precision: str) -> None:
    last = last_day(day, precision)
    assert last >= day
    assert last_day(last, precision) == last
    assert printed(last, precision) == printed(last_day(day, precision), precision)


@given(
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["day", "month", "quarter", "year"]),
)
def test_what_is_printed_is_read_as_the_same_deadline(day: date, precision: str) -> None:
    last = last_day(day, precision)
    assert read(printed(last, precision)) == Deadline(last, precision)


END = date(2026, 12, 31)
READ = {
    "trước 15/12/2026": Deadline(date(2026, 12, 15), "day"),
    "Hoàn thành trước ngày 15/12/2026.": Deadline(date(2026, 12, 15), "day"),
    "31-12-2026": Deadline(END, "day"),
    "31.12.2026": Deadline(END, "day"),
    " 5 / 3 / 2026 ": Deadline(date(2026, 3, 5), "day"),
    "ngày 03 tháng 02 năm 2026": Deadline(date(2026, 2, 3), "day"),
    "29/02/2028": Deadline(date(2028, 2, 29), "day"),
    "tháng 12 năm 2026": Deadline(END, "month"),
    "THÁNG 12/2026": Deadline(END, "month"),
    "12/2026": Deadline(END, "month"),
    "Quý 4 năm 2026": Deadline(END, "quarter"),
    "quý iv/2026": Deadline(END, "quarter"),
    "trong quý  I - 2026": Deadline(date(2026, 3, 31), "quarter"),
    "Q3/2026": Deadline(date(2026, 9, 30), "quarter"),
    "2026": Deadline(END, "year"),
    "hết năm 2026": Deadline(END, "year"),
    "Thường xuyên": Deadline(None, rhythm="month"),
    "thường xuyên, liên tục": Deadline(None, rhythm="month"),
    "Hằng tháng": Deadline(None, rhythm="month"),
    "hàng quý": Deadline(None, rhythm="quarter"),
    "Định kỳ hằng năm": Deadline(None, rhythm="year"),
}


@pytest.mark.parametrize("text", READ)
def test_a_deadline_is_read_however_it_is_written(text: str) -> None:
    assert read(text) == READ[text]


NONSENSE = (
    "", "  ", "sớm nhất có thể", "32/01/2026", "31/02/2026", "29/02/2026", "15/13/2026", "13/2026",
    "0/2026", "Quý V/2026", "Quý 5/2026", "quý 0/2026", "15/12", "15/12/26", "năm 26", "năm 1926",
    "15/12/20266", "từ tháng 3/2026", "2026-12-15x", "tháng 12/2026 hoặc 2027", "từng bước",
)  # fmt: skip


@pytest.mark.parametrize("text", NONSENSE)
def test_what_is_no_deadline_is_refused_in_a_sentence(text: str) -> None:
    assert read(text) is None
    assert why_not(text).endswith((".", "?"))


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert read(text) is None or read(text) == read(f"  {text} ")
    assert why_not(text)


def test_an_impossible_day_is_answered_with_the_last_one() -> None:
    assert why_not("31/6/2026") == "Tháng 6/2026 có 30 ngày. Có phải 30/06/2026?"
    assert "Ghi như văn bản" in why_not("sớm")
