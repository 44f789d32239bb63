"""The digest as a mail: its words, and what the first mail server says to it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.reminders import policy
from hanoi_programmes.reminders.models import Mail, Reminder
from hanoi_programmes.reminders.states import Urgency

# A digest is read on a phone: longer groups end with a count and the link to the whole list.
LINES_A_GROUP = 20
_PERMANENT = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One task in a digest: what it is, how late, which product is missing, where to answer."""

    task: Task
    words: str
    url: str


@dataclass(slots=True)
class Section:
    """One group of a digest; `more` counts the lines that are not printed."""

    urgency: Urgency
    lines: list[Line] = field(default_factory=list)
    more: int = 0


@dataclass(frozen=True, slots=True)
class Digest:
    """All that the templates say."""

    recipient: User
    on: date
    sections: Sequence[Section]
    late_since: date | None
    site_url: str
    is_illustrative: bool

    @property
    def summary(self) -> str:
        """The numbers that matter, the worst first: "2 nhiệm vụ quá hạn, 1 sắp đến hạn"."""
        counts = [(len(section.lines) + section.more, section.urgency) for section in self.sections]
        parts = [f"{count} {urgency.label.lower()}" for count, urgency in counts]
        return ", ".join(parts).replace(" ", " nhiệm vụ ", 1)


def digest(mail: Mail, reminders: Iterable[Reminder], *, on: date) -> Digest:
    """The content of a mail on the day it leaves; a task stands in it once, by its newest rung."""
    newest: dict[int, Reminder] = {}
    for reminder in sorted(reminders, key=lambda r: (_rank(r, on), -r.due_on.toordinal())):
        newest.setdefault(reminder.task_id, reminder)
    told = list(newest.values())
    late = [r.due_on for r in told if r.is_late] + [mail.on] * (mail.on < on)
    return Digest(
        recipient=mail.recipient,
        on=on,
        sections=_sections(told, on),
        late_since=min(late, default=None),
        site_url=settings.SITE_URL,
        is_illustrative=settings.ILLUSTRATIVE or any(r.task.is_illustrative for r in told),
    )


def _rank(reminder: Reminder, on: date) -> int:
    return policy.urgency(reminder.rung, reminder.deadline, on=on).rank


def _sections(reminders: Iterable[Reminder], on: date) -> list[Section]:
    sections = {urgency: Section(urgency) for urgency in Urgency}
    for reminder in sorted(reminders, key=lambda r: (_rank(r, on), r.deadline, r.task.code)):
        section = sections[policy.urgency(reminder.rung, reminder.deadline, on=on)]
        if len(section.lines) < LINES_A_GROUP:
            section.lines.append(_line(reminder, on))
        else:
            section.more += 1
    return [section for section in sections.values() if section.lines]


def _line(reminder: Reminder, on: date) -> Line:
    path = reverse("programmes:task-page", args=[reminder.task_id])
    words = policy.words(reminder.rung, reminder.deadline, on=on)
    return Line(reminder.task, words, f"{settings.SITE_URL}{path}")


def compose(mail: Mail, content: Digest, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    """The mail in text and HTML. Its headers hold nothing that a user has typed but the address."""
    context: dict[str, Any] = {"digest": content}
    message = EmailMultiAlternatives(
        subject=subject(content),
        body=render_to_string("reminders/mail/digest.txt", context),
        to=[mail.recipient.email],
        connection=connection,
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string("reminders/mail/digest.html", context), "text/html")
    return message


def subject(content: Digest) -> str:
    """One line, whatever the template's layout is."""
    text = render_to_string("reminders/mail/digest.subject.txt", {"digest": content})
    return " ".join(text.split())


# The first mail server


class Outcome(Enum):
    """What became of a mail that was given to the server."""

    TAKEN = "taken"
    TRY_LATER = "later"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome and the server's words, for the administrator."""

    outcome: Outcome
    words: str = ""


class UnreachableError(Exception):
    """No connection to the first server; nothing has been given away yet."""


@contextmanager
def mail_server() -> Iterator[BaseEmailBackend]:
    """An open connection to the first server; raises `UnreachableError` when there is none."""
    server: BaseEmailBackend = get_connection()
    try:
        server.open()
    except (SMTPException, OSError) as error:
        raise UnreachableError(_told(error)) from error
    try:
        yield server
    finally:
        # A rude good-bye does not undo what the server has taken.
        with suppress(SMTPException, OSError):
            server.close()


def hand_over(message: EmailMultiAlternatives) -> Answer:
    """Give the mail to the server. When the line breaks, nobody knows whether it was taken."""
    try:
        message.send()
    except SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        return _refusal(code, _told(words))
    except SMTPResponseException as error:
        return _refusal(error.smtp_code, _told(error.smtp_error))
    except ValueError as error:
        # An address or header that cannot be written: no server was asked.
        return Answer(Outcome.REFUSED, _told(error))
    except (SMTPException, OSError) as error:
        return Answer(Outcome.UNKNOWN, _told(error))
    return Answer(Outcome.TAKEN)


def _refusal(code: int, words: str) -> Answer:
    """4xx: not now; 5xx: never (RFC 5321)."""
    outcome = Outcome.REFUSED if code >= _PERMANENT else Outcome.TRY_LATER
    return Answer(outcome, f"{code} {words}")


def _told(what: object) -> str:
    text = what.decode(errors="replace") if isinstance(what, bytes) else repr(what)
    return text[:400]
