"""What the library foretells, held against the days that are known and against our own data."""

import csv
from datetime import date
from pathlib import Path

import pytest

from hanoi_programmes.lib.dates import is_working_day
from hanoi_programmes.lib.holidays import LIBRARY, Foretold, foretold
from hanoi_programmes.people.services.reference import DATA


def days(year: int) -> dict[date, Foretold]:
    return {entry.day: entry for entry in foretold(year)}


def ours(year: int) -> set[date]:
    with Path(DATA / "calendar.csv").open(encoding="utf-8", newline="") as file:
        found = {date.fromisoformat(row["day"]) for row in csv.DictReader(file)}
    return {day for day in found if day.year == year}


# First day of the lunar year and the tenth of its third month, from published lunar calendars.
LUNAR = {
    2026: (date(2026, 2, 17), date(2026, 4, 26)),
    2027: (date(2027, 2, 6), date(2027, 4, 16)),
    2028: (date(2028, 1, 26), date(2028, 4, 4)),
}


@pytest.mark.parametrize("year", LUNAR)
def test_the_days_of_the_labour_code_are_there(year: int) -> None:
    """Each on its day, or, on a weekend, made good by a working day right after it."""
    new_year, ancestors = LUNAR[year]
    off = days(year)
    fixed = [date(year, 1, 1), date(year, 4, 30), date(year, 5, 1), date(year, 9, 2),
             date(year, 11, 24), ancestors, new_year]  # fmt: skip
    missing = [day for day in fixed if is_working_day(day, {}) and day not in off]
    assert missing == []
    assert sum("Tết" in e.name and "Dương lịch" not in e.name for e in off.values()) == 5
    assert len([e for e in off.values() if not e.is_working]) >= 11


@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_every_foretold_day_differs_from_its_weekday(year: int) -> None:
    assert [e for e in foretold(year) if e.is_working == is_working_day(e.day, {})] == []


def test_where_the_library_and_our_data_part_is_known() -> None:
    """The office decides these by the official announcement; `docs/decisions.md` names them."""
    ahead = {year: (set(days(year)) - ours(year), ours(year) - set(days(year)))
             for year in (2026, 2027)}  # fmt: skip
    assert ahead == {
        # A swap that the library lacks.
        2026: (set(), {date(2026, 1, 2), date(2026, 1, 10)}),
        # Tết begins on a Saturday: which side its two days in lieu fall is announced each year.
        2027: ({date(2027, 2, 4)}, {date(2027, 2, 11)}),
    }


def test_make_up_days_are_working_days() -> None:
    assert days(2026)[date(2026, 8, 22)].is_working
    assert not days(2026)[date(2026, 8, 31)].is_working


def test_what_is_announced_each_year_is_not_settled() -> None:
    of_2027 = days(2027)
    assert of_2027[date(2027, 9, 2)].is_settled
    assert not of_2027[date(2027, 9, 3)].is_settled
    assert not of_2027[date(2027, 2, 8)].is_settled
    assert of_2027[date(2027, 5, 3)].is_settled
    assert LIBRARY.startswith("holidays 0.")
