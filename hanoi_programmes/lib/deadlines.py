"""Deadlines as papers print them: "15/12/2026", "Tháng 12/2026", "Quý IV/2026", "Năm 2026"."""

import re
from dataclasses import dataclass
from datetime import date

from hanoi_programmes.lib.dates import month_of, quarter, quarter_number, quarter_of
from hanoi_programmes.lib.text import fold

_ROMAN = ("I", "II", "III", "IV")
# What stands before a deadline in running text and changes nothing of its day.
_LEAD_IN = re.compile(
    r"^((hoan thanh|xong|thuc hien|cham nhat|muon nhat|truoc|trong|den|het|cuoi|vao|ngay|la)\s+)+"
)
_SEP = r"\s*(?:/|-|\.|\s|nam)\s*"
_YEAR = r"(?:nam\s*)?(?P<year>20\d\d)"
_DAY = re.compile(
    rf"(?P<day>\d{{1,2}})\s*(?:/|-|\.|\s*thang)\s*(?P<month>\d{{1,2}})(?:{_SEP})+{_YEAR}"
)
_MONTH = re.compile(rf"(?:thang\s*)?(?P<month>\d{{1,2}})(?:{_SEP})+{_YEAR}")
_QUARTER = re.compile(rf"(?:quy|q)\s*(?P<quarter>iv|i{{1,3}}|[1-4])(?:{_SEP})+{_YEAR}")
_YEAR_ALONE = re.compile(_YEAR)
_RHYTHM = re.compile(r"(?:bao cao\s+)?(?:hang|dinh ky(?: hang)?|moi)\s*(?P<unit>thang|quy|nam)")
_RHYTHMS = {"thang": "month", "quy": "quarter", "nam": "year"}
_RECURRING = ("thuong xuyen", "thuong xuyen, lien tuc", "thuong xuyen lien tuc")
# The longer ones first: "15/12/2026" holds a month, a month holds a year.
_PATTERNS = ((_DAY, "day"), (_MONTH, "month"), (_QUARTER, "quarter"), (_YEAR_ALONE, "year"))
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4} | {str(n): n for n in range(1, 5)}


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day with its precision ("day", "month", "quarter", "year"), or a rhythm without a day."""

    day: date | None
    precision: str = ""
    rhythm: str = ""


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


def read(text: str) -> Deadline | None:
    """The deadline that a paper prints, or None when it is none that a calendar knows.

    Case, marks, spaces and words before the day do not matter: "trước 15/12/2026", "Quý 4 năm
    2026". "Thường xuyên" reports every month, since that is the period of reports (PRODUCT §6).
    """
    plain = _plain(text)
    if plain in _RECURRING:
        return Deadline(None, rhythm="month")
    if found := _RHYTHM.fullmatch(plain):
        return Deadline(None, rhythm=_RHYTHMS[found["unit"]])
    bare = _LEAD_IN.sub("", plain)
    for pattern, precision in _PATTERNS:
        if found := pattern.fullmatch(bare):
            day = _last_day_of(found.groupdict())
            return Deadline(day, precision) if day else None
    return None


def names_no_rhythm(text: str) -> bool:
    """True for "Thường xuyên": how often is then for a person to say."""
    return _plain(text) in _RECURRING


def why_not(text: str) -> str:
    """A sentence about a text that `read` cannot read: what is wrong, then how to write it."""
    found = _DAY.fullmatch(_LEAD_IN.sub("", _plain(text)))
    if found and 1 <= int(found["month"]) <= 12 and int(found["day"]) > 28:
        year, month = int(found["year"]), int(found["month"])
        last = _end_of(year, month)
        return f"Tháng {month}/{year} có {last.day} ngày. Có phải {last:%d/%m/%Y}?"
    return (
        f"Chưa đọc được thời hạn “{text.strip()[:60]}”. Ghi như văn bản, ví dụ: 15/12/2026, "
        "Tháng 12/2026, Quý IV/2026, Năm 2026, Thường xuyên, Hằng quý."
    )


def _plain(text: str) -> str:
    return " ".join(fold(text).split()).strip(" .;,")


def _last_day_of(parts: dict[str, str]) -> date | None:
    """The day that the parts of a text name; None for a day or month that no calendar has."""
    year, month = int(parts["year"]), int(parts.get("month", 12))
    if "quarter" in parts:
        return quarter(year, _QUARTERS[parts["quarter"]]).end
    try:
        return date(year, month, int(parts["day"])) if "day" in parts else _end_of(year, month)
    except ValueError:
        return None


def _end_of(year: int, month: int) -> date:
    return month_of(date(year, month, 1)).end
