"""Which calendar feeds are whose, and which still answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Q, QuerySet

from hanoi_programmes.people.roles import SEE_BY_UNIT, Role

if TYPE_CHECKING:
    from hanoi_programmes.api.models import Feed  # noqa: F401 - named as text
    from hanoi_programmes.people.models import User


class FeedQuerySet(QuerySet["Feed"]):
    """Calendar feeds."""

    def visible_to(self, user: User) -> FeedQuerySet:
        """One's own: whoever made a feed answers for who has its address."""
        return self.filter(owner=user)

    def live(self) -> FeedQuerySet:
        """Not revoked, and its owner still is who may have it: switched on, with a role that has a
        calendar, and for a unit's feed still of that unit (the office may have any unit's)."""
        own = Q(unit__isnull=True) | Q(unit=F("owner__unit"), owner__role__in=SEE_BY_UNIT)
        placed = own & Q(owner__role__in=[*SEE_BY_UNIT, Role.LEADER])
        office = Q(owner__role=Role.OFFICE)
        return self.filter(placed | office, revoked_at__isnull=True, owner__is_active=True)
