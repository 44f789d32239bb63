"""Times of a fan-out to all wards, its undoing, and the roll-up of what it made.

`python -m tests.bench.cascade N`, in a database of about N tasks; what it issues is rolled back.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hanoi_programmes.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils.timezone import localdate, now  # noqa: E402

from hanoi_programmes.people.models import UnitGroup  # noqa: E402
from hanoi_programmes.people.services.history import Act  # noqa: E402
from hanoi_programmes.programmes.models import Cascade, Task  # noqa: E402
from hanoi_programmes.programmes.services import cascade  # noqa: E402
from hanoi_programmes.programmes.services.cascade_plan import Order, planned  # noqa: E402
from hanoi_programmes.programmes.shapes import below_parts, belows  # noqa: E402
from tests.bench.filling import fill  # noqa: E402
from tests.bench.measure import RUNS  # noqa: E402

PAGE = 25


def timed(name: str, act: Callable[[], object], runs: int = RUNS) -> None:
    """Print the median of so many runs, and the slowest."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        act()
        times.append((time.perf_counter() - start) * 1000)
    print(f"{name:46} median {statistics.median(times):8.1f} ms, slowest {max(times):8.1f} ms")


def issue(parent: Task) -> Cascade:
    """All governments of wards and communes get the task; looking included."""
    today = localdate()
    act = Act(by=None, at=now(), on=today)
    asked = Order(
        groups=(UnitGroup.objects.get(key="ubnd-xa"),), text=f"{parent.text} tại {{địa bàn}}",
        product="Báo cáo", authority="{đơn vị}", deadlines={"commune": parent.deadline or today},
    )  # fmt: skip
    shown = {portion.unit.pk for portion in planned(parent, asked, by=None, on=today).issued}
    made = cascade.issue(parent, asked, act=act, agreed=shown).cascade
    assert made is not None
    assert made.size == len(shown) > 100
    return made


def parents() -> list[Task]:
    """City tasks that can be issued further down and have not been."""
    rows = Task.objects.filter(parent=None, deadline__gte=localdate(), issued_on__isnull=False)
    return list(rows.filter(children=None).order_by("pk")[:PAGE])


def main() -> None:
    """Issue from a page of tasks, roll them up, take them back."""
    print(f"{fill(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)} tasks")
    today, rows, made = localdate(), Task.objects.all(), []
    with transaction.atomic():
        tops = iter(chosen := parents())
        timed(
            "fan-out to 126, preview included", lambda: made.append(issue(next(tops))), len(chosen)
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE programmes_task")
        ids = [task.pk for task in chosen]
        timed("roll-up of one parent", lambda: belows(rows, ids[:1], on=today))
        timed("the same by level and axis", lambda: below_parts(rows, chosen[0], on=today))
        timed(f"roll-up of {len(ids)} parents", lambda: belows(rows, ids, on=today))
        act = Act(by=None, at=now(), on=today)
        back = iter(made)
        timed("undo", lambda: cascade.undo(next(back), act=act, reason="Đo"), RUNS)
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
