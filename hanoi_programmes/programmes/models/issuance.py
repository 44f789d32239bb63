"""Which unit has issued its own plan for a programme, and when."""

from django.db import models

from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.programmes.models.plan import ActionProgramme
from hanoi_programmes.programmes.querysets import PlanIssuanceQuerySet


class PlanIssuance(models.Model):
    """A unit's own plan for a programme, one each: the paper's number and day."""

    programme = models.ForeignKey(
        ActionProgramme, on_delete=models.PROTECT, related_name="issuances"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="plan_issuances")
    number = models.CharField("số, ký hiệu", max_length=60)
    title = models.CharField("trích yếu", max_length=300, blank=True)
    issued_on = models.DateField("ngày ban hành")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("lúc ghi")
    is_illustrative = models.BooleanField(default=False)

    objects = PlanIssuanceQuerySet.as_manager()

    class Meta:
        ordering = ["issued_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "unit"], name="one_plan_of_a_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.number}, {self.issued_on:%d/%m/%Y}"
