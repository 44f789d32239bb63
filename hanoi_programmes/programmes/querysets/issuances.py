"""The door to plans that units issued for a programme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

if TYPE_CHECKING:
    from hanoi_programmes.people.models import User
    from hanoi_programmes.programmes.models import PlanIssuance  # noqa: F401 - named as text


class PlanIssuanceQuerySet(QuerySet["PlanIssuance"]):
    """Plans of units."""

    def visible_to(self, user: User) -> PlanIssuanceQuerySet:
        """All for who sees all, else those of the reader's unit and of the units below it."""
        if user.sees_all:
            return self
        if not user.sees_by_unit or user.unit is None:
            return self.none()
        return self.filter(unit__path__startswith=user.unit.path)
