"""From a page of figures to the form of a report, with everything chosen."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from hanoi_programmes.lib.periods import read_period
from hanoi_programmes.programmes.querysets import Choice
from hanoi_programmes.reports.figures import Scope
from hanoi_programmes.reports.states import SUBJECTS, Kind

# What a page may have chosen, the narrowest first: the form's field, and how an address names it.
_CHOSEN = (
    ("unit", "about_unit", "unit_code"),
    ("programme", "programme", "programme"),
    ("area", "area", "area_code"),
    ("resolution", "resolution", "resolution"),
    ("axis", "axis", "axis"),
)
_KINDS = {field: kind for kind, field in SUBJECTS.items()}


def report_address(kind: Kind, **asked: str) -> str:
    """The form for a report of the kind; empty values are left out."""
    told = {"kind": kind.value} | {name: value for name, value in asked.items() if value}
    return f"{reverse('reports:list')}?{urlencode(told)}"


def report_on(scope: Scope) -> str:
    """The form for a report on what the scope shows, as of its day."""
    field, named = _subject(scope.choice)
    usual = Kind.CITY if scope.user.sees_all else Kind.UNIT
    return report_address(_KINDS.get(field, usual), **named, **_days(scope))


def list_on(scope: Scope, kind: Kind) -> str:
    """The form for a list of the same part of the tasks."""
    field, named = _subject(scope.choice)
    return report_address(kind, about=field, **named, **_days(scope))


def days_in(period: str, on: date, today: date) -> dict[str, str]:
    """A period and a day of it, as the form takes them; a day outside it is left to the form."""
    span = read_period(period)
    if span is None:
        return {}
    inside = span.start <= on <= span.end and on != today
    return {"period": period, "as_of": on.isoformat() if inside else ""}


def _subject(choice: Choice) -> tuple[str, dict[str, str]]:
    for name, field, address in _CHOSEN:
        if value := getattr(choice, name):
            return field, {address: value}
    return "", {}


def _days(scope: Scope) -> dict[str, str]:
    if scope.on == scope.today:
        return {}
    return days_in(f"{scope.on:%Y-%m}", scope.on, scope.today)
