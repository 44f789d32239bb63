"""The hand-over sheet when the head of a unit changes."""

from django.db import models

from hanoi_programmes.people.models import Holding
from hanoi_programmes.programmes.querysets.handovers import HandoverQuerySet


class Handover(models.Model):
    """What the outgoing head passes on, frozen when the sheet was made, confirmed by both.

    `sheet` holds the open tasks, obstacles and promises as they stood on `made_on`.
    """

    outgoing = models.OneToOneField(Holding, on_delete=models.PROTECT, related_name="handover_out")
    incoming = models.OneToOneField(
        Holding, on_delete=models.PROTECT, related_name="handover_in", null=True, blank=True
    )
    made_on = models.DateField()
    sheet = models.JSONField(default=dict)
    note = models.TextField("nội dung cần lưu ý", blank=True)
    outgoing_confirmed_at = models.DateTimeField(null=True, blank=True)
    incoming_confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        ordering = ["-made_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.outgoing.post}, {self.made_on:%d/%m/%Y}"

    @property
    def is_confirmed(self) -> bool:
        """Both heads have confirmed."""
        return self.outgoing_confirmed_at is not None and self.incoming_confirmed_at is not None
