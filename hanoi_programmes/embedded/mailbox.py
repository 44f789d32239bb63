"""The local mail server: takes every mail by SMTP and keeps it as a file for the page of mails."""

import time
import uuid
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from hanoi_programmes.embedded.places import free_port


class Mailbox:
    """Writes each mail under a name that sorts by arrival; a reader never sees half of one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, ARG002 - aiosmtpd's name and arguments
        """Called by aiosmtpd when a mail has come; the answer is the receipt."""
        path = self.folder / f"{time.time_ns()}-{uuid.uuid4().hex[:8]}.eml"
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(envelope.original_content or b"")
        unfinished.rename(path)
        return "250 Message accepted for delivery"


def open_mailbox(folder: Path) -> Controller:
    """Listen on a free port of this machine only; `port` of the answer says which."""
    controller = Controller(Mailbox(folder), hostname="127.0.0.1", port=free_port())
    controller.start()
    return controller
