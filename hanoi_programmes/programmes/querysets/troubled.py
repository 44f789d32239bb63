"""What asks for attention in open work on a day, as conditions: to filter by, or to count.

After `with_group_on`. The list behind a figure filters by the very condition that it counts.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, TypeVar

from django.apps import apps
from django.db.models import DateField, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, LessThan

from hanoi_programmes.programmes.states import State
from hanoi_programmes.programmes.timeliness import OPEN_GROUPS, in_any

_Obstacle = TypeVar("_Obstacle", bound=Model)


def is_blocked(on: date) -> Q:
    """Open on the day with an obstacle undecided then."""
    waiting = undecided(_rows("Obstacle"), on).order_by()
    return in_any(OPEN_GROUPS) & Q(pk__in=waiting.values("task"))


def undecided(obstacles: QuerySet[_Obstacle], on: date) -> QuerySet[_Obstacle]:
    """Raised by the day and not resolved by then."""
    unresolved = Q(resolved_on__isnull=True) | Q(resolved_on__gt=on)
    return obstacles.filter(unresolved, raised_on__lte=on)


def is_silent(on: date, *, days: int) -> Q:
    """Open on the day, last heard of over `days` days before.

    A task keeps the day of its newest report, which answers for most tasks without a look at the
    reports.
    """
    since = on - timedelta(days=days)
    quiet = Q(last_report_on__isnull=True) | Q(last_report_on__lt=since)
    # Only who has reported since the day must be asked for the word before: each by its index.
    before = _rows("ProgressReport").filter(task=OuterRef("pk"), on__lte=on).order_by("-on")
    said = Coalesce(Subquery(before.values("on")[:1]), date.min, output_field=DateField())
    heard_later = Q(last_report_on__gt=on) & Q(LessThan(said, since))
    return in_any(OPEN_GROUPS) & Q(issued_on__lt=since) & (quiet | heard_later)


def is_returned(on: date, *, today: date) -> Q:
    """Sent back and not submitted again as of the day."""
    if on >= today:
        return Q(state=State.IN_PROGRESS, returned_on__isnull=False)
    moves = _rows("Event").filter(task=OuterRef("pk"), kind__in=("submit", "return"), on__lte=on)
    last = moves.order_by("-at", "-pk").values("kind")[:1]
    return in_any(OPEN_GROUPS) & Q(Exact(Subquery(last), "return"))


def _rows(model: str) -> QuerySet[Any]:
    """Of the model itself, which knows its task by an index: never a join of tasks."""
    rows: QuerySet[Any] = apps.get_model("programmes", model)._default_manager.all()
    return rows
