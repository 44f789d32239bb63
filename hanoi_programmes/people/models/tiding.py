"""What an app wants somebody to be told, for the app that tells: the two need not know each other.

Whoever has done something writes a row in the transaction in which it was done; reminders turns
each row into a notice and, when wished, a mail, once.
"""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from hanoi_programmes.people.models.user import User


class Tiding(models.Model):
    """One thing to tell one person. `key` names the occasion: the same is never told twice.

    `path` is an address of this house: what is read there is decided when it is opened, so the
    words name nothing but a title.
    """

    class Tone(models.TextChoices):
        """Whether it is good to hear."""

        GOOD = "good", "Đã xong"
        BAD = "bad", "Cần xem lại"

    key = models.CharField(max_length=120)
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tidings")
    tone = models.CharField(max_length=4, choices=Tone, default=Tone.GOOD)
    # As the notice and the subject of the mail say it; `text` is the line under it.
    headline = models.CharField(max_length=120)
    text = models.CharField(max_length=300)
    path = models.CharField(max_length=200, blank=True)
    by_mail = models.BooleanField(default=False)
    at = models.DateTimeField(db_default=Now())
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], name="nobody_is_told_twice"),
            models.CheckConstraint(
                condition=Q(path="") | Q(path__startswith="/") & ~Q(path__startswith="//"),
                name="tidings_lead_into_the_house",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(taken_at__isnull=True), name="tiding_untaken")
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id}: {self.headline}"
