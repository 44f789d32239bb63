"""Who may have a calendar feed, and of which unit."""

from hanoi_programmes.lib.verdict import ALLOWED, Verdict
from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.rules import may_see_programmes, works_for

# Enough for every device of one person; more is somebody who does not revoke.
MOST_FEEDS = 10


def may_have_feeds(user: User) -> Verdict:
    """Whoever has work here. What an inspector reads is written down each time, under a session."""
    if user.role == Role.INSPECTOR:
        return Verdict(
            "Tài khoản kiểm tra không có địa chỉ lịch: mỗi lần đọc của cơ quan kiểm tra đều được "
            "ghi nhật ký, còn địa chỉ lịch đọc được mà không đăng nhập."
        )
    return may_see_programmes(user)


def may_make_feed_of(user: User, unit: Unit) -> Verdict:
    """The unit's own officers and head; the office for any unit."""
    if user.role == Role.OFFICE or works_for(user, unit):
        return ALLOWED
    return Verdict(
        "Lịch của một đơn vị do chuyên viên, người đứng đầu đơn vị đó hoặc Văn phòng tạo."
    )
