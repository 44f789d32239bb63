"""Puts what was told into mails: as each reader wants them, and never on a reader's quiet day.

A statutory escalation knows no quiet days. What waits over them stands in the next mail.
"""

from collections.abc import Sequence
from datetime import date
from email.utils import parseaddr
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.db.models import Q

from hanoi_programmes.reminders import policy
from hanoi_programmes.reminders.models import Mail, Preference, Reminder
from hanoi_programmes.reminders.policy import Rung
from hanoi_programmes.reminders.querysets import ReminderQuerySet
from hanoi_programmes.reminders.states import Delivery, MailKind, MailState


def fill_mails(on: date, rungs: Sequence[Rung]) -> int:
    """How many mails were written. One digest a person and day: what came after that day's digest
    left waits for the next day's."""
    waiting = _sendable(on, rungs)
    singly = Preference.objects.filter(delivery=Delivery.SINGLE).values("user")
    return _singles(waiting.filter(recipient__in=singly), on) + _digests(
        waiting.exclude(recipient__in=singly), on
    )


def _sendable(on: date, rungs: Sequence[Rung]) -> ReminderQuerySet:
    """Without a mail yet, and not held back by a quiet day of their reader."""
    recent = Reminder.objects.without_mail().filter(planned_on__gt=on - policy.LONGEST_CATCH_UP)
    quiet = [p.user_id for p in Preference.objects.all() if policy.is_quiet(p, on)]
    if not quiet:
        return recent
    names = recent.filter(recipient__in=quiet).order_by().values_list("rung", flat=True).distinct()
    statutory = [
        name for name in names if (rung := policy.rung_named(name, rungs)) and rung.is_statutory
    ]
    return recent.filter(~Q(recipient__in=quiet) | Q(rung__in=statutory))


def _digests(waiting: ReminderQuerySet, on: date) -> int:
    readers = set(waiting.order_by().values_list("recipient_id", flat=True).distinct())
    _merge_older(on, readers)
    has_one = Mail.objects.filter(on=on, kind=MailKind.DIGEST, recipient__in=readers)
    without = readers - set(has_one.values_list("recipient_id", flat=True))
    mails = [
        Mail(recipient_id=reader, on=on, dedup_key=f"digest:{reader}:{on}", message_id=message_id())
        for reader in sorted(without)
    ]
    Mail.objects.bulk_create(mails, ignore_conflicts=True)
    _link(waiting, on, readers)
    return len(mails)


def _merge_older(on: date, readers: set[int]) -> None:
    """Who gets a mail today gets one: yesterday's that never left is taken into it.

    One that was handed over already may have gone: it is left to be asked about.
    """
    older = Mail.objects.filter(
        state=MailState.QUEUED,
        kind=MailKind.DIGEST,
        handed_at__isnull=True,
        on__lt=on,
        recipient__in=readers,
    )
    ids = list(older.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    if ids:
        # Lines too old for today's mail stay with the one that never left.
        recent = on - policy.LONGEST_CATCH_UP
        Reminder.objects.filter(mail__in=ids, planned_on__gt=recent).update(mail=None)
        reason = f"Gộp vào thư ngày {on:%d/%m/%Y}"
        Mail.objects.filter(pk__in=ids).update(state=MailState.CANCELLED, reason=reason)


def _link(waiting: ReminderQuerySet, on: date, readers: set[int]) -> None:
    """Put the waiting lines into today's mails that nobody has claimed; locked, so nobody can."""
    todays = Mail.objects.filter(
        on=on, kind=MailKind.DIGEST, state=MailState.QUEUED, recipient__in=readers
    )
    mails = todays.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True)
    lines, values = waiting.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        # The ORM would look each line's mail up by itself; joined, 100,000 lines take seconds.
        cursor.execute(
            f"""
            UPDATE reminders_reminder AS line SET mail_id = mail.id FROM reminders_mail AS mail
            WHERE mail.id = ANY(%s) AND mail.recipient_id = line.recipient_id
              AND line.id IN ({lines})
            """,  # noqa: S608 - the ORM's own words
            [list(mails), *values],
        )


def _singles(waiting: ReminderQuerySet, on: date) -> int:
    """A mail a line, for who wants them so; the line's key keeps it from having two."""
    lines = dict(waiting.order_by().values_list("pk", "recipient_id"))
    Mail.objects.bulk_create(
        (
            Mail(
                recipient_id=reader,
                on=on,
                kind=MailKind.SINGLE,
                dedup_key=_single(pk),
                message_id=message_id(),
            )
            for pk, reader in sorted(lines.items())
        ),
        ignore_conflicts=True,
    )
    mails = Mail.objects.filter(dedup_key__in=map(_single, lines)).values_list("dedup_key", "pk")
    by_key = dict(mails)
    rows = [Reminder(pk=pk, mail_id=by_key[_single(pk)]) for pk in sorted(lines)]
    Reminder.objects.bulk_update(rows, ["mail"], batch_size=1000)
    return len(rows)


def _single(reminder: int) -> str:
    return f"single:{reminder}"


def message_id() -> str:
    """A Message-ID: unguessable, and fixed before the first attempt, so that the relay can be
    asked for it."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{uuid4().hex}@{domain}>"
