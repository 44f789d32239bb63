"""Background jobs of reminders: doorbells only; the ledger knows what is to be done."""

import logging
from contextlib import closing
from datetime import timedelta
from time import monotonic
from typing import Any

from celery import Task, shared_task
from django.conf import settings
from django.utils.timezone import localdate, localtime, now
from kombu.exceptions import OperationalError

from hanoi_programmes.reminders.services.deliver import deliveries, waiting
from hanoi_programmes.reminders.services.plan import is_planned, plan
from hanoi_programmes.reminders.services.runs import beat, prune
from hanoi_programmes.reminders.services.sweep import sweep
from hanoi_programmes.reminders.services.tidings import take_tidings
from hanoi_programmes.reminders.services.watching import watch as sound

log = logging.getLogger(__name__)

# A doorbell that nobody heard in time is thrown away: the next sweep rings again.
RING_SECONDS = 55
# One carrier takes so many mails over one connection, or as many as it can in this time: with a
# server that answers slowly it still ends before its job's limit.
BATCH = 20
CARRY_SECONDS = 20
# More carriers at once help nobody; how many there can be is the worker's number of processes.
CARRIERS = 4
# Runs of jobs are kept for so long: enough to compare a bad week with the one before.
KEPT = timedelta(days=14)

_SOFT, _HARD = settings.MAIL_JOB_SOFT_SECONDS, settings.MAIL_JOB_HARD_SECONDS


@shared_task
def plan_reminders() -> str:
    """Plan the day once; the timetable asks again each hour, in case nobody heard it at 07:30."""
    if is_planned(localdate()):
        return "đã lập từ trước"
    planned = plan(on=localdate(), at=now())
    log.info("Planned: %s", planned)
    ring(len(waiting(limit=CARRIERS * BATCH)))
    return f"{planned.reminders} lượt nhắc, {planned.mails} thư"


@shared_task(soft_time_limit=_SOFT, time_limit=_HARD)
def deliver() -> None:
    """Carry the oldest mails that wait; at the end of a batch, ring for the next."""
    until = monotonic() + CARRY_SECONDS
    with closing(deliveries(on=localdate(), at=now())) as sent:
        for carried, _ in enumerate(sent, start=1):
            if carried == BATCH or monotonic() > until:
                ring(1)
                break


@shared_task(soft_time_limit=_SOFT, time_limit=_HARD)
def deliver_waiting() -> str:
    """The sweep: whatever a dead worker, broker or mail server has left lying is taken up again."""
    swept = sweep(most=CARRIERS * BATCH)
    ring(swept.waiting)
    return swept.told


@shared_task
def tell() -> str:
    """Each minute, on another queue than mails: what other apps have left to be told."""
    notices, mails = take_tidings(on=localdate(), at=now())
    ring(mails)
    return f"{notices} thông báo, {mails} thư" if notices else ""


@shared_task
def watch() -> str:
    """At 07:45, on another queue than mails: tell the administrators when something is wrong."""
    told = sound(at=localtime())
    ring(told)
    return f"báo động, {told} thư" if told else ""


@shared_task(bind=True)
def pulse(self: Task[Any, Any], queue: str) -> None:
    """A sign of life of who works on the queue; the timetable sends one a minute into each."""
    beat(queue, self.request.hostname or "")


@shared_task
def prune_runs() -> str:
    """Forget how jobs ran long ago."""
    return f"bỏ {prune(now() - KEPT)} lượt cũ"


def ring(mails: int) -> None:
    """Call carriers for so many mails; each takes the oldest that it finds.

    A broker that does not answer loses nothing: the sweep comes again.
    """
    try:
        for _ in range(0, min(mails, CARRIERS * BATCH), BATCH):
            deliver.apply_async(expires=RING_SECONDS)
    except OperationalError:
        log.exception("The broker took no message; the next sweep rings again")
