"""Who may make, complete and confirm a hand-over sheet, and when."""

from datetime import date

from hanoi_programmes.lib.verdict import ALLOWED, Verdict
from hanoi_programmes.people.models import Holding, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.rules import head_of
from hanoi_programmes.programmes.models import Handover, Task
from hanoi_programmes.programmes.querysets.handovers import AHEAD

_LOCKED = Verdict("Biên bản đã được hai bên xác nhận, không sửa được nữa.")


def may_open(user: User, holding: Holding, *, on: date) -> Verdict:
    """The outgoing head or the office, from a month before the last day on."""
    if user.role != Role.OFFICE and user.pk != holding.user_id:
        return Verdict("Biên bản do người bàn giao hoặc Văn phòng Thành ủy lập.")
    if not holding.post.is_head:
        return Verdict("Chỉ người đứng đầu đơn vị mới lập biên bản bàn giao nhiệm vụ.")
    if holding.ends_on is None or holding.ends_on > on + AHEAD:
        return Verdict(
            "Chưa có ngày thôi giữ chức danh trong 30 ngày tới. Ghi ngày thôi giữ trước."
        )
    return ALLOWED


def may_note(user: User, handover: Handover) -> Verdict:
    """The outgoing head, until they confirm."""
    if handover.is_confirmed:
        return _LOCKED
    if user.pk != handover.outgoing.user_id:
        return Verdict("Nội dung cần lưu ý do người bàn giao ghi.")
    if handover.outgoing_confirmed_at:
        return Verdict("Người bàn giao đã xác nhận nên không ghi thêm được.")
    return ALLOWED


def may_confirm(user: User, handover: Handover, incoming: Holding | None, side: str) -> Verdict:
    """Each head for themselves; the office for who has left, by a document on paper."""
    if side == "incoming" and incoming is None:
        return Verdict("Chưa có người nhận bàn giao. Giao chức danh cho người mới trước.")
    done = {"outgoing": handover.outgoing_confirmed_at, "incoming": handover.incoming_confirmed_at}
    if handover.is_confirmed:
        return _LOCKED
    if done[side]:
        return Verdict("Bên này đã xác nhận rồi.")
    holding = handover.outgoing if side == "outgoing" else incoming
    if user.role == Role.OFFICE or (holding and user.pk == holding.user_id):
        return ALLOWED
    return Verdict("Mỗi bên chỉ xác nhận phần của mình.")


def head_then(task: Task, *, on: date) -> Holding | None:
    """Who headed the lead unit when the task was completed, if somebody else does on the day."""
    if task.completed_on is None or task.lead_unit is None:
        return None
    then, now = (head_of(task.lead_unit, on=day) for day in (task.completed_on, on))
    return then if then and (now is None or now.user_id != then.user_id) else None
