"""Directions and explanation requests: given, answered, closed, asked again."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.people.services.history import Act, Told
from hanoi_programmes.programmes.models import Direction, Task
from hanoi_programmes.programmes.rules import decisions
from hanoi_programmes.programmes.services.history import record
from hanoi_programmes.programmes.services.taking import taken


@dataclass(frozen=True, slots=True)
class Wish:
    """What a leader wants of a unit, until when."""

    kind: str
    unit: Unit
    text: str
    answer_by: date


@transaction.atomic
def give(task: Task, wish: Wish, *, act: Act, version: int | None = None) -> None:
    """Write to a unit on the task. Raises `Denied` or `Stale` and then writes nothing."""
    live = taken(task, act, version)
    if live is None:
        return
    if act.by is None:
        raise Denied("Ý kiến chỉ đạo phải do một người gửi.")
    require(decisions.may_direct(act.by, live))
    require(decisions.is_there(wish.unit, on=act.on))
    direction = _create(live, wish, act.by, act.on)
    record(live, act, _told(direction))


@transaction.atomic
def answer(direction: Direction, text: str, *, act: Act, version: int | None = None) -> None:
    """The unit answers. Raises `Denied` or `Stale` and then writes nothing."""
    task = taken(direction.task, act, version)
    if task is None:
        return
    direction = _again(direction)
    if act.by is not None:
        require(decisions.may_answer_direction(act.by, direction))
    direction.answer, direction.answered_by, direction.answered_on = text, act.by, act.on
    direction.save()
    late = act.on > direction.answer_by
    words = f"Trả lời {direction.get_kind_display().lower()}{', sau hạn' if late else ''}"
    record(task, act, Told("answer", words, text))


@transaction.atomic
def close(direction: Direction, *, act: Act, closing: str = "", version: int | None = None) -> None:
    """Nothing more is wanted. Raises `Denied` or `Stale` and then writes nothing."""
    task = taken(direction.task, act, version)
    if task is None:
        return
    direction = _again(direction)
    if act.by is not None:
        require(decisions.may_close(act.by, direction))
    _close(direction, act, closing)
    words = f"Kết thúc {direction.get_kind_display().lower()}"
    record(task, act, Told("direct-close", words, closing))


@transaction.atomic
def ask_again(
    direction: Direction, text: str, answer_by: date, *, act: Act, version: int | None = None
) -> None:
    """The answer was not enough: it stays with its question, and a new question is asked.

    Raises `Denied` or `Stale` and then writes nothing.
    """
    task = taken(direction.task, act, version)
    if task is None:
        return
    direction = _again(direction)
    if act.by is None:
        raise Denied("Yêu cầu trả lời lại phải do một người gửi.")
    require(decisions.may_ask_again(act.by, direction))
    require(decisions.is_there(direction.unit, on=act.on))
    _close(direction, act, "Yêu cầu trả lời lại.")
    wish = Wish(direction.kind, direction.unit, text, answer_by)
    again = _create(task, wish, act.by, act.on)
    record(task, act, _told(again, "Yêu cầu trả lời lại"))


def _create(task: Task, wish: Wish, by: User, on: date) -> Direction:
    return Direction.objects.create(
        task=task,
        unit=wish.unit,
        kind=wish.kind,
        by=by,
        on=on,
        text=wish.text,
        answer_by=wish.answer_by,
    )


def _close(direction: Direction, act: Act, closing: str) -> None:
    direction.closed_by, direction.closed_on, direction.closing = act.by, act.on, closing
    direction.save()


def _told(direction: Direction, words: str = "") -> Told:
    words = words or direction.get_kind_display()
    to = f"{words} gửi {direction.unit.short_name}, hạn trả lời {direction.answer_by:%d/%m/%Y}"
    return Told("direct", to[:300], direction.text)


def _again(direction: Direction) -> Direction:
    """As it is now that its task is locked."""
    return Direction.objects.select_related("unit", "by").get(pk=direction.pk)
