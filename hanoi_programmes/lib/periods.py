"""Periods as an address carries them and a page prints them: "2026-Q4" is quý IV/2026."""

import re
from datetime import date, timedelta

from hanoi_programmes.lib.dates import ONE_DAY, Period, month_of, quarter

_ROMAN = ("I", "II", "III", "IV")
_KEY = re.compile(r"(?P<year>20\d\d)(?:-(?P<part>Q[1-4]|H[12]|9M|W\d\d|\d\d))?")
_SPAN = re.compile(r"(?P<start>20\d\d-\d\d-\d\d)\.\.(?P<end>20\d\d-\d\d-\d\d)")
WEEK = timedelta(days=7)


def week_of(on: date) -> Period:
    """The week, Monday to Sunday, that holds the day."""
    monday = on - timedelta(days=on.weekday())
    return Period(monday, monday + WEEK - ONE_DAY)


def week_key(on: date) -> str:
    """The key of the week that holds the day: "2026-W09"."""
    year, number, _ = on.isocalendar()
    return f"{year}-W{number:02d}"


def year_of(on: date) -> Period:
    """The calendar year that holds the day."""
    return Period(date(on.year, 1, 1), date(on.year, 12, 31))


def read_period(key: str) -> Period | None:
    """The period of a key, or None when it is none.

    "2026", "2026-H1" (six months), "2026-9M" (nine), "2026-Q4", "2026-11", "2026-W48" (ISO week),
    "2026-10-16..2026-11-15" (any days, both included).
    """
    try:
        if match := _SPAN.fullmatch(key):
            start, end = (date.fromisoformat(match[name]) for name in ("start", "end"))
            return Period(start, end) if start <= end else None
        match = _KEY.fullmatch(key)
        return _part(int(match["year"]), match["part"] or "") if match else None
    except ValueError:
        return None


def _part(year: int, part: str) -> Period:
    if part.startswith("Q"):
        return quarter(year, int(part[1]))
    if part.startswith("W"):
        return week_of(date.fromisocalendar(year, int(part[1:]), 1))
    if part == "9M":
        return Period(date(year, 1, 1), date(year, 9, 30))
    if part.startswith("H"):
        first = date(year, 1 if part == "H1" else 7, 1)
        return Period(first, quarter(year, 2 if part == "H1" else 4).end)
    return month_of(date(year, int(part), 1)) if part else year_of(date(year, 1, 1))


def period_label(key: str) -> str:
    """How a page prints the period of a key inside a sentence; the key itself when it is none."""
    period = read_period(key)
    if period is None:
        return key
    year, _, part = key.partition("-")
    if ".." in key:
        return f"từ {period.start:%d/%m/%Y} đến {period.end:%d/%m/%Y}"
    if part.startswith("Q"):
        return f"quý {_ROMAN[int(part[1]) - 1]}/{year}"
    if part.startswith("W"):
        return f"tuần {int(part[1:])}, {period.start:%d/%m} đến {period.end:%d/%m/%Y}"
    named = {"": f"năm {year}", "H1": f"6 tháng đầu năm {year}", "H2": f"6 tháng cuối năm {year}"}
    return named.get(part) or (
        f"9 tháng năm {year}" if part == "9M" else f"tháng {int(part)}/{year}"
    )
