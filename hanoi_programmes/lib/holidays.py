"""Public holidays of Viet Nam as the library `holidays` foretells them: proposals, not the law."""

from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

from holidays import country_holidays

from hanoi_programmes.lib.dates import is_working_day

LIBRARY = f"holidays {version('holidays')}"
# Which days around Tết and beside 2 September are off is announced each year, swaps of days too.
_ANNOUNCED = ("Tết Nguyên", "Giao thừa", "29 Tết", "Mùng", "Ngày nghỉ (thay")
_BESIDE_NATIONAL_DAY = {(9, 1), (9, 3)}


@dataclass(frozen=True, slots=True)
class Foretold:
    """A day that differs from the ordinary week, as the library has it.

    `is_settled`: the Labour Code alone says so; else the year's official announcement has the last
    word.
    """

    day: date
    is_working: bool
    name: str
    is_settled: bool


def foretold(year: int) -> list[Foretold]:
    """The year's days off and make-up days; a holiday on a Sunday is no exception and left out."""
    known = country_holidays("VN", years=year, language="vi")
    days = [_day_off(day, name) for day, name in known.items() if is_working_day(day, {})]
    made_up = (day for day in known.weekend_workdays if day.year == year)
    days += [
        Foretold(day, is_working=True, name="Ngày làm việc bù", is_settled=False) for day in made_up
    ]
    return sorted(days, key=lambda foretold: foretold.day)


def _day_off(day: date, name: str) -> Foretold:
    beside = (day.month, day.day) in _BESIDE_NATIONAL_DAY
    settled = not (beside or name.startswith(_ANNOUNCED))
    written = name.replace("Nguyên Đán", "Nguyên đán")
    return Foretold(day, is_working=False, name=written, is_settled=settled)
