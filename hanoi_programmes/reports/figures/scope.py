"""Whose figures, of which day and which resolution: the one set of rows that all figures count."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.people.roles import Level
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.querysets import TaskQuerySet

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Scope:
    """The reader, the day the figures tell of, the day they are asked on, and a resolution's key.

    `on` is never later than `today`; an empty resolution means all of them.
    """

    user: User
    on: date
    today: date
    resolution: str = ""

    def counted(self) -> TaskQuerySet:
        """The rows behind every total; the task list shows the same ones for the same address."""
        return self._of_day(Task.objects.visible_to(self.user)).city_or_led(self.user)

    def of_communes(self) -> TaskQuerySet:
        """What wards and communes carry out, at any depth: the list's `level=commune`."""
        wards = Unit.objects.filter(level=Level.COMMUNE)
        return self._of_day(Task.objects.visible_to(self.user)).led_within(wards)

    def a_week_before(self) -> "Scope":
        """The same scope seven days earlier."""
        return replace(self, on=self.on - WEEK)

    def query(self, **conditions: str | tuple[str, ...]) -> str:
        """The task list's query string for the rows of this scope that meet the conditions."""
        asked = {k: v for k, v in conditions.items() if v}
        if self.resolution:
            asked.setdefault("resolution", self.resolution)
        return urlencode({**asked, "on": self.on.isoformat()}, doseq=True)

    def _of_day(self, tasks: TaskQuerySet) -> TaskQuerySet:
        rows = tasks.with_group_on(self.on, today=self.today).in_figures()
        if self.resolution:
            rows = rows.filter(programme__resolution__key=self.resolution)
        return rows
