"""What a worker of a chaos run is told: short clocks; in a control, one protection less.

Nothing of this can be switched on in the product: it is changed from outside, in a test's worker.
"""

import smtplib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

from celery import Celery
from django.conf import settings

from hanoi_programmes.reminders import relay
from hanoi_programmes.reminders.relay import Record
from hanoi_programmes.reminders.services import deliver

# A lease of 300 s and a sweep each 60 s become 5 s and 1 s: all clocks run sixty times as fast.
FASTER = 60
LEASE = timedelta(seconds=5)
SWEEP_SECONDS = 1.0
PLAIN = "tests.chaos.plain"


def shorten_clocks() -> None:
    """In this process."""
    deliver.LEASE = relay.SETTLING = LEASE


def nobody_is_asked(_app: Celery[Any]) -> None:
    """What is not known to be sent is sent again, as most outboxes do."""

    def not_taken(handed: Mapping[str, datetime]) -> dict[str, Record]:
        return dict.fromkeys(handed, Record.NOT_TAKEN)

    relay.ask_all = not_taken


def plain_celery(app: Celery[Any]) -> None:
    """A message in the broker is all there is, as in most Django projects: Celery's defaults."""
    app.conf.update(
        task_acks_late=False, task_reject_on_worker_lost=False, worker_prefetch_multiplier=4
    )


def add_plain_job(app: Celery[Any]) -> None:
    """A job that sends one mail and knows no ledger."""

    @app.task(name=PLAIN, acks_late=False)
    def plain(address: str) -> None:
        message = EmailMessage()
        message["To"], message["From"], message["Subject"] = address, "a@thudo.example", "Nhắc việc"
        message["Message-ID"] = f"<plain-{address}>"
        with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=10) as server:
            server.send_message(message)


CONTROLS: dict[str, Callable[[Celery[Any]], Any]] = {
    "nobody_is_asked": nobody_is_asked,
    "plain_celery": plain_celery,
}
