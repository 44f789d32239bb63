"""A real SMTP server that takes, refuses or hangs up as a test tells it."""

import logging
from asyncio import WriteTransport, get_running_loop
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from socket import create_server
from threading import Condition

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django import Settings

from hanoi_programmes.embedded.mailbox import Relay, RelayLog

TAKEN = "250 Message accepted"
# Every command of every session otherwise.
logging.getLogger("mail.log").setLevel(logging.WARNING)


class Sink:
    """What the server took. `answer` is its answer to the final dot; "" hangs up after taking.

    `refused` holds answers to single addresses. The mail is taken, and the log written, before the
    answer is given: `answers_after` seconds later, and a client may be gone by then.
    """

    def __init__(self, log: RelayLog) -> None:
        self.log = log
        self.mails: list[EmailMessage] = []
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
        mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        self.log.taken(envelope)
        with self.news:
            self.mails.append(mail)
            self.news.notify_all()
        if self.on_taken:
            self.on_taken()

    def to(self, address: str) -> list[EmailMessage]:
        """The mails that went to an address."""
        return [mail for mail in self.mails if mail["To"] == address]

    def wait_for(self, count: int, seconds: float = 30) -> None:
        """Return when so many mails have come."""
        with self.news:
            assert self.news.wait_for(lambda: len(self.mails) >= count, seconds), self.mails


async def later(seconds: float) -> None:
    """The loop goes on serving others."""
    loop = get_running_loop()
    rung = loop.create_future()
    loop.call_later(seconds, rung.set_result, None)
    await rung


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
        self._controller = Relay(self.sink, self.log, self.port)
        self._controller.start()


@pytest.fixture
def smtp(settings: Settings, tmp_path: Path) -> Iterator[Server]:
    """A server of its own, and Django told to send there by real SMTP and to read its log."""
    server = Server(tmp_path / "mail.log")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = server.port
    settings.MAIL_RELAY_LOG = str(server.log.path)
    yield server
    server.down()


@pytest.fixture
def sink(smtp: Server) -> Sink:
    """What the server took."""
    return smtp.sink
