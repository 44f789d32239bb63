"""Who hands the weekly text of a unit over."""

from hanoi_programmes.lib.verdict import ALLOWED, Verdict
from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.people.roles import Role


def may_hand_over(user: User, unit: Unit | None) -> Verdict:
    """The unit's own officers and head; the office for the city's text."""
    if unit is None:
        return Verdict(
            "Tài khoản chưa thuộc đơn vị nào nên không có báo cáo tuần. "
            "Đề nghị quản trị gắn đơn vị."
        )
    own = user.sees_by_unit or user.role == Role.OFFICE
    if own and user.unit_id == unit.pk:
        return ALLOWED
    return Verdict(
        f"Báo cáo tuần của {unit.short_name} do chuyên viên, người đứng đầu của đơn vị bàn giao."
    )
