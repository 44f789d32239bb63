"""Background jobs of reminders: doorbells only; the ledger knows what is to be done."""

import logging

from celery import shared_task
from django.utils.timezone import localdate, now
from kombu.exceptions import OperationalError

from hanoi_programmes.reminders.services.deliver import deliver_one, park_expired, waiting
from hanoi_programmes.reminders.services.plan import is_planned, plan

log = logging.getLogger(__name__)

# A doorbell that nobody heard in time is thrown away: the next sweep rings again.
RING_SECONDS = 55
SWEEP = 1000


@shared_task
def plan_reminders() -> None:
    """Plan the day once; the timetable asks again each hour, in case nobody heard it at 07:30."""
    if not is_planned(localdate()):
        log.info("Planned: %s", plan(on=localdate(), at=now()))
        ring(waiting(limit=10 * SWEEP))


@shared_task
def deliver(mail_id: int) -> None:
    """Send one mail, unless it is sent or being sent."""
    deliver_one(mail_id, on=localdate(), at=now())


@shared_task
def deliver_waiting() -> None:
    """The sweep: whatever a dead worker, broker or mail server has left lying is taken up again."""
    park_expired()
    ring(waiting(limit=SWEEP))


def ring(mail_ids: list[int]) -> None:
    """One doorbell a mail. A broker that does not answer loses nothing: the sweep comes again."""
    try:
        for mail_id in mail_ids:
            deliver.apply_async((mail_id,), expires=RING_SECONDS)
    except OperationalError:
        log.exception("The broker took no message; the next sweep rings again")
