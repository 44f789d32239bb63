"""The office's own words in a report, kept for its period and frozen when it is made."""

from django.db import models
from django.db.models import Q

from hanoi_programmes.people.models import User
from hanoi_programmes.reports.querysets import TextQuerySet
from hanoi_programmes.reports.states import Kind, TextPart


class ReportText(models.Model):
    """One part of the reports of a kind, a subject and a period; `version` guards the writing.

    `subject` is the report's `topic` ("programme:06-ctr"), empty for the whole city.
    """

    kind = models.CharField(max_length=20, choices=Kind)
    subject = models.CharField(max_length=120, blank=True)
    period_start = models.DateField()
    period_end = models.DateField()
    part = models.CharField("phần", max_length=20, choices=TextPart)
    text = models.TextField("nội dung", blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = TextQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "subject", "period_start", "part"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject", "period_start", "period_end", "part"],
                name="one_text_for_a_part",
            ),
            models.CheckConstraint(
                condition=Q(period_end__gte=models.F("period_start")),
                name="text_period_is_not_reversed",
            ),
            models.CheckConstraint(condition=Q(part__in=TextPart.values), name="text_part_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()} ({self.subject or self.kind})"
