# ruff: noqa: E402 - Django must be set up before its models are imported
"""How long the planner takes at a given number of tasks and people, and what memory it needs.

    DATABASE_URL=… REDIS_URL=… SECRET_KEY=x ILLUSTRATIVE=1 HTTPS=0 \\
        python -m tests.bench.reminders 100000 10000

Fills an otherwise empty, migrated database (`tests.bench.filling`) and gives each unit its share
of people, each task an officer of its unit. Plans a first day (the ledger looks back a month), it
again, and the next working day, when all of the first day's mails have been sent. Prints wall and
processor seconds and the memory of this process, and what the database took the longest over.
"""

import os
import re
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hanoi_programmes.settings")
django.setup()

from django.db import connection
from django.db.models.functions import Now
from django.utils.timezone import get_current_timezone, localdate

from hanoi_programmes.lib.dates import ONE_DAY, next_working_day
from hanoi_programmes.people.models import User
from hanoi_programmes.reminders.models import Mail, Reminder
from hanoi_programmes.reminders.services.plan import exceptions_around, plan
from hanoi_programmes.reminders.states import MailState
from tests.bench.filling import fill

_PEOPLE = """
WITH led AS (
    SELECT lead_unit_id AS unit, row_number() OVER (ORDER BY lead_unit_id) - 1 AS place,
        count(*) OVER () AS units
    FROM (SELECT DISTINCT lead_unit_id FROM programmes_task WHERE lead_unit_id IS NOT NULL) AS one
)
INSERT INTO people_user (password, username, display_name, email, role, unit_id, is_active,
    is_illustrative, created_at, hints_seen, uses_shortcuts)
SELECT '!', 'may-do-' || n, 'Chuyên viên minh họa ' || n, 'may-do-' || n || '@thudo.example',
    'officer', led.unit, true, true, now(), '{}', true
FROM generate_series(1, %s) AS n JOIN led ON led.place = n %% led.units
"""
_CHARGE = """
WITH officers AS (
    SELECT id, unit_id AS unit, row_number() OVER (PARTITION BY unit_id ORDER BY id) - 1 AS place,
        count(*) OVER (PARTITION BY unit_id) AS there
    FROM people_user WHERE role = 'officer' AND is_active
)
UPDATE programmes_task AS task SET officer_id = officers.id FROM officers
WHERE officers.unit = task.lead_unit_id AND officers.place = abs(hashtext(task.code)) %% there
"""


def main(tasks: int, people: int) -> None:
    """Print one line a run."""
    print(f"{fill(tasks)} tasks")
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(_PEOPLE, [people - User.objects.count()])
        cursor.execute(_CHARGE, [])
        cursor.execute("VACUUM ANALYZE")
    first = next_working_day(localdate(), exceptions_around(localdate()))
    second = next_working_day(first + ONE_DAY, exceptions_around(first))
    for on in (first, first, second):
        _run(on)
        if on == first:
            Mail.objects.filter(state=MailState.QUEUED).update(state=MailState.SENT, sent_at=Now())


def _run(on: date) -> None:
    at = datetime(on.year, on.month, on.day, 7, 30, tzinfo=get_current_timezone())
    asked: list[tuple[float, str]] = []
    # From here on the kernel keeps a new peak of this process.
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before, began, busy = _megabytes("VmRSS"), time.perf_counter(), time.process_time()
    with connection.execute_wrapper(partial(_timed, asked)):
        planned = plan(on=on, at=at)
    took, busy = time.perf_counter() - began, time.process_time() - busy
    print(
        f"{on}: {took:.1f} s ({busy:.1f} s of this process), {planned.reminders} reminders,"
        f" {planned.mails} mails, {len(asked)} queries,"
        f" memory {before} MB, peak {_megabytes('VmHWM')} MB,"
        f" ledger {Reminder.objects.count()}, mails {Mail.objects.filter(on=on).count()}"
    )
    for seconds, sql in sorted(asked, reverse=True)[:5]:
        print(f"    {seconds:.3f} s: {sql}")


def _timed(
    asked: list[tuple[float, str]], execute: Callable[..., object], sql: str, *rest: object
) -> object:
    """Keep the time and the head of the statement: Django's own log keeps its whole text, which
    holds tens of thousands of values and would be counted as the planner's memory."""
    began = time.perf_counter()
    try:
        return execute(sql, *rest)
    finally:
        asked.append((time.perf_counter() - began, " ".join(sql[:400].split())[:100]))


def _megabytes(name: str) -> int:
    """What the kernel says of this process: VmRSS now, VmHWM at the peak."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(rf"{name}:\s+(\d+)", status)[1]) // 1024  # type: ignore[index]


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3]))
