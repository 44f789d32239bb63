"""Writes drafted rows into the ledger, each with its notice, in batches: memory does not grow.

One statement a batch: the ORM would build 300,000 objects and ask the ledger twice.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any

from django.db import connection

from hanoi_programmes.reminders import policy
from hanoi_programmes.reminders.services.drafting import Row

_BATCH = 10_000
_FAR = 5_000
_A_RANK = 2 * _FAR

# A new row of the ledger brings its notice, or neither is there. Text of a task is cut as notices
# hold it.
_WRITE = """
WITH drawn AS (
    SELECT * FROM unnest(
        %s::bigint[], %s::bigint[], %s::text[], %s::date[], %s::bigint[], %s::date[], %s::bool[],
        %s::text[], %s::text[], %s::timestamptz[]
    ) AS row (task, recipient, rung, deadline, matter, due_on, is_late, kind, headline, at)
), new AS (
    INSERT INTO reminders_reminder
        (task_id, recipient_id, rung, deadline, matter, due_on, is_late, planned_on, left_out)
    SELECT task, recipient, rung, deadline, matter, due_on, is_late, %s, '' FROM drawn
    ON CONFLICT DO NOTHING
    RETURNING id, task_id, recipient_id, rung, deadline, matter
)
INSERT INTO reminders_notice (recipient_id, at, "on", kind, headline, text, task_id, reminder_id)
SELECT new.recipient_id, drawn.at, %s, drawn.kind, drawn.headline, left(task.text, 300),
    new.task_id, new.id
FROM new
JOIN drawn ON (drawn.task, drawn.recipient, drawn.rung, drawn.deadline, drawn.matter)
    = (new.task_id, new.recipient_id, new.rung, new.deadline, new.matter)
JOIN programmes_task AS task ON task.id = new.task_id
"""


def write(rows: Iterable[Row], *, on: date, at: datetime) -> int:
    """How many rows the ledger did not hold yet; each now has its notice."""
    written = 0
    stream = iter(rows)
    say = _Saying(on, at)
    while batch := list(islice(stream, _BATCH)):
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [*_columns(batch, say), on, on])
            written += cursor.rowcount
    return written


class _Saying:
    """The words of a rung on the day, and the moment of its notice: the same for many rows."""

    def __init__(self, on: date, at: datetime) -> None:
        self._on, self._at = on, at
        self.of = cache(self._of)

    def _of(self, rung: str, counted_from: date) -> tuple[str, str, datetime]:
        urgency = policy.urgency(rung, counted_from, on=self._on)
        words = policy.words(rung, counted_from, on=self._on)
        # The list shows the newest first. Of one morning, what needs its reader first stands first,
        # then what is later: they are a few microseconds newer.
        ahead = max(-_FAR, min((counted_from - self._on).days, _FAR - 1)) + _FAR
        older = timedelta(microseconds=urgency.rank * _A_RANK + ahead)
        return urgency.value, words, self._at - older


def _columns(batch: list[Row], say: _Saying) -> Iterator[list[Any]]:
    said = [say.of(row.rung, row.deadline) for row in batch]
    yield [row.task for row in batch]
    yield [row.recipient for row in batch]
    yield [row.rung for row in batch]
    yield [row.deadline for row in batch]
    yield [row.matter for row in batch]
    yield [row.due_on for row in batch]
    yield [row.is_late for row in batch]
    for column in range(3):
        yield [words[column] for words in said]
