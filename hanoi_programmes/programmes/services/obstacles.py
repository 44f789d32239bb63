"""What stops the work gets its answer: decided, passed on to another level, or taken back."""

from django.db import transaction

from hanoi_programmes.lib.verdict import require
from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.services.history import Act, Told
from hanoi_programmes.programmes.models import Obstacle, Referral
from hanoi_programmes.programmes.rules import decisions
from hanoi_programmes.programmes.services.history import record
from hanoi_programmes.programmes.services.taking import taken


@transaction.atomic
def decide(
    obstacle: Obstacle, decision: str, *, act: Act, document: str = "", version: int | None = None
) -> None:
    """Record the decision, which answers the unit. Raises `Denied` or `Stale`, writing nothing."""
    task = taken(obstacle.task, act, version)
    if task is None:
        return
    obstacle = _again(obstacle)
    if act.by is not None:
        require(decisions.may_decide(act.by, obstacle, task))
    obstacle.decision, obstacle.decision_document = decision, document
    obstacle.resolved_on, obstacle.decided_by = act.on, act.by
    obstacle.save()
    note = " · ".join(part for part in (document, decision) if part)
    record(task, act, Told("decide", "Quyết định vướng mắc", note))


@transaction.atomic
def pass_on(
    obstacle: Obstacle, unit: Unit, *, act: Act, note: str = "", version: int | None = None
) -> None:
    """Another level has to decide from now on; the days until now stay with the one that had to.

    Raises `Denied` or `Stale` and then writes nothing.
    """
    task = taken(obstacle.task, act, version)
    if task is None:
        return
    obstacle = _again(obstacle)
    if act.by is not None:
        require(decisions.may_pass_on(act.by, obstacle, task))
    require(decisions.may_pass_to(obstacle, task, unit, on=act.on))
    Referral.objects.create(
        obstacle=obstacle,
        on=act.on,
        by=act.by,
        unit=obstacle.decider,
        unit_text=obstacle.decider_text,
        note=note,
    )
    before = obstacle.decider_text
    obstacle.decider, obstacle.decider_text = unit, unit.short_name
    obstacle.save()
    words = f"Chuyển vướng mắc tới {unit.short_name}"[:300]
    record(task, act, Told("pass-on", words, note, {"decider": [before, unit.short_name]}))


@transaction.atomic
def withdraw(obstacle: Obstacle, *, act: Act, note: str = "", version: int | None = None) -> None:
    """The unit takes it back. Raises `Denied` or `Stale` and then writes nothing."""
    task = taken(obstacle.task, act, version)
    if task is None:
        return
    obstacle = _again(obstacle)
    if act.by is not None:
        require(decisions.may_withdraw_obstacle(act.by, obstacle, task))
    obstacle.is_withdrawn, obstacle.resolved_on = True, act.on
    obstacle.save()
    record(task, act, Told("obstacle-withdraw", "Rút vướng mắc", note or obstacle.text))


def _again(obstacle: Obstacle) -> Obstacle:
    """As it is now that its task is locked."""
    return Obstacle.objects.select_related("decider").get(pk=obstacle.pk)
