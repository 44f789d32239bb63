"""Fan-out: one act that issues a task to many units."""

from django.db import models

from hanoi_programmes.people.models import User


class Cascade(models.Model):
    """One act that gave a task to chosen units or a named group, each a child task of its own.

    It can be undone until one of the units has acknowledged; the children then become cancelled
    and stay in the history. `plan` keeps what was chosen: groups, units, deadlines by level.
    """

    parent = models.ForeignKey("Task", on_delete=models.PROTECT, related_name="cascades")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    on = models.DateField()
    plan = models.JSONField(default=dict)
    size = models.PositiveIntegerField()
    undone_on = models.DateField(null=True, blank=True)
    undone_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.parent_id}: {self.size} đơn vị, {self.on:%d/%m/%Y}"
