"""What the health page and the alarm know: read in a fixed number of queries, written by nobody."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from celery.schedules import BaseSchedule
from celery.schedules import schedule as every
from django.conf import settings
from django.db import connection
from django.db.models import Count, F, Min, Q

from hanoi_programmes.lib.dates import is_working_day
from hanoi_programmes.people.rules import calendar_exceptions
from hanoi_programmes.reminders.models import JobRun, Mail, Pulse
from hanoi_programmes.reminders.rules.alarm import Morning, late_before, run_of
from hanoi_programmes.reminders.rules.machines import (
    QUEUES,
    Finding,
    Machines,
    findings,
    is_old,
)
from hanoi_programmes.reminders.services.broker import doorbells
from hanoi_programmes.reminders.services.plan import is_planned
from hanoi_programmes.reminders.states import MailKind, MailState

PLAN = "reminders.jobs.plan_reminders"
# What the administrator reads for a job of the timetable.
JOBS = {
    PLAN: "Lập nhắc việc trong ngày",
    "reminders.jobs.deliver_waiting": "Gửi thư đang chờ",
    "reminders.jobs.tell": "Báo tin báo cáo đã lập",
    "reminders.jobs.watch": "Kiểm tra lượt 07:30",
    "reminders.jobs.prune_runs": "Dọn nhật ký chạy cũ",
    "reports.jobs.make_waiting": "Lập báo cáo đang chờ",
    "reports.jobs.clean_files": "Dọn tệp báo cáo cũ",
    "reports.jobs.run_schedules": "Lập báo cáo định kỳ",
    "programmes.jobs.sweep_evidence": "Dọn tệp không còn dùng",
}
# Longer than a job may run (the hard limit is 270 s): without an end it was killed.
_LONGEST_RUN = timedelta(minutes=5)
# A worker that is busy comes a little later; more is a run that did not happen.
_PATIENCE = timedelta(minutes=5)


# The alarm: nothing but the database is asked


def morning_of(at: datetime) -> Morning:
    """What is known of the day at a moment in Hanoi's time."""
    on = at.date()
    late = _late_mails(at)
    put_back, mails = _worst_day(late.filter(next_try_at__gt=at))
    newest = JobRun.objects.order_by("-pk").first()
    return Morning(
        at=at,
        is_working_day=is_working_day(on, calendar_exceptions(on, on)),
        is_planned=is_planned(on) or _has_run(PLAN, since=run_of(on, at)),
        mails=mails,
        untried=late.exclude(next_try_at__gt=at).count(),
        put_back=put_back,
        last_run_at=newest.began_at if newest else None,
    )


def _late_mails(at: datetime) -> Any:  # noqa: ANN401 - a queryset with annotations
    """Still here though they should have gone. What a person sent again by hand is watched by that
    person; a mail that raises the alarm must not keep it ringing."""
    waiting = Mail.objects.filter(state__in=[MailState.QUEUED, MailState.CLAIMED])
    ordinary = waiting.filter(settled_by__isnull=True).exclude(kind=MailKind.ALARM)
    return ordinary.filter(queued_at__lt=late_before(at))


def _worst_day(put_back: Any) -> tuple[int, int]:  # noqa: ANN401 - as above
    """Of the days with mails that the server did not take: how many, of how many that day."""
    by_day = dict(put_back.order_by().values_list("on").annotate(rows=Count("pk")))
    if not by_day:
        return 0, 0
    rows = Mail.objects.filter(on__in=by_day).exclude(kind=MailKind.ALARM)
    mails = dict(rows.order_by().values_list("on").annotate(rows=Count("pk")))
    worst = max(by_day, key=lambda day: by_day[day] / mails[day])
    return by_day[worst], mails[worst]


def _has_run(job: str, *, since: datetime) -> bool:
    ended = JobRun.objects.filter(job=job, began_at__gte=since, ended_at__isnull=False)
    return ended.filter(error="").exists()


# The page


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job of the timetable: its last run, how that went, and when the next is due."""

    label: str
    run: JobRun | None
    next_at: datetime
    tone: str
    words: str

    @property
    def seconds(self) -> float | None:
        """How long the last run took."""
        if self.run is None or self.run.ended_at is None:
            return None
        return (self.run.ended_at - self.run.began_at).total_seconds()

    @property
    def is_broken(self) -> bool:
        """Somebody must look."""
        return self.tone == "late"


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A queue: what waits in the broker, who worked on it last."""

    label: str
    waiting: int | None
    pulse: Pulse | None
    is_silent: bool


