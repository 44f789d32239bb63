"""Deadlines as papers print them: "15/12/2026", "Tháng 12/2026", "Quý IV/2026", "Năm 2026"."""

from datetime import date

from hanoi_programmes.lib.dates import month_of, quarter_number, quarter_of

_ROMAN = ("I", "II", "III", "IV")


def last_day(day: date, precision: str) -> date:
    """The last day of the month, quarter or year that holds the day; the day itself for "day"."""
    if precision == "month":
        return month_of(day).end
    if precision == "quarter":
        return quarter_of(day).end
    return date(day.year, 12, 31) if precision == "year" else day


def printed(day: date, precision: str) -> str:
    """How a paper would print a deadline that ends on the day."""
    if precision == "month":
        return f"Tháng {day.month}/{day.year}"
    if precision == "quarter":
        return f"Quý {_ROMAN[quarter_number(day) - 1]}/{day.year}"
    return f"Năm {day.year}" if precision == "year" else f"{day:%d/%m/%Y}"
