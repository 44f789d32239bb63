"""What stands in a feed: read as its owner sees it now, in a fixed number of queries.

Deadlines of the work that is theirs, directions to answer, decisions wanted by a day; and for 90
days what no longer stands, cancelled, so that it leaves the calendars that have it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from django.db.models import F, Max, Q
from django.urls import reverse
from django.utils.timezone import make_aware

from hanoi_programmes.api.models import Feed
from hanoi_programmes.api.shapes import CANCELLED, CONFIRMED, TENTATIVE, Entry
from hanoi_programmes.programmes.models import Direction, Event, Obstacle, Task, TaskSpan
from hanoi_programmes.programmes.querysets import DirectionQuerySet, ObstacleQuerySet, TaskQuerySet
from hanoi_programmes.programmes.states import CLOSED, OPEN, State

# More would be no calendar; what is nearest to today comes first.
MOST = 1000
REMEMBERED = timedelta(days=90)
# The deadline stands: also while somebody verifies, or while the work rests.
STANDING = (*OPEN, State.AWAITING, State.SUSPENDED)
DEADLINE, ANSWER, DECISION = "Hạn nhiệm vụ", "Trả lời chỉ đạo", "Quyết định vướng mắc"
GONE = "Không còn trong lịch này"


def entries_of(feed: Feed, *, on: date) -> list[Entry]:
    """By day; at most `MOST` of each kind."""
    found = [*_deadlines(feed, on), *_gone(feed, on), *_answers(feed, on), *_decisions(feed, on)]
    return sorted(found, key=lambda entry: (entry.day, entry.key))


def name_of(feed: Feed) -> str:
    """The calendar's name."""
    if feed.unit:
        return f"Hạn việc: {feed.unit.short_name}"
    return f"Hạn việc: {feed.owner.unit.short_name if feed.owner.unit else 'của tôi'}"


def _tasks(feed: Feed) -> TaskQuerySet:
    """The work that the feed is about, as its owner sees it."""
    if feed.unit:
        return Task.objects.visible_to(feed.owner).led_by(feed.unit)
    return Task.objects.worked_by(feed.owner)


def _changed_at(tasks: Iterable[Task]) -> dict[int, datetime]:
    """When something was last written about each task."""
    events = Event.objects.filter(task__in=[task.pk for task in tasks]).order_by()
    return dict(events.values_list("task").annotate(last=Max("at")))


# Deadlines


def _deadlines(feed: Feed, on: date) -> Iterator[Entry]:
    standing = _tasks(feed).filter(state__in=STANDING, deadline__isnull=False)
    standing = standing.select_related("lead_unit")
    tasks = list(standing.filter(deadline__gte=on).order_by("deadline", "code")[:MOST])
    late = standing.filter(deadline__lt=on).order_by("-deadline", "code")
    tasks += late[: MOST - len(tasks)]
    changed = _changed_at(tasks)
    for task in tasks:
        status = TENTATIVE if task.state == State.SUSPENDED else CONFIRMED
        yield _of_task(feed, task, task.deadline or on, changed.get(task.pk), status)


def _of_task(feed: Feed, task: Task, day: date, changed: datetime | None, status: str) -> Entry:
    return Entry(
        key=_key(feed, "task", task.pk),
        day=day,
        sequence=task.version,
        changed_at=changed or _morning(task.issued_on or day),
        title=f"Hạn: {task.text}",
        lines=(
            f"Nhiệm vụ {task.code}: {task.text}",
            f"Đơn vị chủ trì: {task.lead_unit}",
            f"Sản phẩm: {task.product or 'chưa nêu'}",
            f"Tình trạng: {State(task.state).label}",
        ),
        path=reverse("programmes:task-page", args=[task.pk]),
        kind=DEADLINE,
        status=status,
    )


def _gone(feed: Feed, on: date) -> Iterator[Entry]:
    """Deadlines that stood here within the last 90 days and do not any more: closed, given to
    another unit, or without a day. Of a task that the owner no longer sees, nothing is said."""
    spans = TaskSpan.objects.filter(
        state__in=STANDING, deadline__isnull=False, ends_on__gt=on - REMEMBERED, ends_on__lte=on
    )
    spans = spans.filter(_own_spans(feed)).exclude(_still_stands(feed))
    last = (
        spans.order_by("task", "-ends_on").distinct("task").values_list("task", "deadline")[:MOST]
    )
    days = {task: day for task, day in last if day}
    tasks = Task.objects.filter(pk__in=days).select_related("lead_unit")
    changed = _changed_at(tasks)
    seen = set(Task.objects.visible_to(feed.owner).filter(pk__in=days).values_list("pk", flat=True))
    for task in tasks:
        entry = _of_task(feed, task, days[task.pk], changed.get(task.pk), CANCELLED)
        yield entry if task.pk in seen else _unseen(entry)


