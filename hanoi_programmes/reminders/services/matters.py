"""Directions, obstacles and requests for time that wait, as the policy looks at them."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import DateField, F, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from hanoi_programmes.programmes.models import Direction, Extension, Obstacle
from hanoi_programmes.reminders.policy import DECISION_TIME, Matter
from hanoi_programmes.reminders.states import Subject


def waiting(subject: Subject, among: Iterable[int] | None = None) -> Iterator[Matter]:
    """All of a subject that still wait, in the order of their tasks; `among` only those keys."""
    rows = _ROWS[subject]()
    if among is not None:
        rows = rows.filter(pk__in=list(among))
    for row in rows.order_by("task", "pk"):
        yield Matter(subject=subject, **row)


# Rows of plain values, named as the fields of `Matter`; their exact type says no more.
_Rows = QuerySet[Any, Any]


def _directions() -> _Rows:
    """To be answered by the unit that was asked."""
    rows = Direction.objects.open().filter(answered_on__isnull=True)
    return rows.values(
        "pk",
        "task_id",
        "unit_id",
        since=F("on"),
        counted_from=F("answer_by"),
        unit_path=F("unit__path"),
        superior_id=F("unit__parent"),
        giver_id=F("by"),
    )


def _obstacles() -> _Rows:
    """To be decided by the level that was named; a week is given where no day is wanted."""
    # A date and an interval make a timestamp in PostgreSQL.
    a_week_later = Cast(F("raised_on") + DECISION_TIME, DateField())
    return Obstacle.objects.waiting().values(
        "pk",
        "task_id",
        since=F("raised_on"),
        counted_from=Coalesce("wanted_by", a_week_later),
        unit_id=F("decider"),
        unit_path=Coalesce("decider__path", Value("")),
    )


def _extensions() -> _Rows:
    """To be decided by who gave the task."""
    rows = Extension.objects.waiting()
    return rows.values("pk", "task_id", since=F("asked_on"), counted_from=F("asked_on"))


_ROWS = {
    Subject.DIRECTION: _directions,
    Subject.OBSTACLE: _obstacles,
    Subject.EXTENSION: _extensions,
}
