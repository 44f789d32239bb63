"""A report: what was asked, how far it is, the figures frozen with it, and the files."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from hanoi_programmes.lib.dates import Period
from hanoi_programmes.lib.periods import period_key, period_label
from hanoi_programmes.people.models import Post, Unit, User
from hanoi_programmes.reports.models.about import FIELDS, About, subject_fits_kind
from hanoi_programmes.reports.querysets import ReportQuerySet
from hanoi_programmes.reports.states import (
    STEPS,
    UNFINISHED,
    Issuer,
    Kind,
    Profile,
    Rhythm,
    State,
)


class Report(About):
    """One request for one paper. `form_key` is the form's: sent twice, it asks once.

    `snapshot` holds the figures as they were when the file was made; `claim` and `lease_until` say
    which worker has it and until when it may be silent.
    """

    profile = models.CharField("thể thức", max_length=20, choices=Profile)
    issuer = models.CharField("cơ quan ban hành", max_length=10, choices=Issuer)
    # Whose letterhead it bears when a unit issues it; what it tells of is `about_unit`.
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Of a letter: to whom it is written, and what its form asked (tasks, day, closing words).
    addressee = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    rhythm = models.CharField("kỳ", max_length=10, choices=Rhythm, default=Rhythm.QUARTER)
    period_start = models.DateField()
    period_end = models.DateField()
    as_of = models.DateField("số liệu đến ngày")
    named = models.BooleanField("nêu tên người", default=True)
    # Another version of the same figures: the snapshot is taken from there.
    source = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="versions"
    )
    schedule = models.ForeignKey(
        "reports.ReportSchedule",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
    )

    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="reports")
    requested_at = models.DateTimeField()
    requested_on = models.DateField()
    form_key = models.UUIDField(unique=True)

    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    step = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    # Since it was last put in the queue, when that was not with the request.
    waiting_since = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    snapshot = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    # SHA-256 of the templates and of the profile with which the file was drawn.
    template_version = models.CharField(max_length=64, blank=True)
    # Stored under a random name; sent only through the view that asks for the right to see it.
    # Files go after a time, the figures stay: what was done can be drawn again.
    file = models.FileField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    # The same content to be edited, to be sorted, and, of a batch, each paper by itself.
    word = models.FileField(max_length=200, blank=True)
    excel = models.FileField(max_length=200, blank=True)
    archive = models.FileField(max_length=200, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="report_state_known"),
            models.CheckConstraint(condition=subject_fits_kind(), name="report_subject_fits_kind"),
            models.CheckConstraint(
                condition=Q(period_end__gte=models.F("period_start"))
                & Q(as_of__gte=models.F("period_start"), as_of__lte=models.F("period_end")),
                name="report_day_is_in_its_period",
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.LETTER) ^ Q(addressee__isnull=True),
                name="letters_have_an_addressee",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.DONE)
                | Q(
                    sha256__regex="^[0-9a-f]{64}$", size__gt=0, pages__gt=0, snapshot__isnull=False
                ),
                name="done_reports_have_a_file_and_figures",
            ),
            # A file that is offered is a whole one.
            models.CheckConstraint(
                condition=Q(state=State.DONE) | Q(file="", word="", excel="", archive=""),
                name="only_done_reports_have_files",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.RUNNING)
                | Q(claim__isnull=False, lease_until__isnull=False),
                name="running_reports_are_leased",
            ),
            models.CheckConstraint(
                condition=Q(state=State.FAILED) ^ Q(error=""), name="failed_reports_say_why"
            ),
            # Two clicks in two windows: one paper is made, both rows of the screen are that one.
            models.UniqueConstraint(
                fields=[
                    *("requested_by", "kind", *FIELDS, "rhythm", "period_start", "period_end"),
                    *("as_of", "issuer", "profile", "named", "source"),
                ],
                # Two letters of one day differ in what they say.
                condition=Q(state__in=UNFINISHED) & ~Q(kind=Kind.LETTER),
                nulls_distinct=False,
                name="one_unfinished_report_of_a_kind",
            ),
        ]
        indexes = [
            models.Index(
                fields=["requested_at"], condition=Q(state__in=UNFINISHED), name="report_unfinished"
            ),
            models.Index(fields=["requested_by", "-id"], name="report_of_user_newest"),
            models.Index(
                fields=["finished_at"],
                condition=Q(state=State.DONE) & ~Q(file=""),
                name="report_with_files",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def code(self) -> str:
        """Printed on every page and unique: "SL-1116-0043" is report 43, of 16 November."""
        return f"SL-{self.requested_on:%m%d}-{self.pk:04d}"

    @property
    def period(self) -> Period:
        """The days the report tells of."""
        return Period(self.period_start, self.period_end)

    @property
    def period_label(self) -> str:
        """'quý IV/2026'."""
        return period_label(period_key(self.period, self.rhythm))

    @property
    def subject(self) -> str:
        """The title of the paper."""
        if self.kind == Kind.LETTER:
            return f"Công văn đôn đốc {self.addressee}"
        return f"{self.about} {self.period_label}"

    @property
    def is_unfinished(self) -> bool:
        """Waiting or running: its row asks again, and it can be cancelled."""
        return self.state in UNFINISHED

    @property
    def is_cleared(self) -> bool:
        """Done, and its files are gone by rule: they can be drawn again from the figures."""
        return self.state == State.DONE and not self.file

    @property
    def step_label(self) -> str:
        """What is being done now, in words."""
        return STEPS[min(self.step, len(STEPS) - 1)]

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return len(STEPS)


class ReportRecipient(models.Model):
    """Somebody else who may read a report: who asked for the same one, or whose post is sent it.

    With a post, only as long as the user holds it: a row for each post that it came through.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="recipients")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "user", "post"],
                nulls_distinct=False,
                name="report_is_sent_to_a_user_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.report_id} → {self.user_id}"
