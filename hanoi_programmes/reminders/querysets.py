"""Questions about the ledger, mails and notices, as adjectives that compose."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now

from hanoi_programmes.people.roles import Role
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.reminders.states import MailState

if TYPE_CHECKING:
    from hanoi_programmes.people.models import User
    from hanoi_programmes.reminders.models import (  # noqa: F401 - in strings
        AnswerLink,
        Ladder,
        Mail,
        Notice,
        Reminder,
        Urging,
    )


class ReminderQuerySet(QuerySet["Reminder"]):
    """Rows of the ledger."""

    def told(self) -> ReminderQuerySet:
        """Not struck off on the way."""
        return self.filter(left_out="")

    def without_mail(self) -> ReminderQuerySet:
        """To be told, the reader has an address, and no mail carries it yet."""
        return self.told().filter(mail__isnull=True).exclude(recipient__email="")


class MailQuerySet(QuerySet["Mail"]):
    """Outgoing digests. Leases and waits are measured by the database's clock alone."""

    def due(self) -> MailQuerySet:
        """Waiting, and its time has come."""
        now = Q(next_try_at__isnull=True) | Q(next_try_at__lte=Now())
        return self.filter(now, state=MailState.QUEUED)

    def expired(self) -> MailQuerySet:
        """Claimed by somebody who never came back."""
        return self.filter(state=MailState.CLAIMED, lease_until__lt=Now())

    def doubtful(self) -> MailQuerySet:
        """Perhaps sent, and the first server has had its time to write down whether it was."""
        settled = Q(next_try_at__isnull=True) | Q(next_try_at__lte=Now())
        return self.filter(settled, state=MailState.DOUBTFUL)

    def failing_for(self, time: timedelta) -> MailQuerySet:
        """The server has been away, or saying "not now", for longer than this."""
        return self.filter(failing_since__lt=Now() - time)

    def visible_to(self, user: User) -> MailQuerySet:
        """The administrator looks after all that leaves the house; nobody else reads others'."""
        return self if user.role == Role.ADMINISTRATOR else self.none()

    def troubled(self) -> MailQuerySet:
        """Refused, given up or in doubt: a person must look."""
        return self.filter(state__in=[MailState.FAILED, MailState.DOUBTFUL])


class NoticeQuerySet(QuerySet["Notice"]):
    """Notices in the app."""

    def visible_to(self, user: User) -> NoticeQuerySet:
        """One's own, as long as one may see the task they are about."""
        known = Q(task__isnull=True) | Q(task__in=Task.objects.visible_to(user).values("pk"))
        return self.filter(known, recipient=user)

    def unread(self) -> NoticeQuerySet:
        """Not opened and not marked as read."""
        return self.filter(read_at__isnull=True)

    def tally(self) -> dict[str, tuple[int, int]]:
        """Of each kind how many there are, and how many are unread; one query."""
        unread = Count("pk", filter=Q(read_at__isnull=True))
        rows = self.order_by().values_list("kind").annotate(rows=Count("pk"), unread=unread)
        return {kind: (number, waiting) for kind, number, waiting in rows}


class LadderQuerySet(QuerySet["Ladder"]):
    """Editions of the ladder."""

    def visible_to(self, user: User) -> LadderQuerySet:
        """Who edits rungs, and who follows what is done."""
        return self if user.sees_all else self.none()


class UrgingQuerySet(QuerySet["Urging"]):
    """Urgings by hand."""

    def visible_to(self, user: User) -> UrgingQuerySet:
        """Those about a task that one may see."""
        if user.sees_all:
            return self
        return self.filter(tasks__in=Task.objects.visible_to(user).values("pk")).distinct()


class AnswerLinkQuerySet(QuerySet["AnswerLink"]):
    """Links of mails."""

    def usable(self) -> AnswerLinkQuerySet:
        """Neither used nor past its time, by the database's clock."""
        return self.filter(used_at__isnull=True, expires_at__gt=Now())
