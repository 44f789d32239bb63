"""Moves of a task along the table of `states`."""

from dataclasses import dataclass, field
from typing import cast

from django.db import transaction
from django.utils.timezone import get_current_timezone

from hanoi_programmes.lib.verdict import require
from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.services.history import Act, Told
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.models import Evidence, Task
from hanoi_programmes.programmes.rules import Given, Known
from hanoi_programmes.programmes.services.drafts import drop
from hanoi_programmes.programmes.services.evidence import completion_day, settle, summary
from hanoi_programmes.programmes.services.following import carry
from hanoi_programmes.programmes.services.history import locked, record, was_done
from hanoi_programmes.programmes.states import MOVES, Actor, Move, State

STALE = "Nhiệm vụ vừa có thay đổi sau khi trang này mở{told}. Chưa ghi gì; xem lại rồi gửi lại."
# A page that stood open for long need not be told everything.
_TOLD_AT_MOST = 3


class Stale(Exception):
    """The task has changed since the page that asks was opened: nothing was written.

    `reason` says in Vietnamese what changed meanwhile, by whom and when.
    """

    def __init__(self, task: Task, version: int) -> None:
        self.reason = STALE.format(told=_told_since(task, version))
        super().__init__(self.reason)


def check_version(task: Task, version: int | None) -> None:
    """Raise `Stale` unless the locked task is as it was on the page; None asks for nothing."""
    if version is not None and task.version != version:
        raise Stale(task, version)


def _told_since(task: Task, version: int) -> str:
    """The newest events, no more than there were versions since."""
    most = max(1, min(task.version - version, _TOLD_AT_MOST))
    zone = get_current_timezone()
    events = task.events.select_related("by__unit")[:most]
    told = [
        f"{event.told} ({event.by.signature if event.by else 'hệ thống'}, "
        f"{event.at.astimezone(zone):%H:%M ngày %d/%m/%Y})"
        for event in events
    ]
    return f": {'; '.join(told)}" if told else ""


@transaction.atomic
def move(
    task: Task, name: str, *, act: Act, given: Given | None = None, version: int | None = None
) -> Task:
    """Make the move `name` (a key of `MOVES`) and return the task as it stands afterwards.

    Raises `Denied` with a Vietnamese reason when the state, the person or something needed does
    not allow it, and `Stale` when `version` is given and is no longer the task's: nobody accepts
    what they have not seen. The same form sent twice changes nothing the second time.

    The moves, each with what it takes from `given`:
    """
    task = locked(task)
    if was_done(act):
        return task
    check_version(task, version)
    return apply_move(task, MOVES[name], act=act, given=given or Given())


# Whoever reads `help(move)` reads the table.
move.__doc__ = "\n    ".join([str(move.__doc__).rstrip(), *map(str, MOVES.values())])


def apply_move(task: Task, step: Move, *, act: Act, given: Given) -> Task:
    """The move on a task that the caller has locked in its own transaction."""
    known = Known([task], on=act.on)
    if act.by is not None:
        require(rules.may_move(act.by, task, step, on=act.on, known=known))
    require(rules.has_needs(task, step, given, on=act.on, known=known))
    change = _Change(task.state, step.target)
    if effect := _EFFECTS.get(step.name):
        effect(task, change, act, given)
    task.state = step.target
    change.fields |= {"state"}
    _save(task, change)
    drop(task, "verify" if step.actor == Actor.VERIFIER else step.name, by=act.by)
    following = carry(task, step, act=act, note=_note(given)) if given.with_children else 0
    record(task, act, _told(step, change, given, following))
    return task


@dataclass(slots=True)
class _Change:
    """The states on both sides of a move and the fields that it touched."""

    source: str
    target: State
    fields: set[str] = field(default_factory=set)
    told: dict[str, list[str]] = field(default_factory=dict)


def _save(task: Task, change: _Change) -> None:
    # The row is locked: nobody else counts on.
    task.version += 1
    task.save(update_fields=[*change.fields, "version"])


def _told(step: Move, change: _Change, given: Given, following: int) -> Told:
    state = [State(change.source).label, change.target.label]
    words = f"{step.told}, kể cả {following} nhiệm vụ thành phần" if following else step.told
    return Told(step.name, words, _note(given), {"state": state} | change.told)


def _note(given: Given) -> str:
    parts = (given.document, given.reason, summary(given.judged))
    return " · ".join(part for part in parts if part)


def _issue(task: Task, change: _Change, act: Act, _given: Given) -> None:
    task.issued_on = act.on
    task.original_deadline = task.deadline
    change.fields |= {"issued_on", "original_deadline"}


def _submit(task: Task, change: _Change, act: Act, _given: Given) -> None:
    task.submitted_on, task.submitted_by, task.returned_on = act.on, act.by, None
    change.fields |= {"submitted_on", "submitted_by", "returned_on"}


def _accept(task: Task, change: _Change, act: Act, given: Given) -> None:
    # Whoever accepts without judging the items accepts all that wait.
    accepted = settle(task, given.judged, act, rest=Evidence.Verdict.ACCEPTED)
    task.completed_on = completion_day(task, accepted)
    task.quality = given.quality
    change.fields |= {"completed_on", "quality"}


def _return(task: Task, change: _Change, act: Act, given: Given) -> None:
    settle(task, given.judged, act, rest=Evidence.Verdict.RETURNED)
    task.returned_on, task.return_reason = act.on, given.reason
    change.fields |= {"returned_on", "return_reason"}


def _reassign(task: Task, change: _Change, _act: Act, given: Given) -> None:
    """Another unit leads, and begins afresh: no officer yet, no return to answer for."""
    unit = cast("Unit", given.lead_unit)
    change.told["lead_unit"] = [str(task.lead_unit), str(unit)]
    task.lead_unit, task.officer = unit, None
    task.returned_on, task.return_reason = None, ""
    change.fields |= {"lead_unit", "officer", "returned_on", "return_reason"}


def _reopen(task: Task, change: _Change, _act: Act, _given: Given) -> None:
    require(rules.may_run_again(task))
    task.completed_on, task.quality = None, ""
    change.fields |= {"completed_on", "quality"}


_EFFECTS = {
    "issue": _issue,
    "submit": _submit,
    "accept": _accept,
    "return": _return,
    "reassign": _reassign,
    "reopen": _reopen,
}
