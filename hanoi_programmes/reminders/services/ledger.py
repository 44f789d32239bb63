"""Writes drafted rows into the ledger, each with its notice and its place in a mail.

What the ledger does not hold yet is staged in a table of the transaction, in batches: memory does
not grow with the rows. Then each kind of row is written by one statement. The ORM would build
300,000 objects, ask the ledger twice, and write each line a second time for its mail.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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

# A planner that runs twice in one transaction begins anew.
_STAGE = """
DROP TABLE IF EXISTS pg_temp.staged;
CREATE TEMPORARY TABLE staged (
    task bigint, recipient bigint, rung text, deadline date, matter bigint, due_on date,
    is_late bool, kind text, headline text, at timestamptz
) ON COMMIT DROP
"""
_ADD = """
INSERT INTO staged
SELECT * FROM unnest(
    %s::bigint[], %s::bigint[], %s::text[], %s::date[], %s::bigint[], %s::date[], %s::bool[],
    %s::text[], %s::text[], %s::timestamptz[]
) AS row (task, recipient, rung, deadline, matter, due_on, is_late, kind, headline, at)
WHERE NOT EXISTS (
    SELECT FROM reminders_reminder AS known
    WHERE (known.task_id, known.recipient_id, known.rung, known.deadline, known.matter)
        = (row.task, row.recipient, row.rung, row.deadline, row.matter)
)
"""
# A line may stand in a mail: its reader has an address, wants digests, and today is not quiet for
# this rung.
_MAILABLE = """
reader.email <> '' AND NOT staged.recipient = ANY(%(apart)s)
    AND (NOT staged.recipient = ANY(%(quiet)s) OR staged.rung = ANY(%(statutory)s))
"""
# Only for readers without a digest of the day: those that are there may be on their way.
_OPEN_DIGESTS = f"""
INSERT INTO reminders_mail (recipient_id, kind, "on", dedup_key, message_id, state, subject, text,
    address, attempts, crashes, error, reason)
SELECT recipient, 'digest', %(on)s::date, 'digest:' || recipient || ':' || %(on)s,
    '<' || replace(gen_random_uuid()::text, '-', '') || '@' || %(domain)s || '>',
    'queued', '', '', '', 0, 0, '', ''
FROM (
    SELECT DISTINCT staged.recipient FROM staged
    JOIN people_user AS reader ON reader.id = staged.recipient WHERE {_MAILABLE}
) AS readers
ORDER BY recipient
ON CONFLICT DO NOTHING
RETURNING id
"""  # noqa: S608 - our own words
# In one order everywhere: two planners wait for each other and cannot lock crosswise. A new row
# brings its notice, or neither is there. A task's text is cut as notices hold it.
_WRITE = f"""
WITH opened AS MATERIALIZED (
    SELECT id, recipient_id FROM reminders_mail WHERE id = ANY(%(opened)s)
), new AS (
    INSERT INTO reminders_reminder (task_id, recipient_id, rung, deadline, matter, due_on, is_late,
        planned_on, left_out, mail_id)
    SELECT task, recipient, rung, deadline, matter, due_on, is_late, %(on)s::date, '', opened.id
    FROM staged
    JOIN people_user AS reader ON reader.id = staged.recipient
    LEFT JOIN opened ON opened.recipient_id = staged.recipient AND {_MAILABLE}
    ORDER BY task, recipient, rung, deadline, matter
    ON CONFLICT DO NOTHING
    RETURNING id, task_id, recipient_id, rung, deadline, matter
)
INSERT INTO reminders_notice (recipient_id, at, "on", kind, headline, text, task_id, reminder_id)
SELECT new.recipient_id, staged.at, %(on)s::date, staged.kind, staged.headline,
    left(task.text, 300), new.task_id, new.id
FROM new
JOIN staged ON (staged.task, staged.recipient, staged.rung, staged.deadline, staged.matter)
    = (new.task_id, new.recipient_id, new.rung, new.deadline, new.matter)
JOIN programmes_task AS task ON task.id = new.task_id
"""  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True)
class Readers:
    """Who wants a mail a task (`apart`), for whom the day is quiet, and the rungs that a quiet day
    does not hold back."""

    apart: list[int]
    quiet: list[int]
    statutory: list[str]


@dataclass(frozen=True, slots=True)
class Written:
    """New rows of the ledger, each with its notice; new digests, in which most of them stand."""

    reminders: int
    digests: int


def stage(rows: Iterable[Row], *, on: date, at: datetime) -> None:
    """Lay aside what the ledger does not hold yet, until the transaction ends."""
    stream = iter(rows)
    say = _Saying(on, at)
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
    while batch := list(islice(stream, _BATCH)):
        with connection.cursor() as cursor:
            cursor.execute(_ADD, list(_columns(batch, say)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE staged")


def staged_rungs() -> list[str]:
    """Which rungs are among what was staged."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT rung FROM staged")
        return [rung for (rung,) in cursor.fetchall()]


def write(readers: Readers, *, on: date, domain: str) -> Written:
    """Write what was staged, in the same transaction."""
    given: dict[str, Any] = {
        "on": on.isoformat(),
        "domain": domain,
        "apart": readers.apart,
        "quiet": readers.quiet,
        "statutory": readers.statutory,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_DIGESTS, given)
        given["opened"] = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(_WRITE, given)
        return Written(cursor.rowcount, len(given["opened"]))


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
