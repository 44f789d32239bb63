"""Who headed a unit in some days, and which units a person headed."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from hanoi_programmes.people.models import Holding, Unit, User
from hanoi_programmes.people.querysets import UnitQuerySet


@dataclass(frozen=True, slots=True)
class Tenure:
    """One holder of a head post: since when and until when, within the days asked about; None where
    the holding reaches beyond them. `holder` names the post, and the person where that is another
    name."""

    user: int
    holder: str
    unit: Unit
    post: int
    since: date | None
    until: date | None


def tenures(unit: Unit, start: date, end: date) -> list[Tenure]:
    """Who headed the unit in these days, the latest first; vacant days are missing."""
    return _tenures(Holding.objects.filter(post__unit=unit), start, end)


def headed(user: User, units: UnitQuerySet, start: date, end: date) -> list[Tenure]:
    """Which of the units the person headed in these days, the latest first."""
    return _tenures(Holding.objects.filter(user=user, post__unit__in=units), start, end)


def _tenures(holdings: QuerySet[Holding], start: date, end: date) -> list[Tenure]:
    running = Q(ends_on__isnull=True) | Q(ends_on__gte=start)
    rows = holdings.filter(running, post__is_head=True, starts_on__lte=end)
    return [
        Tenure(
            user=row.user_id,
            holder=_holder(row),
            unit=row.post.unit,
            post=row.post_id,
            since=row.starts_on if row.starts_on > start else None,
            until=row.ends_on if row.ends_on and row.ends_on < end else None,
        )
        for row in rows.select_related("post__unit", "user").order_by("-starts_on", "-pk")
    ]


def _holder(row: Holding) -> str:
    """Illustrative accounts bear the name of their post."""
    name, title = row.user.display_name, row.post.title
    return name if name.startswith(title) else f"{title} {name}"
