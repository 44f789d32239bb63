"""Mails of the ledger in any state, for tests that only look at them."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from django.db.models.functions import Now

from hanoi_programmes.people.models import User
from hanoi_programmes.reminders.models import Mail
from hanoi_programmes.reminders.states import MailState

_numbers = count(1)
# What the database wants to know of each state.
_FACTS: dict[MailState, dict[str, Any]] = {
    MailState.QUEUED: {},
    MailState.CLAIMED: {"lease_until": Now() + timedelta(minutes=5)},
    MailState.SENT: {"sent_at": Now()},
    MailState.CANCELLED: {"reason": "Không còn việc cần nhắc khi gửi"},
    MailState.FAILED: {"reason": "Máy chủ thư từ chối", "error": "550 no such user"},
    MailState.DOUBTFUL: {
        "reason": "Mất liên lạc khi đang gửi",
        "error": "timed out",
        "handed_at": Now(),
    },
}


def a_mail(to: User, on: date, state: MailState = MailState.QUEUED, **changes: Any) -> Mail:
    """Not stored yet."""
    number = next(_numbers)
    keys = {"dedup_key": f"test:{number}", "message_id": f"<{number}@thudo.example>"}
    return Mail(recipient=to, on=on, state=state, **(_FACTS[state] | keys | changes))


def make_mail(to: User, at: datetime, state: MailState = MailState.QUEUED, **changes: Any) -> Mail:
    """Stored, written at a moment of the test's own."""
    mail = a_mail(to, at.date(), state, **changes)
    mail.save()
    Mail.objects.filter(pk=mail.pk).update(queued_at=at)
    return mail


def make_troubled_mails(to: list[User], rows: range, on: date) -> None:
    """So many that a person must look at, and as many that wait."""
    states = (MailState.FAILED, MailState.DOUBTFUL, MailState.QUEUED)
    Mail.objects.bulk_create(a_mail(to[n % len(to)], on, state) for n in rows for state in states)
