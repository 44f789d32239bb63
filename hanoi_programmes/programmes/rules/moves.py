"""Who may make which move, what it needs, and in what words it is refused: the table, applied."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from hanoi_programmes.lib.verdict import ALLOWED, Verdict
from hanoi_programmes.people.models import Holding, Unit, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.rules import heads_of, works_for
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.rules.clear import ends_ahead, six_clear
from hanoi_programmes.programmes.rules.known import Known
from hanoi_programmes.programmes.rules.verification import Judgement
from hanoi_programmes.programmes.states import (
    MOVES,
    NEEDED,
    OWN_WORK,
    WHO,
    Actor,
    Move,
    Need,
    State,
)


@dataclass(frozen=True, slots=True)
class Given:
    """What came with a move beside the click.

    `with_children` is the wish that the tasks below follow, for moves that carry them;
    `judged` are the verifier's verdicts on items of evidence, by their keys.
    """

    reason: str = ""
    document: str = ""
    quality: str = ""
    lead_unit: Unit | None = None
    with_children: bool = False
    judged: Mapping[int, Judgement] = field(default_factory=dict)


def _head(task: Task, known: Known) -> Holding | None:
    return known.heads.get(task.lead_unit_id) if task.lead_unit_id else None


# Who


def may_move(
    user: User, task: Task, move: Move, *, on: date, known: Known | None = None
) -> Verdict:
    """Whether the user may make the move on the task as it stands."""
    if task.state not in move.sources:
        return Verdict(move.not_from.format(state=State(task.state).label))
    return is_theirs(user, task, move, on=on, known=known)


def is_theirs(
    user: User, task: Task, move: Move, *, on: date, known: Known | None = None
) -> Verdict:
    """Whether the move is this user's to make at all, whatever state the task is in now."""
    return _PREDICATES[move.actor](user, task, known or Known([task], on=on))


def could_ever(user: User, move: Move) -> Verdict:
    """Whether the move is made by people of the user's role, on whichever task."""
    who = WHO[move.actor]
    return ALLOWED if user.role in who.roles else Verdict(_not_theirs(move.actor, None))


def moves_for(user: User, task: Task, *, on: date, known: Known | None = None) -> list[Move]:
    """The moves this user may make now: the buttons of the page."""
    known = known or Known([task], on=on)
    return [move for move in MOVES.values() if may_move(user, task, move, on=on, known=known)]


def _not_theirs(actor: Actor, unit: Unit | None) -> str:
    """The refusal of the table; without a unit it names none."""
    words = WHO[actor].refusal
    if unit is None and actor == Actor.VERIFIER:
        return words.format(unit="Văn phòng Thành ủy hoặc đơn vị chủ trì nhiệm vụ cấp trên")
    return words.format(unit=unit) if unit else words.replace(" ({unit})", "")


def _is_office(user: User, _task: Task, _known: Known) -> Verdict:
    return ALLOWED if user.role == Role.OFFICE else Verdict(_not_theirs(Actor.OFFICE, None))


def _is_lead(user: User, task: Task, _known: Known) -> Verdict:
    if task.lead_unit and works_for(user, task.lead_unit):
        return ALLOWED
    return Verdict(_not_theirs(Actor.LEAD, task.lead_unit))


def _is_lead_head(user: User, task: Task, known: Known) -> Verdict:
    head = _head(task, known)
    if head and head.user_id == user.pk:
        return ALLOWED
    return Verdict(_not_theirs(Actor.LEAD_HEAD, task.lead_unit))


def _is_verifier(user: User, task: Task, _known: Known) -> Verdict:
    """The office, or the parent task's lead unit; never the submitter, nor the submitter's unit."""
    own = task.lead_unit is not None and works_for(user, task.lead_unit)
    if user.pk == task.submitted_by_id or own:
        return Verdict(OWN_WORK)
    if user.role == Role.OFFICE:
        return ALLOWED
    above = task.parent.lead_unit if task.parent else None
    if above and works_for(user, above):
        return ALLOWED
    return Verdict(WHO[Actor.VERIFIER].refusal.format(unit=above or "Văn phòng Thành ủy"))


_PREDICATES: dict[Actor, Callable[[User, Task, Known], Verdict]] = {
    Actor.OFFICE: _is_office,
    Actor.LEAD: _is_lead,
    Actor.LEAD_HEAD: _is_lead_head,
    Actor.VERIFIER: _is_verifier,
}

