"""Who may make which move, what it needs, and in what words it is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from hanoi_programmes.lib.verdict import ALLOWED, Verdict
from hanoi_programmes.people.models import User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.rules import head_of, is_head, works_for
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.states import MOVES, Actor, Move, Need, State


@dataclass(frozen=True, slots=True)
class Given:
    """What came with a move beside the click: texts, and how much evidence the task has."""

    reason: str = ""
    document: str = ""
    quality: str = ""
    evidence_count: int = 0


@dataclass(frozen=True, slots=True)
class Clear:
    """One of the six "rõ": its name, whether the task has it, and what to show."""

    name: str
    is_met: bool
    value: str
    detail: str = ""


def six_clear(task: Task, *, on: date) -> list[Clear]:
    """The six rõ of PRODUCT §5, in the order of the card."""
    unit = task.lead_unit
    head = head_of(unit, on=on) if unit else None
    answerable = str((head.post if head else task.officer) or "")
    watched = f"Theo dõi: {task.officer}" if head and task.officer else ""
    vacant = "" if head else "chưa có người đứng đầu đương nhiệm"
    timed = task.deadline is not None or task.is_recurring
    return [
        Clear("Rõ người", head is not None, unit.short_name if unit else "", vacant),
        Clear("Rõ việc", bool(task.text), task.text),
        Clear("Rõ thời gian", timed, task.deadline_text),
        Clear("Rõ trách nhiệm", bool(answerable), answerable, watched),
        Clear("Rõ sản phẩm", bool(task.product), task.product),
        Clear("Rõ thẩm quyền", bool(task.authority), task.authority),
    ]


def _is_office(user: User, _task: Task, _on: date) -> Verdict:
    if user.role == Role.OFFICE:
        return ALLOWED
    return Verdict("Việc này do Văn phòng Thành ủy thực hiện.")


def _is_lead(user: User, task: Task, _on: date) -> Verdict:
    if task.lead_unit and works_for(user, task.lead_unit):
        return ALLOWED
    return Verdict(f"Việc này do đơn vị chủ trì ({task.lead_unit}) thực hiện.")


def _is_lead_head(user: User, task: Task, on: date) -> Verdict:
    if task.lead_unit and is_head(user, task.lead_unit, on=on):
        return ALLOWED
    return Verdict(f"Việc này do người đứng đầu đơn vị chủ trì ({task.lead_unit}) quyết định.")


def _is_verifier(user: User, task: Task, _on: date) -> Verdict:
    """The office, or the parent task's lead unit; never the submitter, nor the submitter's unit."""
    own = task.lead_unit is not None and works_for(user, task.lead_unit)
    if user.pk == task.submitted_by_id or own:
        return Verdict("Không tự xác nhận việc của chính đơn vị mình.")
    if user.role == Role.OFFICE:
        return ALLOWED
    above = task.parent.lead_unit if task.parent else None
    if above and works_for(user, above):
        return ALLOWED
    return Verdict(f"Việc này do {above or 'Văn phòng Thành ủy'} xác nhận.")


_PREDICATES: dict[Actor, Callable[[User, Task, date], Verdict]] = {
    Actor.OFFICE: _is_office,
    Actor.LEAD: _is_lead,
    Actor.LEAD_HEAD: _is_lead_head,
    Actor.VERIFIER: _is_verifier,
}


def may_move(user: User, task: Task, move: Move, *, on: date) -> Verdict:
    """Whether the user may make the move on the task as it stands."""
    if task.state not in move.sources:
        current = State(task.state).label
        return Verdict(
            f"Nhiệm vụ đang ở trạng thái “{current}” nên không thể {move.label.lower()}. "
            "Tải lại trang để xem tình trạng mới nhất."
        )
    return is_theirs(user, task, move, on=on)


def is_theirs(user: User, task: Task, move: Move, *, on: date) -> Verdict:
    """Whether the move is this user's to make at all, whatever state the task is in now."""
    return _PREDICATES[move.actor](user, task, on)


def moves_for(user: User, task: Task, *, on: date) -> list[Move]:
    """The moves this user may make now: the buttons of the page."""
    return [move for move in MOVES.values() if may_move(user, task, move, on=on)]


def has_needs(task: Task, move: Move, given: Given, *, on: date) -> Verdict:
    """Whether everything the move needs is there; names the first thing that is missing."""
    for need in move.needs:
        verdict = _NEEDS[need](task, given, on)
        if not verdict:
            return verdict
    return ALLOWED


def _needs_six(task: Task, _given: Given, on: date) -> Verdict:
    missing = [clear.name.lower() for clear in six_clear(task, on=on) if not clear.is_met]
    return (
        Verdict(f"Chưa đủ 6 rõ để giao, còn thiếu: {', '.join(missing)}.") if missing else ALLOWED
    )


def _needs_evidence(_task: Task, given: Given, _on: date) -> Verdict:
    if given.evidence_count:
        return ALLOWED
    return Verdict(
        "Trình hoàn thành cần minh chứng: tệp sản phẩm, hoặc số, ký hiệu và ngày văn bản."
    )


def _needs_children_closed(task: Task, given: Given, _on: date) -> Verdict:
    left = Task.objects.open_below(task).count()
    if not left or given.reason:
        return ALLOWED
    return Verdict(f"Còn {left} nhiệm vụ thành phần chưa xong. Ghi rõ lý do trình khi chưa đủ.")


def _needs_quality(_task: Task, given: Given, _on: date) -> Verdict:
    return (
        ALLOWED
        if given.quality
        else Verdict("Chọn mức chất lượng của sản phẩm trước khi xác nhận.")
    )


def _needs_reason(_task: Task, given: Given, _on: date) -> Verdict:
    return ALLOWED if given.reason else Verdict("Ghi lý do để đơn vị biết cần làm gì tiếp.")


def _needs_document(_task: Task, given: Given, _on: date) -> Verdict:
    return ALLOWED if given.document else Verdict("Ghi số, ký hiệu văn bản quyết định.")


_NEEDS: dict[Need, Callable[[Task, Given, date], Verdict]] = {
    Need.SIX_CLEAR: _needs_six,
    Need.EVIDENCE: _needs_evidence,
    Need.CHILDREN_CLOSED: _needs_children_closed,
    Need.QUALITY: _needs_quality,
    Need.REASON: _needs_reason,
    Need.DOCUMENT: _needs_document,
}


def may_report(user: User, task: Task, *, on: date) -> Verdict:
    """Whether the user may write a progress report on the task now."""
    lead = _is_lead(user, task, on)
    if not lead:
        return lead
    if task.state == State.ASSIGNED:
        return Verdict("Bấm “Tiếp nhận” trước khi cập nhật tiến độ.")
    if task.state != State.IN_PROGRESS:
        return Verdict(f"Nhiệm vụ {State(task.state).label.lower()}, không cập nhật được nữa.")
    return ALLOWED
