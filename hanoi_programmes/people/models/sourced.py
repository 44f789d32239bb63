"""Where a record comes from and how far it can be trusted."""

from django.db import models

from hanoi_programmes.people.roles import Confidence


class Sourced(models.Model):
    """Every reference record keeps its source and confidence, and shows them."""

    source = models.TextField("nguồn", blank=True)
    confidence = models.CharField(
        "độ tin cậy",
        max_length=12,
        choices=Confidence,
        default=Confidence.UNKNOWN,
    )

    class Meta:
        abstract = True

    @property
    def is_illustrative(self) -> bool:
        """True for data made up to show the product; every page that shows it says so."""
        return self.confidence == Confidence.ILLUSTRATIVE
