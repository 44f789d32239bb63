"""Illustrative saved views: two that the office shares, one of an officer's own."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from hanoi_programmes.people.models import User
from hanoi_programmes.people.services.history import Act
from hanoi_programmes.programmes.services.saved import save_view

_HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
# Of every level: the strip's own views already show what each reader leads.
_SHARED = (
    ("Quá hạn trên 30 ngày", "level=led&special=seriously_late"),
    ("Chưa có thời hạn, mọi cấp", "level=led&group=no_deadline"),
)
_OWN = ("Gấp của Nghị quyết 72", "resolution=nq72&group=overdue&group=due_soon")


def save_views(office: User, officer: User, *, on: date) -> None:
    """As saved in the morning of the day."""
    at = datetime.combine(on, time(7, 40), _HANOI)
    for name, query in _SHARED:
        save_view(name, query, shared=True, act=Act(by=office, at=at, on=on))
    save_view(*_OWN, shared=False, act=Act(by=officer, at=at, on=on))
