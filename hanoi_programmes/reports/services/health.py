"""What the health page of reports knows: read in a fixed number of queries, written by nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, Sum
from django.db.models.functions import Now

from hanoi_programmes.reports.models import (
    RenderedSection,
    Report,
    ReportSchedule,
    ReportSection,
    ScheduledRun,
)
from hanoi_programmes.reports.services.planning import period_words
from hanoi_programmes.reports.states import SectionState, State

_RUNS, _FAILED = 8, 10


@dataclass(frozen=True, slots=True)
class Queue:
    """Reports that are not finished, and the parts of those that are being made."""

    waiting: int
    running: int
    oldest: datetime | None
    parts_waiting: int
    parts_in_work: int
    parts_done: int
    # Nobody has come back to it since its lease ended: the sweep takes it up within a minute.
    left: int


@dataclass(frozen=True, slots=True)
class Store:
    """What lies on the disk: drawn parts that are kept, and reports with their files."""

    parts: int
    parts_size: int
    reports: int
    reports_size: int
    cleared: int


@dataclass(frozen=True, slots=True)
class Run:
    """The last thing that a schedule did."""

    run: ScheduledRun
    words: str


@dataclass(frozen=True, slots=True)
class Health:
    """All that the page shows beside the font."""

    queue: Queue
    store: Store
    runs: Sequence[Run]
    stopped: int
    failed: Sequence[Report]
    failures: int


def health() -> Health:
    """As it is now, by the database's clock."""
    ended = Report.objects.filter(state=State.FAILED)
    failed = ended.select_related("requested_by__unit", "addressee", *Report.JOINS)
    runs = ScheduledRun.objects.select_related("schedule", "report").order_by("-at", "-pk")
    stopped = ReportSchedule.objects.exclude(stopped="").filter(ended_at__isnull=True)
    return Health(
        queue=_queue(),
        store=_store(),
        runs=[Run(run, period_words(run.schedule, run)) for run in runs[:_RUNS]],
        stopped=stopped.count(),
        failed=list(failed.order_by("-finished_at", "-pk")[:_FAILED]),
        failures=ended.count(),
    )


def _queue() -> Queue:
    late = Q(state=State.RUNNING, lease_until__lt=Now())
    reports = Report.objects.unfinished().aggregate(
        waiting=Count("pk", filter=Q(state=State.WAITING)),
        running=Count("pk", filter=Q(state=State.RUNNING)),
        oldest=Min("requested_at"),
        left=Count("pk", filter=late),
    )
    in_work = Q(state=SectionState.WAITING, lease_until__gte=Now())
    sections = ReportSection.objects.filter(report__state=State.RUNNING).aggregate(
        parts_in_work=Count("pk", filter=in_work),
        parts_waiting=Count("pk", filter=Q(state=SectionState.WAITING) & ~in_work),
        parts_done=Count("pk", filter=Q(state=SectionState.DONE)),
    )
    return Queue(**reports, **sections)


def _store() -> Store:
    parts = RenderedSection.objects.aggregate(parts=Count("pk"), parts_size=Sum("size", default=0))
    kept = Report.objects.filter(state=State.DONE).aggregate(
        reports=Count("pk", filter=~Q(file="")),
        reports_size=Sum("size", filter=~Q(file=""), default=0),
        cleared=Count("pk", filter=Q(file="")),
    )
    return Store(**parts, **kept)
