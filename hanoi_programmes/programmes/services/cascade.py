"""Fan-out: one act issues a task to many units, set by set; it can be taken back until taken on."""

from dataclasses import dataclass
from datetime import date
from itertools import chain, count
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q

from hanoi_programmes.lib.deadlines import printed
from hanoi_programmes.lib.verdict import ALLOWED, Denied, Verdict, require
from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.services.history import Act, Told
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.models import Cascade, Event, Precision, Rhythm, Task
from hanoi_programmes.programmes.services.cascade_plan import Order, Plan, Portion, planned
from hanoi_programmes.programmes.services.history import locked, record, record_many, was_done
from hanoi_programmes.programmes.services.tasks import check_version
from hanoi_programmes.programmes.states import MOVES, State

_CODE_MAX = 40
# Copied from the parent: where the work comes from and how much it matters.
_INHERITED = (
    "programme_id", "task_group_id", "clause", "source_document", "confidence",
    "is_key", "is_hard", "is_new", "is_unprecedented",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Issued:
    """What came of it: the act, and whom it passed over."""

    cascade: Cascade | None
    plan: Plan


@transaction.atomic
def issue(
    parent: Task, order: Order, *, act: Act, agreed: set[int], version: int | None = None
) -> Issued:
    """Give each unit of `agreed` its task: all of them, or none.

    `agreed` are the units that the preview showed: when another look finds others, because one has
    ended, lost its head or was given the task meanwhile, nothing is issued and `Denied` names
    them. Raises `Stale` when `version` is no longer the parent's. A form sent twice writes once.
    """
    # Units before tasks, as mergings lock them.
    _hold(agreed)
    parent = locked(parent)
    if was_done(act):
        return Issued(None, Plan([]))
    check_version(parent, version)
    if act.by is not None:
        require(rules.may_fan_out(act.by, parent, on=act.on))
    plan = planned(parent, order, by=act.by, on=act.on)
    _check(parent, order, plan, agreed, act.on)
    try:
        with transaction.atomic():
            cascade = _write(parent, order, plan, act)
    except IntegrityError as taken:
        if "code" not in str(taken):
            raise
        raise Denied("Mã nhiệm vụ thành phần vừa có người dùng. Gửi lại để lấy mã khác.") from taken
    return Issued(cascade, plan)


def _hold(units: set[int]) -> None:
    """No unit ends or is merged between the look at it and the end of the transaction."""
    rows = Unit.objects.filter(pk__in=units).order_by("pk")
    list(rows.select_for_update(of=("self",), no_key=True).values_list("pk"))


def _check(parent: Task, order: Order, plan: Plan, agreed: set[int], on: date) -> None:
    """Everything that the form has checked before, on what is true now."""
    portions = plan.issued
    if {portion.unit.pk for portion in portions} != agreed:
        raise Denied(_what_changed(plan, agreed))
    if not portions:
        raise Denied("Không có đơn vị nào giao được. Chọn lại đơn vị nhận.")
    require(_timed(parent, portions))
    for deadline in set(order.deadlines.values()):
        require(rules.is_ahead(deadline, on=on))
        require(rules.fits_parent(deadline, parent))


def _timed(parent: Task, portions: list[Portion]) -> Verdict:
    missing = [p for p in portions if p.deadline is None]
    if parent.is_recurring or not missing:
        return ALLOWED
    names = ", ".join(str(portion.unit) for portion in missing[:5])
    return Verdict(f"Chưa có thời hạn cho {names}. Nhập thời hạn của cấp đó.")


def _what_changed(plan: Plan, agreed: set[int]) -> str:
    lost = [f"{p.unit} ({p.reason})" for p in plan.portions if p.reason and p.unit.pk in agreed]
    new = [str(p.unit) for p in plan.issued if p.unit.pk not in agreed]
    parts = [f"không còn giao được: {'; '.join(lost[:5])}"] * bool(lost)
    parts += [f"thêm: {', '.join(new[:5])}"] * bool(new)
    changed = ". ".join(parts) or "danh sách đơn vị khác với lúc xem trước"
    return f"Danh sách nhận việc vừa thay đổi, chưa giao cho ai ({changed}). Xem lại rồi xác nhận."


def _write(parent: Task, order: Order, plan: Plan, act: Act) -> Cascade:
    portions = plan.issued
    cascade = Cascade.objects.create(
        parent=parent, by=act.by, at=act.at, on=act.on, size=len(portions), plan=_kept(order)
    )
    codes = _free_codes(parent, portions)
    tasks = Task.objects.bulk_create(
        _child(cascade, order, portion, code) for portion, code in zip(portions, codes, strict=True)
    )
    note = f"Giao xuống từ nhiệm vụ {parent.code}"
    told = Told("issue", MOVES["issue"].told, note, {"state": ["", State.ASSIGNED.label]})
    record_many(tasks, act, dict.fromkeys((task.pk for task in tasks), told))
    _touch(parent)
    record(parent, act, Told("cascade", f"Giao xuống {len(tasks)} đơn vị", _summary(plan)))
    return cascade


def _child(cascade: Cascade, order: Order, portion: Portion, code: str) -> Task:
    parent = cascade.parent
    due = None if parent.is_recurring else portion.deadline
    rhythm = (order.rhythm or parent.rhythm) if parent.is_recurring else ""
    return Task(
        code=code,
        parent=parent,
        ancestors=[*parent.ancestors, parent.pk],
        cascade=cascade,
        lead_unit=portion.unit,
        text=portion.text,
        product=portion.product,
        authority=portion.authority,
        deadline=due,
        original_deadline=due,
        precision=Precision.DAY if due else Precision.NONE,
        deadline_text=printed(due, "day") if due else Rhythm(rhythm).label.capitalize(),
        rhythm=rhythm,
        count_label=order.count_label,
        count_unit=order.count_unit,
        count_goal=order.count_goal,
        state=State.ASSIGNED,
        issued_on=cascade.on,
        source=parent.source,
        **{name: getattr(parent, name) for name in _INHERITED},
    )


def _kept(order: Order) -> dict[str, Any]:
    """What was chosen, as the act keeps it."""
    return {
        "groups": [group.key for group in order.groups],
        "units": [unit.code for unit in order.units],
        "without": [unit.code for unit in order.without],
        "deadlines": {level: day.isoformat() for level, day in order.deadlines.items()},
        "rhythm": order.rhythm,
        "text": order.text,
        "product": order.product,
        "authority": order.authority,
        "count": [order.count_label, order.count_unit, order.count_goal],
    }


def _summary(plan: Plan) -> str:
    """How many at each level until when, and who was passed over."""
    parts = [
        f"{level.label}: {len(portions)}"
        + (f", thời hạn {portions[0].deadline:%d/%m/%Y}" if portions[0].deadline else "")
        for level, portions in plan.levels().items()
    ]
    parts += [f"đã có nhiệm vụ: {len(plan.skipped)}"] * bool(plan.skipped)
    parts += [f"chưa giao: {p.unit} ({p.reason})" for p in plan.left_out]
    return "; ".join(parts)


def _free_codes(parent: Task, portions: list[Portion]) -> list[str]:
    """The parent's code and the area's, or the unit's where an area has several; a number behind
    when it is taken: codes of tasks that were taken back stay theirs."""
    areas = [p.unit.area.code for p in portions if p.unit.area]
    taken = set(
        Task.objects.filter(code__startswith=f"{parent.code}.").values_list("code", flat=True)
    )
    codes = []
    for portion in portions:
        area = portion.unit.area
        own = area.code if area and areas.count(area.code) == 1 else portion.unit.code
        tries = chain([""], (f"-{number}" for number in count(2)))
        free = (_code(parent.code, own, tail) for tail in tries)
        codes.append(next(code for code in free if code not in taken))
        taken.add(codes[-1])
    return codes


def _code(above: str, own: str, tail: str) -> str:
    end = f".{own}{tail}"
    return above[: _CODE_MAX - len(end)] + end


def _touch(task: Task) -> None:
    """Its page is stale now, though nothing of its own has changed."""
    Task.objects.filter(pk=task.pk).update(version=F("version") + 1)


def busy_tasks(cascade: Cascade) -> list[Task]:
    """Those that somebody has taken on, reported on or given further down."""
    acted = Event.objects.filter(task=OuterRef("pk"), kind__in=("acknowledge", "report"))
    below = Task.objects.filter(parent=OuterRef("pk"))
    rows = cascade.tasks.exclude(state=State.CANCELLED).select_related("lead_unit")
    moved = Q(state__in=(State.IN_PROGRESS, State.AWAITING, State.COMPLETED))
    return list(rows.filter(moved | Exists(acted) | Exists(below)).order_by("pk"))


@transaction.atomic
def undo(cascade: Cascade, *, act: Act, reason: str) -> Cascade:
    """Take the fan-out back: its tasks become cancelled and keep their codes and history.

    Raises `Denied`, naming them, once somebody has acknowledged or reported.
    """
    parent = locked(cascade.parent)
    if was_done(act):
        return cascade
    cascade = Cascade.objects.select_related("parent__lead_unit").get(pk=cascade.pk)
    tasks = list(cascade.tasks.exclude(state=State.CANCELLED).order_by("pk").select_for_update())
    if act.by is not None:
        require(rules.may_undo(act.by, cascade, busy_tasks(cascade), on=act.on))
    _cancel(tasks, act, reason)
    Cascade.objects.filter(pk=cascade.pk).update(undone_on=act.on, undone_by=act.by)
    _touch(parent)
    record(parent, act, Told("undo_cascade", f"Thu hồi việc giao {len(tasks)} đơn vị", reason))
    cascade.refresh_from_db()
    return cascade


def _cancel(tasks: list[Task], act: Act, reason: str) -> None:
    told = {}
    for task in tasks:
        changes = {"state": [State(task.state).label, State.CANCELLED.label]}
        told[task.pk] = Told("cancel", "Thu hồi nhiệm vụ đã giao", reason, changes)
        task.state = State.CANCELLED
    Task.objects.filter(pk__in=told).update(state=State.CANCELLED, version=F("version") + 1)
    record_many(tasks, act, told)