# What it needs


def has_needs(
    task: Task, move: Move, given: Given, *, on: date, known: Known | None = None
) -> Verdict:
    """Whether everything the move needs is there; names the first thing that is missing."""
    known = known or Known([task], on=on)
    return _first_missing(task, move.needs, given, known, on)


def is_ready(task: Task, move: Move, *, on: date, known: Known) -> Verdict:
    """Whether the task itself has what the move needs, before anything is typed."""
    facts = tuple(need for need in move.needs if not NEEDED[need].typed)
    return _first_missing(task, facts, Given(), known, on)


def _first_missing(
    task: Task, needs: tuple[Need, ...], given: Given, known: Known, on: date
) -> Verdict:
    verdicts = (_NEEDS[need](task, given, known, on) for need in needs)
    return next((verdict for verdict in verdicts if not verdict), ALLOWED)


def _missing(need: Need, **words: object) -> Verdict:
    return Verdict(NEEDED[need].refusal.format(**words))


def _needs_six(task: Task, _given: Given, known: Known, on: date) -> Verdict:
    clear = six_clear(task, on=on, known=known)
    missing = [item.name.lower() for item in clear if not item.is_met]
    if missing:
        return _missing(Need.SIX_CLEAR, missing=", ".join(missing))
    return ends_ahead(task, on=on)


def _needs_evidence(task: Task, _given: Given, known: Known, _on: date) -> Verdict:
    return ALLOWED if known.evidence.get(task.pk) else _missing(Need.EVIDENCE)


def _needs_children_closed(task: Task, given: Given, known: Known, _on: date) -> Verdict:
    left = known.open_children.get(task.pk, 0)
    return _missing(Need.CHILDREN_CLOSED, left=left) if left and not given.reason else ALLOWED


def _needs_lead_unit(task: Task, given: Given, _known: Known, on: date) -> Verdict:
    """Another unit, active on the day, whose head post is held on the day."""
    unit = given.lead_unit
    if unit is None:
        return _missing(Need.LEAD_UNIT)
    if unit.pk == task.lead_unit_id:
        return Verdict(f"{unit} đang chủ trì nhiệm vụ này. Chọn đơn vị khác.")
    if not Unit.objects.active(on).filter(pk=unit.pk).exists():
        return Verdict(f"{unit} không còn hoạt động. Chọn đơn vị khác.")
    if not heads_of({unit.pk}, on=on):
        return Verdict(
            f"{unit} chưa có người đứng đầu đương nhiệm. Chọn đơn vị khác, hoặc ghi nhận "
            "người đứng đầu của đơn vị này trước."
        )
    return ALLOWED


def _needs_quality(_task: Task, given: Given, _known: Known, _on: date) -> Verdict:
    return ALLOWED if given.quality else _missing(Need.QUALITY)


def _needs_reason(_task: Task, given: Given, _known: Known, _on: date) -> Verdict:
    return ALLOWED if given.reason else _missing(Need.REASON)


def _needs_document(_task: Task, given: Given, _known: Known, _on: date) -> Verdict:
    return ALLOWED if given.document else _missing(Need.DOCUMENT)


_NEEDS: dict[Need, Callable[[Task, Given, Known, date], Verdict]] = {
    Need.SIX_CLEAR: _needs_six,
    Need.EVIDENCE: _needs_evidence,
    Need.CHILDREN_CLOSED: _needs_children_closed,
    Need.LEAD_UNIT: _needs_lead_unit,
    Need.QUALITY: _needs_quality,
    Need.DOCUMENT: _needs_document,
    Need.REASON: _needs_reason,
}


def may_report(user: User, task: Task, *, on: date) -> Verdict:
    """Whether the user may write a progress report on the task now."""
    lead = is_theirs(user, task, MOVES["submit"], on=on)
    if not lead:
        return lead
    if task.state == State.ASSIGNED:
        return Verdict("Bấm “Tiếp nhận” trước khi cập nhật tiến độ.")
    if task.state != State.IN_PROGRESS:
        return Verdict(f"Nhiệm vụ {State(task.state).label.lower()}, không cập nhật được nữa.")
    return ALLOWED
