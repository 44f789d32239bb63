"""Answers from a mail: the links that a mail carries, and what becomes of one that is used.

A link holds the key of its row, signed; what it may do stands in the row and is asked again each
time it is opened or used.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse

from hanoi_programmes.people.models import User
from hanoi_programmes.people.services.history import Act
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.services import progress
from hanoi_programmes.programmes.services.history import locked, was_done
from hanoi_programmes.programmes.services.progress import Update
from hanoi_programmes.programmes.states import State
from hanoi_programmes.reminders import policy
from hanoi_programmes.reminders.models import AnswerLink, Mail, Reminder
from hanoi_programmes.reminders.services.roster import facts_by_id, people_on
from hanoi_programmes.reminders.states import BY_REPORT, LinkEnd, Reply

# PRODUCT §7.
LIFE = timedelta(hours=72)
WAY = "trả lời từ thư"
# In an address a point needs no escape, and no mail program ends a link at it.
_SIGNER = Signer(salt="reminders.answers", sep=".")


class Ended(Exception):
    """The link answers no more: nothing was written."""

    def __init__(self, end: LinkEnd) -> None:
        super().__init__(end)
        self.end = end


def links_for(
    mail: Mail, reminders: Sequence[Reminder], *, at: datetime, on: date
) -> dict[int, str]:
    """The addresses for the mail's lines, by task, where its reader may report.

    Each line has one for ever: a mail that is composed again carries the same, which lives no
    longer for it.
    """
    tasks = {line.task_id: line.task for line in reminders if _waits_for_report(line)}
    theirs = [pk for pk, task in tasks.items() if rules.may_report(mail.recipient, task, on=on)]
    AnswerLink.objects.bulk_create(
        (
            AnswerLink(
                mail=mail, recipient=mail.recipient, task_id=pk, made_at=at, expires_at=at + LIFE
            )
            for pk in theirs
        ),
        ignore_conflicts=True,
    )
    links = AnswerLink.objects.filter(
        mail=mail, task__in=theirs, used_at__isnull=True, expires_at__gt=at
    )
    return {link.task_id: address_of(link) for link in links}


def _waits_for_report(line: Reminder) -> bool:
    return policy.subject_of(line.rung) in BY_REPORT


def address_of(link: AnswerLink) -> str:
    """Where the link leads: the installation's own address, never one from a request."""
    return settings.SITE_URL + reverse("reminders:answer", args=[_SIGNER.sign(str(link.pk))])


def find(key: str) -> AnswerLink | None:
    """The link behind an address, whether it still answers or not; None when we signed none."""
    try:
        pk = int(_SIGNER.unsign(key))
    except (BadSignature, ValueError):
        return None
    rows = AnswerLink.objects.select_related("recipient__unit", "task__lead_unit", "task__parent")
    return rows.filter(pk=pk).first()


def end_of(link: AnswerLink, *, at: datetime, on: date) -> LinkEnd | None:
    """Why the link answers no more; None while it does.

    Whose the task is comes before how it stands: who has no more to do with it learns nothing.
    """
    if link.used_at:
        return LinkEnd.USED
    if link.expires_at <= at:
        return LinkEnd.EXPIRED
    if not _is_theirs(link.recipient, link.task, on):
        return LinkEnd.MOVED
    return None if link.task.state == State.IN_PROGRESS else LinkEnd.CLOSED


def _is_theirs(reader: User, task: Task, on: date) -> bool:
    """Whether the reader would be reminded of the task today: its officer, or its unit's head."""
    facts = facts_by_id({task.pk}).get(task.pk)
    if facts is None:
        return False
    people = people_on(on, among={reader.pk} | ({facts.officer_id} if facts.officer_id else set()))
    return reader.pk in policy.recipients(facts, policy.TEAM, people)


@transaction.atomic
def answer(link: AnswerLink, reply: Reply, update: Update, *, act: Act) -> None:
    """Report what the mail's reader says, once.

    Raises `Ended` when the link answers no more, and `Denied` when the report lacks something: both
    write nothing. The same form sent twice writes once.
    """
    rows = AnswerLink.objects.select_for_update(of=("self",), no_key=True)
    link = rows.select_related("recipient__unit").get(pk=link.pk)
    link.task = locked(link.task)
    if link.used_at and was_done(act):
        return
    if end := end_of(link, at=act.at, on=act.on):
        raise Ended(end)
    progress.report(link.task, update, act=act)
    link.used_at, link.reply = act.at, reply
    link.save(update_fields=["used_at", "reply"])