@dataclass(frozen=True, slots=True)
class Ledger:
    """Mails that are not sent, by where they stand."""

    queued: int
    claimed: int
    doubtful: int
    failed: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Space:
    """Room on the disk of stored files, in bytes; None when the disk cannot be asked."""

    free: int | None
    total: int | None
    database: int

    @property
    def free_share(self) -> float | None:
        """Of one."""
        return self.free / self.total if self.free is not None and self.total else None


@dataclass(frozen=True, slots=True)
class Health:
    """All that the page shows, the findings first."""

    at: datetime
    findings: list[Finding]
    queues: list[QueueLine]
    ledger: Ledger
    jobs: list[JobLine]
    space: Space
    is_reachable: bool


def health_at(at: datetime, timetable: Mapping[str, Mapping[str, Any]]) -> Health:
    """Everything at a moment in Hanoi's time; `timetable` is the running one's entries."""
    pulses = {pulse.queue: pulse for pulse in Pulse.objects.all()}
    bells, ledger, space = doorbells(QUEUES), _ledger(), _space()
    jobs = job_lines(at, timetable)
    machines = Machines(
        morning=morning_of(at),
        pulses={queue: pulse.at for queue, pulse in pulses.items()},
        doorbells=bells,
        failed=ledger.failed,
        doubtful=ledger.doubtful,
        broken_jobs=sum(line.is_broken for line in jobs),
        free_share=space.free_share,
    )
    queues = [
        QueueLine(
            label, bells[queue] if bells else None, pulse, is_old(pulse.at if pulse else None, at)
        )
        for queue, label in QUEUES.items()
        for pulse in [pulses.get(queue)]
    ]
    return Health(at, findings(machines), queues, ledger, jobs, space, bells is not None)


def job_lines(at: datetime, timetable: Mapping[str, Mapping[str, Any]]) -> list[JobLine]:
    """The jobs whose runs are recorded, in the order of the timetable."""
    latest = JobRun.objects.order_by("job", "-began_at", "-pk").distinct("job")
    runs = {run.job: run for run in latest}
    return [
        _job_line(at, job, entry["schedule"], runs.get(job))
        for entry in timetable.values()
        if (job := entry["task"].removeprefix("hanoi_programmes.")) in JOBS
    ]


def _job_line(at: datetime, job: str, schedule: Any, run: JobRun | None) -> JobLine:  # noqa: ANN401 - Celery's
    """Celery itself says when the run after this one is due."""
    bell = schedule if isinstance(schedule, BaseSchedule) else every(timedelta(seconds=schedule))
    due = at + bell.remaining_estimate(run.began_at if run else at)
    tone, words = _how_it_went(run, at)
    if run and due < at - _PATIENCE and tone == "done":
        tone, words = "soon", f"Lượt {_to_the_minute(due):%H:%M, %d/%m} chưa chạy"
    next_at = due if due >= at else at + bell.remaining_estimate(at)
    return JobLine(JOBS[job], run, _to_the_minute(next_at), tone, words)


def _to_the_minute(moment: datetime) -> datetime:
    """Celery counts from its own now, a moment after ours."""
    return (moment + timedelta(seconds=30)).replace(second=0, microsecond=0)


def _how_it_went(run: JobRun | None, at: datetime) -> tuple[str, str]:
    """Tone and words."""
    if run is None:
        return "none", "Chưa chạy lần nào"
    if run.error:
        return "late", f"Lỗi: {run.error}"
    if run.ended_at:
        return "done", f"Xong{f': {run.told}' if run.told else ''}"
    if run.began_at < at - _LONGEST_RUN:
        return "late", "Dừng giữa chừng: máy chạy việc này bị tắt"
    return "run", "Đang chạy"


def _ledger() -> Ledger:
    waiting = Mail.objects.filter(state__in=[MailState.QUEUED, MailState.CLAIMED]).aggregate(
        queued=Count("pk", filter=Q(state=MailState.QUEUED)),
        claimed=Count("pk", filter=Q(state=MailState.CLAIMED)),
        oldest=Min(F("queued_at")),
    )
    troubled = Mail.objects.troubled().aggregate(
        doubtful=Count("pk", filter=Q(state=MailState.DOUBTFUL)),
        failed=Count("pk", filter=Q(state=MailState.FAILED)),
    )
    return Ledger(**waiting, **troubled)


def _space() -> Space:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        (database,) = cursor.fetchone()
    try:
        # Before the first file is stored the folder need not be there.
        folder = next(f for f in (Path(settings.MEDIA_ROOT), *Path(settings.MEDIA_ROOT).parents)
                      if f.is_dir())  # fmt: skip
        usage = shutil.disk_usage(folder)
    except OSError:
        return Space(None, None, database)
    return Space(usage.free, usage.total, database)
