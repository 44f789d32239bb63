"""What the lines of a mail say beyond their tasks, read in a fixed number of queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from hanoi_programmes.programmes.models import Direction, Evidence, Extension, Obstacle, Task
from hanoi_programmes.reminders import policy
from hanoi_programmes.reminders.models import Reminder
from hanoi_programmes.reminders.states import URGED, Subject

OFFICE = "Văn phòng Thành ủy"
Matter = Direction | Obstacle | Extension


@dataclass(frozen=True, slots=True)
class Known:
    """By task: who waits for its result, and whether evidence is there that was not returned;
    by subject and key the directions, obstacles and requests for time that are meant."""

    waits: Mapping[int, str]
    proven: frozenset[int]
    matters: Mapping[tuple[Subject, int], Matter]


def known_of(reminders: Iterable[Reminder]) -> Known:
    """One query for the tasks, and one for each kind of matter among the lines."""
    lines = list(reminders)
    kept = Evidence.objects.filter(task=OuterRef("pk")).exclude(verdict=Evidence.Verdict.RETURNED)
    rows = Task.objects.filter(pk__in={line.task_id for line in lines}).order_by()
    facts = rows.values_list("pk", "parent__lead_unit__short_name", Exists(kept))
    waits, proven = {}, set()
    for pk, above, is_proven in facts:
        waits[pk] = above or OFFICE
        if is_proven:
            proven.add(pk)
    return Known(waits, frozenset(proven), _matters(lines))


def _matters(lines: list[Reminder]) -> dict[tuple[Subject, int], Matter]:
    asked: dict[Subject, set[int]] = {}
    for line in lines:
        if line.matter and line.rung != URGED:
            asked.setdefault(policy.subject_of(line.rung), set()).add(line.matter)
    return {
        (subject, matter.pk): matter
        for subject, keys in asked.items()
        for matter in _read(subject, keys)
    }


def _read(subject: Subject, keys: set[int]) -> Iterable[Matter]:
    match subject:
        case Subject.DIRECTION:
            return Direction.objects.filter(pk__in=keys).select_related("by__unit")
        case Subject.OBSTACLE:
            return Obstacle.objects.filter(pk__in=keys)
        case Subject.EXTENSION:
            return Extension.objects.filter(pk__in=keys)
    return ()
