"""Append-only history: one event for each write."""

import pgtrigger
from django.db import models

from hanoi_programmes.people.models import ThisTransaction, User
from hanoi_programmes.programmes.models.task import Task


class Event(models.Model):
    """Who did what to a task, when, from what to what. The database refuses change and deletion.

    `by` is empty when the system acted. `changes` maps a field to [from, to] as text. `form_key` is
    the key of the form that asked: the same form sent twice finds its event and writes nothing.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=30)
    told = models.CharField(max_length=300)
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="events", null=True, blank=True
    )
    at = models.DateTimeField()
    on = models.DateField()
    note = models.TextField(blank=True)
    changes = models.JSONField(default=dict)
    form_key = models.UUIDField(null=True, blank=True, unique=True)
    # Under this name the rows that were written with it stand in the row history.
    transaction = models.UUIDField(
        null=True, editable=False, db_index=True, db_default=ThisTransaction()
    )

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["task", "-at"], name="event_of_task_newest"),
            models.Index(fields=["-at", "-id"], name="event_newest"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y} {self.told}"
