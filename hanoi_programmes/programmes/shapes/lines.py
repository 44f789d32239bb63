"""Rows as screens show them: a task with its timeliness, head and what it waits for."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings

from hanoi_programmes.lib.dates import working_days_between
from hanoi_programmes.people.models import Holding, Unit
from hanoi_programmes.people.roles import Level
from hanoi_programmes.people.rules import calendar_exceptions, heads_of
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.querysets import TaskQuerySet
from hanoi_programmes.programmes.querysets.rollup import roll_up
from hanoi_programmes.programmes.rules import Clear, clear_name, fills, six_clear_many
from hanoi_programmes.programmes.states import Clarity, State
from hanoi_programmes.programmes.timeliness import (
    VERIFIER_WORKING_DAYS,
    Facts,
    Group,
    days_late,
    days_left,
    group_of,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One task in a list. `key` names its look: a group of timeliness, or its state when outside.

    `days` is days late when overdue, days left when due soon or in term, else None. `unit` and
    `head` are those of the day: a task may have moved since. `charged` counts the days of delay
    that are already the verifier's, where a list asks for them.
    """

    task: Task
    key: str
    days: int | None
    due: date | None
    head: str
    submitted_late: bool
    unit: Unit | None = None
    below: "Below | None" = None
    charged: int = 0


@dataclass(frozen=True, slots=True)
class Below:
    """How the tasks below one stand, at every depth; of one level and axis, or of all.

    `due` is what has come due and `done` what is completed of it: shown as done/due, never summed.
    """

    total: int
    done: int
    due: int
    late: int
    silent: int
    awaiting: int
    unacknowledged: int
    tier: str = ""
    axis: str = ""
    axis_name: str = ""

    @property
    def tier_name(self) -> str:
        """The level in words."""
        return Level(self.tier).label if self.tier else ""


def belows(tasks: TaskQuerySet, above: list[int], *, on: date) -> dict[int, Below]:
    """How the tasks that their reader sees stand below each of the given ones; one query."""
    rows = roll_up(tasks, above, on=on, silent_days=settings.SILENT_DAYS) if above else []
    return {row.pop("above"): Below(**row) for row in rows}


_PARTS = ("lead_unit__level", "lead_unit__axis__code", "lead_unit__axis__short_name")


def below_parts(tasks: TaskQuerySet, task: Task, *, on: date) -> list[Below]:
    """The same of one task, level by level and axis by axis, from the top down."""
    rows = roll_up(tasks, [task.pk], on=on, silent_days=settings.SILENT_DAYS, by=_PARTS)
    names = dict(zip(_PARTS, ("tier", "axis", "axis_name"), strict=True))
    found = [
        Below(**{names.get(name, name): value for name, value in row.items() if name != "above"})
        for row in rows
    ]
    levels = list(Level.values)
    return sorted(found, key=lambda part: (levels.index(part.tier), part.axis))


def lines(
    tasks: Iterable[Task],
    *,
    on: date,
    below: dict[int, Below] | None = None,
    with_heads: bool = True,
) -> list[Line]:
    """Shape rows that carry the annotations `group`, `due` and `lead`, with their lead units.

    Heads come in one query, where the list shows them; so do the units that led then and no longer
    do, if there are any.
    """
    rows = list(tasks)
    units = leads_of(rows)
    heads = heads_of({unit.pk for unit in units.values()}, on=on) if with_heads else {}
    shaped = [_line(row, units.get(row.pk), heads, on) for row in rows]
    return [replace(line, below=below.get(line.task.pk)) for line in shaped] if below else shaped


def leads_of(tasks: list[Task]) -> dict[int, Unit]:
    """Who led each task on the day of its annotation `lead`, by task id; now, where it has none."""
    then = {task.pk: getattr(task, "lead", None) or task.lead_unit_id for task in tasks}
    known = {task.lead_unit.pk: task.lead_unit for task in tasks if task.lead_unit}
    missing = {pk for pk in then.values() if pk} - known.keys()
    if missing:
        known |= Unit.objects.select_related("axis").in_bulk(missing)
    return {task: known[unit] for task, unit in then.items() if unit}


