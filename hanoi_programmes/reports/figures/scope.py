"""Whose figures, of which day and which part: the one set of rows that all figures count."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from urllib.parse import urlencode

from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.people.roles import Level
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.querysets import EVERYTHING, Choice, TaskQuerySet
from hanoi_programmes.programmes.querysets.scored import headed_by

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Scope:
    """The reader, the day the figures tell of, the day they are asked on, and what was chosen.

    `on` is never later than `today`. With `led` the rows are whatever the chosen units lead at any
    level (the list's `level=led`), as a scorecard counts; without it the city's own tasks or those
    of the reader's unit. `head` is the key of an account: tasks that its holder answers for.
    """

    user: User
    on: date
    today: date
    choice: Choice = EVERYTHING
    led: bool = False
    head: int = 0

    @property
    def resolution(self) -> str:
        """The key of the one resolution asked for, or empty."""
        return self.choice.resolution

    def counted(self) -> TaskQuerySet:
        """The rows behind every total; the task list shows the same ones for the same address."""
        return self._counted.all()

    def in_sight(self) -> TaskQuerySet:
        """Every row of the chosen part that the reader sees, whoever leads it."""
        return self._visible.all()

    def of_communes(self) -> TaskQuerySet:
        """What wards and communes carry out, at any depth: the list's `level=commune`."""
        return self._visible.led_within(Unit.objects.filter(level=Level.COMMUNE))

    def a_week_before(self) -> "Scope":
        """The same scope seven days earlier."""
        return replace(self, on=self.on - WEEK)

    def query(self, **conditions: str | tuple[str, ...]) -> str:
        """The task list's query string for the rows of this scope that meet the conditions."""
        asked = self.choice.conditions | {k: v for k, v in conditions.items() if v}
        if self.led or self.head:
            asked.setdefault("level", "led")
        if self.head:
            asked["head"] = str(self.head)
        return urlencode({**asked, "on": self.on.isoformat()}, doseq=True)

    # Put together once for all the figures of a page; each asks its own copy.
    @cached_property
    def _counted(self) -> TaskQuerySet:
        if self.head:
            return headed_by(self._visible, self.head, on=self.on, user=self.user)
        if self.led or self.choice.area:
            return self._visible
        if self.on < self.today:
            return self._visible.city_or_led(self.user)
        # What the reader's units lead today, the reader sees: the door need not be asked again.
        return self._of_day(Task.objects.all()).city_or_led(self.user)

    @cached_property
    def _visible(self) -> TaskQuerySet:
        return self._of_day(Task.objects.visible_to(self.user))

    def _of_day(self, tasks: TaskQuerySet) -> TaskQuerySet:
        rows = tasks.with_group_on(self.on, today=self.today).in_figures()
        return rows.chosen(self.choice)
