"""How the machines do: the administrator's page, the band on each page, a word for a watcher."""

from typing import Any

from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Page
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST, require_safe

from hanoi_programmes.lib.verdict import require
from hanoi_programmes.people.http import Request
from hanoi_programmes.reminders import rules
from hanoi_programmes.reminders.models import Mail
from hanoi_programmes.reminders.rules.alarm import ALL_WELL, alarms
from hanoi_programmes.reminders.services.health import Health, health_at, morning_of
from hanoi_programmes.reminders.services.settling import retry_failed, settle_doubtful
from hanoi_programmes.ui.htmx import redirect, template, toast, wants_fragment
from hanoi_programmes.ui.pages import paginate

_PLAIN = "text/plain; charset=utf-8"


@require_safe
def system(request: Request) -> HttpResponse:
    """Everything about the machines, what needs somebody first; for htmx a page of the mails."""
    require(rules.may_keep_machines(request.user))
    mails = Mail.objects.visible_to(request.user).troubled().select_related("recipient__unit")
    context: dict[str, Any] = {"page": paginate(mails.order_by("-on", "-pk"), request, per_page=25)}
    if not wants_fragment(request):
        context["health"] = _health()
    return template(request, "reminders/system.html", "reminders/_troubled_mails.html", context)


@require_POST
def settle(request: Request, pk: int) -> HttpResponseBase:
    """A person decides: a mail goes again, or one in doubt counts as sent. Only once."""
    require(rules.may_keep_machines(request.user))
    mail = get_object_or_404(Mail.objects.visible_to(request.user), pk=pk)
    was_sent = request.POST.get("as") == "sent"
    if mail.is_doubtful:
        settled = settle_doubtful(mail, was_sent=was_sent, by=request.user)
    else:
        settled = not was_sent and retry_failed(mail, by=request.user)
    words = "Đã ghi là đã gửi." if was_sent else "Thư sẽ gửi lại trong một phút."
    return _settled(request, words if settled else "Thư này đã được xử lý trước đó.")


def _settled(request: Request, words: str) -> HttpResponseBase:
    """The list again, on the page where the reader was."""
    if wants_fragment(request):
        context = {"page": _troubled(request)}
        return toast(request, render(request, "reminders/_troubled_mails.html", context), words)
    query = request.GET.urlencode()
    back = redirect(request, reverse("reminders:system") + (f"?{query}" if query else ""))
    return toast(request, back, words)


def _troubled(request: Request) -> Page[Mail]:
    mails = Mail.objects.visible_to(request.user).troubled().select_related("recipient__unit")
    return paginate(mails.order_by("-on", "-pk"), request, per_page=25)


@require_safe
def system_state(request: Request) -> HttpResponse:
    """The part of the page that comes again by itself."""
    require(rules.may_keep_machines(request.user))
    return render(request, "reminders/_system_state.html", {"health": _health(), "again": True})


def _health() -> Health:
    return health_at(localtime(), current_app.conf.beat_schedule)


@require_safe
def alarm(request: Request) -> HttpResponse:
    """The band on an administrator's pages; nothing while all is well, and for everybody else."""
    found = alarms(morning_of(localtime())) if rules.may_keep_machines(request.user) else []
    return render(request, "reminders/_alarm.html", {"alarms": found})


@login_not_required
@require_safe
def watch(_request: HttpRequest) -> HttpResponse:
    """For a watcher outside: 200 or 503 and a sentence that tells nothing of the work."""
    try:
        found = alarms(morning_of(localtime()))
    except DatabaseError:
        return HttpResponse("Không đọc được cơ sở dữ liệu.", content_type=_PLAIN, status=503)
    words = " ".join(alarm.label for alarm in found) or ALL_WELL
    return HttpResponse(words, content_type=_PLAIN, status=503 if found else 200)
