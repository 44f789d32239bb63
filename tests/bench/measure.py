# ruff: noqa: E402 - Django must be set up before its models are imported
"""Server times and query counts of the main pages at a given number of tasks.

    DATABASE_URL=… REDIS_URL=… SECRET_KEY=x ILLUSTRATIVE=1 HTTPS=0 DEBUG=1 \\
        python -m tests.bench.measure 100000

Fills an otherwise empty, migrated database with reference and illustrative data and then with
copies of the wards' tasks until there are so many. Prints, for each page and role, the median.
"""

import io
import os
import statistics
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hanoi_programmes.settings")
django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models import Task

RUNS = 15
# What is rare, what is common, what stands in most tasks, and a number.
_WORDS = ["giao+duc", "sức+khỏe+láng", "71/KH-UBND", "suc+khoe", "so+hoa", "ubnd", "xa", "phuong"]
_SEARCHES = [f"/search/?q={words}" for words in _WORDS]
# "{task}" is a task of the reader's unit, or of any ward for those who see all.
PAGES = {
    "chuyenvien.lang": [
        *("/", "/tasks/", "/decisions/", "/tasks/{task}/", "/dashboard/", "/notices/"),
        "/scorecards/units/00199-UBND/",
        *_SEARCHES,
    ],
    "chuyenvien.soyte": [
        *("/", "/tasks/", "/tasks/?level=commune", "/decisions/", "/dashboard/"),
        *_SEARCHES,
    ],
    "vanphong": [
        "/",
        "/tasks/",
        "/decisions/",
        "/tasks/{task}/",
        *_SEARCHES,
        "/tasks/?level=all",
        "/tasks/?q=suc+khoe",
        "/tasks/?level=all&group=overdue",
        "/dashboard/",
        "/reports/",
        "/programmes/hn72/",
        "/scorecards/?level=commune",
        "/scorecards/units/UBND-SYT/",
    ],
    "thuongtruc": ["/", "/dashboard/", "/decisions/"],
}

# Every column but the key, the code and the one that the database computes.
_COLUMNS = ", ".join(
    str(field.column)
    for field in Task._meta.concrete_fields
    if not field.generated and field.name not in {"id", "code"}
)
_COPY_TASKS = f"""
INSERT INTO programmes_task (code, {_COLUMNS})
SELECT code || '-' || n, {_COLUMNS}
FROM programmes_task, generate_series(1, %s) AS n
WHERE parent_id IS NOT NULL AND code NOT LIKE '%%-%%-%%'
"""  # noqa: S608 - our own column names
_FACTS = (
    "starts_on",
    "ends_on",
    "state",
    "lead_unit_id",
    "deadline",
    "original_deadline",
    "completed_on",
)
_COPY_SPANS = f"""
INSERT INTO programmes_taskspan (task_id, {", ".join(_FACTS)})
SELECT copy.id, {", ".join(f"s.{fact}" for fact in _FACTS)}
FROM programmes_task copy
JOIN programmes_task first ON first.code = regexp_replace(copy.code, '-[0-9]+$', '')
JOIN programmes_taskspan s ON s.task_id = first.id
WHERE copy.code LIKE '%%-%%-%%'
"""  # noqa: S608 - our own column names
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


def fill(wanted: int) -> int:
    """Load the data and copy the wards' tasks until there are about `wanted`; returns how many."""
    call_command("load_reference", stdout=io.StringIO())
    call_command("load_illustrative", stdout=io.StringIO())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(parent_id) FROM programmes_task")
        total, children = cursor.fetchone()
        if total < wanted * 0.95:
            cursor.execute(_COPY_TASKS, [(wanted - total) // children])
            cursor.execute(_COPY_SPANS)
            by = User.objects.get(username="thuongtruc").pk
            for asking in (_ASK, _DIRECT):
                cursor.execute(asking, {"by": by})
            cursor.execute("ANALYZE")
        cursor.execute("SELECT count(*) FROM programmes_task")
        return int(cursor.fetchone()[0])


def one_task(user: User) -> int:
    """The key of a task below a city task that the user may open."""
    rows = Task.objects.visible_to(user).filter(parent__isnull=False, issued_on__isnull=False)
    rows = rows if user.sees_all else rows.filter(lead_unit=user.unit)
    return rows.order_by("pk").values_list("pk", flat=True)[0]


def measure(client: Client, path: str) -> tuple[float, int, float]:
    """Median milliseconds, queries, and KB of one page."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        client.get(path)
        times.append((time.perf_counter() - start) * 1000)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    return statistics.median(times), len(queries), len(response.content) / 1024


def main() -> None:
    """Print a table."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    print(f"{fill(wanted)} tasks; median of {RUNS} runs")
    for username, paths in PAGES.items():
        client = Client()
        user = User.objects.get(username=username)
        client.force_login(user)
        for pattern in paths:
            path = pattern.format(task=one_task(user)) if "{" in pattern else pattern
            client.get(path)
            milliseconds, queries, size = measure(client, path)
            figures = f"{milliseconds:8.1f} ms {queries:4} queries {size:7.1f} KB"
            print(f"{username:18} {path:34} {figures}")


if __name__ == "__main__":
    settings.ALLOWED_HOSTS = ["*"]
    settings.DEBUG = False
    main()
