"""Delivery of mails: claim, ask again whether it still holds, hand over, write down the outcome.

Every step is its own short transaction, so that a crash leaves a row that says how far it came. A
crash before `handed_at` is repeated. After it only the first mail server knows the outcome: such a
mail is never in the queue (the database refuses it) until the sweep has asked (RELIABILITY §2).
"""

import logging
from collections.abc import Generator
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models.functions import Coalesce, Now

from hanoi_programmes.reminders import relay
from hanoi_programmes.reminders.mail import Contents, compose
from hanoi_programmes.reminders.models import Mail
from hanoi_programmes.reminders.querysets import MailQuerySet
from hanoi_programmes.reminders.relay import Answer, Outcome, UnreachableError
from hanoi_programmes.reminders.services.answers import links_for
from hanoi_programmes.reminders.services.standing import still_standing
from hanoi_programmes.reminders.states import MailState

log = logging.getLogger(__name__)

# Longer than a job may run, shorter than the broker's redelivery (RELIABILITY §2).
LEASE = timedelta(seconds=settings.MAIL_LEASE_SECONDS)
# So long the server may be away or say "not now", since it first did.
PATIENCE = timedelta(hours=24)
_LONGEST_WAIT_MINUTES = 60

GAVE_UP = "Máy chủ thư không nhận trong 24 giờ"
REFUSED = "Máy chủ thư từ chối địa chỉ hoặc nội dung"
UNKNOWN = "Mất liên lạc khi đang gửi: chưa rõ máy chủ thư đã nhận hay chưa"
NOTHING_LEFT = "Không còn việc cần nhắc khi gửi"
NO_LONGER_ACTIVE = "Tài khoản người nhận không còn hoạt động hoặc không có địa chỉ thư"


def waiting(limit: int) -> list[int]:
    """The mails whose time has come, oldest first."""
    return list(Mail.objects.due().order_by("on", "pk").values_list("pk", flat=True)[:limit])


def deliveries(*, on: date, at: datetime) -> Generator[MailState | None, None, None]:
    """Send what waits, oldest first, over one connection, for as long as the caller goes on.

    Each mail is claimed by itself, just before it leaves: a crash leaves one in doubt, not many.
    """
    if not Mail.objects.due().exists():
        return
    try:
        with relay.mail_server() as server:
            while mail := _claim(Mail.objects.due()):
                yield _deliver(mail, server, on=on, at=at)
                if not relay.is_open(server):
                    return
    except UnreachableError as error:
        log.warning("No mail server: %s", error)


def deliver_one(mail_id: int, *, on: date, at: datetime) -> MailState | None:
    """Send this mail if it is waiting and nobody else has it; the state it ended in, else None."""
    try:
        with relay.mail_server() as server:
            mail = _claim(Mail.objects.due().filter(pk=mail_id))
            return _deliver(mail, server, on=on, at=at) if mail else None
    except UnreachableError as error:
        log.warning("No mail server: %s", error)
        return None


def _claim(free: MailQuerySet) -> Mail | None:
    """Take the oldest for a while; a row that another one holds is passed over, not waited for."""
    with transaction.atomic(durable=True):
        oldest = free.select_related("recipient__unit").order_by("on", "pk")
        mail = oldest.select_for_update(of=("self",), skip_locked=True, no_key=True).first()
        if mail is None:
            return None
        mail.attempts += 1
        Mail.objects.filter(pk=mail.pk).update(
            state=MailState.CLAIMED,
            lease_until=Now() + LEASE,
            attempts=mail.attempts,
            next_try_at=None,
        )
    return mail


def _deliver(mail: Mail, server: BaseEmailBackend, *, on: date, at: datetime) -> MailState | None:
    if not (mail.recipient.is_active and mail.recipient.email):
        return _settle(mail, MailState.CANCELLED, reason=NO_LONGER_ACTIVE)
    # A mail with a text of its own stands for itself.
    reminders = [] if mail.text else still_standing(mail, on)
    if not (reminders or mail.text):
        return _settle(mail, MailState.CANCELLED, reason=NOTHING_LEFT)
    answers = links_for(mail, reminders, at=at, on=on)
    message = compose(Contents(mail, reminders, on, answers), server=server)
    return _send(mail, message) if _take_off(mail, message) else None


def _take_off(mail: Mail, message: EmailMultiAlternatives) -> bool:
    """Write down that the server gets it now; not when the lease is over and others may act.

    The lease begins anew: when it ends, the server has had its time to settle the mail.
    """
    mine = Mail.objects.filter(
        pk=mail.pk, state=MailState.CLAIMED, attempts=mail.attempts, lease_until__gt=Now()
    )
    return bool(
        mine.update(
            handed_at=Now(),
            lease_until=Now() + LEASE,
            subject=message.subject[:200],
            address=message.to[0],
        )
    )


def _send(mail: Mail, message: EmailMultiAlternatives) -> MailState:
    answer = relay.hand_over(message)
    match answer.outcome:
        case Outcome.TAKEN:
            clean = {"error": "", "reason": "", "next_try_at": None}
            return _settle(mail, MailState.SENT, sent_at=Now(), **clean)
        case Outcome.TRY_LATER:
            return _put_back(mail, answer)
        case Outcome.REFUSED:
            return _park(mail, MailState.FAILED, REFUSED, answer, handed_at=None)
        case Outcome.UNKNOWN:
            later = Now() + relay.SETTLING
            return _park(mail, MailState.DOUBTFUL, UNKNOWN, answer, next_try_at=later)


def _park(mail: Mail, state: MailState, reason: str, answer: Answer, **fields: Any) -> MailState:
    log.warning("Mail %s is %s: %s", mail.pk, state, answer.words)
    return _settle(mail, state, reason=reason, error=answer.words, **fields)


def _put_back(mail: Mail, answer: Answer) -> MailState:
    """Wait longer after each refusal; after a day of them a person must look."""
    tried = _mine(mail)
    tried.update(failing_since=Coalesce("failing_since", Now()))
    if tried.failing_for(PATIENCE).exists():
        return _park(mail, MailState.FAILED, GAVE_UP, answer, handed_at=None)
    log.warning("Mail %s not taken, attempt %s: %s", mail.pk, mail.attempts, answer.words)
    minutes = min(2 ** (mail.attempts - 1), _LONGEST_WAIT_MINUTES)
    later = Now() + timedelta(minutes=minutes)
    return _settle(mail, MailState.QUEUED, next_try_at=later, error=answer.words, handed_at=None)


def _settle(mail: Mail, state: MailState, **fields: Any) -> MailState:
    """Write the outcome of this attempt, and only of this one: a later claim counts one more."""
    _mine(mail).update(state=state, lease_until=None, **fields)
    return state


def _mine(mail: Mail) -> MailQuerySet:
    """The row unless it was claimed since; when in doubt or put back, our word still counts."""
    theirs = [MailState.CLAIMED, MailState.DOUBTFUL, MailState.QUEUED]
    return Mail.objects.filter(pk=mail.pk, attempts=mail.attempts, state__in=theirs)
