"""Progress reports, the evidence under them, and obstacles."""

from django.db import models
from django.db.models import Q

from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.programmes.models.task import Task
from hanoi_programmes.programmes.querysets import ObstacleQuerySet


class Situation(models.TextChoices):
    """The one choice that an update needs."""

    DOING = "doing", "Đang làm, không vướng"
    NOTHING = "nothing", "Không phát sinh trong kỳ"
    DONE = "done", "Đã xong, gửi xác nhận"
    STUCK = "stuck", "Vướng, cần tháo gỡ"


class ProgressReport(models.Model):
    """What a unit says of its task on a day; never changed afterwards."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="reports")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()
    situation = models.CharField("tình hình", max_length=10, choices=Situation)
    text = models.TextField("việc đã làm", blank=True)
    next_step = models.TextField("việc tiếp theo", blank=True)
    count = models.PositiveIntegerField(null=True, blank=True)
    percent = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__lte=100), name="percent_to_100"
            )
        ]
        indexes = [models.Index(fields=["task", "-at"], name="report_of_task_newest")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.on:%d/%m/%Y}: {self.get_situation_display()}"


class Evidence(models.Model):
    """Proof of a result: a file, or a document by number, date and issuer."""

    class Verdict(models.TextChoices):
        """What the verifier said of it."""

        WAITING = "waiting", "Chờ xác nhận"
        ACCEPTED = "accepted", "Đã xác nhận"
        RETURNED = "returned", "Trả lại"

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="evidence")
    report = models.ForeignKey(ProgressReport, on_delete=models.PROTECT, related_name="evidence")
    document_number = models.CharField("số, ký hiệu văn bản", max_length=60, blank=True)
    document_date = models.DateField("ngày văn bản", null=True, blank=True)
    document_issuer = models.CharField("cơ quan ban hành", max_length=200, blank=True)
    # The name shown; the file itself lies under a random name and is served only as an attachment.
    name = models.CharField("tên tệp", max_length=255, blank=True)
    file = models.FileField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict, default=Verdict.WAITING)
    verdict_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    verdict_on = models.DateField(null=True, blank=True)
    verdict_note = models.TextField("nhận xét", blank=True)

    class Meta:
        ordering = ["-report__at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(file="") | ~Q(document_number=""), name="evidence_is_something"
            ),
            models.CheckConstraint(
                condition=Q(document_number="") | Q(document_date__isnull=False),
                name="evidence_documents_have_a_date",
            ),
            models.CheckConstraint(
                condition=Q(file="") | Q(sha256__regex="^[0-9a-f]{64}$"),
                name="evidence_files_have_a_hash",
            ),
        ]

    def __str__(self) -> str:
        return self.document_number or self.name


class Obstacle(models.Model):
    """What stops the work, and the level that must decide; its waiting days are the decider's."""

    class Cause(models.TextChoices):
        """Kinds of causes, for grouping in reports."""

        DATA = "data_software", "Dữ liệu, phần mềm"
        BUDGET = "budget", "Kinh phí"
        STAFF = "staff", "Nhân lực"
        LAND = "land_planning", "Đất đai, quy hoạch"
        LEGAL = "legal", "Cơ chế, quy định"
        COORDINATION = "coordination", "Phối hợp"

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="obstacles")
    report = models.ForeignKey(
        ProgressReport, on_delete=models.PROTECT, related_name="obstacles", null=True, blank=True
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    raised_on = models.DateField()
    text = models.TextField("vướng mắc")
    cause = models.CharField("nguyên nhân", max_length=20, choices=Cause, blank=True)
    decider = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="obstacles_to_decide", null=True, blank=True
    )
    decider_text = models.CharField("cấp quyết định", max_length=200)
    proposal = models.TextField("đề xuất", blank=True)
    wanted_by = models.DateField("cần trả lời trước ngày", null=True, blank=True)
    resolved_on = models.DateField(null=True, blank=True)
    decision = models.TextField("quyết định", blank=True)
    decision_document = models.CharField("văn bản quyết định", max_length=60, blank=True)
    # The unit took it back: nobody decided, and its waiting is charged to nobody else.
    is_withdrawn = models.BooleanField(default=False)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = ObstacleQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_on__isnull=True) | Q(resolved_on__gte=models.F("raised_on")),
                name="obstacle_resolved_after_raised",
            ),
            models.CheckConstraint(
                condition=Q(is_withdrawn=False) | Q(resolved_on__isnull=False),
                name="withdrawn_obstacles_have_a_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["task"], condition=Q(resolved_on__isnull=True), name="obstacle_waiting"
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]
