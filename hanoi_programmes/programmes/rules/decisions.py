"""Who may ask for more time, decide, pass on, direct and answer, and in what words it is refused.

Each act has two questions: whether it is this user's to do at all (`is_…`), and whether it may be
done now (`may_…`). A form is given back with its text only to those whose act it is.
"""

from collections.abc import Sequence
from datetime import date

from hanoi_programmes.lib.verdict import ALLOWED, Verdict
from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.people.roles import Level, Role
from hanoi_programmes.people.rules import works_for
from hanoi_programmes.programmes.models import Direction, Extension, Obstacle, Task, TaskSpan
from hanoi_programmes.programmes.rules.cascade import fits_parent
from hanoi_programmes.programmes.rules.charges import OFFICE, assigner
from hanoi_programmes.programmes.states import CLOSED, State

_ASKING = (State.ASSIGNED, State.IN_PROGRESS)
_DIRECTING = frozenset({Role.LEADER, Role.OFFICE})


def _of_lead(user: User, task: Task) -> Verdict:
    if task.lead_unit and works_for(user, task.lead_unit):
        return ALLOWED
    return Verdict(f"Việc này do đơn vị chủ trì ({task.lead_unit}) thực hiện.")


def _is_live(task: Task) -> Verdict:
    if task.state in CLOSED:
        return Verdict(f"Nhiệm vụ {State(task.state).label.lower()}, không cần quyết định nữa.")
    return ALLOWED


def is_there(unit: Unit, *, on: date) -> Verdict:
    """Whether the unit can still be asked anything."""
    if Unit.objects.active(on).filter(pk=unit.pk).exists():
        return ALLOWED
    return Verdict(f"{unit} không còn hoạt động. Chọn đơn vị khác.")


# Extension


def is_asking(user: User, task: Task) -> Verdict:
    """Only the lead unit asks for more time, any officer of it or its head."""
    return _of_lead(user, task)


def may_ask(user: User, task: Task) -> Verdict:
    """One request at a time, with a deadline to move, while the unit works on the task."""
    theirs = is_asking(user, task)
    if not theirs:
        return theirs
    if task.state not in _ASKING:
        label = State(task.state).label
        return Verdict(f"Nhiệm vụ đang ở trạng thái “{label}” nên không đề nghị gia hạn được.")
    if task.deadline is None:
        return Verdict("Nhiệm vụ không có thời hạn nên không có gì để gia hạn.")
    if Extension.objects.filter(task=task).waiting().exists():
        return Verdict("Đã có một đề nghị gia hạn đang chờ quyết định. Rút đề nghị đó trước.")
    return ALLOWED


def may_become(task: Task, deadline: date, *, on: date) -> Verdict:
    """Whether the day may become the deadline: later than the one there is, and not past."""
    if task.deadline and deadline <= task.deadline:
        return Verdict(f"Chọn ngày sau thời hạn hiện tại ({task.deadline:%d/%m/%Y}).")
    if deadline < on:
        return Verdict(f"Ngày {deadline:%d/%m/%Y} đã qua. Chọn ngày từ hôm nay trở đi.")
    return fits_parent(deadline, task.parent)


def is_assigner(user: User, task: Task) -> Verdict:
    """The assigner's side: who leads the task above, or the office; never the asking unit."""
    if task.lead_unit and works_for(user, task.lead_unit):
        return Verdict("Không tự quyết định đề nghị của chính đơn vị mình.")
    above = assigner(task)
    if above is None and user.role == Role.OFFICE:
        return ALLOWED
    if above is not None and works_for(user, above):
        return ALLOWED
    return Verdict(f"Đề nghị này do {above or OFFICE} quyết định.")


def may_answer_extension(user: User, extension: Extension, task: Task) -> Verdict:
    """Once, by the assigner's side, and not by who asked before moving there."""
    theirs = is_assigner(user, task)
    if not theirs:
        return theirs
    if extension.by_id == user.pk:
        return Verdict("Không tự quyết định đề nghị do mình gửi.")
    if extension.answer != Extension.Answer.WAITING:
        return Verdict(f"Đề nghị này đã có kết quả: {extension.get_answer_display().lower()}.")
    if _has_led_since(user, extension):
        return Verdict(
            "Không tự quyết định đề nghị do đơn vị mình gửi khi còn chủ trì. "
            "Đơn vị chủ trì hiện nay rút đề nghị này rồi đề nghị lại."
        )
    return _is_live(task)


def _has_led_since(user: User, extension: Extension) -> bool:
    """Whether the user's unit asked, and the task was given to another one afterwards."""
    spans = TaskSpan.objects.filter(task=extension.task_id, ends_on__gt=extension.asked_on)
    return user.unit_id is not None and spans.filter(lead_unit=user.unit_id).exists()


def may_grant(task: Task, extension: Extension, granted: date, *, on: date) -> Verdict:
    """Whether the deadline may move to the day now: the request is still about this deadline."""
    if not task.is_open:
        label = State(task.state).label
        return Verdict(
            f"Nhiệm vụ đang ở trạng thái “{label}” nên không gia hạn được. "
            "Trả lời không đồng ý, hoặc chờ nhiệm vụ được mở lại."
        )
    if task.deadline != extension.deadline:
        return Verdict(
            "Thời hạn của nhiệm vụ đã đổi sau khi đơn vị đề nghị. "
            "Trả lời không đồng ý để đơn vị đề nghị lại."
        )
    return may_become(task, granted, on=on)


