"""The first mail server: gives it a mail, and asks its own record what became of one.

Between the server's last answer and our commit nobody can know whether a mail was taken (RFC 1047);
the server's log can. It is read in Postfix's format, because that is what stands in front of most
networks. Two lines make a mail taken, in this order and under one queue id:

    2026-11-30T07:30:01.123456+07:00 relay postfix/cleanup[812]: 4CzK1: message-id=<…@…>
    2026-11-30T07:30:01.125003+07:00 relay postfix/qmgr[77]: 4CzK1: from=<…>, … (queue active)

The first alone is a mail whose sender hung up before its end.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from smtplib import (
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
)
from socket import socket

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

_NOT_NOW, _NEVER = 400, 500


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
        if line := _line(server):
            # To be reached is a matter of seconds; to take a mail may be one of a minute.
            line.settimeout(settings.MAIL_REPLY_SECONDS)
        yield server
    finally:
        # A rude good-bye does not undo what the server has taken.
        with suppress(SMTPException, OSError):
            server.close()


def is_open(server: BaseEmailBackend) -> bool:
    """Whether it can be given another mail: not after a broken line or the server's good-bye."""
    return _line(server) is not None


def _line(server: BaseEmailBackend) -> socket | None:
    return getattr(getattr(server, "connection", None), "sock", None)


def hand_over(message: EmailMultiAlternatives) -> Answer:
    """Give the mail to the server. When the line breaks, nobody knows whether it was taken."""
    try:
        message.send()
    except SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        return _refusal(code, _told(words))
    except SMTPResponseException as error:
        return _refusal(error.smtp_code, _told(error.smtp_error))
    except (ValueError, SMTPNotSupportedError) as error:
        # An address or header that cannot be written: no server was asked.
        return Answer(Outcome.REFUSED, _told(error))
    except (SMTPException, OSError) as error:
        return Answer(Outcome.UNKNOWN, _told(error))
    return Answer(Outcome.TAKEN)


def _refusal(code: int, words: str) -> Answer:
    """4xx: not now; 5xx: never (RFC 5321). Anything else is no answer at all."""
    if code < _NOT_NOW:
        return Answer(Outcome.UNKNOWN, f"{code} {words}")
    outcome = Outcome.REFUSED if code >= _NEVER else Outcome.TRY_LATER
    return Answer(outcome, f"{code} {words}")


def _told(what: object) -> str:
    text = what.decode(errors="replace") if isinstance(what, bytes) else repr(what)
    return text[:400]


# The server's own record


class Record(Enum):
    """What the record says of a mail. Silent: it cannot tell, and nothing may be concluded."""

    TAKEN = "taken"
    NOT_TAKEN = "not_taken"
    SILENT = "silent"


# A server that was given a mail has written down within this time whether it took it.
SETTLING = timedelta(seconds=settings.MAIL_LEASE_SECONDS)

_STAMP = re.compile(rb"\S+")
_NAMED = re.compile(rb"/cleanup\[\d+\]: (\w+): message-id=(\S+)")
_QUEUED = re.compile(rb"/qmgr\[\d+\]: (\w+): from=.*\(queue active\)")


def ask(message_id: str, since: datetime) -> Record:
    """Whether the server took the mail that was handed over at `since`."""
    return ask_all({message_id: since})[message_id]


def ask_all(handed: Mapping[str, datetime]) -> dict[str, Record]:
    """The same for many, Message-ID → when it was handed over, in one reading of the log.

    "Not taken" is said only by a record that is whole: it begins before the mail was handed over,
    and goes on after the server's time to settle it. What is not there, was rotated away or has
    stopped growing cannot tell.
    """
    path = settings.MAIL_RELAY_LOG
    if not (handed and path):
        return dict.fromkeys(handed, Record.SILENT)
    record = _Record(handed)
    # The newest last; what was rotated once is still looked at.
    parts = [record.read(Path(name)) for name in (f"{path}.1", path)]
    return {
        name: Record.TAKEN if name in record.taken else _without(parts, since)
        for name, since in handed.items()
    }


@dataclass(frozen=True, slots=True)
class _Part:
    """The time that one file of the log covers."""

    begins: datetime | None = None
    ends: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        return bool(self.begins and self.ends and self.begins <= moment <= self.ends)


def _without(parts: list[_Part], since: datetime) -> Record:
    """What it means that the log does not name the mail."""
    ends = parts[-1].ends
    is_whole = any(part.holds(since) for part in parts) and ends and ends >= since + SETTLING
    return Record.NOT_TAKEN if is_whole else Record.SILENT


class _Record:
    """The log's files as they are read, oldest first: which of the wanted mails were taken."""

    def __init__(self, wanted: Iterable[str]) -> None:
        self.taken: set[str] = set()
        self._wanted = {name.encode(): name for name in wanted}
        # A queue id is given again later: it is ours until another mail has it.
        self._ours: dict[bytes, str] = {}

    def read(self, path: Path) -> _Part:
        """One file; one that is not there, or not ours to read, covers no time at all."""
        first = last = b""
        try:
            with path.open("rb") as lines:
                for line in lines:
                    if line.endswith(b"\n"):
                        first, last = first or line, line
                        self._hear(line)
        except OSError:
            return _Part()
        return _Part(_time_of(first), _time_of(last))

    def _hear(self, line: bytes) -> None:
        if b"/cleanup[" in line and (named := _NAMED.search(line)):
            queue, name = named.groups()
            self._ours.pop(queue, None)
            if name in self._wanted:
                self._ours[queue] = self._wanted[name]
        elif self._ours and b"/qmgr[" in line and (queued := _QUEUED.search(line)):
            self.taken.update(filter(None, [self._ours.get(queued[1])]))


def _time_of(line: bytes) -> datetime | None:
    """Stamps with an offset only: one without cannot be compared across machines."""
    found = _STAMP.match(line)
    try:
        stamp = datetime.fromisoformat(found[0].decode()) if found else None
    except ValueError:
        return None
    return stamp.astimezone(UTC) if stamp and stamp.tzinfo else None
