"""The weekly text of a unit as it was handed over to the central system."""

from django.db import models

from hanoi_programmes.lib.periods import week_key
from hanoi_programmes.people.models import Unit, User


class WeeklyText(models.Model):
    """The three parts as handed over, frozen; a second hand-over in the week is a second row.

    `starts_on` is the week's Monday.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="weekly_texts")
    starts_on = models.DateField("tuần từ ngày")
    results = models.TextField("kết quả nổi bật", blank=True)
    difficulties = models.TextField("khó khăn, vướng mắc", blank=True)
    next_week = models.TextField("nhiệm vụ tuần tới", blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc bàn giao")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["unit", "-at"], name="weekly_text_of_unit_newest")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.starts_on:%d/%m/%Y}"

    @property
    def week_key(self) -> str:
        """How an address names its week."""
        return week_key(self.starts_on)
