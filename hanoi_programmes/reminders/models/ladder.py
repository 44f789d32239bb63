"""The office's edition of the ladder of reminders."""

import pgtrigger
from django.db import models

from hanoi_programmes.people.models import User
from hanoi_programmes.reminders.querysets import LadderQuerySet


class Ladder(models.Model):
    """All rungs as the office wanted them from a moment on; the newest edition holds.

    Editions are added and never changed: which rungs held when a reminder went out can be looked
    up. Without any, the table of PRODUCT §7 holds (`policy.DEFAULT`).
    """

    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # A list of rungs, each as `policy.Rung.as_json` writes it.
    rungs = models.JSONField()
    note = models.CharField("lý do", max_length=300, blank=True)
    form_key = models.UUIDField(null=True, blank=True, unique=True)

    objects = LadderQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        triggers = [
            pgtrigger.Protect(
                name="ladders_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{len(self.rungs)} nấc nhắc từ {self.at:%d/%m/%Y}"
