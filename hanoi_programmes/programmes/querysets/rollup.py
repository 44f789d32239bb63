"""How the tasks below others stand, at every depth: counted by the database, never added up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Func, Q

from hanoi_programmes.programmes.states import State
from hanoi_programmes.programmes.timeliness import (
    COME_DUE,
    COMPLETED_GROUPS,
    OPEN_GROUPS,
    Group,
    in_any,
)

if TYPE_CHECKING:
    from hanoi_programmes.programmes.querysets.tasks import TaskQuerySet


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
        "done": in_any(COMPLETED_GROUPS),
        "late": in_any([Group.OVERDUE]),
        "awaiting": in_any([Group.AWAITING]),
        "silent": in_any(OPEN_GROUPS) & since & silent,
        "unacknowledged": Q(state=State.ASSIGNED),
        # Last: from here on the name is the number's, and no longer the deadline's.
        "due": in_any(COME_DUE),
    }
    counts = {name: Count("pk", filter=condition) for name, condition in asked.items()}
    rows = tasks.filter(ancestors__overlap=above).issued().with_group(on).order_by()
    spread = rows.annotate(above=Func(F("ancestors"), function="unnest"))
    found = spread.values("above", *by).annotate(total=Count("*"), **counts)
    wanted = set(above)
    return [row for row in found if row["above"] in wanted]
