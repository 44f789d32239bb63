"""Reading notices: marks them as read."""

from datetime import datetime

from hanoi_programmes.people.models import User
from hanoi_programmes.reminders.models import Notice


def mark_read(user: User, *, at: datetime, pk: int | None = None) -> int:
    """Mark one's own notice, or all of them, as read; the first reading's time stays."""
    unread = Notice.objects.filter(recipient=user).unread()
    if pk is not None:
        unread = unread.filter(pk=pk)
    return unread.update(read_at=at)
