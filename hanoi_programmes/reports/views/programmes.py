"""The figures of one programme: a panel of its page, and a page of their own."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from hanoi_programmes.lib.verdict import require
from hanoi_programmes.people.http import Request
from hanoi_programmes.people.rules import may_see_programmes
from hanoi_programmes.programmes.models import ActionProgramme
from hanoi_programmes.programmes.querysets import Choice
from hanoi_programmes.programmes.timeliness import COME_DUE, Group
from hanoi_programmes.reports import charts, figures
from hanoi_programmes.reports.figures import Scope, View, address_of, group_address
from hanoi_programmes.ui.htmx import template


@require_safe
def programme_figures(request: Request, key: str) -> HttpResponse:
    """How the programme stands today; each number opens its rows."""
    require(may_see_programmes(request.user))
    programmes = ActionProgramme.objects.visible_to(request.user).select_related("resolution")
    programme = programmes.filter(key=key).first()
    if programme is None:
        raise Http404
    today = localdate()
    scope = Scope(request.user, today, today, Choice(programme=programme.key))
    found = figures.programme_figures(scope)
    rows = reverse("programmes:task-list")
    context = {
        "programme": programme,
        "figures": found,
        "urls": _urls(scope),
        "bar": charts.bar(found.tally, lambda *of: f"{rows}?{group_address(scope, *of)}"),
        "groups": [(g, n, group_address(scope, g)) for g, n in found.tally.groups if n],
        "curve_large": charts.curve(found.curve, charts.LARGE),
        "curve_small": charts.curve(found.curve, charts.SMALL),
        "standing": charts.standing(found.curve),
    }
    page, fragment = "reports/programme_figures.html", "reports/_programme_figures.html"
    return template(request, page, fragment, context)


def _urls(scope: Scope) -> dict[str, str]:
    """The list's query string behind each number."""
    return {
        "overdue": group_address(scope, Group.OVERDUE),
        "blocked": address_of(scope, View.BLOCKED),
        "silent": address_of(scope, View.SILENT),
        "due_soon": group_address(scope, Group.DUE_SOON),
        "due": group_address(scope, *COME_DUE),
        "all": scope.query(),
        "communes": scope.query(level="commune"),
        "communes_overdue": scope.query(level="commune", group=(Group.OVERDUE.value,)),
    }
