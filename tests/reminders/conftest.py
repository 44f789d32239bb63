"""A real SMTP server that takes, refuses or hangs up as a test tells it."""

import logging
from asyncio import WriteTransport
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from socket import create_server
from threading import Condition

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django import Settings

TAKEN = "250 Message accepted"
# Every command of every session otherwise.
logging.getLogger("mail.log").setLevel(logging.WARNING)


class Sink:
    """What the server took. `answer` is its answer to the final dot; "" hangs up after taking."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer = TAKEN
        # What else happens at the moment when a mail is taken and not yet answered.
        self.on_taken: Callable[[], None] | None = None
        self.news = Condition()

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Called by aiosmtpd after the final dot."""
        if not self.answer or self.answer.startswith("2"):
            mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
            with self.news:
                self.mails.append(mail)
                self.news.notify_all()
            if self.on_taken:
                self.on_taken()
        if not self.answer:
            assert isinstance(server.transport, WriteTransport)
            server.transport.abort()
        return self.answer or TAKEN

    def to(self, address: str) -> list[EmailMessage]:
        """The mails that went to an address."""
        return [mail for mail in self.mails if mail["To"] == address]

    def wait_for(self, count: int, seconds: float = 30) -> None:
        """Return when so many mails have come."""
        with self.news:
            assert self.news.wait_for(lambda: len(self.mails) >= count, seconds), self.mails


class Server:
    """The sink behind a port that can be closed and opened again."""

    def __init__(self) -> None:
        self.sink = Sink()
        with create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.up()

    def down(self) -> None:
        """Nobody listens any more."""
        self._controller.stop()

    def up(self) -> None:
        """Listen, always on the same port."""
        self._controller = Controller(self.sink, hostname="127.0.0.1", port=self.port)
        self._controller.start()


@pytest.fixture
def smtp(settings: Settings) -> Iterator[Server]:
    """A server of its own, and Django told to send there by real SMTP."""
    server = Server()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = server.port
    yield server
    server.down()


@pytest.fixture
def sink(smtp: Server) -> Sink:
    """What the server took."""
    return smtp.sink
