"""The parts of which a report is drawn, and drawn parts that are kept for the next report."""

from django.db import models
from django.db.models import Q

from hanoi_programmes.reports.models.report import Report
from hanoi_programmes.reports.querysets import RenderedQuerySet, SectionQuerySet
from hanoi_programmes.reports.states import SectionState

_DIGEST = "^[0-9a-f]{64}$"


class ReportSection(models.Model):
    """One part of an unfinished report, which one hand at a time draws."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveIntegerField()
    key = models.CharField(max_length=80)
    title = models.CharField(max_length=500, blank=True)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=SectionState, default=SectionState.WAITING)
    claim = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    pages = models.PositiveIntegerField(default=0)

    objects = SectionQuerySet.as_manager()

    class Meta:
        ordering = ["report", "position"]
        constraints = [
            models.UniqueConstraint(fields=["report", "position"], name="section_has_its_place"),
            models.UniqueConstraint(fields=["report", "key"], name="section_has_its_key"),
            models.CheckConstraint(
                condition=Q(state=SectionState.WAITING) | Q(state=SectionState.DONE, pages__gt=0),
                name="done_sections_have_pages",
            ),
            models.CheckConstraint(
                condition=Q(claim__isnull=True) ^ Q(lease_until__isnull=False),
                name="claimed_sections_are_leased",
            ),
            models.CheckConstraint(
                condition=Q(digest__regex=_DIGEST), name="sections_have_a_digest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.key}"


class RenderedSection(models.Model):
    """A drawn part by what it was drawn from: equal data, template and profile are drawn once."""

    digest = models.CharField(max_length=64, unique=True)
    file = models.FileField(max_length=200)
    pages = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(db_index=True)

    objects = RenderedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(digest__regex=_DIGEST, pages__gt=0, size__gt=0),
                name="rendered_sections_are_whole",
            )
        ]

    def __str__(self) -> str:
        return self.digest
