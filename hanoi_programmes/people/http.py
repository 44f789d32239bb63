"""The edge: a typed, signed-in request, and the navigation each role sees."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.backends import ModelBackend
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django_htmx.middleware import HtmxDetails

from hanoi_programmes.people.models import User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.services.history import Act
from hanoi_programmes.people.services.readings import note_reading
from hanoi_programmes.ui.attribution import address_of


class Request(HttpRequest):
    """A signed-in, htmx-aware request, for typing views."""

    user: User
    htmx: HtmxDetails


def act_of(request: Request, form_key: UUID | None = None) -> Act:
    """Who acts, now; the only place where a page looks at the clock for a write."""
    at = now()
    return Act(by=request.user, at=at, on=localdate(at), form_key=form_key)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the side navigation."""

    url: str
    label: str
    short_label: str
    icon: str
    current: bool
    only_large: bool
    # The name of the key that leads there; "" for none.
    shortcut: str = ""


_EVERYBODY = frozenset(Role)
_READERS = _EVERYBODY - {Role.ADMINISTRATOR}
# They come to look over all wards, with no work list of their own on a phone's five places.
_LOOKING = frozenset({Role.LEADER, Role.INSPECTOR})
# name of the URL, label, label on a phone, icon, roles, hidden on a phone
_ENTRIES = (
    (
        "programmes:home",
        "Việc của tôi",
        "Việc của tôi",
        "todo",
        _READERS - {Role.LEADER, Role.INSPECTOR},
        False,
    ),
    (
        "programmes:decisions",
        "Cần quyết định",
        "Quyết định",
        "gavel",
        _READERS - {Role.INSPECTOR},
        False,
    ),
    ("reports:dashboard", "Bảng điều hành", "Điều hành", "gauge", _READERS, False),
    ("programmes:task-list", "Nhiệm vụ", "Nhiệm vụ", "list", _READERS, False),
    (
        "reminders:urging-list",
        "Đôn đốc",
        "Đôn đốc",
        "bell",
        frozenset({Role.OFFICE, Role.LEADER, Role.INSPECTOR, Role.HEAD}),
        True,
    ),
    ("reports:matrix", "Phường, xã", "Phường, xã", "grid", _LOOKING, False),
    ("reports:matrix", "Phường, xã", "Phường, xã", "grid", _READERS - _LOOKING, True),
    ("programmes:programme-list", "Chương trình", "Chương trình", "doc", _READERS, True),
    ("reports:list", "Báo cáo", "Báo cáo", "print", _READERS, True),
    ("programmes:week", "Báo cáo tuần", "Báo cáo tuần", "send", _READERS, True),
    (
        "reminders:system",
        "Tình trạng hệ thống",
        "Hệ thống",
        "gauge",
        frozenset({Role.ADMINISTRATOR}),
        False,
    ),
    (
        "programmes:history",
        "Lịch sử",
        "Lịch sử",
        "clock",
        frozenset({Role.INSPECTOR}),
        False,
    ),
    (
        "programmes:readings",
        "Nhật ký đọc",
        "Nhật ký đọc",
        "key",
        frozenset({Role.INSPECTOR, Role.ADMINISTRATOR}),
        True,
    ),
    ("people:unit-list", "Đơn vị, địa bàn", "Đơn vị", "unit", _READERS, True),
    (
        "people:unit-list",
        "Đơn vị, địa bàn",
        "Đơn vị",
        "unit",
        frozenset({Role.ADMINISTRATOR}),
        False,
    ),
    (
        "people:account-list",
        "Các tài khoản",
        "Các tài khoản",
        "people",
        frozenset({Role.ADMINISTRATOR}),
        False,
    ),
    ("people:account", "Tài khoản", "Tài khoản", "user", _EVERYBODY, True),
)


_KEYS = {
    "programmes:home": "go-home",
    "programmes:decisions": "go-decisions",
    "programmes:task-list": "go-list",
    "programmes:programme-list": "go-programmes",
    "reports:dashboard": "go-dashboard",
    "reports:matrix": "go-matrix",
    "reports:list": "go-reports",
    "people:unit-list": "go-units",
}


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the entries of the signed-in user's role, the current one marked."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"navigation": []}
    match = request.resolver_match
    here = match.view_name if match else ""
    return {
        "navigation": [
            Entry(reverse(name), label, short, icon, name == here, only_large, _KEYS.get(name, ""))
            for name, label, short, icon, roles, only_large in _ENTRIES
            if user.role in roles
        ]
    }


class AccountBackend(ModelBackend):
    """Names and passwords as Django checks them; every page asks for the unit of who signed in."""

    def get_user(self, user_id: int | str) -> User | None:
        """The account of a session with its unit, or None when it is gone or closed; one query."""
        user = User.objects.select_related("unit").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None


# Asked by the page itself again and again, or open to the street: no content of programmes.
UNREAD = frozenset({
    "reminders:bell", "reminders:latest", "reminders:alarm", "reminders:watch",
    "people:sign-in", "people:sign-out", "people:health",
})  # fmt: skip


class ReadingMiddleware:
    """Each page and file that an inspector opens is written down first; else it is not shown.

    Whatever is new is logged by itself: only `UNREAD` is not.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        name = match.view_name if match else ""
        user = getattr(request, "user", None)
        if not isinstance(user, User) or user.role != Role.INSPECTOR or name in UNREAD:
            return response
        if request.method not in {"GET", "HEAD"}:
            return response
        try:
            note_reading(
                user=user,
                at=now(),
                method=request.method,
                path=request.get_full_path(),
                kind=name,
                thing=" ".join(map(str, match.kwargs.values()))[:80] if match else "",
                status=response.status_code,
                address=address_of(request),
            )
        except DatabaseError:
            response.close()
            return render(request, "people/unread.html", status=503)
        return response
