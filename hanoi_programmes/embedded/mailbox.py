"""The local mail server: takes every mail by SMTP and keeps it as a file for the page of mails."""

import os
import secrets
import time
import uuid
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from hanoi_programmes.embedded.places import free_port


class RelayLog:
    """What a mail server did, written as Postfix does: by it the product learns a mail's fate."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)

    def connected(self) -> None:
        """Somebody has come: the log of a server that lives goes on."""
        self._write("smtpd", "connect from localhost[127.0.0.1]")

    def taken(self, envelope: Envelope) -> None:
        """The mail is in the queue: from now on it is this server's."""
        content = envelope.original_content or b""
        name = BytesHeaderParser().parsebytes(content)["Message-ID"]
        queue = secrets.token_hex(5).upper()
        self._write("cleanup", f"{queue}: message-id={name.strip() if name else '<>'}")
        sender = f"{queue}: from=<{envelope.mail_from}>"
        recipients = len(envelope.rcpt_tos)
        self._write("qmgr", f"{sender}, size={len(content)}, nrcpt={recipients} (queue active)")

    def _write(self, program: str, words: str) -> None:
        stamp = datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="microseconds")
        with self.path.open("a", encoding="utf-8") as log:
            log.write(f"{stamp} localhost postfix/{program}[{os.getpid()}]: {words}\n")


class Relay(Controller):
    """A mail server on a port of this machine that writes down whoever comes."""

    def __init__(self, handler: object, log: RelayLog, port: int) -> None:
        super().__init__(handler, hostname="127.0.0.1", port=port)
        self.log = log

    def factory(self) -> SMTP:
        """Called by aiosmtpd for each connection."""
        self.log.connected()
        protocol: SMTP = super().factory()  # type: ignore[no-untyped-call]
        return protocol


class Mailbox:
    """Writes each mail under a name that sorts by arrival; a reader never sees half of one."""

    def __init__(self, folder: Path, log: RelayLog) -> None:
        self.folder = folder
        self.log = log
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, ARG002 - aiosmtpd's name and arguments
        """Called by aiosmtpd when a mail has come; the answer is the receipt."""
        path = self.folder / f"{time.time_ns()}-{uuid.uuid4().hex[:8]}.eml"
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(envelope.original_content or b"")
        unfinished.rename(path)
        self.log.taken(envelope)
        return "250 Message accepted for delivery"


def open_mailbox(folder: Path, log: Path) -> Relay:
    """Listen on a free port of this machine only; `port` of the answer says which."""
    record = RelayLog(log)
    relay = Relay(Mailbox(folder, record), record, free_port())
    relay.start()
    return relay
