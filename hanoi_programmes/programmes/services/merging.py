"""Units and areas that become one, with their open work: what is done stays where it was done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F, Q

from hanoi_programmes.lib.verdict import Denied, Verdict, require
from hanoi_programmes.people import rules as places
from hanoi_programmes.people.models import Area, Unit, User
from hanoi_programmes.people.services import merging
from hanoi_programmes.people.services.history import Act, Told
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.models import Direction, Obstacle, Participant, Task
from hanoi_programmes.programmes.querysets import TaskQuerySet
from hanoi_programmes.programmes.services.history import record_many
from hanoi_programmes.programmes.states import CLOSED

_MOVED = "Chuyển đơn vị chủ trì do sắp xếp đơn vị"
_REWIRED = "Chuyển đơn vị phối hợp, quyết định hoặc trả lời do sắp xếp đơn vị"


@dataclass(frozen=True, slots=True)
class Preview:
    """What merging one unit into another will move, and what stays. All are numbers.

    `twice`: tasks of which both units lead a part; both parts stay, then led by one unit.
    """

    unit: Unit
    into: Unit
    tasks: int
    closed: int
    twice: int
    accounts: int
    joined: int
    obstacles: int
    directions: int


def preview(unit: Unit, into: Unit) -> Preview:
    """Count before anything is written; eight queries."""
    led = _open_of(unit)
    parents = _open_of(into).filter(parent__isnull=False).values("parent")
    return Preview(
        unit=unit,
        into=into,
        tasks=led.count(),
        closed=Task.objects.filter(lead_unit=unit, state__in=CLOSED).count(),
        twice=led.filter(parent__in=parents).count(),
        accounts=User.objects.filter(unit=unit, is_active=True).count(),
        joined=Participant.objects.filter(_of_open_task(), unit=unit).count(),
        obstacles=Obstacle.objects.filter(decider=unit, resolved_on__isnull=True).count(),
        directions=Direction.objects.filter(unit=unit, closed_on__isnull=True).count(),
    )


def preview_areas(area: Area, into: Area) -> list[Preview]:
    """The same, axis by axis; an axis that has nowhere to go is what the rules refuse."""
    there = {unit.axis_id: unit for unit in into.units.all()}
    running = area.units.filter(ends_on__isnull=True).order_by("axis__order", "pk")
    return [preview(old, there[old.axis_id]) for old in running if old.axis_id in there]


def may_merge(old: Unit | Area, into: Unit | Area, *, on: date, today: date) -> Verdict:
    """Whether the two may become one, by what they are."""
    if isinstance(old, Unit) and isinstance(into, Unit):
        return places.may_merge_units(old, into, on=on, today=today)
    if isinstance(old, Area) and isinstance(into, Area):
        return places.may_merge_areas(old, into, on=on, today=today)
    raise TypeError(f"{old!r} and {into!r} are not of one kind")


@transaction.atomic
def merge_units(*, unit: Unit, into: Unit, on: date, document: str, act: Act) -> int:
    """Merge and move the open work; returns how many tasks have another lead unit now.

    Raises `Denied` with a sentence, nothing written. The same form sent twice moves nothing again.
    """
    if act.by is not None:
        require(rules.may_merge_work(act.by))
    merging.merge_units(unit=unit, into=into, on=on, document=document, act=act)
    _require_merged(unit, into)
    return _move(unit, into, document, act)


@transaction.atomic
def merge_areas(*, area: Area, into: Area, on: date, document: str, act: Act) -> int:
    """Merge all units of two areas, axis by axis, with their open work."""
    if act.by is not None:
        require(rules.may_merge_work(act.by))
    pairs = merging.merge_areas(area=area, into=into, on=on, document=document, act=act)
    _require_merged(area, into)
    return sum(_move(old, new, document, act) for old, new in pairs)


def _require_merged(old: Unit | Area, into: Unit | Area) -> None:
    """A form that was carried out for others merges nothing, hence moves nothing either."""
    if old.merged_into_id != into.pk:
        raise Denied("Biểu mẫu này đã dùng cho một việc hợp nhất khác. Tải lại trang rồi gửi lại.")


def _open_of(unit: Unit) -> TaskQuerySet:
    """Led by the unit and not over; drafts too, since the old unit can be given nothing."""
    return Task.objects.filter(lead_unit=unit).exclude(state__in=CLOSED)


def _of_open_task() -> Q:
    return ~Q(task__state__in=CLOSED)


def _move(unit: Unit, into: Unit, document: str, act: Act) -> int:
    tasks = list(_locked(_open_of(unit)))
    ids = [task.pk for task in tasks]
    told = {task.pk: _told(task, unit, into, document) for task in tasks}
    Task.objects.filter(pk__in=ids).update(lead_unit=into, version=F("version") + 1)
    here = User.objects.filter(unit=into)
    # Who moved along keeps watching; who works elsewhere no longer does.
    strangers = Task.objects.filter(pk__in=ids, officer__isnull=False).exclude(officer__in=here)
    strangers.update(officer=None)
    for task in tasks:
        task.lead_unit = into
    record_many(tasks, act, told)
    # A unit that leads a task does not join it too.
    Participant.objects.filter(task__in=ids, unit=into).delete()
    _rewire(unit, into, set(ids), document, act)
    return len(tasks)


def _told(task: Task, unit: Unit, into: Unit, document: str) -> Told:
    changes = {"lead_unit": [str(unit), str(into)]}
    if task.officer and task.officer.unit_id != into.pk:
        changes["officer"] = [str(task.officer), ""]
    return Told("merge", _MOVED, document, changes)


def _rewire(unit: Unit, into: Unit, told: set[int], document: str, act: Act) -> None:
    """What the old unit joined, had to decide or to answer; one event for each other task."""
    joined = Participant.objects.filter(_of_open_task(), unit=unit)
    obstacles = Obstacle.objects.filter(decider=unit, resolved_on__isnull=True)
    directions = Direction.objects.filter(unit=unit, closed_on__isnull=True)
    touched = {pk for rows in (joined, obstacles, directions) for pk in _tasks_of(rows)} - told
    tasks = list(_locked(Task.objects.filter(pk__in=touched)))
    _join_instead(unit, into)
    obstacles.update(decider=into, decider_text=into.short_name[:200])
    directions.update(unit=into)
    changes = {"unit": [str(unit), str(into)]}
    record_many(tasks, act, {t.pk: Told("merge", _REWIRED, document, changes) for t in tasks})


def _tasks_of(rows: "Iterable[Participant | Obstacle | Direction]") -> set[int]:
    return {row.task_id for row in rows}


def _locked(rows: TaskQuerySet) -> TaskQuerySet:
    locked = rows.select_for_update(of=("self",), no_key=True)
    return locked.select_related("officer").order_by("pk")


def _join_instead(unit: Unit, into: Unit) -> None:
    """The new unit takes part once, in the stronger way of the two; not where it leads."""
    old = Participant.objects.filter(_of_open_task(), unit=unit)
    led = old.filter(task__lead_unit=into)
    led.delete()
    both = old.filter(task__participants__unit=into)
    strong = both.filter(part=Participant.Part.CO_LEAD).values_list("task", flat=True)
    there = Participant.objects.filter(unit=into)
    there.filter(task__in=list(strong)).update(part=Participant.Part.CO_LEAD)
    Participant.objects.filter(pk__in=list(both.values_list("pk", flat=True))).delete()
    old.update(unit=into)
