"""Who may have which account, and why not."""

from datetime import date

from hanoi_programmes.lib.verdict import ALLOWED, Verdict
from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.people.roles import SEE_BY_UNIT, Role


def may_place(role: Role, unit: Unit | None, *, today: date) -> Verdict:
    """Officers and heads work in a unit that exists today; their scope is their unit."""
    if role in SEE_BY_UNIT and unit is None:
        return Verdict(f"Vai trò {role.label} phải gắn với một đơn vị. Tìm và chọn đơn vị.")
    if unit and not Unit.objects.active(today).filter(pk=unit.pk).exists():
        return Verdict(f"{unit} chưa bật hoặc đã kết thúc. Chọn đơn vị đang hoạt động.")
    return ALLOWED


def may_change_password(user: User) -> Verdict:
    """Everybody their own; but visitors of the quick start share accounts and one password."""
    if user.is_illustrative:
        return Verdict(
            "Tài khoản minh họa dùng chung một mật khẩu đã công bố, không đổi được. "
            "Tài khoản thật đổi mật khẩu tại đây."
        )
    return ALLOWED


def may_change_account(by: User, account: User) -> Verdict:
    """Nobody switches off or places themselves: one administrator is always left."""
    if by.pk == account.pk:
        return Verdict(
            "Không tự tắt hoặc đổi vai trò tài khoản của mình. Nhờ một quản trị khác làm việc này."
        )
    return ALLOWED
