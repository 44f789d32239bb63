"""The log of what inspectors read."""

from datetime import datetime

from hanoi_programmes.people.models import Reading, User


def note_reading(*, user: User, at: datetime, path: str, kind: str, **answer: str | int) -> Reading:
    """Write down one opened page: `answer` holds method, thing, status and address."""
    return Reading.objects.create(user=user, at=at, path=path[:500], kind=kind[:60], **answer)
