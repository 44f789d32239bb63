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
from hanoi_programmes.reminders.services.ledger import Readers, staged_rungs
from hanoi_programmes.reminders.states import Delivery, MailKind, MailState


def readers_on(on: date, rungs: Sequence[Rung]) -> Readers:
    """Who is treated apart on the day, for what is staged and for what still has no mail."""
    preferences = list(Preference.objects.all())
    apart = [p.user_id for p in preferences if p.delivery == Delivery.SINGLE]
    quiet = [p.user_id for p in preferences if policy.is_quiet(p, on)]
    return Readers(apart, quiet, _statutory(on, rungs) if quiet else [])


def _statutory(on: date, rungs: Sequence[Rung]) -> list[str]:
    """Those of the day's rungs that a quiet day does not hold back, by their names."""
    names = {*staged_rungs(), *_waiting(on).order_by().values_list("rung", flat=True).distinct()}
    found = ((name, policy.rung_named(name, rungs)) for name in names)
    return [name for name, rung in found if rung and rung.is_statutory]


def fill_mails(on: date, readers: Readers) -> int:
    """How many mails were written for what still has none: mails a task, and digests of who was
    told something on an earlier day.

    One digest a person and day: what came after that day's digest left waits for the next day's.
    """
    held_back = Q(recipient__in=readers.quiet) & ~Q(rung__in=readers.statutory)
    sendable = _waiting(on).exclude(held_back)
    digests = _digests(sendable.exclude(recipient__in=readers.apart), on)
    return digests + _singles(sendable.filter(recipient__in=readers.apart), on)


def _waiting(on: date) -> ReminderQuerySet:
    """Without a mail yet, and not so old that it is told another way by now."""
    return Reminder.objects.without_mail().filter(planned_on__gt=on - policy.LONGEST_CATCH_UP)


def _digests(waiting: ReminderQuerySet, on: date) -> int:
    todays = Mail.objects.filter(on=on, kind=MailKind.DIGEST)
    has_one = set(todays.values_list("recipient_id", flat=True))
    told_before = set(waiting.order_by().values_list("recipient_id", flat=True).distinct())
    without, readers = told_before - has_one, told_before | has_one
    if not (_merge_older(on, readers) or told_before):
        return 0
    mails = [
        Mail(recipient_id=reader, on=on, dedup_key=f"digest:{reader}:{on}", message_id=message_id())
        for reader in sorted(without)
    ]
    Mail.objects.bulk_create(mails, ignore_conflicts=True)
    _link(waiting, on, readers)
    return len(mails)


def _merge_older(on: date, readers: set[int]) -> int:
    """Who gets a mail today gets one: yesterday's that never left is taken into it. How many were.

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
    return len(ids)


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
    return f"<{uuid4().hex}@{mail_domain()}>"


def mail_domain() -> str:
    """Whose mails they are: the right-hand side of every Message-ID."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
