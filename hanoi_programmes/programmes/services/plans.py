"""Entering a task and editing what it says: drafts wholly, issued tasks in what issue left open.

What a form holds and what is stored are compared as plain values by field name (`values_of`):
texts, numbers, ids, lists of ids. So two people's changes can be told apart (`conflicts`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from hanoi_programmes.lib.deadlines import names_no_rhythm, read, why_not
from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.roles import Confidence
from hanoi_programmes.people.services.history import Act, Told
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.models import ActionProgramme, Event, Participant, Task
from hanoi_programmes.programmes.services.codes import next_code
from hanoi_programmes.programmes.services.conflicts import Merge, three_way
from hanoi_programmes.programmes.services.history import locked, record, was_done
from hanoi_programmes.programmes.services.wording import label_of, shown
from hanoi_programmes.programmes.states import State

Values = dict[str, Any]
LINKS = ("task_group", "parent", "lead_unit", "officer")
PLAIN = (
    "code", "text", "product", "count_label", "count_unit", "count_goal", "authority",
    "partners_text", "source_document", "clause", "deadline_text", "rhythm", "budget_given",
    "is_key", "is_hard", "is_new", "is_unprecedented",
)  # fmt: skip


class Misfit(Denied):
    """What was typed does not fit the other tasks and units; `faults` says why, field by field."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = faults


class Clashed(Exception):
    """Somebody else changed the same fields meanwhile: nothing was written, a person decides."""

    def __init__(self, task: Task, merge: Merge) -> None:
        super().__init__("a clash")
        self.task, self.merge = task, merge


@dataclass(frozen=True, slots=True)
class Opened:
    """What a form showed when it was opened, and of which version of the task."""

    version: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Changed:
    """The task afterwards, what was written, and what others had changed meanwhile and stays."""

    task: Task
    written: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def values_of(task: Task) -> Values:
    """What a form may say of the task, as plain values that survive JSON."""
    values: Values = {name: getattr(task, name) for name in PLAIN}
    values |= {name: getattr(task, f"{name}_id") for name in LINKS}
    values["starts_on"] = task.starts_on.isoformat() if task.starts_on else None
    values["budget_given"] = None if task.budget_given is None else int(task.budget_given)
    partners = Participant.objects.filter(task=task.pk, part=Participant.Part.PARTNER)
    values["partners"] = sorted(partners.values_list("unit", flat=True)) if task.pk else []
    return values


@transaction.atomic
def create_task(programme: ActionProgramme, values: Values, *, act: Act) -> Task:
    """Store a draft and return it; an empty code gets the next one of its group.

    Raises `Denied` when the person may not, `Misfit` when something does not fit. A form sent twice
    makes one task.
    """
    programme = ActionProgramme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    if was_done(act):
        return Event.objects.select_related("task").get(form_key=act.form_key).task
    if act.by is not None:
        require(rules.may_plan(act.by))
    _lock(values.get("parent"))
    document = values.get("source_document") or "đề nghị của đơn vị"
    task = Task(
        programme=programme,
        state=State.DRAFT,
        confidence=Confidence.CONFIRMED,
        source=f"Văn phòng Thành ủy nhập theo {document}",
    )
    values |= {"code": values.get("code") or next_code(programme, values["task_group"])}
    _apply(task, values)
    partners = list(values.get("partners") or [])
    _refuse_misfits(task, values, partners, act)
    _save(task)
    _join(task, partners)
    record(task, act, Told("create", "Soạn nhiệm vụ"))
    return task


@transaction.atomic
def change_task(task: Task, wanted: Values, *, act: Act, opened: Opened | None = None) -> Changed:
    """Write what differs, as one event with every field from what to what.

    `wanted` may hold some of the fields only. With `opened`, what others changed since then stays
    where the form left it alone, and raises `Clashed` where it did not. Raises `Denied` and
    `Misfit` as `create_task` does; nothing is written then.
    """
    above = Task.objects.values_list("parent", flat=True).get(pk=task.pk)
    _lock(above, task.pk, wanted.get("parent"))
    task = locked(task)
    if was_done(act):
        return Changed(task)
    if act.by is not None:
        require(rules.may_change(act.by, task))
    stored = values_of(task)
    # On the version that the form showed nobody else has written: it is what the form showed.
    seen = opened.values if opened and opened.version != task.version else stored
    merge = three_way(seen, stored, wanted)
    if merge.clashes:
        raise Clashed(task, merge)
    changed = {name: value for name, value in merge.values.items() if value != stored[name]}
    if changed:
        _write(task, stored, changed, act)
    return Changed(task, tuple(changed), merge.theirs)


