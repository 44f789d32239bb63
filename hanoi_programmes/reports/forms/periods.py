"""Periods that a report may tell of: weeks to years that have begun, or any days."""

from collections.abc import Iterator
from datetime import date

from hanoi_programmes.lib.dates import ONE_DAY, SPANS, month_of
from hanoi_programmes.lib.periods import period_key, period_label, read_period
from hanoi_programmes.reports.states import Rhythm

# No action programme is older; further ahead nothing can have happened.
FIRST_YEAR = 2025
# Stands for the two days beside it.
DAYS = Rhythm.DATES.value
# How many of each are offered; an address may name an older one.
_OFFERED = {
    Rhythm.WEEK: 8, Rhythm.MONTH: 13, Rhythm.QUARTER: 6, Rhythm.HALF: 3, Rhythm.NINE: 2,
    Rhythm.YEAR: 3,
}  # fmt: skip
# In the first days of a month people write about the one that is over.
_EARLY = 5
Choices = list[tuple[str, str | list[tuple[str, str]]]]


def usual_period(today: date) -> str:
    """The key of what is asked for most on this day: this month, or the one just over."""
    month = month_of(today)
    asked = month_of(month.start - ONE_DAY) if today.day <= _EARLY else month
    return period_key(asked, Rhythm.MONTH.value)


def rhythm_of(key: str) -> Rhythm:
    """The rhythm of a period's key ("2026-Q4"); of any days when it names their ends."""
    if key == DAYS or ".." in key:
        return Rhythm.DATES
    _year, _, part = key.partition("-")
    named = {"": Rhythm.YEAR, "W": Rhythm.WEEK, "Q": Rhythm.QUARTER, "H": Rhythm.HALF}
    return Rhythm.NINE if part == "9M" else named.get(part[:1], Rhythm.MONTH)


def period_choices(today: date, asked: str) -> Choices:
    """Periods by rhythm, the latest first, and any days; the one asked for whatever it is."""
    groups: list[tuple[str, list[tuple[str, str]]]] = [
        (rhythm.label, [(key, _label(key, today)) for key in _keys(rhythm, number, today)])
        for rhythm, number in _OFFERED.items()
    ]
    known = {key for _name, options in groups for key, _words in options}
    found: Choices = [*groups, (DAYS, Rhythm.DATES.label)]
    if asked and asked not in known and asked != DAYS and read_period(asked):
        found.insert(0, (asked, _label(asked, today)))
    return found


def _keys(rhythm: Rhythm, number: int, today: date) -> Iterator[str]:
    """The keys of the last periods, that of today first."""
    day = today
    for _ in range(number):
        period = SPANS[rhythm.value](day)
        if period.start.year < FIRST_YEAR:
            return
        yield period_key(period, rhythm.value)
        # Nine months begin in January: the day before is last year's.
        day = period.start - ONE_DAY


def _label(key: str, today: date) -> str:
    words, period = period_label(key), read_period(key)
    runs = period is not None and period.start <= today < period.end
    label = words[:1].upper() + words[1:]
    return f"{label} (đến nay)" if runs else label
