"""A report: what was asked, how far it is, the figures frozen with it, and the file."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.programmes.models import ActionProgramme
from hanoi_programmes.reports.querysets import ReportQuerySet
from hanoi_programmes.reports.states import STEPS, UNFINISHED, Issuer, Kind, Profile, State


class Report(models.Model):
    """One request for one paper. `form_key` is the form's: sent twice, it asks once.

    `snapshot` holds the figures as they were when the file was made; `claim` and `lease_until` say
    which worker has it and until when it may be silent.
    """

    kind = models.CharField("loại", max_length=20, choices=Kind, default=Kind.QUARTER)
    profile = models.CharField("thể thức", max_length=20, choices=Profile)
    issuer = models.CharField("cơ quan ban hành", max_length=10, choices=Issuer)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Empty: all programmes.
    programme = models.ForeignKey(
        ActionProgramme, on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    # Of a letter: to whom it is written, and what its form asked (tasks, day, closing words).
    addressee = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    period_start = models.DateField()
    period_end = models.DateField()
    as_of = models.DateField("số liệu đến ngày")

    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="reports")
    requested_at = models.DateTimeField()
    requested_on = models.DateField()
    form_key = models.UUIDField(unique=True)

    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    step = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    snapshot = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    # Stored under a random name; sent only through the view that asks for the right to see it.
    file = models.FileField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    # The same content to be edited; only letters have it.
    word = models.FileField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="report_state_known"),
            models.CheckConstraint(
                condition=Q(period_end__gte=models.F("period_start"))
                & Q(as_of__gte=models.F("period_start"), as_of__lte=models.F("period_end")),
                name="report_day_is_in_its_period",
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.LETTER, addressee__isnull=False)
                | (~Q(kind=Kind.LETTER) & Q(addressee__isnull=True, word="")),
                name="letters_have_an_addressee",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.DONE)
                | Q(
                    sha256__regex="^[0-9a-f]{64}$", size__gt=0, pages__gt=0, snapshot__isnull=False
                ),
                name="done_reports_have_a_file_and_figures",
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
                fields=["requested_by", "kind", "programme", "period_start", "as_of", "issuer"],
                # Two letters of one day differ in what they say.
                condition=Q(state__in=UNFINISHED, kind=Kind.QUARTER),
                nulls_distinct=False,
                name="one_unfinished_report_of_a_kind",
            ),
        ]
        indexes = [
            models.Index(
                fields=["requested_at"], condition=Q(state__in=UNFINISHED), name="report_unfinished"
            ),
            models.Index(fields=["requested_by", "-id"], name="report_of_user_newest"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def code(self) -> str:
        """Printed on every page and unique: "SL-1116-0043" is report 43, of 16 November."""
        return f"SL-{self.requested_on:%m%d}-{self.pk:04d}"

    @property
    def period_label(self) -> str:
        """'quý IV/2026'."""
        number = ("I", "II", "III", "IV")[self.period_start.month // 3]
        return f"quý {number}/{self.period_start.year}"

    @property
    def about(self) -> str:
        """What the paper tells of, without the period."""
        if self.programme is None:
            return "Kết quả thực hiện các chương trình hành động"
        if self.programme.number:
            return f"Kết quả thực hiện Chương trình hành động số {self.programme.number}"
        return f"Kết quả thực hiện Nghị quyết số {self.programme.resolution.number}"

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
    def step_label(self) -> str:
        """What is being done now, in words."""
        return STEPS[min(self.step, len(STEPS) - 1)]

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return len(STEPS)
