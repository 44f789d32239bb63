"""Verification: the items of evidence one by one, then the whole submission."""

from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction

from hanoi_programmes.lib.verdict import require
from hanoi_programmes.people.services.history import Act
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.rules import Given, Judgement
from hanoi_programmes.programmes.services.history import locked, was_done
from hanoi_programmes.programmes.services.tasks import apply_move, check_version
from hanoi_programmes.programmes.states import MOVES


@transaction.atomic
def conclude(
    task: Task,
    judged: Mapping[int, Judgement],
    *,
    accept: bool,
    act: Act,
    given: Given,
    version: int,
) -> Task:
    """Write the verdict on each item, by its key, and accept or return the whole.

    Raises `Denied` with a Vietnamese reason, and `Stale` when the task has changed since `version`:
    of two verifiers the second one writes nothing. The same form sent twice is carried out once.
    """
    task = locked(task)
    if was_done(act):
        return task
    check_version(task, version)
    step = MOVES["accept" if accept else "return"]
    if act.by is not None:
        require(rules.may_move(act.by, task, step, on=act.on))
    require(rules.may_conclude(task, judged, accept=accept))
    return apply_move(task, step, act=act, given=replace(given, judged=judged))