def _write(task: Task, stored: Values, changed: Values, act: Act) -> None:
    _refuse_fixed(task, changed)
    _apply(task, changed)
    partners = changed["partners"] if "partners" in changed else stored["partners"]
    _refuse_misfits(task, changed, partners, act)
    task.version += 1
    _save(task)
    if "partners" in changed:
        _join(task, partners)
    if "parent" in changed:
        _move_below(task)
    record(task, act, _told(stored, changed))


def _lock(*tasks: int | None) -> None:
    """From the top down as every act does, then by age: who wants the same rows waits, not fails.

    The database itself reads the task above, to bound this one's deadline.
    """
    ids = [pk for pk in tasks if pk is not None]
    rows = Task.objects.select_for_update(no_key=True).filter(pk__in=ids)
    list(rows.order_by("ancestors__len", "pk").values_list("pk", flat=True))


def _refuse_fixed(task: Task, changed: Values) -> None:
    fixed = rules.FIXED_BY_ISSUE & set(changed)
    if task.state != State.DRAFT and fixed:
        raise Misfit(
            {
                name: f"Nhiệm vụ đã giao nên không sửa {label_of(name)} ở đây: thời hạn đổi bằng "
                "gia hạn, đơn vị chủ trì đổi bằng “Giao cho đơn vị khác”."
                for name in sorted(fixed)
            }
        )


def _apply(task: Task, values: Values) -> None:
    """Set the fields on the row in memory, and what is derived from them."""
    for name, value in values.items():
        if name in PLAIN:
            setattr(task, name, value)
        elif name in LINKS:
            setattr(task, f"{name}_id", value)
    if "starts_on" in values:
        start = values["starts_on"]
        task.starts_on = date.fromisoformat(start) if start else None
    if "parent" in values:
        task.ancestors = [*task.parent.ancestors, task.parent.pk] if task.parent else []
    if {"deadline_text", "rhythm"} & set(values):
        _derive_deadline(task)


def _derive_deadline(task: Task) -> None:
    """The day and its precision, or the rhythm, from what is printed; no text may mean a rhythm."""
    text, chosen = task.deadline_text, task.rhythm
    found = read(text) if text else None
    if text and found is None:
        raise Misfit({"deadline_text": why_not(text)})
    task.deadline = task.original_deadline = found.day if found else None
    task.precision = found.precision if found else ""
    task.rhythm = found.rhythm if found else chosen
    if names_no_rhythm(text) and chosen:
        task.rhythm = chosen


def _refuse_misfits(task: Task, changed: Values, partners: list[int], act: Act) -> None:
    if faults := rules.faults_of(task, changed, partners, on=act.on):
        raise Misfit(faults)


def _save(task: Task) -> None:
    """The rules have looked; only a code can still be taken by a programme that we did not lock."""
    try:
        with transaction.atomic():
            task.save()
    except IntegrityError as error:
        if "code" not in str(error):
            raise
        raise Misfit(
            {"code": f"Mã {task.code} vừa được nhiệm vụ khác dùng. Chọn mã khác."}
        ) from error


def _join(task: Task, partners: list[int]) -> None:
    """Exactly these partners; those that stay keep their row."""
    rows = Participant.objects.filter(task=task, part=Participant.Part.PARTNER)
    rows.exclude(unit__in=partners).delete()
    known = set(rows.values_list("unit", flat=True))
    Participant.objects.bulk_create(
        Participant(task=task, unit=unit, part=Participant.Part.PARTNER)
        for unit in Unit.objects.filter(pk__in=partners).exclude(pk__in=known)
    )


def _move_below(task: Task) -> None:
    """Everything below hangs from the new place too."""
    rows = Task.objects.descendants_of(task).select_for_update(no_key=True)
    below = list(rows.order_by("ancestors__len", "pk"))
    for child in below:
        child.ancestors = [*task.ancestors, *child.ancestors[child.ancestors.index(task.pk) :]]
    Task.objects.bulk_update(below, ["ancestors"])


def _told(stored: Values, changed: Values) -> Told:
    names = ", ".join(label_of(name) for name in changed)
    changes = {
        name: [shown(name, stored[name]), shown(name, value)] for name, value in changed.items()
    }
    return Told("change", f"Sửa nhiệm vụ: {names}"[:300], changes=changes)


def last_change(task: Task, name: str) -> Event | None:
    """Who last changed a field, and when."""
    told = task.events.filter(changes__has_key=name).select_related("by__unit")
    return told.first()
