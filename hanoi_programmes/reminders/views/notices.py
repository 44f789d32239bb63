"""The bell and one's own notices."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_POST, require_safe

from hanoi_programmes.people.http import Request
from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.shapes.news import news
from hanoi_programmes.reminders.models import Notice
from hanoi_programmes.reminders.services.notices import mark_read
from hanoi_programmes.reminders.states import Urgency
from hanoi_programmes.ui.htmx import redirect, template, toast, wants_fragment
from hanoi_programmes.ui.pages import paginate

_LATEST_ROWS = 4


@require_safe
def notices(request: Request) -> HttpResponse:
    """One's own notices, newest first."""
    return _notices(request)


def _notices(request: Request, **more: Any) -> HttpResponse:
    mine = Notice.objects.visible_to(request.user)
    show, kind = request.GET.get("show", ""), request.GET.get("kind", "")
    rows = mine.unread() if show == "unread" else mine
    rows = rows.filter(kind=kind) if kind in Urgency.values else rows
    found = mine.tally()
    context = {
        "page": paginate(rows.select_related("task", "tiding"), request, per_page=25),
        "unread": sum(unread for _, unread in found.values()),
        "total": sum(number for number, _ in found.values()),
        "kinds": [(one, *found[one]) for one in Urgency if one in found],
        "show": show if show == "unread" else "",
        "kind": kind if kind in Urgency.values else "",
        **more,
    }
    return template(request, "reminders/notices.html", "reminders/_notice_list.html", context)


@require_safe
def latest(request: Request) -> HttpResponse:
    """The newest few of one's own notices, for the first page of the work list; that there are
    none is said only where no news stand above them."""
    user = request.user
    newest = list(Notice.objects.visible_to(user).select_related("task", "tiding")[:_LATEST_ROWS])
    is_news = not newest and bool(
        news(Task.objects.visible_to(user), user, on=localdate(), limit=1)
    )
    return render(request, "reminders/_latest.html", {"notices": newest, "is_news": is_news})


@login_not_required
@require_safe
def bell(request: HttpRequest) -> HttpResponseBase:
    """How many are unread: asked by each page, and then every 90 seconds while it is looked at.

    The number asks again when it is seen ("intersect"): a hidden tab draws nothing, so the browser
    tells it nothing and it rests after one more question; htmx's own "every" would go on for ever,
    and a filter in it needs eval, which the content policy forbids. `seen` is what stood there
    before: more than that is said aloud once. When the session has ended, a page that only waits
    is left alone with what is typed in it.
    """
    seen, user = request.GET.get("seen", ""), request.user
    if not isinstance(user, User):
        address = request.get_full_path()
        return HttpResponse(status=204) if seen else redirect_to_login(address)
    unread = Notice.objects.visible_to(user).unread().count()
    response = render(request, "reminders/_bell.html", {"unread": unread})
    fresh = unread - int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0
    if fresh <= 0:
        return response
    url = reverse("reminders:notices")
    return toast(request, response, f"Có {fresh} thông báo mới.", kind="run", url=url, link="Xem")


@require_POST
def read_one(request: Request, pk: int) -> HttpResponseBase:
    """Mark one notice as read."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    mark_read(request.user, at=now(), pk=notice.pk)
    return _back(request)


@require_POST
def read_all(request: Request) -> HttpResponseBase:
    """Mark everything as read."""
    mark_read(request.user, at=now())
    return _back(request)


def _back(request: Request) -> HttpResponseBase:
    """The list again, on the page where the reader was."""
    if wants_fragment(request):
        return _notices(request, changed=True)
    query = request.GET.urlencode()
    return redirect(request, reverse("reminders:notices") + (f"?{query}" if query else ""))
