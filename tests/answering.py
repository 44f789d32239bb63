"""Mails with lines, and the links by which their readers answer."""

from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.utils.timezone import localdate, now

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.reminders.models import Mail, Reminder
from hanoi_programmes.reminders.services.answers import links_for


def mail_of(reader: User, *tasks: Task, rung: str = "after_7") -> Mail:
    """A mail with a line about each task; each call writes one of its own."""
    today = localdate()
    mail = Mail.objects.create(
        recipient=reader, on=today, dedup_key=str(uuid4()), message_id=f"<{uuid4()}@x.example>"
    )
    for task in tasks:
        Reminder.objects.create(
            task=task, recipient=reader, rung=rung, deadline=task.deadline or today, due_on=today,
            planned_on=today, mail=mail, matter=mail.pk,
        )  # fmt: skip
    return mail


def links(mail: Mail, at: datetime | None = None) -> dict[int, str]:
    """The addresses that the mail carries, by task, as paths."""
    rows = list(mail.reminders.select_related("task__lead_unit"))
    made = links_for(mail, rows, at=at or now(), on=localdate())
    return {pk: address.removeprefix(settings.SITE_URL) for pk, address in made.items()}


def key_of(path: str) -> str:
    """What the address names: the link's key with its seal."""
    return path.strip("/").rpartition("/")[2]
