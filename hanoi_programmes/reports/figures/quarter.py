"""The figures of a report: a period's movement and the state at its last day."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from hanoi_programmes.lib.dates import Period
from hanoi_programmes.people.roles import Confidence
from hanoi_programmes.programmes.models import ActionProgramme
from hanoi_programmes.programmes.timeliness import Group
from hanoi_programmes.reports.figures.matters import Matter, View, matters
from hanoi_programmes.reports.figures.overview import Overview, overview
from hanoi_programmes.reports.figures.scope import Scope

# A report is read in a meeting: more lines than this belong to the list, which it names.
MATTERS_PRINTED = 60
_DONE = (Group.COMPLETED_ON_TIME, Group.COMPLETED_LATE)


@dataclass(frozen=True, slots=True)
class InPeriod:
    """Numbers of tasks that in the period were issued, came due, and were done."""

    issued: int
    came_due: int
    done: int


@dataclass(frozen=True, slots=True)
class Basis:
    """A document on which the report rests."""

    resolution: str
    resolution_on: date
    field: str
    programme: str
    programme_on: date | None
    programme_issuer: str


@dataclass(frozen=True, slots=True)
class Quarter:
    """Everything a report prints. `illustrative` is true when a counted task is made-up data."""

    start: date
    end: date
    overview: Overview
    period: InPeriod
    basis: tuple[Basis, ...]
    overdue: tuple[Matter, ...]
    blocked: tuple[Matter, ...]
    illustrative: bool

    @property
    def causes(self) -> list[tuple[str, int]]:
        """Kinds of obstacles among those printed, the most frequent first; unnamed ones last."""
        found = Counter(matter.cause or "Chưa phân loại" for matter in self.blocked)
        return sorted(found.items(), key=lambda row: (row[0] == "Chưa phân loại", -row[1], row[0]))

    @property
    def deciders(self) -> list[tuple[str, list[Matter]]]:
        """Waiting matters by who must decide, most matters first."""
        found: dict[str, list[Matter]] = {}
        for matter in self.blocked:
            found.setdefault(matter.decider, []).append(matter)
        return sorted(found.items(), key=lambda row: (-len(row[1]), row[0]))


def quarter(scope: Scope, period: Period) -> Quarter:
    """Compute the report's figures: of the period's tasks, as of the scope's day."""
    counted = scope.counted()
    return Quarter(
        start=period.start,
        end=period.end,
        overview=overview(scope),
        period=_in_period(scope, period),
        basis=_basis(scope),
        overdue=matters(scope, View.OVERDUE, limit=MATTERS_PRINTED),
        blocked=matters(scope, View.BLOCKED, limit=MATTERS_PRINTED),
        illustrative=counted.filter(confidence=Confidence.ILLUSTRATIVE).exists(),
    )


def _in_period(scope: Scope, period: Period) -> InPeriod:
    span = (period.start, min(period.end, scope.on))
    done = Q(group__in=_DONE, done_on__range=span)
    return InPeriod(
        **scope.counted().aggregate(
            issued=Count("pk", filter=Q(issued_on__range=span)),
            came_due=Count("pk", filter=Q(due__range=span)),
            done=Count("pk", filter=done),
        )
    )


def _basis(scope: Scope) -> tuple[Basis, ...]:
    """The programmes in scope with their resolutions; a draft has no number to rest on."""
    rows = ActionProgramme.objects.visible_to(scope.user).select_related("resolution")
    if scope.resolution:
        rows = rows.filter(resolution__key=scope.resolution)
    return tuple(
        Basis(
            resolution=row.resolution.number,
            resolution_on=row.resolution.issued_on,
            field=row.resolution.field,
            programme=row.number,
            programme_on=row.issued_on,
            programme_issuer=row.issuer,
        )
        for row in rows
    )
