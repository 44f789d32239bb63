"""A leader's direction to a unit, or a request to explain, with a day to answer by."""

from django.db import models
from django.db.models import F, Q

from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.programmes.models.task import Task
from hanoi_programmes.programmes.querysets import DirectionQuerySet


class Direction(models.Model):
    """One direction (ý kiến chỉ đạo) or explanation request (yêu cầu giải trình) on a task.

    The unit answers; who gave it, or the office, closes it.
    """

    class Kind(models.TextChoices):
        """What is wanted of the unit."""

        DIRECTION = "direction", "Ý kiến chỉ đạo"
        EXPLANATION = "explanation", "Yêu cầu giải trình"

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="directions")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="directions")
    kind = models.CharField(max_length=12, choices=Kind)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    text = models.TextField("nội dung")
    answer_by = models.DateField("trả lời trước ngày")
    answer = models.TextField("trả lời", blank=True)
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    answered_on = models.DateField(null=True, blank=True)
    closed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    closed_on = models.DateField(null=True, blank=True)
    closing = models.TextField("kết luận", blank=True)

    objects = DirectionQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer_by__gte=F("on")), name="direction_leaves_time_to_answer"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_on__isnull=True)
                | (~Q(answer="") & Q(answered_on__isnull=False)),
                name="answered_directions_have_a_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit"], condition=Q(closed_on__isnull=True), name="direction_open_of_unit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text[:60]}"
