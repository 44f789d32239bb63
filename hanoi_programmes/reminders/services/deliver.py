"""Delivery of one mail: claim, ask again whether it still holds, hand over, write down the outcome.

Every step is its own short transaction, so that a crash leaves a row that says how far it came.
A crash before `handed_at` is repeated; one after it leaves the outcome unknown, and the mail is
parked as doubtful instead of being sent a second time (RELIABILITY §2, S05).
"""

import logging
from datetime import date, datetime, timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from hanoi_programmes.reminders.mail import Contents, compose
from hanoi_programmes.reminders.models import Mail
from hanoi_programmes.reminders.relay import (
    Answer,
    Outcome,
    UnreachableError,
    hand_over,
    mail_server,
)
from hanoi_programmes.reminders.services.standing import still_standing
from hanoi_programmes.reminders.states import MailState

log = logging.getLogger(__name__)

# Longer than a job may run, shorter than the broker's redelivery (RELIABILITY §2).
LEASE = timedelta(minutes=5)
# One to sixty minutes apart: about a day of trying.
MAX_ATTEMPTS = 30
_LONGEST_WAIT_MINUTES = 60

GAVE_UP = "Máy chủ thư không nhận sau nhiều lần gửi"
REFUSED = "Máy chủ thư từ chối địa chỉ hoặc nội dung"
UNKNOWN = "Mất liên lạc khi đang gửi: chưa rõ máy chủ thư đã nhận hay chưa"
NOTHING_LEFT = "Không còn việc cần nhắc khi gửi"
NO_LONGER_ACTIVE = "Tài khoản người nhận không còn hoạt động hoặc không có địa chỉ thư"


def waiting(limit: int) -> list[int]:
    """The mails whose time has come, oldest first."""
    return list(Mail.objects.due().order_by("on", "pk").values_list("pk", flat=True)[:limit])


def park_expired() -> int:
    """Mails whose carrier died: back into the queue if not handed over, else doubtful."""
    expired = Mail.objects.expired()
    unsure = expired.filter(handed_at__isnull=False).update(
        state=MailState.DOUBTFUL, lease_until=None, reason=UNKNOWN
    )
    # A mail that kills its worker each time must not be carried for ever.
    poison = expired.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=MailState.FAILED, lease_until=None, reason=GAVE_UP
    )
    again = expired.update(state=MailState.QUEUED, lease_until=None)
    if unsure or poison:
        log.warning("Mails parked: %s doubtful, %s given up", unsure, poison)
    return unsure + poison + again


def deliver_one(mail_id: int, *, on: date, at: datetime) -> MailState | None:
    """Send one mail if it is waiting and nobody else has it; the state it ended in, else None."""
    mail = _claim(mail_id)
    if mail is None:
        return None
    if not (mail.recipient.is_active and mail.recipient.email):
        return _settle(mail, MailState.CANCELLED, reason=NO_LONGER_ACTIVE)
    reminders = still_standing(mail, on)
    if not reminders:
        return _settle(mail, MailState.CANCELLED, reason=NOTHING_LEFT)
    try:
        with mail_server() as server:
            message = compose(Contents(mail, reminders, on), server=server)
            return _send(mail, message, at) if _take_off(mail, message) else None
    except UnreachableError as error:
        return _put_back(mail, str(error))


def _claim(mail_id: int) -> Mail | None:
    """Take the mail for a while; a row that another one holds is passed over, not waited for."""
    with transaction.atomic(durable=True):
        free = Mail.objects.due().filter(pk=mail_id)
        locked = free.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)
        taken = Mail.objects.filter(pk__in=list(locked)).update(
            state=MailState.CLAIMED,
            lease_until=Now() + LEASE,
            attempts=F("attempts") + 1,
            handed_at=None,
            next_try_at=None,
        )
        if not taken:
            return None
        return Mail.objects.select_related("recipient__unit").get(pk=mail_id)


def _take_off(mail: Mail, message: EmailMultiAlternatives) -> bool:
    """Write down that the server gets it now; not when the lease is over and others may act."""
    mine = Mail.objects.filter(
        pk=mail.pk, state=MailState.CLAIMED, attempts=mail.attempts, lease_until__gt=Now()
    )
    return bool(mine.update(handed_at=Now(), subject=message.subject[:200], address=message.to[0]))


def _send(mail: Mail, message: EmailMultiAlternatives, at: datetime) -> MailState:
    answer = hand_over(message)
    match answer.outcome:
        case Outcome.TAKEN:
            return _settle(mail, MailState.SENT, sent_at=at, error="")
        case Outcome.TRY_LATER:
            return _put_back(mail, answer.words)
        case Outcome.REFUSED:
            return _park(mail, MailState.FAILED, REFUSED, answer)
        case Outcome.UNKNOWN:
            return _park(mail, MailState.DOUBTFUL, UNKNOWN, answer)


def _park(mail: Mail, state: MailState, reason: str, answer: Answer) -> MailState:
    log.warning("Mail %s is %s: %s", mail.pk, state, answer.words)
    return _settle(mail, state, reason=reason, error=answer.words)


def _put_back(mail: Mail, error: str) -> MailState:
    """Wait longer after each failure; after the last one a person must look."""
    log.warning("Mail %s not taken, attempt %s: %s", mail.pk, mail.attempts, error)
    if mail.attempts >= MAX_ATTEMPTS:
        return _settle(mail, MailState.FAILED, reason=GAVE_UP, error=error)
    minutes = min(2 ** (mail.attempts - 1), _LONGEST_WAIT_MINUTES)
    later = Now() + timedelta(minutes=minutes)
    return _settle(mail, MailState.QUEUED, next_try_at=later, error=error)


def _settle(mail: Mail, state: MailState, **fields: Any) -> MailState:
    """Write the outcome of this attempt, and only of this one: a later claim counts one more."""
    Mail.objects.filter(
        pk=mail.pk, attempts=mail.attempts, state__in=[MailState.CLAIMED, MailState.DOUBTFUL]
    ).update(state=state, lease_until=None, **fields)
    return state
