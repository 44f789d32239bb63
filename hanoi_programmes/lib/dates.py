"""Days, working days and periods: pure functions of a date."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days, both ends included."""

    start: date
    end: date


def week_of(on: date) -> Period:
    """The week, Monday to Sunday, that holds the day."""
    monday = on - timedelta(days=on.weekday())
    return Period(monday, monday + timedelta(days=6))


def month_of(on: date) -> Period:
    """The calendar month that holds the day."""
    start = on.replace(day=1)
    return Period(start, (start + timedelta(days=31)).replace(day=1) - ONE_DAY)


def quarter_of(on: date) -> Period:
    """The calendar quarter that holds the day."""
    first = date(on.year, 3 * ((on.month - 1) // 3) + 1, 1)
    return Period(first, month_of(first + timedelta(days=65)).end)


def quarter(year: int, number: int) -> Period:
    """Quarter 1 to 4 of a year."""
    return quarter_of(date(year, 3 * number - 2, 1))


def quarter_number(on: date) -> int:
    """1 to 4."""
    return (on.month - 1) // 3 + 1


def half_of(on: date) -> Period:
    """The six months, from January or from July, that hold the day."""
    first = date(on.year, 1 if on.month < 7 else 7, 1)
    return Period(first, month_of(first + timedelta(days=160)).end)


def nine_months_of(on: date) -> Period:
    """January to September of the day's year."""
    return Period(date(on.year, 1, 1), date(on.year, 9, 30))


def year_of(on: date) -> Period:
    """The calendar year that holds the day."""
    return Period(date(on.year, 1, 1), date(on.year, 12, 31))


# The spans that papers are written for, by the name of their rhythm; any other name is free days.
SPANS: Mapping[str, Callable[[date], Period]] = {
    "week": week_of,
    "month": month_of,
    "quarter": quarter_of,
    "half": half_of,
    "nine": nine_months_of,
    "year": year_of,
}


def previous(period: Period, rhythm: str) -> Period:
    """The period to compare with: the one just before, of the same rhythm.

    Nine months are compared with those of the year before; free days with as many days before.
    """
    if rhythm == "nine":
        return nine_months_of(date(period.start.year - 1, 1, 1))
    if rhythm in SPANS:
        return SPANS[rhythm](period.start - ONE_DAY)
    days = (period.end - period.start).days + 1
    return Period(period.start - timedelta(days=days), period.start - ONE_DAY)


def following(period: Period, rhythm: str) -> Period:
    """The period after it: of the same rhythm, or as many free days; after nine months the rest."""
    if rhythm in SPANS and rhythm != "nine":
        return SPANS[rhythm](period.end + ONE_DAY)
    if rhythm == "nine":
        return quarter_of(period.end + ONE_DAY)
    return Period(period.end + ONE_DAY, period.end + ONE_DAY + (period.end - period.start))


def is_working_day(on: date, exceptions: Mapping[date, bool]) -> bool:
    """Whether offices work; `exceptions` maps holidays to False and make-up days to True."""
    return exceptions.get(on, on.weekday() < SATURDAY)


def working_days_between(start: date, end: date, exceptions: Mapping[date, bool]) -> int:
    """Working days after `start`, up to and including `end`; 0 when end is not later."""
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day, exceptions) for day in days)


def next_working_day(on: date, exceptions: Mapping[date, bool]) -> date:
    """The day itself when offices work on it, else the first day after it on which they do."""
    while not is_working_day(on, exceptions):
        on += ONE_DAY
    return on


def working_day_before(end: date, count: int, exceptions: Mapping[date, bool]) -> date:
    """The last working day that has `count` working days after it, up to and including `end`."""
    left = count + 1
    while True:
        left -= is_working_day(end, exceptions)
        if not left:
            return end
        end -= ONE_DAY