def line(task: Task, *, on: date) -> Line:
    """Shape one task by the facts it has now."""
    key = group_of(task.facts, on=on) or task.state
    return Line(task, key, _days(key, task.deadline, on), task.deadline, "", submitted_late(task))


@dataclass(frozen=True, slots=True)
class Lack:
    """How many tasks lack one of the six rõ; `key` is what the task list's `lacks=` takes."""

    key: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class ClearScore:
    """Of `total` unfinished tasks, how many have all six rõ, and how many lack each."""

    total: int
    complete: int
    lacks: list[Lack]

    @property
    def incomplete(self) -> int:
        """Lacking at least one."""
        return self.total - self.complete


# Figures live in `reports.figures`, but that app is above this one and the programme's own page is
# here: so this score is counted here, once, and whoever else shows it takes it from here.
def clear_score(tasks: TaskQuerySet, *, on: date) -> ClearScore:
    """The score of the six rõ over the tasks on the day; one query."""
    found = tasks.clarity_counts(on)
    lacks = [Lack(key, clear_name(key), found[key]) for key in Clarity]
    return ClearScore(found["total"], found["complete"], lacks)


@dataclass(frozen=True, slots=True)
class Gap:
    """One task that lacks some of the six rõ, and which."""

    task: Task
    clear: list[Clear]

    @property
    def missing(self) -> list[Clear]:
        """The rõ that are not there."""
        return [item for item in self.clear if not item.is_met]

    @property
    def fillable(self) -> list[str]:
        """The keys of those that the form can fill now."""
        return fillable(self.task)

    @property
    def anchor(self) -> str:
        """Names the task's row in the list."""
        return str(self.task.pk)


def fillable(task: Task) -> list[str]:
    """The rõ that the form can fill as the task stands."""
    return [key.value for key in Clarity if fills(task, key)]


def gaps(tasks: Iterable[Task], *, on: date) -> list[Gap]:
    """Shape rows that came with lead unit and officer; heads come in one query."""
    rows = list(tasks)
    found = six_clear_many(rows, on=on)
    return [Gap(row, found[row.pk]) for row in rows]


def _line(task: Task, unit: Unit | None, heads: dict[int, Holding], on: date) -> Line:
    group: str | None = getattr(task, "group", None)
    due: date | None = getattr(task, "due", task.deadline)
    key = State.REFUSED if task.state == State.REFUSED else group or task.state
    held = heads.get(unit.pk) if unit else None
    head, days = str(held.post) if held else "", _days(group or "", due, on)
    return Line(task, key, days, due, head, submitted_late(task), unit)


def _days(key: str, due: date | None, on: date) -> int | None:
    if key == Group.OVERDUE:
        return days_late(due, on=on)
    return days_left(due, on=on) if key in {Group.DUE_SOON, Group.IN_TERM} else None


def submitted_late(task: Task) -> bool:
    """A waiting submission that came after the deadline ("trình quá hạn", PRODUCT §6)."""
    then = Facts(State.COMPLETED, task.deadline, task.submitted_on, task.is_recurring)
    waiting = task.state == State.AWAITING and task.submitted_on is not None
    return waiting and group_of(then, on=task.submitted_on or date.max) == Group.COMPLETED_LATE


@dataclass(frozen=True, slots=True)
class Wait:
    """How many working days a submission has waited for its verifier, and whether that is late."""

    days: int
    most: int

    @property
    def is_late(self) -> bool:
        """From here on the delay is charged to the verifier (PRODUCT §6)."""
        return self.days > self.most


def waiting_for_verifier(task: Task, *, on: date) -> Wait | None:
    """The wait of a submitted task; None when it waits for nobody's verdict."""
    start = task.submitted_on
    if task.state != State.AWAITING or start is None:
        return None
    days = working_days_between(start, on, calendar_exceptions(start, on))
    return Wait(days, VERIFIER_WORKING_DAYS)
