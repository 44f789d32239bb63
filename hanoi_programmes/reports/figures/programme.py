"""The figures of one programme, as its page shows them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from hanoi_programmes.programmes.querysets import TaskQuerySet
from hanoi_programmes.reports.figures.cells import Cell, tally, together, whoever_leads
from hanoi_programmes.reports.figures.curve import Curve, curve
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
    """The figures of a scope that has chosen one programme; three queries, however many tasks."""
    numbers = together(whoever_leads(scope))
    return ProgrammeFigures(
        on=scope.on,
        tally=numbers.tally,
        serious=numbers.serious,
        blocked=numbers.blocked,
        silent=numbers.silent,
        communes=_tally(scope.of_communes()) if scope.user.sees_all else Tally(),
        curve=curve(scope),
    )


def _tally(rows: TaskQuerySet) -> Tally:
    """Both judgements of every task in one query, since who may see a task is asked each time."""
    keys = ("group", "original_group")
    pairs = rows.order_by().values_list(*keys).annotate(number=Count("*"))
    return tally(Cell(0, 0, *row) for row in pairs)
