"""Hand-over between heads: the sheet is frozen when it is made, then confirmed by both."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.models import Holding, Unit
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.services.history import Act, Told, place_was_changed, record_place
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.models import (
    Direction,
    Extension,
    Handover,
    Obstacle,
    ProgressReport,
    Task,
)
from hanoi_programmes.programmes.states import CLOSED
from hanoi_programmes.programmes.timeliness import Group, days_late

_GRANTED = (Extension.Answer.AGREED, Extension.Answer.OTHER_DATE)


def successor_of(holding: Holding) -> Holding | None:
    """Who held the post next, if anybody yet."""
    later = Holding.objects.filter(post=holding.post_id, starts_on__gt=holding.starts_on)
    return later.select_related("user", "post").order_by("starts_on").first()


@transaction.atomic
def open_sheet(holding: Holding, *, act: Act) -> Handover:
    """Freeze what the unit has open today; a sheet that exists already is returned as it is."""
    rows = Holding.objects.select_for_update(of=("self",), no_key=True)
    holding = rows.select_related("user", "post__unit").get(pk=holding.pk)
    made = Handover.objects.filter(outgoing=holding).first()
    if made or place_was_changed(act):
        return made or Handover.objects.get(outgoing=holding)
    if act.by is not None:
        require(rules.may_open(act.by, holding, on=act.on))
    unit = holding.post.unit
    handover = Handover.objects.create(
        outgoing=holding,
        incoming=successor_of(holding),
        made_on=act.on,
        sheet=sheet_of(unit, on=act.on),
    )
    record_place(act, Told("handover", f"Lập biên bản bàn giao: {holding.post}"[:300]), unit=unit)
    return handover


@transaction.atomic
def add_note(handover: Handover, note: str, *, act: Act) -> None:
    """Keep what the outgoing head wants known; replaces what stood there, which history keeps."""
    handover = _locked(handover)
    if place_was_changed(act):
        return
    if act.by is not None:
        require(rules.may_note(act.by, handover))
    changes = {"note": [handover.note, note]}
    Handover.objects.filter(pk=handover.pk).update(note=note)
    told = Told("handover_note", "Ghi nội dung cần lưu ý khi bàn giao", changes=changes)
    record_place(act, told, unit=handover.outgoing.post.unit)


@transaction.atomic
def confirm(handover: Handover, side: str, *, act: Act, document: str = "") -> None:
    """One side confirms: `outgoing` or `incoming`. The office does it for who has left, and names
    the paper on which it was done. Raises `Denied`."""
    handover = _locked(handover)
    if place_was_changed(act):
        return
    incoming = handover.incoming or successor_of(handover.outgoing)
    if act.by is not None:
        require(rules.may_confirm(act.by, handover, incoming, side))
        if act.by.role == Role.OFFICE and not document:
            raise Denied("Văn phòng xác nhận thay thì ghi số, ký hiệu biên bản giấy.")
    stamp = {f"{side}_confirmed_at": act.at}
    Handover.objects.filter(pk=handover.pk).update(incoming=incoming, **stamp)
    words = "Xác nhận bàn giao" if side == "outgoing" else "Xác nhận nhận bàn giao"
    told = Told("handover_confirm", words, document)
    record_place(act, told, unit=handover.outgoing.post.unit)


def _locked(handover: Handover) -> Handover:
    rows = Handover.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("outgoing__post__unit", "outgoing__user", "incoming__user").get(
        pk=handover.pk
    )


def sheet_of(unit: Unit, *, on: date) -> dict[str, Any]:
    """Open tasks, obstacles and promises of the unit on the day, as the sheet keeps and prints
    them: texts, and days as printed. Five queries whatever the number of tasks."""
    last = ProgressReport.objects.filter(task=OuterRef("pk")).order_by("-at", "-pk")
    tasks = Task.objects.filter(lead_unit=unit).issued().exclude(state__in=CLOSED)
    rows = tasks.with_group(on).annotate(
        last_text=Subquery(last.values("text")[:1]),
        next_step=Subquery(last.values("next_step")[:1]),
    )
    ids = list(tasks.values_list("pk", flat=True))
    return {
        "tasks": [_task(row, on) for row in rows.by_due()],
        "obstacles": [_obstacle(row, on) for row in _obstacles(ids)],
        "extensions": [_extension(row) for row in _extensions(ids)],
        "directions": [_direction(row) for row in _directions(unit, ids)],
    }


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _task(task: Task, on: date) -> dict[str, Any]:
    group: str = getattr(task, "group", None) or task.state
    return {
        "pk": task.pk,
        "code": task.code,
        "text": task.text,
        "deadline": _day(task.deadline) or task.deadline_text,
        "original": _day(task.original_deadline) if task.was_extended else "",
        "group": group,
        "days": days_late(task.deadline, on=on) if group == Group.OVERDUE else None,
        "reported_on": _day(task.last_report_on),
        "report": getattr(task, "last_text", "") or "",
        "next_step": getattr(task, "next_step", "") or "",
    }


def _obstacles(tasks: list[int]) -> list[Obstacle]:
    waiting = Obstacle.objects.filter(task__in=tasks, resolved_on__isnull=True)
    return list(waiting.select_related("task", "decider").order_by("raised_on", "pk"))


def _obstacle(row: Obstacle, on: date) -> dict[str, Any]:
    return {
        "code": row.task.code,
        "text": row.text,
        "decider": str(row.decider or row.decider_text),
        "raised_on": _day(row.raised_on),
        "waits": (on - row.raised_on).days,
    }


def _extensions(tasks: list[int]) -> list[Extension]:
    kept = Extension.objects.filter(
        Q(answer=Extension.Answer.WAITING) | Q(answer__in=_GRANTED), task__in=tasks
    )
    return list(kept.select_related("task").order_by("answer", "asked_on", "pk"))


def _extension(row: Extension) -> dict[str, Any]:
    return {
        "code": row.task.code,
        "answer": row.get_answer_display(),
        "waits": row.answer == Extension.Answer.WAITING,
        "day": _day(row.granted or row.wanted),
        "reason": row.reason,
    }


def _directions(unit: Unit, tasks: list[int]) -> list[Direction]:
    here = Direction.objects.filter(Q(unit=unit) | Q(task__in=tasks), closed_on__isnull=True)
    return list(here.select_related("task").order_by("answer_by", "pk"))


def _direction(row: Direction) -> dict[str, Any]:
    return {
        "code": row.task.code,
        "kind": row.get_kind_display(),
        "text": row.text,
        "answer_by": _day(row.answer_by),
        "answered_on": _day(row.answered_on),
    }
