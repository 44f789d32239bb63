"""The numbers of a day by small cells, of tasks that count alike: added up in Python.

One grouped query counts all that a page tells of the rows, instead of one for each of its numbers.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import repeat
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery, Value

from hanoi_programmes.programmes.models import Obstacle
from hanoi_programmes.programmes.querysets import TaskQuerySet
from hanoi_programmes.programmes.querysets.counted import count_by_lead
from hanoi_programmes.programmes.querysets.troubled import (
    is_blocked,
    is_returned,
    is_silent,
    undecided,
)
from hanoi_programmes.programmes.timeliness import COME_DUE, Group, in_any, late_by
from hanoi_programmes.reports.figures.scope import Scope
from hanoi_programmes.reports.figures.tally import Tally

_LATE = in_any([Group.OVERDUE])


class Cell(NamedTuple):
    """Tasks of one unit and programme (0: of any) in one group against each deadline.

    `oldest` is the first deadline of the overdue ones, `waiting` the day on which the oldest
    obstacle of the blocked ones was raised.
    """

    unit: int
    programme: int
    group: str
    original: str
    number: int
    oldest: date | None = None
    serious: int = 0
    blocked: int = 0
    silent: int = 0
    returned: int = 0
    waiting: date | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of one day: the tally, and what needs a leader. All are numbers of tasks, but
    for the day since which the oldest obstacle waits."""

    tally: Tally
    serious: int
    blocked: int
    silent: int
    returned: int
    waiting: date | None


@dataclass(slots=True)
class Led:
    """All that one body leads: numbers by group, and the first deadline of the overdue."""

    counts: dict[str, int] = field(default_factory=dict)
    oldest: date | None = None

    @property
    def overdue(self) -> int:
        """How many are past their deadline."""
        return self.counts.get(Group.OVERDUE, 0)

    @property
    def due(self) -> int:
        """How many have come due: the denominator of the on-time rate."""
        return sum(map(self.counts.get, COME_DUE, repeat(0)))


def by_unit(scope: Scope) -> list[Cell]:
    """All that there is to say of the scope's rows, by lead unit and programme."""
    keys = ("lead", "programme", "group", "original_group")
    blocked = is_blocked(scope.on)
    returned = is_returned(scope.on, today=scope.today)
    grouped = scope.counted().order_by().values_list(*keys)
    grouped = grouped.annotate(
        # Of rows, not of keys: then an index alone can answer, and the tasks are not read.
        number=Count("*"),
        oldest=Min("due", filter=_LATE),
        **_hindered(scope.on, blocked),
        returned=_rows(returned),
        waiting=Min(Subquery(_raised(scope.on)), filter=blocked),
    )
    return [Cell(*row) for row in grouped]


def whoever_leads(scope: Scope) -> list[Cell]:
    """The same, but of units, programmes and of what was sent back: of a day to compare with."""
    keys = ("group", "original_group")
    grouped = scope.counted().order_by().values_list(*keys)
    grouped = grouped.annotate(
        number=Count("*"),
        oldest=Min("due", filter=_LATE),
        **_hindered(scope.on, is_blocked(scope.on)),
    )
    return [Cell(0, 0, *row) for row in grouped]


def in_sight(scope: Scope) -> dict[int, Led]:
    """Whatever the reader sees, by lead unit: which of it is wards' is asked of the few hundred
    units afterwards, and no cut of the wards tells programmes or first deadlines apart."""
    return by_key(scope.in_sight(), lambda lead: lead)


def by_key(tasks: TaskQuerySet, key: Callable[[int], int]) -> dict[int, Led]:
    """What each of the keys leads that stand for the lead units; after `with_group_on`."""
    found: dict[int, Led] = defaultdict(Led)
    for lead, group, number, oldest in count_by_lead(tasks):
        led = found[key(lead)]
        led.counts[group] = led.counts.get(group, 0) + number
        if oldest and (led.oldest is None or oldest < led.oldest):
            led.oldest = oldest
    return found


def tally(cells: Iterable[Cell]) -> Tally:
    """All of them together."""
    counts: dict[str, int] = defaultdict(int)
    originals: dict[str, int] = defaultdict(int)
    for cell in cells:
        counts[cell.group] += cell.number
        originals[cell.original] += cell.number
    return Tally.of(counts, originals)


def together(cells: Sequence[Cell]) -> Numbers:
    """All numbers of all cells."""
    return Numbers(
        tally=tally(cells),
        serious=sum(cell.serious for cell in cells),
        blocked=sum(cell.blocked for cell in cells),
        silent=sum(cell.silent for cell in cells),
        returned=sum(cell.returned for cell in cells),
        waiting=min((cell.waiting for cell in cells if cell.waiting), default=None),
    )


def _hindered(on: date, blocked: Q) -> dict[str, Any]:
    return {
        "serious": _rows(late_by(settings.SERIOUSLY_LATE_DAYS, on=on)),
        "blocked": _rows(blocked),
        "silent": _rows(is_silent(on, days=settings.SILENT_DAYS)),
    }


def _rows(condition: Q) -> Count:
    return Count(Value(1), filter=condition)


def _raised(on: date) -> QuerySet[Obstacle, Any]:
    rows = undecided(Obstacle.objects.filter(task=OuterRef("pk")), on)
    return rows.order_by("raised_on").values("raised_on")[:1]
