"""Mails: each kind writes its own letter, all leave in the same envelope."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from hanoi_programmes.reminders.mail.digest import digest_letter
from hanoi_programmes.reminders.mail.letter import Letter
from hanoi_programmes.reminders.models import Mail, Reminder
from hanoi_programmes.reminders.states import MailKind

# A kind of mail, the lines that still hold and the day on which it leaves, made into words.
_Writer = Callable[[Mail, Sequence[Reminder], date], Letter]
_WRITERS: Mapping[str, _Writer] = {
    MailKind.DIGEST: digest_letter,
    MailKind.SINGLE: digest_letter,
}


def compose(
    mail: Mail, reminders: Sequence[Reminder], *, on: date, server: BaseEmailBackend
) -> EmailMultiAlternatives:
    """The mail in text and HTML. Its headers hold nothing that a user has typed but the address."""
    words = _WRITERS[mail.kind](mail, reminders, on)
    message = EmailMultiAlternatives(
        subject=words.subject,
        body=words.text,
        to=[mail.recipient.email],
        connection=server,
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(words.html, "text/html")
    return message


__all__ = ["compose"]
