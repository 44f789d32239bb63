"""Moves of a task along the table of `states`."""

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import F, Max, QuerySet

from hanoi_programmes.lib.verdict import require
from hanoi_programmes.people.services.history import Act, Told
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.models import Evidence, Task
from hanoi_programmes.programmes.rules import Given
from hanoi_programmes.programmes.services.history import locked, record, was_done
from hanoi_programmes.programmes.states import MOVES, Move, State


class Stale(Exception):
    """The task has changed since the page that asks was opened: nothing was written."""


@transaction.atomic
def move(
    task: Task, name: str, *, act: Act, given: Given | None = None, version: int | None = None
) -> Task:
    """Make the move `name` (a key of `MOVES`) and return the task as it stands afterwards.

    Raises `Denied` with a Vietnamese reason when the state, the person or something needed does
    not allow it, and `Stale` when `version` is given and is no longer the task's: nobody accepts
    what they have not seen. The same form sent twice changes nothing the second time.
    """
    task = locked(task)
    if was_done(act):
        return task
    if version is not None and task.version != version:
        raise Stale
    return apply_move(task, MOVES[name], act=act, given=given or Given())


def apply_move(task: Task, step: Move, *, act: Act, given: Given) -> Task:
    """The move on a task that the caller has locked in its own transaction."""
    if act.by is not None:
        require(rules.may_move(act.by, task, step, on=act.on))
    given = _with_evidence(task, given)
    require(rules.has_needs(task, step, given, on=act.on))
    change = _Change(task.state, step.target)
    if effect := _EFFECTS.get(step.name):
        effect(task, change, act, given)
    task.state = step.target
    change.fields |= {"state"}
    _save(task, change)
    record(task, act, _told(step, change, given))
    return task


@dataclass(slots=True)
class _Change:
    """The states on both sides of a move and the fields that it touched."""

    source: str
    target: State
    fields: set[str] = field(default_factory=set)


def _with_evidence(task: Task, given: Given) -> Given:
    count = Evidence.objects.filter(task=task).exclude(verdict=Evidence.Verdict.RETURNED).count()
    return Given(given.reason, given.document, given.quality, count)


def _save(task: Task, change: _Change) -> None:
    task.version = F("version") + 1
    task.save(update_fields=[*change.fields, "version"])
    task.refresh_from_db(fields=["version"])


def _told(step: Move, change: _Change, given: Given) -> Told:
    note = " · ".join(part for part in (given.document, given.reason) if part)
    changes = {"state": [State(change.source).label, change.target.label]}
    return Told(step.name, step.told, note, changes)


def _issue(task: Task, change: _Change, act: Act, _given: Given) -> None:
    task.issued_on = act.on
    task.original_deadline = task.deadline
    change.fields |= {"issued_on", "original_deadline"}


def _submit(task: Task, change: _Change, act: Act, _given: Given) -> None:
    task.submitted_on, task.submitted_by, task.returned_on = act.on, act.by, None
    change.fields |= {"submitted_on", "submitted_by", "returned_on"}


def _accept(task: Task, change: _Change, act: Act, given: Given) -> None:
    waiting = Evidence.objects.filter(task=task, verdict=Evidence.Verdict.WAITING)
    task.completed_on = _completion_day(task, waiting)
    waiting.update(verdict=Evidence.Verdict.ACCEPTED, verdict_by=act.by, verdict_on=act.on)
    task.quality = given.quality
    change.fields |= {"completed_on", "quality"}


def _completion_day(task: Task, accepted: QuerySet[Evidence]) -> date | None:
    """The accepted document's day between issue and submission, else the submission's.

    Only what is accepted now counts: a document from before a reopening dates the old completion.
    """
    within = accepted.filter(document_date__range=(task.issued_on, task.submitted_on))
    newest: date | None = within.aggregate(newest=Max("document_date"))["newest"]
    return newest or task.submitted_on


def _return(task: Task, change: _Change, act: Act, given: Given) -> None:
    waiting = Evidence.objects.filter(task=task, verdict=Evidence.Verdict.WAITING)
    waiting.update(verdict=Evidence.Verdict.RETURNED, verdict_by=act.by, verdict_on=act.on)
    task.returned_on, task.return_reason = act.on, given.reason
    change.fields |= {"returned_on", "return_reason"}


def _reopen(task: Task, change: _Change, _act: Act, _given: Given) -> None:
    task.completed_on, task.quality = None, ""
    change.fields |= {"completed_on", "quality"}


_EFFECTS = {
    "issue": _issue,
    "submit": _submit,
    "accept": _accept,
    "return": _return,
    "reopen": _reopen,
}
