"""Asking for another deadline, and answering: the original deadline is never touched."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from hanoi_programmes.lib.deadlines import last_day, printed
from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.services.history import Act, Told
from hanoi_programmes.programmes.models import Extension, Precision, Task
from hanoi_programmes.programmes.rules import decisions
from hanoi_programmes.programmes.services.history import record
from hanoi_programmes.programmes.services.taking import taken

_KIND = Extension.Answer


@dataclass(frozen=True, slots=True)
class Request:
    """What the unit wants, and why."""

    wanted: date
    reason: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What the assigner's side says; `granted` comes only with another date than the one asked."""

    answer: str
    granted: date | None = None
    note: str = ""


@transaction.atomic
def ask(task: Task, request: Request, *, act: Act, version: int | None = None) -> None:
    """Store the request. Raises `Denied` or `Stale` and then writes nothing."""
    live = taken(task, act, version)
    if live is None:
        return
    if act.by is None:
        raise Denied("Đề nghị gia hạn phải do một người của đơn vị chủ trì gửi.")
    require(decisions.may_ask(act.by, live))
    require(decisions.may_become(live, request.wanted, on=act.on))
    Extension.objects.create(
        task=live,
        by=act.by,
        asked_on=act.on,
        reason=request.reason,
        deadline=live.deadline or act.on,
        wanted=request.wanted,
    )
    words = f"Đề nghị gia hạn đến {request.wanted:%d/%m/%Y}"
    record(live, act, Told("extend-ask", words, request.reason))


@transaction.atomic
def reply(extension: Extension, answer: Reply, *, act: Act, version: int | None = None) -> None:
    """Agree, refuse, or set another date: a granted one becomes the task's deadline.

    Raises `Denied` or `Stale` and then writes nothing.
    """
    task = taken(extension.task, act, version)
    if task is None:
        return
    extension = Extension.objects.get(pk=extension.pk)
    if act.by is not None:
        require(decisions.may_answer_extension(act.by, extension, task))
    granted = _granted(extension, answer)
    if granted:
        require(decisions.may_grant(task, extension, granted, on=act.on))
    extension.answer, extension.granted, extension.note = answer.answer, granted, answer.note
    extension.decided_by, extension.decided_on = act.by, act.on
    extension.save()
    if granted is None:
        record(task, act, Told("extend-refuse", "Không đồng ý gia hạn", answer.note))
        return
    record(task, act, _move_deadline(task, granted, answer.note))


@transaction.atomic
def withdraw(extension: Extension, *, act: Act, version: int | None = None) -> None:
    """The unit takes its request back. Raises `Denied` or `Stale` and then writes nothing."""
    task = taken(extension.task, act, version)
    if task is None:
        return
    extension = Extension.objects.get(pk=extension.pk)
    if act.by is not None:
        require(decisions.may_withdraw_extension(act.by, extension, task))
    extension.answer, extension.decided_by, extension.decided_on = _KIND.WITHDRAWN, act.by, act.on
    extension.save()
    record(task, act, Told("extend-withdraw", "Rút đề nghị gia hạn"))


def _granted(extension: Extension, answer: Reply) -> date | None:
    """The new deadline, if there is one."""
    if answer.answer == _KIND.AGREED:
        return extension.wanted
    if answer.answer == _KIND.REFUSED:
        return None
    if answer.answer != _KIND.OTHER_DATE or answer.granted is None:
        raise Denied("Chọn đồng ý, không đồng ý, hoặc ấn định một ngày khác.")
    return answer.granted


def _move_deadline(task: Task, granted: date, note: str) -> Told:
    """The day becomes the deadline; "Quý IV/2026" stays a quarter only when it ends on that day."""
    before = task.deadline
    if last_day(granted, task.precision) != granted:
        task.precision = Precision.DAY
    task.deadline, task.deadline_text = granted, printed(granted, task.precision)
    # The row is locked: nobody else counts on.
    task.version += 1
    task.save(update_fields=["deadline", "deadline_text", "precision", "version"])
    change = [f"{before:%d/%m/%Y}" if before else "", f"{granted:%d/%m/%Y}"]
    note = " · ".join(part for part in (" → ".join(change), note) if part)
    return Told("extend", "Gia hạn", note, {"deadline": change})
