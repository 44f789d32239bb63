"""The feed itself, for calendar programs; and the page on which people make and revoke theirs."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.timezone import localdate, now
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hanoi_programmes.api import rules
from hanoi_programmes.api.forms import FeedForm, KeyForm
from hanoi_programmes.api.models import Feed
from hanoi_programmes.api.services import feeds as service
from hanoi_programmes.api.services.entries import entries_of, name_of
from hanoi_programmes.api.shapes import calendar, fingerprint
from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.http import Request, act_of
from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.roles import Role
from hanoi_programmes.ui.fields import OLD_PAGE
from hanoi_programmes.ui.htmx import redirect, toast
from hanoi_programmes.ui.pages import paginate

# For unknown, revoked, orphaned and malformed addresses alike.
_NOTHING = "Không có lịch ở địa chỉ này."


@login_not_required
@require_safe
@sensitive_variables("token")
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """A calendar by its secret address: no session, no cookie, whole or "not changed"."""
    found = service.feed_of(token)
    if found is None:
        return HttpResponse(_NOTHING, content_type="text/plain; charset=utf-8", status=404)
    service.note_read(found, at=now())
    name, entries = name_of(found), entries_of(found, on=localdate())
    etag = fingerprint(name, entries, settings.RELEASE)
    answer = get_conditional_response(request, etag=etag) or HttpResponse(
        calendar(name, entries, settings.SITE_URL.rstrip("/")),
        content_type="text/calendar; charset=utf-8",
    )
    answer.headers["ETag"] = etag
    # The program may keep its copy, and asks whether it still holds; nobody between keeps one.
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@sensitive_variables("token")
@require_http_methods(["GET", "HEAD", "POST"])
def feeds(request: Request) -> HttpResponse:
    """One's own feeds; the answer to the form shows the new address, once."""
    require(rules.may_have_feeds(request.user))
    form = _form(request)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    unit = form.cleaned_data["whose"]
    try:
        act = act_of(request, form.cleaned_data["form_key"])
        token = service.make(request.user, unit, act=act)
    except Denied as refusal:
        form.add_error(None, refusal.reason)
        return _page(request, form)
    path = reverse("api:feed", args=[token]) if token else ""
    context = {"address": f"{settings.SITE_URL.rstrip('/')}{path}" if path else "", "unit": unit}
    return render(request, "api/feed_once.html", context)


def _form(request: Request) -> FeedForm:
    """The office finds any unit; others have their own or none."""
    user = request.user
    is_office = user.role == Role.OFFICE
    return FeedForm(
        request.POST if request.method == "POST" else None,
        initial={"of": "mine"},
        own=user.unit if user.sees_by_unit else None,
        units=Unit.objects.visible_to(user).active(localdate()) if is_office else None,
    )


def _page(request: Request, form: FeedForm) -> HttpResponse:
    """422 for a mistake, 409 for a refusal, with what was chosen."""
    status = 200
    if form.is_bound:
        status = 409 if form.non_field_errors() else 422
    mine = Feed.objects.visible_to(request.user).filter(revoked_at__isnull=True)
    context: dict[str, Any] = {
        "form": form,
        "page": paginate(mine.select_related("unit"), request, per_page=25),
    }
    return render(request, "api/feeds.html", context, status=status)


@require_POST
def revoke(request: Request, pk: int) -> HttpResponseBase:
    """The address answers nobody any more."""
    require(rules.may_have_feeds(request.user))
    found = get_object_or_404(Feed.objects.visible_to(request.user).select_related("unit"), pk=pk)
    form = KeyForm(request.POST)
    back = redirect(request, "api:feeds")
    if not form.is_valid():
        return toast(request, back, OLD_PAGE, kind="soon")
    service.revoke(found, act=act_of(request, form.cleaned_data["form_key"]))
    return toast(request, back, "Đã hủy địa chỉ lịch. Lịch trên máy không cập nhật nữa.")
