"""The log of what inspectors read."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from hanoi_programmes.people.models import Reading, User


def note_reading(*, user: User, at: datetime, path: str, kind: str, **answer: str | int) -> Reading:
    """Write down one opened page: `answer` holds method, thing, status and address."""
    return Reading.objects.create(user=user, at=at, path=path[:500], kind=kind[:60], **answer)


def readings_of(user: User) -> QuerySet[Reading]:
    """What the user read, newest first."""
    return Reading.objects.filter(user=user)


def readings_by_day(*, on: date, days: int = 30) -> list[dict[str, Any]]:
    """How many pages each inspector opened on each of the last days; numbers only."""
    since = Reading.objects.filter(at__date__gt=on - timedelta(days))
    counted = since.values("user__display_name", day=TruncDate("at")).annotate(rows=Count("pk"))
    return [dict(line) for line in counted.order_by("-day", "user__display_name")]
