"""Hand-over sheets a reader may see, and holdings that still want one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from hanoi_programmes.people.models import Holding
from hanoi_programmes.people.roles import Role

if TYPE_CHECKING:
    from hanoi_programmes.people.models import User
    from hanoi_programmes.programmes.models import Handover  # noqa: F401 - named as text

# So long before a holding ends its sheet may be made.
AHEAD = timedelta(days=30)


def _of(user: User, prefix: str) -> Q:
    """Holdings that were the user's own, or are of the unit that the user now heads."""
    own = Q(**{f"{prefix}user": user})
    if user.role == Role.HEAD:
        own |= Q(**{f"{prefix}post__unit": user.unit})
    return own


class HandoverQuerySet(QuerySet["Handover"]):
    """Hand-over sheets."""

    def visible_to(self, user: User) -> HandoverQuerySet:
        """All for who sees all tasks; else the two heads' own, and the unit's for its head."""
        if user.sees_all:
            return self
        if not user.sees_by_unit:
            return self.none()
        return self.filter(_of(user, "outgoing__") | Q(incoming__user=user))

    def unconfirmed(self) -> HandoverQuerySet:
        """One of the two has not confirmed yet."""
        return self.filter(
            Q(outgoing_confirmed_at__isnull=True) | Q(incoming_confirmed_at__isnull=True)
        )


def ending_holdings(user: User, on: date) -> QuerySet[Holding]:
    """Head posts given up by the day, or within a month after it, that the user may know of."""
    rows = Holding.objects.of_heads().filter(ends_on__lte=on + AHEAD)
    if user.sees_all:
        return rows
    return rows.filter(_of(user, "")) if user.sees_by_unit else rows.none()


def has_unsettled(user: User, on: date) -> bool:
    """Whether a sheet is missing, or not confirmed by both, of which the user may know."""
    made = Q(handover_out__outgoing_confirmed_at__isnull=False)
    both = made & Q(handover_out__incoming_confirmed_at__isnull=False)
    return ending_holdings(user, on).exclude(both).exists()
