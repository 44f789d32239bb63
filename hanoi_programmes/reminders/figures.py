"""Which tasks are to be urged, how far each was carried up by itself, when one was last urged."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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

from hanoi_programmes.people.models import Unit, User
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
    """The condition of each reason, on an open task's own columns as they are today."""
    quiet = on - timedelta(days=settings.SILENT_DAYS)
    # Asked once, and not again for each row: few directions are open, and many tasks.
    asked = Direction.objects.open().filter(answered_on__isnull=True, answer_by__lt=on)
    heard = Q(last_report_on__isnull=True) | Q(last_report_on__lt=quiet)
    return {
        Why.OVERDUE: Q(deadline__lt=on),
        Why.UNANSWERED: Q(pk__in=asked.order_by().values("task")),
        Why.UNACKNOWLEDGED: Q(state=State.ASSIGNED, issued_on__lt=on - TIME_TO_ACKNOWLEDGE),
        Why.SILENT: Q(issued_on__lt=quiet) & heard,
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
    conditions, tasks = reasons(on), tasks.filter(state__in=OPEN)
    if why:
        return tasks.filter(conditions[Why(why)])
    # What is true of most rows, or quickly said, is asked first.
    found = Q()
    for reason in (Why.SILENT, Why.OVERDUE, Why.UNACKNOWLEDGED, Why.UNANSWERED):
        found |= conditions[reason]
    return tasks.filter(found)


def with_ledger(tasks: TaskQuerySet, on: date) -> TaskQuerySet:
    """Annotate `carried`, the days after its deadline of the last rung that was told, and
    `urged_on`, the day on which it was last urged by hand."""
    told = Reminder.objects.told().filter(
        task=OuterRef("pk"), deadline=OuterRef("deadline"), rung__startswith=AFTER
    )
    days = Max(Cast(Substr("rung", len(AFTER) + 1), IntegerField()))
    urged = Urging.objects.filter(tasks=OuterRef("pk")).order_by("-on")
    # Grouped by nothing but the task itself: one number a task.
    carried = told.order_by().values("task").annotate(days=days).values("days")
    # No rung comes before its day: only what is past its deadline is looked up.
    late = When(deadline__lt=on, then=Subquery(carried))
    return tasks.annotate(
        carried=Case(late, output_field=IntegerField()),
        urged_on=Subquery(urged.values("on")[:1]),
    )


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


@dataclass(frozen=True, slots=True)
class UnitPressed:
    """A unit, how many of its tasks are to be urged, and the earliest deadline among them."""

    code: str
    name: str
    number: int
    earliest: date | None


@dataclass(frozen=True, slots=True)
class Pressed:
    """Numbers of the tasks that are to be urged: in all, never urged by hand, for each reason, at
    each level (None: carried no further than the unit), and the units that have the most of them.
    """

    everything: int
    never: int
    whys: Mapping[str, int]
    levels: Mapping[Escalation | None, int]
    units: Sequence[UnitPressed]

    def of(self, *, why: str, level: Escalation | None, is_leveled: bool, urged: str) -> int | None:
        """How many meet one of the conditions of the list, or none; None when several are asked."""
        if bool(why) + is_leveled + bool(urged) > 1:
            return None
        if why:
            return self.whys[why]
        if is_leveled:
            return self.levels[level]
        return {"never": self.never, "once": self.everything - self.never}.get(
            urged, self.everything
        )


def pressed(tasks: TaskQuerySet, on: date, units: int) -> Pressed:
    """All numbers in one reading of the tasks, by unit and level: each alone read all the open ones
    anew."""
    urged = Urging.tasks.through.objects.filter(task=OuterRef("pk"))
    keys = ("lead_unit", "carried")
    rows = with_ledger(pressing(tasks, on), on).order_by().values_list(*keys)
    whys = {why.value: Count("pk", filter=condition) for why, condition in reasons(on).items()}
    counted = rows.annotate(
        rows=Count("*"), earliest=Min("deadline"), never=Count("pk", filter=~Exists(urged)), **whys
    )
    whole: Counter[str] = Counter()
    levels: dict[Escalation | None, int] = dict.fromkeys([None, *Escalation], 0)
    by_lead: dict[int, list[tuple[int, date | None]]] = defaultdict(list)
    for lead, carried, number, earliest, never, *numbers in counted:
        whole.update({"all": number, "never": never, **dict(zip(whys, numbers, strict=True))})
        levels[Escalation.of(carried) if carried else None] += number
        by_lead[lead].append((number, earliest))
    return Pressed(
        everything=whole["all"],
        never=whole["never"],
        whys={why: whole[why] for why in whys},
        levels=levels,
        units=_most_pressed(by_lead, units),
    )


def _most_pressed(
    by_lead: Mapping[int, Sequence[tuple[int, date | None]]], most: int
) -> list[UnitPressed]:
    """The units with the most tasks, of these the one whose first deadline is the earliest."""
    names = {
        pk: (code, name)
        for pk, code, name in Unit.objects.order_by().values_list("pk", "code", "short_name")
    }
    found = [
        UnitPressed(
            *names[lead],
            number=sum(number for number, _day in parts),
            earliest=min((day for _number, day in parts if day), default=None),
        )
        for lead, parts in by_lead.items()
    ]
    return sorted(found, key=lambda row: (-row.number, row.earliest or date.max, row.code))[:most]
