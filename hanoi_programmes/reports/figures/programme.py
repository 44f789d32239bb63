"""The figures of one programme, as its page shows them."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from hanoi_programmes.reports.figures.curve import Curve, curve
from hanoi_programmes.reports.figures.matters import View, rows_of
from hanoi_programmes.reports.figures.scope import Scope
from hanoi_programmes.reports.figures.tally import Tally


@dataclass(frozen=True, slots=True)
class ProgrammeFigures:
    """Numbers of tasks of one programme. `tally` counts what the reader's dashboard counts, so the
    city's tasks or those of the reader's unit; `communes` what wards carry out below."""

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
    """The figures of a scope that has chosen one programme; nine queries, however many tasks."""
    rows, wards = scope.counted(), scope.of_communes()
    return ProgrammeFigures(
        on=scope.on,
        tally=Tally.of(rows.tally("group"), rows.tally("original_group")),
        serious=rows.late_on(scope.on, days=settings.SERIOUSLY_LATE_DAYS).count(),
        blocked=rows_of(scope, View.BLOCKED).count(),
        silent=rows_of(scope, View.SILENT).count(),
        communes=Tally.of(wards.tally("group"), {}),
        curve=curve(scope),
    )
