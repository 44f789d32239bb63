"""Regular reports by the clock: what is due is asked for once a period.

A period's report is asked for on the first working day after it, as of its last day. Everything of
one period (the report, who gets it, the run, the next period) is one transaction under the lock of
its schedule: two planners at once, or one that is killed, leave each period with one report.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid5

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.urls import reverse

from hanoi_programmes.lib.dates import ONE_DAY, SPANS, Period, is_working_day, next_working_day
from hanoi_programmes.lib.periods import period_key, period_label
from hanoi_programmes.lib.text import cut, one_line
from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import Tiding, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.rules import calendar_exceptions
from hanoi_programmes.people.services.history import Act
from hanoi_programmes.reports import rules
from hanoi_programmes.reports.models import Report, ReportRecipient, ReportSchedule, ScheduledRun
from hanoi_programmes.reports.services.asking import request
from hanoi_programmes.reports.services.schedules import (
    SHOWN,
    Standing,
    holders,
    record,
    rest,
)
from hanoi_programmes.reports.services.telling import tell_ended
from hanoi_programmes.reports.states import Issuer, Kind, Profile, Rhythm

_log = logging.getLogger(__name__)

# So long after its day a period that was missed is still made up for.
CATCH_UP = timedelta(days=30)
# A run of holidays is shorter.
_MARGIN = timedelta(days=40)
_TOO_LATE = (
    "Không lập: máy đã ngừng quá 30 ngày sau ngày phải lập. Cần báo cáo kỳ này thì lập ở trang "
    "Báo cáo."
)


@dataclass(frozen=True, slots=True)
class Ran:
    """What one run of the planner did: reports to be rung for, schedules that it let rest."""

    reports: tuple[int, ...] = ()
    stopped: int = 0
    broken: int = 0

    @property
    def told(self) -> str:
        """For the table of jobs; nothing when there was nothing to do."""
        done = {
            "báo cáo": len(self.reports),
            "lịch tạm dừng": self.stopped,
            "lịch lỗi": self.broken,
        }
        return ", ".join(f"{number} {word}" for word, number in done.items() if number)


def making_day(period: Period, exceptions: Mapping[date, bool]) -> date:
    """The first working day after the period."""
    return next_working_day(period.end + ONE_DAY, exceptions)


@dataclass(frozen=True, slots=True)
class Coming:
    """A period to come, in words too, and the day on which its report will be made."""

    period: Period
    words: str
    day: date


def coming(schedule: ReportSchedule, *, most: int = 3) -> list[Coming]:
    """The next periods with their days, as the calendar stands."""
    span = SPANS[schedule.rhythm]
    periods = [span(schedule.next_start)]
    while len(periods) < most:
        periods.append(span(periods[-1].end + ONE_DAY))
    exceptions = _calendar(periods[0].end, periods[-1].end)
    return [_coming(schedule, period, exceptions) for period in periods]


def coming_of(schedules: list[ReportSchedule]) -> dict[int, Coming]:
    """The next one of each, by its key; the calendar is read once."""
    periods = {row.pk: SPANS[row.rhythm](row.next_start) for row in schedules}
    if not periods:
        return {}
    ends = [period.end for period in periods.values()]
    exceptions = _calendar(min(ends), max(ends))
    return {row.pk: _coming(row, periods[row.pk], exceptions) for row in schedules}


def _coming(schedule: ReportSchedule, period: Period, exceptions: Mapping[date, bool]) -> Coming:
    words = period_label(period_key(period, schedule.rhythm))
    return Coming(period, words, making_day(period, exceptions))


def _calendar(first: date, last: date) -> Mapping[date, bool]:
    return calendar_exceptions(first, last + _MARGIN)


def run_due(*, on: date, at: datetime) -> Ran:
    """Ask for every report whose day has come, once; nothing on a day off.

    A schedule that breaks is written to the log and keeps nobody else waiting; raises
    `SoftTimeLimitExceeded` when the job's own time is up.
    """
    if not is_working_day(on, calendar_exceptions(on, on)):
        return Ran()
    reports: list[int] = []
    stopped = broken = 0
    for pk in ReportSchedule.objects.begun(on).order_by("pk").values_list("pk", flat=True):
        try:
            made, rests = _run(pk, on, at)
        except SoftTimeLimitExceeded:
            # Meant for the whole job: the next hour goes on where it stopped.
            raise
        except Exception:  # noqa: BLE001 - it is logged, and keeps nobody else waiting
            _log.exception("schedule %s makes nothing", pk)
            broken += 1
            continue
        reports += made
        stopped += rests
    return Ran(tuple(reports), stopped, broken)


@transaction.atomic
def _run(pk: int, on: date, at: datetime) -> tuple[list[int], bool]:
    """The reports of one schedule that are due, and whether it had to be stopped."""
    rows = ReportSchedule.objects.running().select_for_update(of=("self",), no_key=True)
    schedule = rows.select_related(*SHOWN).filter(pk=pk).first()
    if schedule is None or not (due := _due(schedule, on)):
        return [], False
    verdict = rules.may_go_on(schedule)
    if not verdict:
        _stop(schedule, verdict.reason, on, at)
        return [], True
    made = [_make(schedule, period, day, on=on, at=at) for period, day in due]
    schedule.next_start = due[-1][0].end + ONE_DAY
    schedule.save(update_fields=["next_start"])
    return [report for report in made if report is not None], False


def _due(schedule: ReportSchedule, on: date) -> list[tuple[Period, date]]:
    """The periods whose day has come, oldest first, each with that day."""
    exceptions = _calendar(schedule.next_start, on)
    found, period = [], SPANS[schedule.rhythm](schedule.next_start)
    while period.end < on and (day := making_day(period, exceptions)) <= on:
        found.append((period, day))
        period = SPANS[schedule.rhythm](period.end + ONE_DAY)
    return found


def _make(
    schedule: ReportSchedule, period: Period, day: date, *, on: date, at: datetime
) -> int | None:
    """Write the run of a period: its report with who gets it, or why there is none."""
    run = ScheduledRun(schedule=schedule, period_start=period.start, period_end=period.end, at=at)
    if day < on - CATCH_UP:
        run.note = _TOO_LATE
    else:
        try:
            with transaction.atomic():
                run.report = _ask(schedule, period, on, at)
        except Denied as refusal:
            run.note = f"Không lập: {refusal.reason}"
    if run.report is not None:
        run.note = _send(schedule, run.report, on)
    run.save()
    if run.report is not None and not run.report.is_unfinished:
        # It was being made already, and ended before its new readers were written down.
        tell_ended(run.report.pk)
    return run.report.pk if run.report is not None else None


def _ask(schedule: ReportSchedule, period: Period, on: date, at: datetime) -> Report:
    wish = _standing(schedule).wish(period, period.end)
    report = request(
        wish,
        by=schedule.made_by,
        at=at,
        on=on,
        form_key=uuid5(schedule.form_key, period_key(period, schedule.rhythm)),
        schedule=schedule,
    )
    # From here on it cannot end without its readers.
    return Report.objects.select_for_update(of=("self",), no_key=True).get(pk=report.pk)


def _send(schedule: ReportSchedule, report: Report, on: date) -> str:
    """Write down who gets it; what the page says of posts that it does not reach."""
    posts = list(schedule.posts.select_related("unit").order_by("pk"))
    held = holders([post.pk for post in posts], on)
    rows, missed = [], []
    for post in posts:
        user, name = held.get(post.pk), f"{post} ({post.unit.short_name})"
        if user is None:
            missed.append(f"{name}: chức danh đang khuyết")
        elif not user.is_active:
            missed.append(f"{name}: tài khoản người giữ đang tắt")
        elif not rules.may_receive(post, user, maker=schedule.made_by, subject=schedule.about_what):
            missed.append(f"{name}: người giữ không được xem hết số liệu")
        else:
            rows.append(ReportRecipient(report=report, user=user, post=post))
    ReportRecipient.objects.bulk_create(rows, ignore_conflicts=True)
    return f"Chưa gửi được: {'; '.join(missed)}." if missed else ""


def _standing(schedule: ReportSchedule) -> Standing:
    return Standing(
        kind=Kind(schedule.kind),
        rhythm=Rhythm(schedule.rhythm),
        issuer=Issuer(schedule.issuer),
        profile=Profile(schedule.profile),
        named=schedule.named,
        subject=schedule.about_what,
    )


def _stop(schedule: ReportSchedule, reason: str, on: date, at: datetime) -> None:
    """Let it rest, and leave word for the office, and for its maker if still there."""
    schedule.stopped = cut(reason, 299)
    rest(schedule)
    act = Act(by=None, at=at, on=on)
    record(act, schedule, "stop", f"Lịch báo cáo tự dừng: {schedule}. {reason}")
    office = User.objects.filter(is_active=True, role=Role.OFFICE).values_list("pk", flat=True)
    readers = {*office, *([schedule.made_by_id] if schedule.made_by.is_active else [])}
    Tiding.objects.bulk_create(
        (
            Tiding(
                key=f"schedule:{schedule.pk}:{schedule.version}",
                recipient_id=reader,
                tone=Tiding.Tone.BAD,
                headline="Lịch báo cáo đã tự dừng",
                text=cut(one_line(f"{schedule}. {reason}"), 299),
                path=reverse("reports:schedule", args=[schedule.pk]),
                by_mail=True,
            )
            for reader in sorted(readers)
        ),
        ignore_conflicts=True,
    )


def period_words(schedule: ReportSchedule, run: ScheduledRun) -> str:
    """'quý IV/2026'; of a rhythm that the schedule had before, its days."""
    period = Period(run.period_start, run.period_end)
    is_of_now = SPANS[schedule.rhythm](period.start) == period
    return period_label(period_key(period, schedule.rhythm if is_of_now else Rhythm.DATES))
