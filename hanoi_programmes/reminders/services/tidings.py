"""Tells what other apps want told: a notice for each tiding, and a mail where one is wished.

All of a tiding is one transaction, and its row is locked meanwhile: killed, it is taken up again;
two that run at once share the rows out. A mail about a tiding stands for itself, whether its reader
wants digests or not; on a quiet day of theirs there is the notice and no mail.
"""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from hanoi_programmes.people.models import Tiding
from hanoi_programmes.reminders import policy
from hanoi_programmes.reminders.models import Mail, Notice, Preference
from hanoi_programmes.reminders.services.mailing import message_id
from hanoi_programmes.reminders.states import MailKind, Urgency

_KINDS = {Tiding.Tone.GOOD: Urgency.READY, Tiding.Tone.BAD: Urgency.TROUBLE}
AT_ONCE = 500


@transaction.atomic
def take_tidings(*, on: date, at: datetime, most: int = AT_ONCE) -> tuple[int, int]:
    """Turn what waits into notices and mails; how many of each. Who left hears nothing."""
    free = Tiding.objects.filter(taken_at__isnull=True).select_related("recipient")
    locked = free.select_for_update(of=("self",), skip_locked=True, no_key=True)
    rows = list(locked.order_by("pk")[:most])
    Tiding.objects.filter(pk__in=[row.pk for row in rows]).update(taken_at=at)
    told = [row for row in rows if row.recipient.is_active]
    Notice.objects.bulk_create(_notice(row, on, at) for row in told)
    wished = [row for row in told if row.by_mail and row.recipient.email]
    quiet = _quiet({row.recipient_id for row in wished}, on)
    mails = [_mail(row, on) for row in wished if row.recipient_id not in quiet]
    Mail.objects.bulk_create(mails)
    return len(told), len(mails)


def _notice(row: Tiding, on: date, at: datetime) -> Notice:
    kind = _KINDS[Tiding.Tone(row.tone)]
    words = {"headline": row.headline, "text": row.text}
    return Notice(recipient=row.recipient, at=at, on=on, kind=kind, tiding=row, **words)


def _mail(row: Tiding, on: date) -> Mail:
    return Mail(
        recipient=row.recipient,
        kind=MailKind.TIDING,
        on=on,
        dedup_key=f"tiding:{row.pk}",
        message_id=message_id(),
        subject=f"{row.headline}: {row.text}"[:200],
        text=_text(row),
    )


def _text(row: Tiding) -> str:
    words = f"{row.headline}: {row.text}"
    return f"{words}\n\nMở: {settings.SITE_URL}{row.path}" if row.path else words


def _quiet(readers: set[int], on: date) -> set[int]:
    rows = Preference.objects.filter(user__in=readers)
    return {row.user_id for row in rows if policy.is_quiet(row, on)}