def may_withdraw_extension(user: User, extension: Extension, task: Task) -> Verdict:
    """The lead unit takes back what nobody has answered yet."""
    theirs = _of_lead(user, task)
    if not theirs:
        return theirs
    if extension.answer != Extension.Answer.WAITING:
        return Verdict(f"Đề nghị này đã có kết quả: {extension.get_answer_display().lower()}.")
    return ALLOWED


# Obstacle


def is_decider(user: User, obstacle: Obstacle) -> Verdict:
    """The unit that was asked; the office for any; a leader for bodies of the city's level."""
    decider = obstacle.decider
    if user.role == Role.OFFICE or (decider and works_for(user, decider)):
        return ALLOWED
    if user.role == Role.LEADER and (decider is None or decider.level == Level.CITY):
        return ALLOWED
    return Verdict(f"Vướng mắc này do {obstacle.decider_text} quyết định.")


def may_pass_on(user: User, obstacle: Obstacle, task: Task) -> Verdict:
    """Once, while the task is still to be done."""
    theirs = is_decider(user, obstacle)
    if not theirs:
        return theirs
    return _waits(obstacle, task)


def may_decide(user: User, obstacle: Obstacle, task: Task) -> Verdict:
    """As passing it on; but the unit may lead the task by now, or who reported it may have moved:
    nobody decides for themselves."""
    theirs = may_pass_on(user, obstacle, task)
    if theirs and task.lead_unit and works_for(user, task.lead_unit):
        return Verdict(
            "Không tự quyết định vướng mắc của chính đơn vị mình. Chuyển cấp khác, hoặc rút."
        )
    if theirs and obstacle.by_id == user.pk:
        return Verdict(
            "Không tự quyết định vướng mắc do mình báo. "
            "Để người khác của cơ quan quyết định, hoặc chuyển cấp khác."
        )
    return theirs


def decidable(user: User, obstacles: Sequence[int]) -> frozenset[int]:
    """Those of the obstacles that the user may decide; one query for all of them, none for none."""
    if not obstacles:
        return frozenset()
    rows = Obstacle.objects.filter(pk__in=obstacles).select_related("decider", "task__lead_unit")
    return frozenset(row.pk for row in rows if may_decide(user, row, row.task))


def may_withdraw_obstacle(user: User, obstacle: Obstacle, task: Task) -> Verdict:
    """The lead unit takes back what it raised, while nobody has decided."""
    theirs = _of_lead(user, task)
    return _waits(obstacle, task) if theirs else theirs


def _waits(obstacle: Obstacle, task: Task) -> Verdict:
    if obstacle.is_withdrawn:
        return Verdict("Đơn vị đã rút vướng mắc này, không cần quyết định nữa.")
    if obstacle.resolved_on:
        return Verdict(f"Vướng mắc này đã được quyết định ngày {obstacle.resolved_on:%d/%m/%Y}.")
    return _is_live(task)


def may_pass_to(obstacle: Obstacle, task: Task, unit: Unit, *, on: date) -> Verdict:
    """Another level that is there, never back to the unit that is stuck."""
    if unit.pk == obstacle.decider_id:
        return Verdict(f"Vướng mắc đang ở {unit}. Chọn cơ quan khác.")
    if unit.pk == task.lead_unit_id:
        return Verdict(f"{unit} là đơn vị báo vướng mắc. Chọn cơ quan khác.")
    return is_there(unit, on=on)


# Direction


def is_directing(user: User) -> Verdict:
    """A leader, or the office."""
    if user.role in _DIRECTING:
        return ALLOWED
    return Verdict("Ý kiến chỉ đạo do lãnh đạo Thành ủy hoặc Văn phòng Thành ủy gửi.")


def may_direct(user: User, task: Task) -> Verdict:
    """On a task that was given and is not cancelled; a completed one may still be asked about."""
    theirs = is_directing(user)
    if theirs and task.state in {State.DRAFT, State.CANCELLED}:
        return Verdict(f"Nhiệm vụ {State(task.state).label.lower()}, không gửi ý kiến được.")
    return theirs


def is_addressee(user: User, direction: Direction) -> Verdict:
    """Any officer or the head of the unit that was asked."""
    if works_for(user, direction.unit):
        return ALLOWED
    return Verdict(f"Nội dung này do {direction.unit} trả lời.")


def may_answer_direction(user: User, direction: Direction) -> Verdict:
    """Once; who gave it asks again when the answer is not enough."""
    theirs = is_addressee(user, direction)
    if not theirs:
        return theirs
    if direction.closed_on:
        return Verdict(f"Nội dung này đã kết thúc ngày {direction.closed_on:%d/%m/%Y}.")
    if direction.answered_on:
        return Verdict(f"Đơn vị đã trả lời ngày {direction.answered_on:%d/%m/%Y}.")
    return ALLOWED


def is_giver(user: User, direction: Direction) -> Verdict:
    """Who gave it, or the office."""
    if user.pk == direction.by_id or user.role == Role.OFFICE:
        return ALLOWED
    return Verdict(f"Nội dung này do {direction.by} hoặc {OFFICE} kết thúc.")


def may_close(user: User, direction: Direction) -> Verdict:
    """Once; without an answer too, when it is no longer needed."""
    theirs = is_giver(user, direction)
    if theirs and direction.closed_on:
        return Verdict(f"Nội dung này đã kết thúc ngày {direction.closed_on:%d/%m/%Y}.")
    return theirs


def may_ask_again(user: User, direction: Direction) -> Verdict:
    """Only after an answer: before it, the question still stands."""
    theirs = may_close(user, direction)
    if theirs and direction.answered_on is None:
        return Verdict("Đơn vị chưa trả lời nên chưa thể yêu cầu trả lời lại.")
    return theirs
