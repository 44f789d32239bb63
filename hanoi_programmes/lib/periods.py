"""Periods as an address carries them and a page prints them: "2026-Q4" is quý IV/2026."""

import re
from datetime import date, timedelta

from hanoi_programmes.lib.dates import (
    Period,
    half_of,
    month_of,
    nine_months_of,
    quarter,
    quarter_number,
    week_of,
    year_of,
)

_ROMAN = ("I", "II", "III", "IV")
_KEY = re.compile(r"(?P<year>20\d\d)(?:-(?P<part>Q[1-4]|H[12]|9M|W\d\d|\d\d))?")
_SPAN = re.compile(r"(?P<start>20\d\d-\d\d-\d\d)\.\.(?P<end>20\d\d-\d\d-\d\d)")
WEEK = timedelta(days=7)


def week_key(on: date) -> str:
    """The key of the week that holds the day: "2026-W09"."""
    year, number, _ = on.isocalendar()
    return f"{year}-W{number:02d}"


def period_key(period: Period, rhythm: str) -> str:
    """The key of a period of a rhythm ("quarter"); of free days it names both ends."""
    year, month = period.start.year, period.start.month
    keys = {
        "week": week_key(period.start),
        "month": f"{year}-{month:02d}",
        "quarter": f"{year}-Q{quarter_number(period.start)}",
        "half": f"{year}-H{1 if month < 7 else 2}",
        "nine": f"{year}-9M",
        "year": f"{year}",
    }
    return keys.get(rhythm) or f"{period.start.isoformat()}..{period.end.isoformat()}"


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
        return nine_months_of(date(year, 1, 1))
    if part.startswith("H"):
        return half_of(date(year, 1 if part == "H1" else 7, 1))
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
