"""What the rules ask of the database about tasks: read once for many, and only when asked for."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import cached_property

from hanoi_programmes.people.models import Holding
from hanoi_programmes.people.rules import heads_of
from hanoi_programmes.programmes.models import Evidence, Task


class Known:
    """Facts of these tasks on a day, one query each however many the tasks are.

    They are as old as the first look: a write makes its own after it has locked the task.
    """

    def __init__(self, tasks: Iterable[Task], *, on: date) -> None:
        self._tasks = list(tasks)
        self._units = {task.lead_unit_id for task in self._tasks if task.lead_unit_id}
        self._on = on

    @cached_property
    def heads(self) -> dict[int, Holding]:
        """Heads in office of the lead units, by unit; a vacant post is missing."""
        return heads_of(self._units, on=self._on)

    @cached_property
    def evidence(self) -> dict[int, int]:
        """How many items of evidence a task has that were not returned; none is missing."""
        rows = Evidence.objects.filter(task__in=self._tasks)
        kept = rows.exclude(verdict=Evidence.Verdict.RETURNED).values_list("task", flat=True)
        return _tally(kept.order_by())

    @cached_property
    def open_children(self) -> dict[int, int]:
        """How many tasks right below are not closed; none is missing."""
        rows = Task.objects.open_below(*self._tasks).order_by()
        return _tally(rows.values_list("parent", flat=True))


def _tally(ids: Iterable[int | None]) -> dict[int, int]:
    return dict(Counter(pk for pk in ids if pk is not None))
