"""For the administrator and the office: how the making of reports fares."""

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from hanoi_programmes.lib.verdict import require
from hanoi_programmes.people.http import Request
from hanoi_programmes.people.roles import Role
from hanoi_programmes.reports import pdf, rules
from hanoi_programmes.reports.services.cleaning import ENDED_KEPT, PARTS_KEPT
from hanoi_programmes.reports.services.health import health as health_now
from hanoi_programmes.reports.services.planning import CATCH_UP
from hanoi_programmes.ui.htmx import template


@require_safe
def health(request: Request) -> HttpResponse:
    """Which font papers use, what waits, what failed, what lies on the disk and until when.

    Titles and buttons are the office's: an administrator sees no content of programmes.
    """
    require(rules.may_see_health(request.user))
    context = {
        "font": _font(),
        "faces": pdf.FACES,
        "health": health_now(),
        "is_office": request.user.role == Role.OFFICE,
        "kept": {
            "parts": PARTS_KEPT.days,
            "files": settings.REPORT_FILE_DAYS,
            "ended": ENDED_KEPT.days,
            "catch_up": CATCH_UP.days,
        },
    }
    return template(request, "reports/health.html", "reports/_health.html", context)


def _font() -> pdf.Face | str:
    try:
        return pdf.font_in_use()
    except pdf.NoFont as error:
        return str(error)