def _own_spans(feed: Feed) -> Q:
    unit = feed.unit or feed.owner.unit
    return Q(task__parent__isnull=True) if _is_of_all(feed) else Q(lead_unit=unit)


def _still_stands(feed: Feed) -> Q:
    standing = Q(task__state__in=STANDING, task__deadline__isnull=False)
    return standing if _is_of_all(feed) else standing & Q(task__lead_unit=F("lead_unit"))


def _is_of_all(feed: Feed) -> bool:
    """The city's own tasks, whoever leads them."""
    return feed.unit is None and feed.owner.sees_all


def _unseen(entry: Entry) -> Entry:
    return replace(entry, title=GONE, lines=(), path="/")


# Answers and decisions


def _answers(feed: Feed, on: date) -> Iterator[Entry]:
    """Directions to the unit, by the day on which an answer is due."""
    rows = _directions(feed).select_related("task", "unit").order_by("-answer_by", "pk")
    done = Q(answered_on__gt=on - REMEMBERED) | Q(closed_on__gt=on - REMEMBERED)
    waiting = Q(answered_on__isnull=True, closed_on__isnull=True)
    for row in rows.filter(waiting | done)[:MOST]:
        ended_on = min(filter(None, (row.answered_on, row.closed_on)), default=None)
        yield Entry(
            key=_key(feed, "direction", row.pk),
            day=row.answer_by,
            sequence=int(ended_on is not None),
            changed_at=_morning(ended_on or row.on),
            title=f"Trả lời: {row.text}",
            lines=(f"{row.get_kind_display()}: {row.text}", f"Nhiệm vụ {row.task}"),
            path=reverse("programmes:task-page", args=[row.task_id]),
            kind=ANSWER,
            status=CANCELLED if ended_on else CONFIRMED,
        )


def _directions(feed: Feed) -> DirectionQuerySet:
    unit = feed.unit or (feed.owner.unit if feed.owner.sees_by_unit else None)
    return Direction.objects.filter(unit=unit) if unit else Direction.objects.none()


def _decisions(feed: Feed, on: date) -> Iterator[Entry]:
    """Obstacles that wait for a decision here, by the day on which it is wanted."""
    rows = _obstacles(feed).select_related("task__lead_unit").order_by("-wanted_by", "pk")
    # What stands on a closed task waits for nobody any more.
    waiting = Q(resolved_on__isnull=True) & ~Q(task__state__in=CLOSED)
    done = Q(resolved_on__gt=on - REMEMBERED)
    for row in rows.filter(waiting | done, wanted_by__isnull=False)[:MOST]:
        yield Entry(
            key=_key(feed, "obstacle", row.pk),
            day=row.wanted_by or on,
            sequence=int(row.resolved_on is not None),
            changed_at=_morning(row.resolved_on or row.raised_on),
            title=f"Quyết định: {row.text}",
            lines=(
                f"Vướng mắc: {row.text}",
                f"Nhiệm vụ {row.task}",
                f"Đơn vị chủ trì: {row.task.lead_unit}",
            ),
            path=reverse("programmes:task-page", args=[row.task_id]),
            kind=DECISION,
            status=CANCELLED if row.resolved_on else CONFIRMED,
        )


def _obstacles(feed: Feed) -> ObstacleQuerySet:
    if feed.unit:
        return Obstacle.objects.filter(decider=feed.unit)
    return Obstacle.objects.addressed_to(feed.owner)


def _key(feed: Feed, kind: str, pk: int) -> str:
    """The same task in two feeds of one calendar program is two entries: each may be cancelled
    without the other."""
    unit = feed.unit or (None if feed.owner.sees_all else feed.owner.unit)
    return f"{kind}-{pk}-{unit.code.lower() if unit else 'all'}"


def _morning(day: date) -> datetime:
    return make_aware(datetime.combine(day, time(0)))
