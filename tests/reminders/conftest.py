"""A real SMTP server for each test that asks for one, and Django told to use it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from hanoi_programmes.reminders import relay
from tests.chaos.controls import LEASE
from tests.chaos.crew import Crew, Nest
from tests.mail_server import Server, Sink
from tests.workers import connections, forget_jobs


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


StartCrew = Callable[..., Crew]


@pytest.fixture(scope="session")
def nest(
    django_db_setup: None, broker_keys: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Nest]:
    """Raises workers for all tests of this process."""
    nest = Nest(connections(), tmp_path_factory.mktemp("nest") / "workers.log")
    yield nest
    nest.end()


@pytest.fixture
def start_crew(
    transactional_db: None, nest: Nest, smtp: Server, monkeypatch: pytest.MonkeyPatch
) -> Iterator[StartCrew]:
    """Starts a crew, in a control without one protection, on the short clocks of chaos."""
    forget_jobs()
    monkeypatch.setattr(relay, "SETTLING", LEASE)

    def start(control: str = "", **settings: Any) -> Crew:
        where = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": smtp.port}
        log = {"MAIL_RELAY_LOG": str(smtp.log.path)}
        return Crew(nest, control=control, **where, **log, **settings)

    yield start
    forget_jobs()
