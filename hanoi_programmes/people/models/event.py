"""Append-only history of units, areas, posts and accounts: one event for each write."""

import pgtrigger
from django.db import models

from hanoi_programmes.people.models.place import Area, Unit
from hanoi_programmes.people.models.row_change import ThisTransaction
from hanoi_programmes.people.models.user import User


class Recorded(models.Model):
    """What every event says: kind for machines, words for people, when, and from what to what.

    `changes` maps a field to [from, to] as text. `form_key` is the key of the form that asked: the
    same form sent twice finds its event and writes nothing.
    """

    kind = models.CharField(max_length=30)
    told = models.CharField(max_length=300)
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
        abstract = True
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y} {self.told}"


class PlaceEvent(Recorded):
    """Who changed what about a unit, its posts or area; the database refuses change and deletion.

    `by` is empty when the system acted.
    """

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="events", null=True, blank=True
    )
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, related_name="events", null=True, blank=True
    )
    account = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="account_events", null=True, blank=True
    )
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="place_events", null=True, blank=True
    )

    class Meta(Recorded.Meta):
        indexes = [
            models.Index(fields=["unit", "-at"], name="event_of_unit_newest"),
            models.Index(fields=["-at", "-id"], name="place_event_newest"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="places_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]
