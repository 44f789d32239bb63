"""Fan-out: who may issue a task further down, to whom, and until which day."""

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet

from hanoi_programmes.lib.verdict import ALLOWED, Verdict
from hanoi_programmes.people.models import Unit, UnitGroup, User
from hanoi_programmes.people.roles import Level, Role
from hanoi_programmes.people.rules import is_head
from hanoi_programmes.programmes.models import Cascade, Task
from hanoi_programmes.programmes.states import State

# So many units are named in a refusal; the rest are counted.
_NAMED = 5


def fits_parent(deadline: date | None, parent: Task | None) -> Verdict:
    """A child's deadline is never after its parent's; the database holds the same rule.

    A parent without a deadline (recurring, say) sets no limit.
    """
    limit = parent.deadline if parent else None
    if deadline is None or limit is None or deadline <= limit:
        return ALLOWED
    code = parent.code if parent else ""
    return Verdict(
        f"Thời hạn {deadline:%d/%m/%Y} sau thời hạn {limit:%d/%m/%Y} của nhiệm vụ cấp trên {code}. "
        f"Chọn ngày không muộn hơn {limit:%d/%m/%Y}."
    )


def may_run_again(task: Task) -> Verdict:
    """The task above may have got an earlier deadline while this one was over."""
    if task.parent is None or fits_parent(task.deadline, task.parent):
        return ALLOWED
    return Verdict(
        f"Thời hạn {task.deadline:%d/%m/%Y} nay sau thời hạn của nhiệm vụ cấp trên "
        f"{task.parent.code}. Gia hạn nhiệm vụ cấp trên rồi mở lại."
    )


def holds_children(deadline: date | None, task: Task) -> Verdict:
    """Whether no open child ends after the deadline that its parent is about to get."""
    if deadline is None:
        return ALLOWED
    beyond = Task.objects.open_below(task).filter(deadline__gt=deadline).order_by("-deadline")
    last, count = beyond.first(), beyond.count()
    if last is None or last.deadline is None:
        return ALLOWED
    return Verdict(
        f"Còn {count} nhiệm vụ thành phần có thời hạn sau {deadline:%d/%m/%Y}, "
        f"muộn nhất {last.deadline:%d/%m/%Y} ({last.code}). Rút thời hạn của các nhiệm vụ đó trước."
    )


def may_fan_out(user: User, task: Task, *, on: date) -> Verdict:
    """Whether the user may issue the task further down, or change what was issued so."""
    if task.state not in (State.ASSIGNED, State.IN_PROGRESS):
        current = State(task.state).label.lower()
        return Verdict(
            f"Nhiệm vụ đang ở trạng thái “{current}” nên chưa giao xuống cấp dưới được. "
            "Chỉ giao xuống nhiệm vụ đã giao và đang thực hiện."
        )
    return assigns_below(user, task, on=on)


def assigns_below(user: User, task: Task, *, on: date) -> Verdict:
    """Whether tasks below this one are the user's to assign, whatever state it is in."""
    lead = task.lead_unit
    if user.role == Role.OFFICE:
        return ALLOWED
    if lead and lead.level != Level.COMMUNE and is_head(user, lead, on=on):
        return ALLOWED
    return Verdict(
        "Việc giao xuống cấp dưới do người đứng đầu đơn vị chủ trì "
        f"({lead}) hoặc Văn phòng Thành ủy thực hiện."
    )


def may_receive(user: User | None, unit: Unit, parent: Task, *, on: date) -> Verdict:
    """Whether the unit can be given a task below this one on the day."""
    if unit.ends_on and unit.ends_on < on:
        return Verdict(f"đã kết thúc hoạt động từ {unit.ends_on:%d/%m/%Y}")
    if unit.starts_on and unit.starts_on > on:
        return Verdict(f"hoạt động từ {unit.starts_on:%d/%m/%Y}")
    if not unit.is_active:
        return Verdict("chưa được kích hoạt trong danh mục đơn vị")
    if unit.pk == parent.lead_unit_id:
        return Verdict("chính là đơn vị chủ trì nhiệm vụ này")
    return ALLOWED if user is None or user.role == Role.OFFICE else _is_below(unit, parent)


def groups_below(user: User, parent: Task) -> QuerySet[UnitGroup]:
    """The named groups whose members the user may give a task to: all, or those under the lead."""
    if user.role == Role.OFFICE or parent.lead_unit is None:
        return UnitGroup.objects.all()
    below = list(Level)[_rank(parent.lead_unit) + 1 :]
    return UnitGroup.objects.filter(axis=parent.lead_unit.axis_id, level__in=below)


def _is_below(unit: Unit, parent: Task) -> Verdict:
    lead = parent.lead_unit
    if lead and unit.axis_id == lead.axis_id and _rank(unit) > _rank(lead):
        return ALLOWED
    return Verdict(f"không phải cấp dưới cùng trục của {lead}; đề nghị Văn phòng Thành ủy giao")


def _rank(unit: Unit) -> int:
    """From the top down: a unit gives work to those below it, never to its equals."""
    return list(Level).index(Level(unit.level))


def is_ahead(deadline: date | None, *, on: date) -> Verdict:
    """Nobody is given a deadline that has passed when they read it."""
    if deadline is None or deadline >= on:
        return ALLOWED
    return Verdict(
        f"Thời hạn {deadline:%d/%m/%Y} đã qua (hôm nay {on:%d/%m/%Y}). Chọn từ hôm nay trở đi."
    )


def may_undo(user: User, cascade: Cascade, busy: Sequence[Task], *, on: date) -> Verdict:
    """Whether a fan-out can be taken back: `busy` are its tasks on which somebody has acted."""
    verdict = assigns_below(user, cascade.parent, on=on)
    if not verdict:
        return verdict
    if cascade.undone_on:
        return Verdict(f"Lần giao này đã được thu hồi ngày {cascade.undone_on:%d/%m/%Y}.")
    if not busy:
        return ALLOWED
    names = ", ".join(str(task.lead_unit) for task in busy[:_NAMED])
    more = f" và {len(busy) - _NAMED} đơn vị khác" if len(busy) > _NAMED else ""
    return Verdict(
        f"Không thu hồi được cả lần giao: {names}{more} đã tiếp nhận hoặc đã triển khai. "
        "Cần dừng thì hủy từng nhiệm vụ, có văn bản quyết định."
    )
