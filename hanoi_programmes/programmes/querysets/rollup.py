"""How the tasks below others stand, at every depth: counted by the database, never added up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Func, Q

from hanoi_programmes.programmes.states import State
from hanoi_programmes.programmes.timeliness import COME_DUE, OPEN_GROUPS, Group

if TYPE_CHECKING:
    from hanoi_programmes.programmes.querysets.tasks import TaskQuerySet

_DONE = (Group.COMPLETED_ON_TIME, Group.COMPLETED_LATE)


def roll_up(
    tasks: TaskQuerySet, above: list[int], *, on: date, silent_days: int, by: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    """One row for each task of `above` (and value of `by`) that has any of `tasks` below it.

    One query over the index of ancestors, whatever the depth. `due` is what has come due, of which
    `done` is the part that is completed (PRODUCT §6); percents of children are never added.
    """
    silent = Q(last_report_on__isnull=True) | Q(last_report_on__lt=on - timedelta(days=silent_days))
    since = Q(issued_on__lt=on - timedelta(days=silent_days))
    asked = {
        "total": Q(group__isnull=False),
        "done": Q(group__in=_DONE),
        "due": Q(group__in=COME_DUE),
        "late": Q(group=Group.OVERDUE),
        "awaiting": Q(group=Group.AWAITING),
        "silent": Q(group__in=OPEN_GROUPS) & since & silent,
        "unacknowledged": Q(state=State.ASSIGNED),
    }
    counts = {name: Count("pk", filter=condition) for name, condition in asked.items()}
    rows = tasks.filter(ancestors__overlap=above).issued().with_group(on).order_by()
    spread = rows.annotate(above=Func(F("ancestors"), function="unnest"))
    found = spread.values("above", *by).annotate(**counts)
    wanted = set(above)
    return [row for row in found if row["above"] in wanted]
