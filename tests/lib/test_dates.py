"""Months, quarters and working days, at their ends too."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanoi_programmes.lib.dates import (
    SPANS,
    Period,
    following,
    is_working_day,
    month_of,
    next_working_day,
    previous,
    quarter,
    quarter_number,
    quarter_of,
    working_day_before,
    working_days_between,
)
from hanoi_programmes.lib.periods import period_key, read_period

Day = tuple[int, int, int]
DAY = timedelta(days=1)
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
# Tết 2026: a week off, and a Saturday worked for it.
TET = {date(2026, 2, d): False for d in range(16, 21)} | {date(2026, 2, 28): True}
exceptions = st.dictionaries(st.dates(date(2026, 1, 1), date(2026, 3, 31)), st.booleans())
near = st.dates(date(2026, 1, 10), date(2026, 3, 20))


@pytest.mark.parametrize(
    ("on", "start", "end"),
    [
        (date(2026, 2, 28), date(2026, 2, 1), date(2026, 2, 28)),
        (date(2028, 2, 1), date(2028, 2, 1), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31)),
        (date(2026, 4, 15), date(2026, 4, 1), date(2026, 4, 30)),
    ],
)
def test_a_month_has_its_own_ends(on: date, start: date, end: date) -> None:
    assert month_of(on) == Period(start, end)


@pytest.mark.parametrize(
    ("number", "start", "end"),
    [
        (1, date(2026, 1, 1), date(2026, 3, 31)),
        (2, date(2026, 4, 1), date(2026, 6, 30)),
        (3, date(2026, 7, 1), date(2026, 9, 30)),
        (4, date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_a_quarter_has_three_months(number: int, start: date, end: date) -> None:
    assert quarter(2026, number) == quarter_of(start) == quarter_of(end) == Period(start, end)
    assert quarter_number(start) == quarter_number(end) == number


@given(days)
def test_each_day_is_in_one_month_and_quarter(on: date) -> None:
    month, three = month_of(on), quarter_of(on)
    assert month.start <= on <= month.end
    assert three.start <= month.start <= month.end <= three.end
    assert (month.start.day, (month.end + DAY).day, (three.end + DAY).day) == (1, 1, 1)
    assert month_of(month.end + DAY).start == month.end + DAY
    assert quarter_number(on) == {m: (m + 2) // 3 for m in range(1, 13)}[on.month]


def test_weekends_and_holidays_are_off_and_make_up_days_are_on() -> None:
    assert is_working_day(date(2026, 11, 16), {})
    assert not is_working_day(date(2026, 11, 14), {})
    assert not is_working_day(date(2026, 2, 17), TET)
    assert is_working_day(date(2026, 2, 28), TET)


def test_working_days_are_counted_after_the_first_day() -> None:
    monday = date(2026, 11, 16)
    assert working_days_between(monday, monday, {}) == 0
    assert working_days_between(monday, monday + 4 * DAY, {}) == 4
    assert working_days_between(monday, monday + 7 * DAY, {}) == 5
    assert working_days_between(monday, monday - 7 * DAY, {}) == 0
    assert working_days_between(date(2026, 2, 13), date(2026, 2, 23), TET) == 1


@given(near, st.integers(0, 8), exceptions)
def test_counting_back_and_forth_agree(end: date, count: int, off: dict[date, bool]) -> None:
    start = working_day_before(end, count, off)
    assert is_working_day(start, off)
    assert working_days_between(start, end, off) == count


@given(near, exceptions)
def test_the_next_working_day_is_the_first_one(on: date, off: dict[date, bool]) -> None:
    found = next_working_day(on, off)
    assert is_working_day(found, off)
    between = ((found - on).days + 1) if found > on else 0
    assert not any(is_working_day(on + n * DAY, off) for n in range(between - 1))


@pytest.mark.parametrize(
    ("rhythm", "start", "end", "before_start", "before_end"),
    [
        ("week", (2026, 1, 5), (2026, 1, 11), (2025, 12, 29), (2026, 1, 4)),
        ("month", (2026, 3, 1), (2026, 3, 31), (2026, 2, 1), (2026, 2, 28)),
        ("quarter", (2026, 1, 1), (2026, 3, 31), (2025, 10, 1), (2025, 12, 31)),
        ("half", (2026, 7, 1), (2026, 12, 31), (2026, 1, 1), (2026, 6, 30)),
        ("nine", (2026, 1, 1), (2026, 9, 30), (2025, 1, 1), (2025, 9, 30)),
        ("year", (2026, 1, 1), (2026, 12, 31), (2025, 1, 1), (2025, 12, 31)),
        ("dates", (2026, 10, 16), (2026, 11, 15), (2026, 9, 15), (2026, 10, 15)),
    ],
)
def test_a_period_is_compared_with_the_one_before(
    rhythm: str, start: Day, end: Day, before_start: Day, before_end: Day
) -> None:
    period = Period(date(*start), date(*end))
    assert previous(period, rhythm) == Period(date(*before_start), date(*before_end))


@given(st.sampled_from(sorted(SPANS)), days)
def test_periods_of_a_rhythm_hold_their_day_and_meet(rhythm: str, on: date) -> None:
    period = SPANS[rhythm](on)
    assert period.start <= on <= period.end or rhythm == "nine"
    if rhythm != "nine":
        assert previous(period, rhythm).end + DAY == period.start
    assert read_period(period_key(period, rhythm)) == period


@given(days, st.integers(0, 400))
def test_free_days_have_as_many_days_before(start: date, length: int) -> None:
    period = Period(start, start + length * DAY)
    before = previous(period, "dates")
    assert (before.end - before.start, before.end) == (length * DAY, start - DAY)
    assert read_period(period_key(period, "dates")) == period


@given(st.sampled_from([*sorted(SPANS), "dates"]), days, st.integers(0, 400))
def test_the_next_period_begins_the_day_after(rhythm: str, on: date, length: int) -> None:
    period = SPANS[rhythm](on) if rhythm in SPANS else Period(on, on + length * DAY)
    after = following(period, rhythm)
    assert after.start == period.end + DAY
    assert after.end >= after.start
    if rhythm != "nine":
        assert previous(after, rhythm) == period
