"""System check: of the clocks that a mail runs against, each is longer than the one before it."""

from itertools import pairwise
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.checks import CheckMessage, Error

OUT_OF_ORDER = "reminders.E001"
WHY = (
    "A mail may not outlive its job, a job its claim in the ledger, a claim the broker's patience: "
    "else two carriers have one mail at the same time."
)


def clocks() -> list[tuple[str, float]]:
    """Every clock in seconds, the shortest first."""
    return [
        ("EMAIL_TIMEOUT", settings.EMAIL_TIMEOUT),
        ("MAIL_REPLY_SECONDS", settings.MAIL_REPLY_SECONDS),
        ("MAIL_JOB_SOFT_SECONDS", settings.MAIL_JOB_SOFT_SECONDS),
        ("MAIL_JOB_HARD_SECONDS", settings.MAIL_JOB_HARD_SECONDS),
        ("MAIL_LEASE_SECONDS", settings.MAIL_LEASE_SECONDS),
        ("visibility_timeout", current_app.conf.broker_transport_options["visibility_timeout"]),
    ]


def check_clocks(**_: Any) -> list[CheckMessage]:
    """Refuse to start when they are out of order."""
    return [
        Error(
            f"{earlier} ({short} s) is not shorter than {later} ({long} s).",
            hint=WHY,
            id=OUT_OF_ORDER,
        )
        for (earlier, short), (later, long) in pairwise(clocks())
        if short >= long
    ]
