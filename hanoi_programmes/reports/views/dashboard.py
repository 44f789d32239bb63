"""The leader's page: what needs a decision, then how things stand."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from hanoi_programmes.lib.verdict import require
from hanoi_programmes.people.http import Request
from hanoi_programmes.people.rules import may_see_programmes
from hanoi_programmes.programmes.timeliness import Group
from hanoi_programmes.reports import charts
from hanoi_programmes.reports.figures import (
    Overview,
    Part,
    Scope,
    View,
    address_of,
    done_address,
    due_address,
    matters,
    overview,
    stuck,
)
from hanoi_programmes.reports.forms import DashboardForm
from hanoi_programmes.reports.states import Kind
from hanoi_programmes.reports.views.acts import rows_with_acts
from hanoi_programmes.reports.views.links import list_on, report_on
from hanoi_programmes.reports.views.tiles import tiles
from hanoi_programmes.ui.htmx import template, wants_fragment

MATTERS_SHOWN = 6
UNITS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Tab:
    """One reason for attention, with the number of its tasks and the page's query string for it."""

    key: str
    label: str
    count: int
    current: bool
    query: str


@require_safe
def dashboard(request: Request) -> HttpResponse:
    """Figures of what the reader sees, as of today or a past day; each number opens its rows."""
    require(may_see_programmes(request.user))
    form = asked(request)
    if moved := tidied(request, form):
        return moved
    context = _shown(request, form)
    status = 422 if form.errors else 200
    page, fragment = "reports/dashboard.html", "reports/_figures.html"
    response = template(request, page, fragment, context, status=status)
    if wants_fragment(request):
        response["HX-Push-Url"] = _here(form)
    return response


def asked(request: Request) -> DashboardForm:
    """What the address asks for, checked."""
    form = DashboardForm(request.GET, user=request.user, today=localdate())
    form.full_clean()
    return form


def tidied(request: Request, form: DashboardForm) -> HttpResponse | None:
    """A form sent without script leaves names without values in the address: they are dropped, so
    that what is copied and shared is short. A refused value stays, with its reason."""
    short = form.address()
    is_asking = bool(form.errors) or form.wants_days
    if is_asking or wants_fragment(request) or set(request.GET) <= _names(short):
        return None
    return HttpResponseRedirect(f"{request.path}?{short}" if short else request.path)


def _names(query: str) -> set[str]:
    return {part.partition("=")[0] for part in query.split("&")}


def _here(form: DashboardForm) -> str:
    url, query = reverse("reports:dashboard"), form.address()
    return f"{url}?{query}" if query else url


def _meeting(form: DashboardForm) -> str:
    url, query = reverse("reports:meeting"), form.address()
    return f"{url}?{query}" if query else url


def _matrix(scope: Scope) -> str:
    """The wards and communes of the same choice and day; today needs no word in the address."""
    day = {"on": scope.on.isoformat()} if scope.on != scope.today else {}
    query = urlencode(scope.choice.conditions | day)
    return reverse("reports:matrix") + (f"?{query}" if query else "")


def _shown(request: Request, form: DashboardForm) -> dict[str, Any]:
    scope, view = form.scope, form.view
    figures, places = overview(scope), stuck(scope)
    rows = matters(scope, view, limit=MATTERS_SHOWN, delays=places.delays)
    return {
        "form": form,
        "scope": scope,
        "figures": figures,
        "view": view,
        "tabs": tabs_of(form, figures),
        "exceptions": rows_with_acts(scope, view, rows, f"dashboard?{form.address()}"),
        "matters_url": address_of(scope, view),
        "tiles": tiles(scope, figures),
        "stuck": places,
        "meeting_url": _meeting(form),
        "report_url": report_on(scope),
        "is_swap": wants_fragment(request),
        "matters_report": list_on(scope, Kind.EXCEPTIONS),
        "matrix_url": _matrix(scope),
        "address": request.build_absolute_uri(_here(form)),
        "points": [(point, due_address(scope, point.day)) for point in figures.curve.points],
        "due_url": due_address(scope, scope.on),
        "done_url": done_address(scope),
        **_drawings(figures),
    }


def tabs_of(form: DashboardForm, figures: Overview) -> list[Tab]:
    """The reasons for attention, each with its number."""
    counts = {
        View.OVERDUE: figures.tally.overdue,
        View.BLOCKED: figures.blocked.number,
        View.SILENT: figures.silent,
        View.RETURNED: figures.returned,
    }
    return [
        Tab(view.value, view.label, counts[view], view == form.view, form.address(view))
        for view in View
    ]


def _drawings(figures: Overview) -> dict[str, object]:
    return {
        "curve_large": charts.curve(figures.curve, charts.LARGE),
        "curve_small": charts.curve(figures.curve, charts.SMALL),
        "standing": charts.standing(figures.curve),
        "axes": [_drawn(part) for part in figures.axes],
        "resolutions": [_drawn(part) for part in figures.resolutions],
        "units_shown": figures.units[:UNITS_SHOWN],
        "units_more": figures.units[UNITS_SHOWN:],
    }


def _drawn(part: Part) -> tuple[Part, str]:
    """A line and its bar, whose marks open their rows."""
    rows = reverse("programmes:task-list")

    def opened(*groups: Group) -> str:
        return f"{rows}?{part.query}" + "".join(f"&group={group.value}" for group in groups)

    return part, charts.bar(part.tally, opened)
