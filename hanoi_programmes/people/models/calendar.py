"""Days that differ from the ordinary week: public holidays and make-up working days."""

from django.db import models

from hanoi_programmes.people.models.sourced import Sourced


class CalendarDay(Sourced):
    """A day whose working status is not what its weekday says."""

    day = models.DateField(unique=True)
    is_working = models.BooleanField()
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.name}"
