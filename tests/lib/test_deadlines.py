"""A day, its precision, and how papers print the two."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanoi_programmes.lib.deadlines import last_day, printed

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
