"""An obstacle that one level passed on to another: the waiting goes on, before somebody else."""

from django.db import models

from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.programmes.models.progress import Obstacle


class Referral(models.Model):
    """Who had to decide an obstacle until the day `on`; the obstacle names who has to now."""

    obstacle = models.ForeignKey(Obstacle, on_delete=models.PROTECT, related_name="referrals")
    on = models.DateField("ngày chuyển")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="referrals", null=True, blank=True
    )
    unit_text = models.CharField("cấp chuyển", max_length=200)
    note = models.TextField("ý kiến khi chuyển", blank=True)

    class Meta:
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.obstacle_id}: {self.unit_text}, {self.on:%d/%m/%Y}"
