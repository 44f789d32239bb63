"""Who may read the whole history, and who the log of that reading."""

from hanoi_programmes.lib.verdict import ALLOWED, Verdict
from hanoi_programmes.people.models import User
from hanoi_programmes.people.roles import Role


def may_inspect(user: User) -> Verdict:
    """The whole history with its rows is the inspector's (PRODUCT §2, §9)."""
    if user.role == Role.INSPECTOR:
        return ALLOWED
    return Verdict(
        "Lịch sử toàn hệ thống dành cho cơ quan kiểm tra. "
        "Cần xem lịch sử của một nhiệm vụ thì mở nhiệm vụ đó, chọn Lịch sử."
    )


def may_see_readings(user: User) -> Verdict:
    """An inspector sees the own log; an administrator how often was read, never what."""
    if user.role in {Role.INSPECTOR, Role.ADMINISTRATOR}:
        return ALLOWED
    return Verdict("Nhật ký đọc dành cho cơ quan kiểm tra và quản trị hệ thống.")
