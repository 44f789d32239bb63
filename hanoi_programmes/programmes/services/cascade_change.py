"""Changing the deadline or the text of many tasks below one at once, each with its own history."""

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import F, Max, Q

from hanoi_programmes.lib.deadlines import printed
from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.services.history import Act, Told
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.models import Extension, Precision, Task
from hanoi_programmes.programmes.services.cascade_plan import AREA, UNIT, area_of, filled
from hanoi_programmes.programmes.services.history import locked, record, record_many, was_done
from hanoi_programmes.programmes.services.tasks import check_version
from hanoi_programmes.programmes.states import CLOSED, OPEN

_CHANGED = ("deadline", "deadline_text", "precision", "original_deadline", "text")


@dataclass(frozen=True, slots=True)
class Change:
    """New deadlines by level and a new text, either of them or both; of all units or of some."""

    reason: str
    deadlines: dict[str, date] = field(default_factory=dict)
    text: str = ""
    units: tuple[Unit, ...] = ()


@dataclass(slots=True)
class Changed:
    """Which tasks were changed, and which were left as they are, each with the reason."""

    tasks: list[Task] = field(default_factory=list)
    left: list[tuple[Task, str]] = field(default_factory=list)


@transaction.atomic
def change_below(parent: Task, change: Change, *, act: Act, version: int | None = None) -> Changed:
    """Change the open tasks directly below, all in one act; the original deadlines stay.

    A task whose unit was granted a later day of its own keeps it, and so does one with tasks below
    that would end after the new day: both are named. Raises `Denied` and `Stale`.
    """
    parent = locked(parent)
    if was_done(act):
        return Changed()
    check_version(parent, version)
    if act.by is not None:
        require(rules.may_fan_out(act.by, parent, on=act.on))
    for deadline in change.deadlines.values():
        require(rules.is_ahead(deadline, on=act.on))
        require(rules.fits_parent(deadline, parent))
    done, told = _apply(parent, change)
    if not done.tasks:
        raise Denied(_nothing(done))
    Task.objects.bulk_update(done.tasks, _CHANGED)
    Task.objects.filter(pk__in=told).update(version=F("version") + 1)
    record_many(done.tasks, act, told)
    Task.objects.filter(pk=parent.pk).update(version=F("version") + 1)
    record(parent, act, Told("change_below", _words(done), change.reason))
    return done


def _apply(parent: Task, change: Change) -> tuple[Changed, dict[int, Told]]:
    done, told = Changed(), {}
    for task in _open_tasks(parent, change):
        due = None if task.is_recurring else change.deadlines.get(_level(task))
        kept = _kept(task, due)
        if kept:
            done.left.append((task, kept))
        changes = _change(task, None if kept else due, change.text)
        if changes:
            done.tasks.append(task)
            words = "Đổi thời hạn" if "deadline" in changes else "Đổi nội dung"
            told[task.pk] = Told("change", words, change.reason, changes)
    return done, told


def _open_tasks(parent: Task, change: Change) -> list[Task]:
    """Locked in one order, with the day each unit was granted and the last day further below."""
    rows = Task.objects.filter(parent=parent, state__in=OPEN)
    if change.units:
        rows = rows.filter(lead_unit__in=change.units)
    ids = list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    agreed = Q(extensions__answer__in=(Extension.Answer.AGREED, Extension.Answer.OTHER_DATE))
    running = ~Q(children__state__in=CLOSED)
    known = Task.objects.filter(pk__in=ids).annotate(
        granted=Max("extensions__granted", filter=agreed),
        last_below=Max("children__deadline", filter=running),
    )
    return list(known.select_related("lead_unit__area").order_by("pk"))


def _level(task: Task) -> str:
    return task.lead_unit.level if task.lead_unit else ""


def _kept(task: Task, due: date | None) -> str:
    """Why the task keeps the deadline that it has; empty when it does not."""
    granted: date | None = getattr(task, "granted", None)
    below: date | None = getattr(task, "last_below", None)
    if due and granted and task.deadline and task.deadline > due and granted >= task.deadline:
        return f"đã được gia hạn riêng đến {granted:%d/%m/%Y}"
    if due and below and below > due:
        return f"có nhiệm vụ cấp dưới đến {below:%d/%m/%Y}"
    return ""


def _change(task: Task, due: date | None, text: str) -> dict[str, list[str]]:
    """Put the new values on the task; what has changed, from what to what."""
    changes = {}
    if due and due != task.deadline:
        changes["deadline"] = [
            f"{task.deadline:%d/%m/%Y}" if task.deadline else "",
            printed(due, "day"),
        ]
        task.original_deadline = task.original_deadline or due
        task.deadline, task.precision = due, Precision.DAY
        task.deadline_text = printed(due, "day")
    unit = task.lead_unit
    words = {UNIT: unit.short_name, AREA: area_of(unit)} if unit else {}
    new = filled(text, words)
    if new and new != task.text:
        changes["text"] = [task.text, new]
        task.text = new
    return changes


def _words(done: Changed) -> str:
    words = f"Đổi thời hạn, nội dung của {len(done.tasks)} nhiệm vụ thành phần"
    return f"{words}, giữ nguyên {len(done.left)}" if done.left else words


def _nothing(done: Changed) -> str:
    if not done.left:
        return "Không có nhiệm vụ thành phần nào đang mở mà khác với nội dung này."
    named = "; ".join(f"{task.lead_unit} {why}" for task, why in done.left[:5])
    return f"Chưa đổi nhiệm vụ nào: {named}."
