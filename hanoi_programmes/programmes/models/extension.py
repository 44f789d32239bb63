"""A unit asks for more time; who assigned the task decides."""

from django.db import models
from django.db.models import F, Q

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models.task import Task
from hanoi_programmes.programmes.querysets import ExtensionQuerySet


class Extension(models.Model):
    """One request for another deadline and its answer; the original deadline stays on the task.

    Asked in time (on or before the deadline), its waiting days are the decider's (PRODUCT §6).
    """

    class Answer(models.TextChoices):
        """What the assigner's side said."""

        WAITING = "waiting", "Chờ quyết định"
        AGREED = "agreed", "Đồng ý"
        REFUSED = "refused", "Không đồng ý"
        OTHER_DATE = "other_date", "Ấn định ngày khác"
        WITHDRAWN = "withdrawn", "Đơn vị rút đề nghị"

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="extensions")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    asked_on = models.DateField("ngày đề nghị")
    reason = models.TextField("lý do")
    # The deadline when it was asked for, and the one that the unit wants.
    deadline = models.DateField("thời hạn khi đề nghị")
    wanted = models.DateField("thời hạn đề nghị")
    answer = models.CharField(max_length=12, choices=Answer, default=Answer.WAITING)
    granted = models.DateField("thời hạn mới", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_on = models.DateField(null=True, blank=True)
    note = models.TextField("ý kiến trả lời", blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=Q(answer="waiting"), name="one_extension_waits"
            ),
            models.CheckConstraint(
                condition=Q(wanted__gt=F("deadline")), name="extension_wants_a_later_day"
            ),
            models.CheckConstraint(
                condition=Q(answer="waiting", decided_on__isnull=True)
                | (~Q(answer="waiting") & Q(decided_on__gte=F("asked_on"))),
                name="decided_extensions_have_a_day",
            ),
            models.CheckConstraint(
                condition=Q(answer__in=["agreed", "other_date"], granted__isnull=False)
                | (~Q(answer__in=["agreed", "other_date"]) & Q(granted__isnull=True)),
                name="granted_extensions_have_a_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id}: {self.deadline:%d/%m/%Y} → {self.wanted:%d/%m/%Y}"

    @property
    def in_time(self) -> bool:
        """Asked for before the deadline had passed."""
        return self.asked_on <= self.deadline
