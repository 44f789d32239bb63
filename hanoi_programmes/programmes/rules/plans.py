"""What the office may plan: who may enter a task, what may still change, and what does not fit."""

from collections.abc import Collection
from datetime import date

from hanoi_programmes.lib.verdict import ALLOWED, Verdict
from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.rules import works_for
from hanoi_programmes.programmes.models import Participant, Task
from hanoi_programmes.programmes.rules.cascade import fits_parent, holds_children
from hanoi_programmes.programmes.states import Clarity, State

# After issue the deadline changes by extension or by the change of a whole fan-out, the lead by
# reassigning; a code is cited in letters, and the place in the thread is what was issued.
FIXED_BY_ISSUE = frozenset(
    {"task_group", "code", "parent", "lead_unit", "starts_on", "deadline_text", "rhythm"}
)
# The fields that make each of the six rõ, in the order in which one would fill them.
_FILLED_BY = {
    Clarity.WHO: ("lead_unit",),
    Clarity.WHAT: ("text",),
    Clarity.WHEN: ("deadline_text", "rhythm"),
    Clarity.ANSWERABLE: ("officer",),
    Clarity.PRODUCT: ("product",),
    Clarity.AUTHORITY: ("authority",),
}


def may_plan(user: User) -> Verdict:
    """Whether the user may enter tasks."""
    if user.role == Role.OFFICE:
        return ALLOWED
    return Verdict("Việc này do Văn phòng Thành ủy thực hiện.")


def may_change(user: User, task: Task) -> Verdict:
    """Whether the user may edit what the task says, as it stands."""
    allowed = may_plan(user)
    if allowed and task.is_closed:
        label = State(task.state).label.lower()
        return Verdict(f"Nhiệm vụ {label}, không sửa được nữa. Cần sửa thì mở lại nhiệm vụ trước.")
    return allowed


def fills(task: Task, key: Clarity) -> tuple[str, ...]:
    """The fields that would fill one of the six rõ now; none when it is not for the form to fill.

    An officer belongs to a lead unit, so there must be one first.
    """
    if key == Clarity.ANSWERABLE and task.lead_unit_id is None:
        return ()
    fields = _FILLED_BY[key]
    return () if task.state != State.DRAFT and FIXED_BY_ISSUE & set(fields) else fields


def faults_of(
    task: Task, changed: Collection[str], partners: Collection[int], *, on: date
) -> dict[str, str]:
    """What does not fit in a task that is about to be stored, by field; only what was changed.

    A draft known from old papers may hold a day long past: whoever adds its product is not stopped.
    """
    found = {
        "code": _code(task),
        "task_group": _group(task),
        "parent": _parent(task),
        "lead_unit": _lead(task, on),
        "officer": _officer(task),
        "partners": _partners(task, partners, on),
        "deadline_text": _deadline(task, on),
        "count_goal": _count(task),
    }
    return {name: said for name, said in found.items() if said and _TOUCHED[name] & {*changed}}


# Whose change makes a field be looked at again.
_TOUCHED = {
    "code": {"code"},
    "task_group": {"task_group"},
    "parent": {"parent"},
    "lead_unit": {"lead_unit"},
    "officer": {"officer", "lead_unit"},
    "partners": {"partners", "lead_unit"},
    "deadline_text": {"deadline_text", "rhythm", "starts_on", "parent"},
    "count_goal": {"count_goal", "count_label"},
}


def _code(task: Task) -> str:
    taken = Task.objects.exclude(pk=task.pk).filter(code=task.code).exists()
    return f"Mã {task.code} đã có nhiệm vụ khác dùng. Chọn mã khác." if taken else ""


def _group(task: Task) -> str:
    mine = task.task_group.programme_id == task.programme_id
    return "" if mine else "Nhóm này thuộc chương trình khác. Chọn nhóm của chương trình này."


def _parent(task: Task) -> str:
    """Never its own ancestor; the database refuses it too."""
    above = task.parent
    if above is None:
        return ""
    if task.pk in {above.pk, *above.ancestors}:
        return (
            f"Nhiệm vụ {above.code} nằm dưới chính nhiệm vụ này nên không thể là cấp trên. "
            "Chọn nhiệm vụ khác."
        )
    if above.programme_id != task.programme_id:
        return f"Nhiệm vụ {above.code} thuộc chương trình khác. Chọn trong cùng chương trình."
    if above.is_closed:
        label = State(above.state).label.lower()
        return f"Nhiệm vụ {above.code} {label}, không nhận thêm việc. Chọn nhiệm vụ khác."
    return ""


def _lead(task: Task, on: date) -> str:
    unit = task.lead_unit
    if unit is None or Unit.objects.active(on).filter(pk=unit.pk).exists():
        return ""
    return f"{unit} không còn hoạt động. Chọn đơn vị khác."


def _officer(task: Task) -> str:
    officer = task.officer
    if officer is None:
        return ""
    if task.lead_unit and officer.is_active and works_for(officer, task.lead_unit):
        return ""
    return f"{officer} không thuộc đơn vị chủ trì. Chọn chuyên viên của đơn vị chủ trì."


def _partners(task: Task, partners: Collection[int], on: date) -> str:
    if task.lead_unit_id in partners:
        return f"{task.lead_unit} đã là đơn vị chủ trì. Bỏ khỏi đơn vị phối hợp."
    kept = Participant.objects.filter(task=task.pk)
    both = kept.filter(part=Participant.Part.CO_LEAD, unit__in=partners).select_related("unit")
    if first := both.first():
        return f"{first.unit} đã là đơn vị đồng chủ trì. Bỏ khỏi đơn vị phối hợp."
    joined = kept.values("unit")
    new = Unit.objects.filter(pk__in=partners).exclude(pk__in=joined)
    ended = new.exclude(pk__in=Unit.objects.active(on).values("pk")).first()
    return f"{ended} không còn hoạt động. Chọn đơn vị khác." if ended else ""


def _deadline(task: Task, on: date) -> str:
    due = task.deadline
    if due is None:
        return ""
    if task.starts_on and due < task.starts_on:
        return (
            f"Thời hạn {due:%d/%m/%Y} trước ngày bắt đầu {task.starts_on:%d/%m/%Y}. "
            "Sửa một trong hai ngày."
        )
    if due < on:
        return f"Thời hạn {due:%d/%m/%Y} đã qua nên không giao được. Ghi thời hạn từ hôm nay."
    above = fits_parent(due, task.parent)
    below = holds_children(due, task) if task.pk else ALLOWED
    return above.reason or below.reason


def _count(task: Task) -> str:
    if bool(task.count_goal) == bool(task.count_label):
        return ""
    return "Ghi cả tên chỉ số và số cần đạt, hoặc bỏ trống cả hai."
