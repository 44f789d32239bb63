"""Obstacles, extensions and directions: who has to decide, answer or close them, as adjectives.

They say whose turn it is; whether the task may be seen is the task's own door.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Q, QuerySet

from hanoi_programmes.people.roles import Level, Role
from hanoi_programmes.programmes.states import CLOSED

if TYPE_CHECKING:
    from datetime import date

    from hanoi_programmes.people.models import User
    from hanoi_programmes.programmes.models import Direction, Extension, Obstacle  # noqa: F401 - named as text

# Whoever set the task has no unit of its own above it: the office decides.
_BY_OFFICE = Q(task__parent__isnull=True) | Q(task__parent__lead_unit=F("task__lead_unit"))
_ON_LIVE_TASKS = ~Q(task__state__in=CLOSED)


class ObstacleQuerySet(QuerySet["Obstacle"]):
    """What stops the work."""

    def waiting(self) -> ObstacleQuerySet:
        """Undecided, on a task that is still to be done."""
        return self.filter(_ON_LIVE_TASKS, resolved_on__isnull=True)

    def undecided_on(self, on: date) -> ObstacleQuerySet:
        """Raised by the end of the day and not decided by then, on a task that is not closed."""
        later = Q(resolved_on__isnull=True) | Q(resolved_on__gt=on)
        return self.filter(_ON_LIVE_TASKS, later, raised_on__lte=on)

    def to_be_decided_by(self, user: User) -> ObstacleQuerySet:
        """Those of the user's side that still wait."""
        return self.waiting().addressed_to(user)

    def addressed_to(self, user: User) -> ObstacleQuerySet:
        """To the user's unit; a leader's are those of the city's bodies, the office's those of its
        own body and of bodies that have no account here."""
        if user.sees_by_unit:
            return self.filter(decider=user.unit)
        nobody = Q(decider__isnull=True)
        if user.role == Role.LEADER:
            return self.filter(nobody | Q(decider__level=Level.CITY))
        if user.role == Role.OFFICE:
            return self.filter(nobody | Q(decider=user.unit))
        return self.none()


class ExtensionQuerySet(QuerySet["Extension"]):
    """Requests for another deadline."""

    def waiting(self) -> ExtensionQuerySet:
        """Unanswered, on a task that is still to be done."""
        return self.filter(_ON_LIVE_TASKS, answer="waiting")

    def granted(self) -> ExtensionQuerySet:
        """Those that moved the deadline."""
        return self.filter(granted__isnull=False)

    def to_be_decided_by(self, user: User) -> ExtensionQuerySet:
        """The assigner's side is the user's: the office for the city's tasks, else the unit that
        leads the task above."""
        if user.role == Role.OFFICE:
            return self.waiting().filter(_BY_OFFICE)
        if not user.sees_by_unit:
            return self.none()
        above = self.waiting().filter(task__parent__lead_unit=user.unit)
        return above.exclude(task__lead_unit=user.unit)


class DirectionQuerySet(QuerySet["Direction"]):
    """Directions and explanation requests."""

    def open(self) -> DirectionQuerySet:
        """Not closed yet."""
        return self.filter(closed_on__isnull=True)

    def to_be_answered_by(self, user: User) -> DirectionQuerySet:
        """Addressed to the user's unit, and without an answer."""
        if not user.sees_by_unit:
            return self.none()
        return self.open().filter(unit=user.unit, answered_on__isnull=True)

    def to_be_closed_by(self, user: User) -> DirectionQuerySet:
        """Given by the user; the office follows all of them."""
        if user.role == Role.OFFICE:
            return self.open()
        return self.open().filter(by=user)
