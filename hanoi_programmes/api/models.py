"""Calendar feeds: secret addresses that a calendar program reads without signing in."""

from django.db import models
from django.db.models import F, Q

from hanoi_programmes.api.querysets import FeedQuerySet
from hanoi_programmes.people.models import Unit, User


class Feed(models.Model):
    """One secret address. It shows what its owner may see when it is read, never more.

    Only a hash of the secret is kept: a copy of the database opens nobody's calendar. So the
    address is shown once, like a password; who loses it makes another.
    """

    # SHA-256 in hex: the secret is 256 bits of chance, which no slower hash could make safer.
    token_hash = models.CharField(max_length=64, unique=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="feeds")
    # Whose tasks; none: the owner's own work, wherever the owner is placed.
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="feeds", null=True, blank=True
    )
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    # To the hour: enough to see that a forgotten device still asks.
    last_read_at = models.DateTimeField(null=True, blank=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("made_at")),
                name="feed_revoked_after_made",
            )
        ]

    def __str__(self) -> str:
        return f"{self.owner}: {self.unit or 'việc của tôi'}"
