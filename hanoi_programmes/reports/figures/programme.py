"""The figures of one programme, as its page shows them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Count, F

from hanoi_programmes.programmes.querysets import TaskQuerySet
from hanoi_programmes.reports.figures.curve import Curve, curve
from hanoi_programmes.reports.figures.matters import View, rows_of
from hanoi_programmes.reports.figures.scope import Scope
from hanoi_programmes.reports.figures.tally import Tally


@dataclass(frozen=True, slots=True)
class ProgrammeFigures:
    """Numbers of tasks of one programme. `tally` counts what the reader's dashboard counts, so the
    city's tasks or those of the reader's unit; `communes` what wards carry out below the city's,
    empty for who does not see all."""

    on: date
    tally: Tally
    serious: int
    blocked: int
    silent: int
    communes: Tally
    curve: Curve

    @property
    def is_empty(self) -> bool:
        """Nothing was issued yet that the reader counts."""
        return not self.tally.total


def programme_figures(scope: Scope) -> ProgrammeFigures:
    """The figures of a scope that has chosen one programme; seven queries, however many tasks."""
    rows = scope.counted()
    return ProgrammeFigures(
        on=scope.on,
        tally=_tally(rows),
        serious=rows.late_on(scope.on, days=settings.SERIOUSLY_LATE_DAYS).count(),
        blocked=rows_of(scope, View.BLOCKED).count(),
        silent=rows_of(scope, View.SILENT).count(),
        communes=_tally(scope.of_communes()) if scope.user.sees_all else Tally(),
        curve=curve(scope),
    )


def _tally(rows: TaskQuerySet) -> Tally:
    """Both judgements of every task in one query, since who may see a task is asked each time."""
    pairs = rows.order_by().annotate(now=F("group"), first=F("original_group"))
    now: Counter[str] = Counter()
    first: Counter[str] = Counter()
    for group, original, number in pairs.values_list("now", "first").annotate(Count("pk")):
        now[group] += number
        first[original] += number
    return Tally.of(now, first)
