"""The door to saved views: one's own, and those that the office shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from hanoi_programmes.people.roles import Role

if TYPE_CHECKING:
    from hanoi_programmes.people.models import User
    from hanoi_programmes.programmes.models import SavedView  # noqa: F401 - named as text


class SavedViewQuerySet(QuerySet["SavedView"]):
    """Named filters."""

    def visible_to(self, user: User) -> SavedViewQuerySet:
        """One's own, and what the office shares: no longer when its owner has left the office."""
        shared = Q(is_shared=True, owner__is_active=True, owner__role=Role.OFFICE)
        return self.filter(Q(owner=user) | shared)

    def own_first(self, user: User) -> SavedViewQuerySet:
        """One's own before those of others, each by name; `is_own` says which it is."""
        own = ExpressionWrapper(Q(owner=user), output_field=BooleanField())
        return self.annotate(is_own=own).order_by("-is_own", "name", "pk")
