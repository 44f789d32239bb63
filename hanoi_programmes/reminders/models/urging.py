"""The office urges by hand."""

from django.db import models

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.reminders.querysets import UrgingQuerySet


class Urging(models.Model):
    """One act of urging: who urged, in which words, about which tasks.

    Whom it reached stands in the ledger: rows with the rung `urged` and this row as their matter.
    """

    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    on = models.DateField()
    text = models.TextField("nội dung đôn đốc")
    tasks = models.ManyToManyField(Task, related_name="urgings")
    # The form's key: sent twice, it urges once.
    form_key = models.UUIDField(null=True, blank=True, unique=True)

    objects = UrgingQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y}: {self.text[:60]}"
