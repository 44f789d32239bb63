"""What waits for a reader to decide, answer or close: one list, the most pressing day first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet, TextChoices, Value

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models import Direction, Extension, Obstacle, Task

_TASK = ("task__lead_unit", "task__parent", "task__programme__resolution")


class Kind(TextChoices):
    """What is wanted of the reader; the words of the page's tabs."""

    OBSTACLE = "obstacle", "Vướng mắc"
    EXTENSION = "extension", "Gia hạn"
    ANSWER = "answer", "Cần trả lời"
    CLOSE = "close", "Ý kiến đã gửi"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits. `subject` is the obstacle, extension or direction itself.

    `by` is the day on which an answer is wanted, `late` how many days that is past; `waited` counts
    from the day on which it was asked.
    """

    kind: Kind
    subject: Any
    task: Task
    by: date | None
    left: int | None
    late: int
    waited: int

    @property
    def is_own(self) -> bool:
        """The unit that was asked leads the task by now: it can only pass the question on."""
        return self.kind == Kind.OBSTACLE and self.subject.decider_id == self.task.lead_unit_id

    @property
    def is_answered(self) -> bool:
        """The unit has answered: only the closing waits, and nothing is late."""
        return self.kind == Kind.CLOSE and self.subject.answered_on is not None


Rows = QuerySet[Any, tuple[str, int, date | None, date]]


def _parts(user: User) -> dict[Kind, QuerySet[Any]]:
    """The rows of each kind, with the day wanted (`day`) and the day asked (`since`)."""
    obstacles = Obstacle.objects.to_be_decided_by(user)
    requests = Extension.objects.to_be_decided_by(user)
    questions = Direction.objects.to_be_answered_by(user)
    given = Direction.objects.to_be_closed_by(user)
    return {
        Kind.OBSTACLE: obstacles.annotate(day=F("wanted_by"), since=F("raised_on")),
        Kind.EXTENSION: requests.annotate(day=F("deadline"), since=F("asked_on")),
        Kind.ANSWER: questions.annotate(day=F("answer_by"), since=F("on")),
        Kind.CLOSE: given.annotate(day=F("answer_by"), since=F("on")),
    }


def pending(user: User, kind: str = "") -> Rows:
    """Kind, id, day wanted and day asked of all that waits for the user, or of one kind of it."""
    parts = [
        rows.order_by().annotate(what=Value(key.value)).values_list("what", "pk", "day", "since")
        for key, rows in _parts(user).items()
        if kind in {"", key}
    ]
    rows: Rows = parts[0].union(*parts[1:], all=True).order_by("day", "since", "what", "pk")
    return rows


def counts(user: User) -> dict[str, int]:
    """How many of each kind wait for the user; one query."""
    parts = [
        rows.order_by()
        .annotate(what=Value(key.value))
        .values("what")
        .annotate(rows=Count("pk"))
        .values_list("what", "rows")
        for key, rows in _parts(user).items()
    ]
    return dict(parts[0].union(*parts[1:], all=True))


def items(rows: Iterable[Sequence[Any]], *, on: date) -> list[Item]:
    """Shape rows of `pending`, in their order; one query for each of three models asked for."""
    asked = list(rows)
    found = _subjects(asked)
    return [
        _item(Kind(kind), found[kind, pk], day, since, on)
        for kind, pk, day, since in asked
        if (kind, pk) in found
    ]


def _item(kind: Kind, subject: Any, day: date | None, since: date, on: date) -> Item:  # noqa: ANN401 - one of three models
    return Item(
        kind=kind,
        subject=subject,
        task=subject.task,
        by=day,
        left=(day - on).days if day and day >= on else None,
        late=max((on - day).days, 0) if day else 0,
        waited=(on - since).days,
    )


def _subjects(asked: list[Sequence[Any]]) -> dict[tuple[str, int], Any]:
    ids: dict[str, list[int]] = {kind: [] for kind in Kind.values}
    for kind, pk, _, _ in asked:
        ids[kind].append(pk)
    directions = Direction.objects.select_related(*_TASK, "unit", "by__unit", "answered_by__unit")
    said = [*ids[Kind.ANSWER], *ids[Kind.CLOSE]]
    # Django asks nothing where the list of keys is empty.
    both = {row.pk: row for row in directions.filter(pk__in=said)}
    obstacles = Obstacle.objects.select_related(*_TASK, "decider", "by__unit")
    requests = Extension.objects.select_related(*_TASK, "by__unit")
    found: dict[tuple[str, int], Any] = {}
    for row in obstacles.filter(pk__in=ids[Kind.OBSTACLE]):
        found[Kind.OBSTACLE.value, row.pk] = row
    for request in requests.filter(pk__in=ids[Kind.EXTENSION]):
        found[Kind.EXTENSION.value, request.pk] = request
    for kind in (Kind.ANSWER, Kind.CLOSE):
        found |= {(kind.value, pk): both[pk] for pk in ids[kind] if pk in both}
    return found
