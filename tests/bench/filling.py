"""Fills an otherwise empty, migrated database with so many tasks, in two shapes.

`spread` is the likely one: hundreds of fan-outs to the 126 wards and communes, along all four axes,
so that a ward's unit leads some 200 tasks at 100,000. `crowded` copies the tasks below twelve city
tasks only: a ward's unit leads some 460, and each of the twelve has thousands below it.
"""

import io

from django.core.management import call_command
from django.db import connection, transaction

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models import Task

# The city's own tasks are about so large a part of all, fanned out or not.
_CITY_SHARE = 0.007

# Every column but the key, the code and the one that the database computes.
_KEPT = [
    str(field.column)
    for field in Task._meta.concrete_fields
    if not field.generated and field.name not in {"id", "code"}
]
_COLUMNS = ", ".join(_KEPT)
# A copy is called "71-3.1-7" and "71-3.1.00004-7": after the first one, and its number.
_COPY_TOPS = f"""
INSERT INTO programmes_task (code, {_COLUMNS})
SELECT code || '-' || n, {_COLUMNS}
FROM programmes_task top, generate_series(1, %s) AS n
WHERE parent_id IS NULL AND code NOT LIKE '%%-%%-%%' AND state <> 'draft'
    AND EXISTS (SELECT FROM programmes_task below WHERE below.parent_id = top.id) = %s
"""  # noqa: S608 - our own column names
_COPY_CROWDED = f"""
INSERT INTO programmes_task (code, {_COLUMNS})
SELECT code || '-' || n, {_COLUMNS}
FROM programmes_task, generate_series(1, %s) AS n
WHERE parent_id IS NOT NULL AND code NOT LIKE '%%-%%-%%'
"""  # noqa: S608 - our own column names
_INSTEAD = {"parent_id": "top.id", "ancestors": "ARRAY[top.id]", "lead_unit_id": "unit.id"}
_MOVED = ", ".join(_INSTEAD.get(column, f"first.{column}") for column in _KEPT)
# Each copy of a fan-out goes to the next axis of the same wards.
_COPY_BELOW = f"""
WITH axes AS (SELECT id, row_number() OVER (ORDER BY "order") - 1 AS rank FROM people_axis),
    led AS (
        SELECT u.id, u.area_id, axes.rank FROM people_unit u JOIN axes ON axes.id = u.axis_id
        WHERE u.level = 'commune'
    )
INSERT INTO programmes_task (code, {_COLUMNS})
SELECT first.code || '-' || n, {_MOVED}
FROM generate_series(1, %s) AS n
CROSS JOIN programmes_task first
JOIN programmes_task parent ON parent.id = first.parent_id
JOIN programmes_task top ON top.code = parent.code || '-' || n
JOIN led ON led.id = first.lead_unit_id
JOIN led unit ON unit.area_id = led.area_id AND unit.rank = (led.rank + n) %% 4
WHERE first.code NOT LIKE '%%-%%-%%'
ORDER BY n, first.code
"""  # noqa: S608 - our own column names
_FACTS = (
    "starts_on",
    "ends_on",
    "state",
    "deadline",
    "original_deadline",
    "completed_on",
)
_COPY_SPANS = f"""
INSERT INTO programmes_taskspan (task_id, lead_unit_id, {", ".join(_FACTS)})
SELECT copy.id, CASE WHEN s.lead_unit_id IS NOT NULL THEN copy.lead_unit_id END,
    {", ".join(f"s.{fact}" for fact in _FACTS)}
FROM programmes_task copy
JOIN programmes_task first ON first.code = regexp_replace(copy.code, '-[0-9]+$', '')
JOIN programmes_taskspan s ON s.task_id = first.id
WHERE copy.code LIKE '%%-%%-%%'
"""  # noqa: S608 - our own column names
_REPORT = """
INSERT INTO programmes_progressreport (task_id, by_id, "on", at, situation, text, next_step)
SELECT id, %(by)s, last_report_on, last_report_on, 'doing', 'minh họa', ''
FROM programmes_task WHERE code LIKE '%%-%%-%%' AND last_report_on IS NOT NULL
"""
# Each twentieth task waits for a decision of the lead of the task above, each thirtieth was asked.
_ASK = """
INSERT INTO programmes_obstacle (task_id, by_id, raised_on, text, cause, decider_id, decider_text,
    proposal, decision, decision_document, is_withdrawn)
SELECT t.id, %(by)s, t.issued_on, 'minh họa', '', p.lead_unit_id, 'cấp trên', '', '', '', false
FROM programmes_task t JOIN programmes_task p ON p.id = t.parent_id
WHERE t.code LIKE '%%-%%-%%' AND t.id %% 20 = 0 AND t.issued_on IS NOT NULL
"""
_DIRECT = """
INSERT INTO programmes_direction (task_id, unit_id, kind, by_id, "on", text, answer_by, answer,
    closing)
SELECT id, lead_unit_id, 'direction', %(by)s, issued_on, 'minh họa', issued_on + 90, '', ''
FROM programmes_task
WHERE code LIKE '%%-%%-%%' AND id %% 30 = 0 AND issued_on IS NOT NULL AND lead_unit_id IS NOT NULL
"""


def fill(wanted: int, *, crowded: bool = False) -> int:
    """Load the data and copy it until there are about `wanted` tasks; returns how many."""
    call_command("load_reference", stdout=io.StringIO())
    call_command("load_illustrative", stdout=io.StringIO())
    with connection.cursor() as cursor:
        # A page's limit is not for this: each of a hundred thousand rows leaves its history.
        cursor.execute("SET statement_timeout = 0")
        total, children = _counted()
        if total < wanted * 0.95:
            with transaction.atomic():
                (_crowd if crowded else _spread)(wanted, total, children)
                cursor.execute(_COPY_SPANS)
                by = User.objects.get(username="thuongtruc").pk
                for asking in (_REPORT, _ASK, _DIRECT):
                    cursor.execute(asking, {"by": by})
        # As the server's own housekeeping leaves it.
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("RESET statement_timeout")
    return _counted()[0]


def _counted() -> tuple[int, int]:
    """All tasks, and those below others."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(parent_id) FROM programmes_task")
        total, children = cursor.fetchone()
        return int(total), int(children)


def _crowd(wanted: int, total: int, children: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_COPY_CROWDED, [(wanted - total) // children])


def _spread(wanted: int, total: int, children: int) -> None:
    city = round(wanted * _CITY_SHARE)
    fan_outs = (wanted - total - city) // children
    with connection.cursor() as cursor:
        cursor.execute(_COPY_TOPS, [fan_outs, True])
        cursor.execute(_COPY_TOPS, [city // (total - children), False])
        cursor.execute("ANALYZE programmes_task")
        cursor.execute(_COPY_BELOW, [fan_outs])
