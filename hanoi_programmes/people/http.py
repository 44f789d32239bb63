"""The edge: a typed, signed-in request, and the navigation each role sees."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django_htmx.middleware import HtmxDetails

from hanoi_programmes.people.models import User
from hanoi_programmes.people.roles import Role


class Request(HttpRequest):
    """A signed-in, htmx-aware request, for typing views."""

    user: User
    htmx: HtmxDetails


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the side navigation."""

    url: str
    label: str
    short_label: str
    icon: str
    current: bool
    only_large: bool


_EVERYBODY = frozenset(Role)
_READERS = _EVERYBODY - {Role.ADMINISTRATOR}
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
    ("reports:dashboard", "Bảng điều hành", "Điều hành", "gauge", _READERS, False),
    ("programmes:task-list", "Nhiệm vụ", "Nhiệm vụ", "list", _READERS, False),
    ("programmes:programme-list", "Chương trình", "Chương trình", "doc", _READERS, True),
    ("reports:list", "Báo cáo", "Báo cáo", "print", _READERS, False),
    ("reports:health", "Máy lập báo cáo", "Máy", "print", frozenset({Role.ADMINISTRATOR}), False),
    ("people:unit-list", "Đơn vị, địa bàn", "Đơn vị", "unit", _EVERYBODY, True),
    ("people:account", "Tài khoản", "Tài khoản", "user", _EVERYBODY, True),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the entries of the signed-in user's role, the current one marked."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"navigation": []}
    match = request.resolver_match
    here = match.view_name if match else ""
    return {
        "navigation": [
            Entry(reverse(name), label, short, icon, name == here, only_large)
            for name, label, short, icon, roles, only_large in _ENTRIES
            if user.role in roles
        ]
    }
