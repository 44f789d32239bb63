"""Rows of the list of what is to be urged: how late, carried how far, waiting for whom."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hanoi_programmes.programmes.models import Direction, Extension, Obstacle, Task
from hanoi_programmes.programmes.rules.charges import OFFICE, assigner
from hanoi_programmes.programmes.shapes import Line, lines
from hanoi_programmes.programmes.states import State
from hanoi_programmes.reminders.models import Urging
from hanoi_programmes.reminders.states import Escalation


@dataclass(frozen=True, slots=True)
class Waiting:
    """For whom a task waits, for what, and for how many days (None: nobody counts them)."""

    whom: str
    what: str = ""
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Pressing:
    """One task to be urged. `urgings`: by hand, the newest first."""

    line: Line
    level: Escalation | None
    urgings: Sequence[Urging]
    waiting: Waiting

    @property
    def late(self) -> int:
        """Days late, 0 when not."""
        return (self.line.days or 0) if self.line.key == "overdue" else 0

    @property
    def last(self) -> Urging | None:
        """The last urging by hand."""
        return self.urgings[0] if self.urgings else None


def pressing_rows(tasks: Sequence[Task], *, on: date) -> list[Pressing]:
    """Shape tasks that came with their groups, ledger and neighbours; six queries."""
    keys = [task.pk for task in tasks]
    urgings, waits = _urgings(keys), _Waits(keys, on)
    return [
        Pressing(
            line=line,
            level=Escalation.of(getattr(line.task, "carried", None) or 0),
            urgings=urgings[line.task.pk],
            waiting=waits.of(line.task),
        )
        for line in lines(tasks, on=on)
    ]


def _urgings(tasks: list[int]) -> dict[int, list[Urging]]:
    links = Urging.tasks.through.objects.filter(task__in=tasks).select_related("urging__by")
    found: dict[int, list[Urging]] = defaultdict(list)
    for link in links.order_by("-urging__at", "-urging"):
        found[link.task_id].append(link.urging)
    return found


class _Waits:
    """What somebody was asked about these tasks and has not said yet, the oldest of each."""

    def __init__(self, tasks: list[int], on: date) -> None:
        self.on = on
        obstacles = Obstacle.objects.waiting().filter(task__in=tasks).order_by("-raised_on")
        self.obstacles = {row.task_id: row for row in obstacles}
        requests = Extension.objects.waiting().filter(task__in=tasks)
        self.requests = {row.task_id: row for row in requests}
        asked = Direction.objects.open().filter(task__in=tasks, answered_on__isnull=True)
        by_day = asked.select_related("unit").order_by("-answer_by")
        self.directions = {row.task_id: row for row in by_day}

    def of(self, task: Task) -> Waiting:
        """Who has the next word; the unit, when nobody else."""
        if task.state == State.REFUSED:
            return Waiting(OFFICE, "giao lại hoặc giao đơn vị khác")
        obstacle, request = self.obstacles.get(task.pk), self.requests.get(task.pk)
        if obstacle and obstacle.decider_id != task.lead_unit_id:
            days = (self.on - obstacle.raised_on).days
            return Waiting(obstacle.decider_text, "quyết định vướng mắc", days)
        if request:
            days = (self.on - request.asked_on).days
            return Waiting(str(assigner(task) or OFFICE), "trả lời đề nghị gia hạn", days)
        if direction := self.directions.get(task.pk):
            days = (self.on - direction.answer_by).days
            return Waiting(str(direction.unit), "trả lời chỉ đạo", max(days, 0) or None)
        what = "tiếp nhận" if task.state == State.ASSIGNED else ""
        return Waiting(str(task.lead_unit or ""), what)
