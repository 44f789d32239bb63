"""A real SMTP server that takes, refuses or hangs up as a test tells it; with Postfix's log."""

import logging
import time
from asyncio import Event, WriteTransport, get_running_loop
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from pathlib import Path
from socket import create_server
from threading import Condition

from aiosmtpd.smtp import SMTP, Envelope, Session

from hanoi_programmes.embedded.mailbox import Relay, RelayLog

TAKEN = "250 Message accepted"
# Every command of every session otherwise.
logging.getLogger("mail.log").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Taken:
    """One mail as it came, and when."""

    at: float
    address: str
    content: bytes

    @property
    def message_id(self) -> str:
        """As its header says."""
        return str(BytesHeaderParser().parsebytes(self.content)["Message-ID"]).strip()


class Sink:
    """What the server took. `answer` is its answer to the final dot; "" hangs up after taking.

    `refused` holds answers to single addresses. The mail is taken, and the log written, before the
    answer is given: `answers_after` seconds later, and a client may be gone by then.
    """

    def __init__(self, log: RelayLog) -> None:
        self.log = log
        self.taken: list[Taken] = []
        self.answer = TAKEN
        self.answers_after = 0.0
        self.refused: dict[str, str] = {}
        # What else happens at the moment when a mail is taken and not yet answered.
        self.on_taken: Callable[[], None] | None = None
        self.news = Condition()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name and arguments
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Called by aiosmtpd for each recipient."""
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Called by aiosmtpd after the final dot."""
        if not self.answer or self.answer.startswith("2"):
            self._take(envelope)
        if self.answers_after:
            await later(self.answers_after)
        if not self.answer:
            assert isinstance(server.transport, WriteTransport)
            server.transport.abort()
        return self.answer or TAKEN

    def _take(self, envelope: Envelope) -> None:
        content = envelope.original_content or b""
        self.log.taken(envelope)
        with self.news:
            self.taken += [Taken(time.time(), address, content) for address in envelope.rcpt_tos]
            self.news.notify_all()
        if self.on_taken:
            self.on_taken()

    @property
    def mails(self) -> list[EmailMessage]:
        """What was taken, to be read."""
        return [message_from_bytes(one.content, policy=policy.default) for one in self.taken]

    def copies(self) -> Counter[str]:
        """How many copies came to each address."""
        return Counter(one.address for one in self.taken)

    def to(self, address: str) -> list[EmailMessage]:
        """The mails that went to an address."""
        return [mail for mail in self.mails if mail["To"] == address]

    def wait_for(self, count: int, seconds: float = 30) -> None:
        """Return when so many mails have come."""
        with self.news:
            assert self.news.wait_for(lambda: len(self.taken) >= count, seconds), len(self.taken)


async def later(seconds: float) -> None:
    """The loop goes on serving others."""
    rung = Event()
    get_running_loop().call_later(seconds, rung.set)
    await rung.wait()


class _Door:
    """What aiosmtpd sees of the sink: it looks at every attribute for each connection."""

    def __init__(self, sink: Sink) -> None:
        self.handle_RCPT = sink.handle_RCPT
        self.handle_DATA = sink.handle_DATA


class Server:
    """The sink behind a port that can be closed and opened again, and its log."""

    def __init__(self, log: Path) -> None:
        self.log = RelayLog(log)
        self.sink = Sink(self.log)
        with create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.up()

    def down(self) -> None:
        """Nobody listens any more."""
        self._controller.stop()

    def up(self) -> None:
        """Listen, always on the same port."""
        self._controller = Relay(_Door(self.sink), self.log, self.port)
        self._controller.start()
