"""Reads the local mail server's files: functions of a folder's content (quick start only)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

# Names that the local server gives; anything else in an address is not a mail.
_NAME = re.compile(r"^[0-9A-Za-z-]{1,80}\.eml$")
_SHOWN = ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type")


@dataclass(frozen=True, slots=True)
class LocalMail:
    """One mail as it arrived."""

    name: str
    subject: str
    to: str
    sent_at: datetime | None
    headers: tuple[tuple[str, str], ...]
    text: str


def mail_names(folder: Path) -> list[str]:
    """Names of the mails in the folder, newest first: they sort by arrival."""
    if not folder.is_dir():
        return []
    return sorted((p.name for p in folder.iterdir() if _NAME.match(p.name)), reverse=True)


def read_mail(folder: Path, name: str) -> LocalMail | None:
    """The mail of that name, or None; a name cannot lead out of the folder."""
    path = folder / name
    if not _NAME.match(name) or not path.is_file():
        return None
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    return LocalMail(
        name=name,
        subject=str(message.get("Subject", "")).strip(),
        to=str(message.get("To", "")),
        sent_at=_sent_at(message),
        headers=tuple(
            (header, str(message[header]).strip()) for header in _SHOWN if message[header]
        ),
        text=_text(message),
    )


def _sent_at(message: EmailMessage) -> datetime | None:
    date = message.get("Date")
    if not date:
        return None
    sent_at = parsedate_to_datetime(str(date))
    # "-0000" says UTC of an unknown place; Python then leaves the zone open.
    return sent_at if sent_at.tzinfo else sent_at.replace(tzinfo=UTC)


def _text(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain",))
    return str(part.get_content()) if part else ""
