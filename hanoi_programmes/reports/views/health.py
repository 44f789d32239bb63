"""For the administrator: how the making of reports fares."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from hanoi_programmes.lib.verdict import require
from hanoi_programmes.people.http import Request
from hanoi_programmes.reports import pdf, rules
from hanoi_programmes.reports.models import Report
from hanoi_programmes.reports.states import State
from hanoi_programmes.ui.htmx import template


@require_safe
def health(request: Request) -> HttpResponse:
    """Which font papers use, and whether reports are waiting too long."""
    require(rules.may_see_health(request.user))
    waiting = Report.objects.unfinished().order_by("requested_at")
    context = {
        "font": _font(),
        "faces": pdf.FACES,
        "waiting": waiting.count(),
        "oldest": waiting.first(),
        "failed": Report.objects.filter(state=State.FAILED).count(),
    }
    return template(request, "reports/health.html", "reports/_health.html", context)


def _font() -> pdf.Face | str:
    try:
        return pdf.font_in_use()
    except pdf.NoFont as error:
        return str(error)
