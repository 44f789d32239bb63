"""How jobs run is written down: each run of the timetable, and the pulse of each queue.

The database's clock measures; a run that cannot be written down runs nevertheless.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from django.db import DatabaseError, connection
from django.db.models.functions import Now

from hanoi_programmes.reminders.models import JobRun, Pulse

log = logging.getLogger(__name__)

_ERROR, _TOLD = 500, 200


@contextmanager
def recorded(job: str, worker: str) -> Iterator[Callable[[object], object]]:
    """One run: began, ended, why it failed; what it did is told to the function that is yielded.

    A worker that is killed leaves the row without an end.
    """
    run, told = _begin(job, worker), [""]

    def tell(answer: object) -> object:
        told[0] = str(answer or "")
        return answer

    try:
        yield tell
    except BaseException as error:
        _end(run, error=_words(error))
        raise
    _end(run, told=told[0][:_TOLD])


def _begin(job: str, worker: str) -> int | None:
    try:
        return JobRun.objects.create(job=job, worker=worker[:100], began_at=Now()).pk
    except DatabaseError:
        log.exception("The run of %s is not written down", job)
        return None


def _end(run: int | None, **fields: str) -> None:
    """A database that was away meanwhile leaves a broken connection behind: a new one is made."""
    if run is None:
        return
    with suppress(DatabaseError):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        JobRun.objects.filter(pk=run).update(ended_at=Now(), **fields)


def _words(error: BaseException) -> str:
    """The first line only: PostgreSQL's further lines may quote what a row holds."""
    lines = str(error).strip().splitlines() or [""]
    return f"{type(error).__name__}: {lines[0]}"[:_ERROR]


def beat(queue: str, worker: str) -> None:
    """A worker has just worked on the queue."""
    Pulse.objects.bulk_create(
        [Pulse(queue=queue, worker=worker[:100], at=Now())],
        update_conflicts=True,
        unique_fields=["queue"],
        update_fields=["worker", "at"],
    )


def prune(before: datetime) -> int:
    """Forget runs that began before; how many."""
    return JobRun.objects.filter(began_at__lt=before).delete()[0]
