"""The first mail server: gives a mail away and says what became of it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

_PERMANENT = 500


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
