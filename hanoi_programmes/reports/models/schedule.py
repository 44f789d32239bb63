"""Reports that are made again each period and sent to posts."""

from django.db import models
from django.db.models import Q

from hanoi_programmes.people.models import Post, Unit, User
from hanoi_programmes.reports.models.about import About, subject_fits_kind
from hanoi_programmes.reports.models.report import Report
from hanoi_programmes.reports.querysets import ScheduleQuerySet
from hanoi_programmes.reports.states import REGULAR, Issuer, Kind, Profile, Rhythm


class ReportSchedule(About):
    """What is made, how often, for whom; `next_start` is the first day of the next period told of.

    Made in the name and the sight of who set it up, on the first working day after the period, as
    the calendar of that day says. It runs, or rests (`is_active`), or has ended for good.
    """

    rhythm = models.CharField("kỳ", max_length=10, choices=Rhythm)
    profile = models.CharField("thể thức", max_length=20, choices=Profile)
    issuer = models.CharField("cơ quan ban hành", max_length=10, choices=Issuer)
    # Whose letterhead it bears when a unit issues it.
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    named = models.BooleanField("nêu tên người", default=True)
    posts = models.ManyToManyField(Post, related_name="+", blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)
    next_start = models.DateField("kỳ tới")
    is_active = models.BooleanField("đang chạy", default=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Why the house itself let it rest: its maker left, or may no longer make it.
    stopped = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        ordering = ["-is_active", "next_start", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=subject_fits_kind() & ~Q(kind=Kind.LETTER),
                name="schedule_subject_fits_kind",
            ),
            models.CheckConstraint(
                condition=Q(rhythm__in=REGULAR), name="schedule_rhythm_is_regular"
            ),
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(ended_at__isnull=True, stopped=""),
                name="running_schedules_have_not_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["next_start"], condition=Q(is_active=True), name="schedule_next")
        ]

    def __str__(self) -> str:
        return f"{self.about} (hằng {self.get_rhythm_display().lower()})"


class ScheduledRun(models.Model):
    """One period of a schedule: it is asked for once, whoever rings how often.

    Without a report `note` says why there is none; with one, which posts it did not reach.
    """

    schedule = models.ForeignKey(ReportSchedule, on_delete=models.CASCADE, related_name="runs")
    period_start = models.DateField()
    period_end = models.DateField()
    # Two schedules may want the same paper: it is one report.
    report = models.ForeignKey(
        Report, on_delete=models.PROTECT, null=True, blank=True, related_name="runs"
    )
    at = models.DateTimeField()
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-period_start", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "period_start", "period_end"],
                name="schedule_runs_once_a_period",
            )
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id}: {self.period_start:%d/%m/%Y}"
