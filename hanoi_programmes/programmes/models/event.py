"""Append-only history: one event for each write."""

import pgtrigger
from django.db import models

from hanoi_programmes.people.models import Recorded, User
from hanoi_programmes.programmes.models.task import Task


class Event(Recorded):
    """Who did what to a task, when, from what to what. The database refuses change and deletion.

    `by` is empty when the system acted.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="events")
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="events", null=True, blank=True
    )

    class Meta(Recorded.Meta):
        indexes = [
            models.Index(fields=["task", "-at"], name="event_of_task_newest"),
            models.Index(fields=["-at", "-id"], name="event_newest"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
