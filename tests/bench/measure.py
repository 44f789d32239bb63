"""Server times and query counts of the main pages at a given number of tasks.

    DATABASE_URL=… REDIS_URL=… SECRET_KEY=x ILLUSTRATIVE=1 HTTPS=0 DEBUG=1 \\
        python -m tests.bench.measure 100000 [crowded]

Fills an otherwise empty, migrated database (`tests.bench.filling`). Prints, for each page and role,
the median time, the work (processor time of Python and of its connection's server process, which
other programs on the same cores do not lengthen), the queries, and the size before and after
compression.
"""

import gzip
import os
import statistics
import sys
import time
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

# Sets Django up as the web server's own process is.
import hanoi_programmes.wsgi  # noqa: F401
from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models import Task
from tests.bench.filling import fill

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
        *("/urging/", "/urging/?level=all", "/urging/?level=all&carried=14"),
    ],
    "thuongtruc": ["/", "/dashboard/", "/decisions/"],
}


def one_task(user: User) -> int:
    """The key of a task below a city task that the user may open."""
    rows = Task.objects.visible_to(user).filter(parent__isnull=False, issued_on__isnull=False)
    rows = rows if user.sees_all else rows.filter(lead_unit=user.unit)
    return rows.order_by("pk").values_list("pk", flat=True)[0]


def worked(backend: int) -> float:
    """Seconds of processor time so far, of this process and of the database's for it."""
    fields = Path(f"/proc/{backend}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def measure(client: Client, path: str) -> tuple[float, float, int, float, float]:
    """Median and work in milliseconds, queries, and KB of one page, plain and compressed."""
    backend = connection.connection.info.backend_pid
    times, before = [], worked(backend)
    for _ in range(RUNS):
        start = time.perf_counter()
        client.get(path)
        times.append((time.perf_counter() - start) * 1000)
    work = (worked(backend) - before) / RUNS * 1000
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    plain = response.getvalue()
    small = len(gzip.compress(plain)) / 1024
    return statistics.median(times), work, len(queries), len(plain) / 1024, small


def main() -> None:
    """Print a table."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    tasks = fill(wanted, crowded="crowded" in sys.argv)
    print(f"{tasks} tasks; median of {RUNS} runs")
    for username, paths in PAGES.items():
        client = Client()
        user = User.objects.get(username=username)
        client.force_login(user)
        for pattern in paths:
            path = pattern.format(task=one_task(user)) if "{" in pattern else pattern
            client.get(path)
            milliseconds, work, queries, size, small = measure(client, path)
            weight = f"{size:7.1f} KB {small:6.1f} compressed"
            figures = f"{milliseconds:8.1f} ms {work:8.1f} work {queries:4} queries {weight}"
            print(f"{username:18} {path:34} {figures}")


if __name__ == "__main__":
    settings.ALLOWED_HOSTS = ["*"]
    settings.DEBUG = False
    main()
