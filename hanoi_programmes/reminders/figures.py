"""Which tasks are to be urged, how far each was carried up by itself, when one was last urged."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.conf import settings
from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Substr

from hanoi_programmes.people.models import User
from hanoi_programmes.people.roles import Level
from hanoi_programmes.programmes.models import Direction
from hanoi_programmes.programmes.querysets import TaskQuerySet
from hanoi_programmes.programmes.states import OPEN, State
from hanoi_programmes.reminders.models import Reminder, Urging
from hanoi_programmes.reminders.states import AFTER, Escalation

# A task given yesterday is no exception: nobody is urged to say yes before so many days.
TIME_TO_ACKNOWLEDGE = timedelta(days=5)


class Why(TextChoices):
    """Why a task stands in the list; a task may have several reasons."""

    OVERDUE = "overdue", "Quá hạn"
    UNANSWERED = "unanswered", "Chưa trả lời chỉ đạo"
    UNACKNOWLEDGED = "unacknowledged", "Chưa tiếp nhận"
    SILENT = "silent", "Không cập nhật"

    @property
    def rule(self) -> str:
        """How it is counted, for who points at the number."""
        return {
            Why.OVERDUE: "Chưa xong và đã qua thời hạn",
            Why.UNANSWERED: "Có ý kiến chỉ đạo quá hạn trả lời",
            Why.UNACKNOWLEDGED: f"Đã giao trên {TIME_TO_ACKNOWLEDGE.days} ngày, chưa tiếp nhận",
            Why.SILENT: f"Chưa xong, không cập nhật quá {settings.SILENT_DAYS} ngày",
        }[self]


def reasons(on: date) -> dict[Why, Q]:
    """The condition of each reason, on a task's own columns as they are today."""
    quiet = on - timedelta(days=settings.SILENT_DAYS)
    # Asked once, and not again for each row: few directions are open, and many tasks.
    asked = Direction.objects.open().filter(answered_on__isnull=True, answer_by__lt=on)
    heard = Q(last_report_on__isnull=True) | Q(last_report_on__lt=quiet)
    return {
        Why.OVERDUE: Q(state__in=OPEN, deadline__lt=on),
        Why.UNANSWERED: Q(state__in=OPEN, pk__in=asked.order_by().values("task")),
        Why.UNACKNOWLEDGED: Q(state=State.ASSIGNED, issued_on__lt=on - TIME_TO_ACKNOWLEDGE),
        Why.SILENT: Q(state__in=OPEN, issued_on__lt=quiet) & heard,
    }


def followed_by(tasks: TaskQuerySet, user: User, level: str) -> TaskQuerySet:
    """What the reader follows: who sees all the city's tasks, or those of a level; a head what
    units below the own one lead, and what was given from it. `tasks` are what they may see."""
    if not user.sees_all:
        if user.unit is None:
            return tasks.none()
        below = Q(lead_unit__path__startswith=user.unit.path) | Q(parent__lead_unit=user.unit)
        return tasks.filter(below).exclude(lead_unit=user.unit)
    if level == "commune":
        return tasks.filter(lead_unit__level=Level.COMMUNE)
    return tasks if level == "all" else tasks.filter(parent__isnull=True)


def pressing(tasks: TaskQuerySet, on: date, why: str = "") -> TaskQuerySet:
    """Those that are to be urged, for one reason or any."""
    conditions = reasons(on)
    if why:
        return tasks.filter(conditions[Why(why)])
    found = Q()
    for condition in conditions.values():
        found |= condition
    return tasks.filter(state__in=OPEN).filter(found)


def with_ledger(tasks: TaskQuerySet) -> TaskQuerySet:
    """Annotate `carried`, the days after its deadline of the last rung that was told, and
    `urged_on`, the day on which it was last urged by hand."""
    told = Reminder.objects.told().filter(
        task=OuterRef("pk"), deadline=OuterRef("deadline"), rung__startswith=AFTER
    )
    days = Max(Cast(Substr("rung", len(AFTER) + 1), IntegerField()))
    urged = Urging.objects.filter(tasks=OuterRef("pk")).order_by("-on")
    # Grouped by nothing but the task itself: one number a task.
    carried = told.order_by().values("task").annotate(days=days).values("days")
    return tasks.annotate(carried=Subquery(carried), urged_on=Subquery(urged.values("on")[:1]))


def worst_first(tasks: TaskQuerySet, on: date) -> TaskQuerySet:
    """The longest overdue on top, then who was not heard of for longest."""
    late = Q(deadline__lt=on)
    return tasks.order_by(
        Case(When(late, then=F("deadline")), default=Value(date.max), output_field=DateField()),
        Coalesce("last_report_on", "issued_on").asc(nulls_first=True),
        "code",
    )


def at_level(tasks: TaskQuerySet, level: Escalation | None) -> TaskQuerySet:
    """Carried up so far and no further; None: not yet. After `with_ledger`."""
    if level is None:
        return tasks.filter(Q(carried__isnull=True))
    further = next((step for step in Escalation if step > level), None)
    rows = tasks.filter(Q(carried__gte=level))
    return rows.filter(Q(carried__lt=further)) if further else rows


def reason_counts(tasks: TaskQuerySet, on: date) -> dict[str, int]:
    """How many stand there for each reason, in all ("all"), and were never urged ("never")."""
    rows = pressing(tasks, on).order_by()
    urged = Urging.objects.filter(tasks=OuterRef("pk"))
    counts = {why.value: Count("pk", filter=condition) for why, condition in reasons(on).items()}
    return rows.aggregate(all=Count("pk"), never=Count("pk", filter=~Exists(urged)), **counts)


def level_counts(tasks: TaskQuerySet) -> dict[Escalation | None, int]:
    """How many were carried up to each level, and not yet (None); after `with_ledger`."""
    found: dict[Escalation | None, int] = dict.fromkeys([None, *Escalation], 0)
    for days, number in (
        tasks.order_by().annotate(days=F("carried")).values_list("days").annotate(rows=Count("pk"))
    ):
        found[Escalation.of(days) if days else None] += number
    return found


def unit_counts(tasks: TaskQuerySet, limit: int) -> list[Mapping[str, object]]:
    """The units with the most of these tasks: how many, and the earliest deadline among them."""
    rows = tasks.order_by().values("lead_unit__code", "lead_unit__short_name")
    counted = rows.annotate(number=Count("pk"), earliest=Min("deadline"))
    return list(counted.order_by("-number", "earliest", "lead_unit__code")[:limit])
