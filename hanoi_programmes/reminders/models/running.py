"""How periodic jobs ran, and when each worker was last alive: what the health page reads."""

from django.db import models
from django.db.models import F, Q


class JobRun(models.Model):
    """One run of a job of the timetable. Without an end it still runs, or its worker died."""

    job = models.CharField(max_length=100)
    worker = models.CharField(max_length=100, blank=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    # Why it failed; empty when it did not.
    error = models.CharField(max_length=500, blank=True)
    # What it did, in a few words.
    told = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-began_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")),
                name="job_ends_after_it_began",
            )
        ]
        indexes = [models.Index(fields=["job", "-began_at"], name="job_run_newest")]

    def __str__(self) -> str:
        return f"{self.job} {self.began_at:%d/%m/%Y %H:%M}"


class Pulse(models.Model):
    """When somebody last worked on a queue."""

    queue = models.CharField(max_length=50, unique=True)
    worker = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ["queue"]

    def __str__(self) -> str:
        return f"{self.queue}: {self.worker}"
