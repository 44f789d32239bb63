# ruff: noqa: E402 - Django must be set up before its models are imported
"""How long a calendar feed takes at a given number of tasks, whole and when nothing has changed.

    DATABASE_URL=… REDIS_URL=… SECRET_KEY=x ILLUSTRATIVE=1 HTTPS=0 \\
        python -m tests.bench.feeds 100000

Fills an otherwise empty, migrated database (`tests.bench.filling`); prints medians.
"""

import os
import statistics
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hanoi_programmes.settings")
django.setup()

from django.test import Client

from hanoi_programmes.people.models import User
from tests.bench.filling import fill
from tests.read_by_programs import feed_for

RUNS = 9
READERS = ("chuyenvien.lang", "chuyenvien.soyte", "vanphong", "thuongtruc")


def main(tasks: int) -> None:
    """A line a reader."""
    print(f"{fill(tasks)} tasks")
    for name in READERS:
        _measure(User.objects.get(username=name))


def _measure(owner: User) -> None:
    address = f"/feeds/{feed_for(owner)[1]}.ics"
    first = Client().get(address)
    whole = _median(address)
    same = _median(address, etag=first["ETag"])
    print(
        f"{owner.username}: {first.content.count(b'BEGIN:VEVENT')} entries,"
        f" {len(first.content) / 1024:.0f} KB, whole {whole:.0f} ms, not changed {same:.0f} ms"
    )


def _median(address: str, etag: str = "") -> float:
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        answer = Client().get(address, headers={"if-none-match": etag})
        times.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == (304 if etag else 200)
    return statistics.median(times)


if __name__ == "__main__":
    main(int(sys.argv[1]))
