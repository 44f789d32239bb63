"""Who may urge by hand, whom to follow is open to whom, and which tasks can be urged."""

from hanoi_programmes.lib.verdict import ALLOWED, Verdict
from hanoi_programmes.people.models import User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.rules import may_see_programmes
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.states import State

# They follow what others do; an officer has the own work list instead.
_FOLLOWING = frozenset({Role.OFFICE, Role.LEADER, Role.INSPECTOR, Role.HEAD})
# What is said of a task that waits for somebody else than its unit, or for nobody.
_NOT_THE_UNITS = {
    State.DRAFT: "Nhiệm vụ còn là dự thảo, chưa giao cho đơn vị nào.",
    State.AWAITING: "Đơn vị đã trình, đang chờ xác nhận kết quả.",
    State.REFUSED: "Đơn vị đã từ chối, chờ Văn phòng giao lại hoặc giao đơn vị khác.",
    State.SUSPENDED: "Nhiệm vụ đang tạm dừng.",
    State.COMPLETED: "Nhiệm vụ đã hoàn thành.",
    State.CANCELLED: "Nhiệm vụ đã hủy.",
}


def may_follow(user: User) -> Verdict:
    """The list of what is to be urged: who sees all, and heads for the units below theirs."""
    seen = may_see_programmes(user)
    if not seen or user.role in _FOLLOWING:
        return seen
    return Verdict(
        "Danh sách đôn đốc dành cho lãnh đạo, Văn phòng, cơ quan kiểm tra và người đứng đầu "
        "đơn vị. Việc của đơn vị mình ở trang Việc của tôi."
    )


def may_urge(user: User) -> Verdict:
    """The office urges; a leader gives a direction, which is answered (PRODUCT §2)."""
    if user.role == Role.OFFICE:
        return ALLOWED
    if user.role == Role.LEADER:
        return Verdict(
            "Việc này do Văn phòng Thành ủy thực hiện. Lãnh đạo gửi ý kiến chỉ đạo tại trang "
            "nhiệm vụ, đơn vị phải trả lời."
        )
    return Verdict("Việc này do Văn phòng Thành ủy thực hiện.")


def is_urgeable(task: Task) -> Verdict:
    """It waits for its unit."""
    reason = _NOT_THE_UNITS.get(State(task.state))
    return Verdict(reason) if reason else ALLOWED
