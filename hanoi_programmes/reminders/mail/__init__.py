"""Mails: each kind writes its own letter, all leave in the same envelope."""

from collections.abc import Callable, Mapping

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from hanoi_programmes.reminders.mail.alarm import alarm_letter
from hanoi_programmes.reminders.mail.digest import digest_letter
from hanoi_programmes.reminders.mail.letter import Contents, Letter
from hanoi_programmes.reminders.mail.tiding import tiding_letter
from hanoi_programmes.reminders.mail.urging import urging_letter
from hanoi_programmes.reminders.states import MailKind

_WRITERS: Mapping[str, Callable[[Contents], Letter]] = {
    MailKind.DIGEST: digest_letter,
    MailKind.SINGLE: digest_letter,
    MailKind.URGING: urging_letter,
    MailKind.ALARM: alarm_letter,
    MailKind.TIDING: tiding_letter,
}


def compose(contents: Contents, *, server: BaseEmailBackend) -> EmailMultiAlternatives:
    """The mail in text and HTML. Its headers hold nothing that a user has typed but the address."""
    mail = contents.mail
    words = _WRITERS[mail.kind](contents)
    message = EmailMultiAlternatives(
        subject=words.subject,
        body=words.text,
        to=[mail.recipient.email],
        connection=server,
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(words.html, "text/html")
    return message


__all__ = ["Contents", "compose"]
