"""The one door to tasks (`visible_to`) and other questions about them, as adjectives."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    F,
    FilteredRelation,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber

from hanoi_programmes.lib.dates import month_of
from hanoi_programmes.lib.text import words_of
from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.roles import Level, Role
from hanoi_programmes.programmes.querysets.among import Among
from hanoi_programmes.programmes.querysets.chosen import Choice
from hanoi_programmes.programmes.querysets.clear import ANY, lacks
from hanoi_programmes.programmes.querysets.troubled import is_blocked, is_returned, is_silent
from hanoi_programmes.programmes.states import CLOSED, COUNTED, OPEN, OUTSIDE, Clarity, State
from hanoi_programmes.programmes.timeliness import (
    DUE_SOON,
    Group,
    group_expression,
    in_any,
    late_by,
    rank_expression,
)

if TYPE_CHECKING:
    from hanoi_programmes.people.models import User
    from hanoi_programmes.programmes.models import ActionProgramme, Task  # noqa: F401 - named as text


_IDS = ArrayField(BigIntegerField())
# Where a unit may stand beside the lead: taking part, asked for an answer or for a decision.
_PLACES = (
    "participants__unit",
    "directions__unit",
    "obstacles__decider",
    "obstacles__referrals__unit",
)


def _above(tasks: TaskQuerySet) -> QuerySet[Any]:
    """Ids of all ancestors of these tasks."""
    return tasks.annotate(above=Func(F("ancestors"), function="unnest")).values("above")


def untold(on: date) -> Q:
    """Taken on, and without a report in the period of the day: to filter by or to count."""
    start = month_of(on).start
    silent = Q(last_report_on__isnull=True) | Q(last_report_on__lt=start)
    return silent & Q(state=State.IN_PROGRESS)


def _thread(tasks: TaskQuerySet) -> QuerySet[Any]:
    """Ids of these tasks and of all their ancestors."""
    thread = Func(F("ancestors"), F("pk"), function="array_append", output_field=_IDS)
    return tasks.annotate(thread=Func(thread, function="unnest")).values("thread")


class TaskQuerySet(QuerySet["Task"]):
    """Tasks of every level."""

    def visible_to(self, user: User) -> TaskQuerySet:
        """What the user may see (PRODUCT §9); anything else does not exist for them.

        By place: what their unit, or one below it, leads or joins, or is asked about (an obstacle
        to decide, a direction to answer; before or after the answer); the tasks below those it
        leads; and the thread above. Drafts are the office's (and read by leaders and inspectors).
        """
        if user.sees_all:
            return self
        if not user.sees_by_unit or user.unit is None:
            return self.none()
        all_of = self.model.objects.order_by()
        tasks, within = all_of.exclude(state=State.DRAFT), user.unit.path
        led = tasks.filter(lead_unit__path__startswith=within)
        # Only tasks that have children can be above another: a handful, however many are led.
        parents = led.filter(pk__in=all_of.filter(parent__isnull=False).values("parent"))
        joined = [tasks.filter(**{f"{place}__path__startswith": within}) for place in _PLACES]
        threads = _above(led).union(*map(_thread, joined))
        return self.exclude(state=State.DRAFT).filter(
            Among("lead_unit", Unit.objects.within(user.unit).values("pk"))
            | Q(ancestors__overlap=ArraySubquery(parents.values("pk")))
            | Among("pk", threads)
        )

    def led_by(self, unit: Unit | None) -> TaskQuerySet:
        """Tasks that exactly this unit leads."""
        return self.filter(lead_unit=unit) if unit else self.none()

    def worked_by(self, user: User) -> TaskQuerySet:
        """What the user's own work list is about: the city's tasks for the office, else those that
        exactly the user's unit leads. A part of `visible_to`, found without asking what else is
        visible."""
        if user.sees_all:
            return self.issued().filter(parent__isnull=True)
        return self.issued().led_by(user.unit) if user.sees_by_unit else self.none()

    def counted_for(self, user: User) -> TaskQuerySet:
        """The tasks that figures count for this reader today: never drafts or cancelled ones. A
        part of `visible_to`, found without asking what else is visible."""
        return self.issued().city_or_own(user)

    def city_or_own(self, user: User) -> TaskQuerySet:
        """The city's own tasks for who sees all, else those that the reader's unit or one below it
        leads today."""
        if user.sees_all:
            return self.filter(parent__isnull=True)
        if not user.sees_by_unit or user.unit is None:
            return self.none()
        return self.filter(lead_unit__path__startswith=user.unit.path)

    def city_or_led(self, user: User) -> TaskQuerySet:
        """The same by who led on the day; after `with_group_on`."""
        if user.sees_all:
            return self.filter(parent__isnull=True)
        if not user.sees_by_unit or user.unit is None:
            return self.none()
        return self.led_within(Unit.objects.within(user.unit))

    def led_within(self, units: QuerySet[Unit]) -> TaskQuerySet:
        """Led on the day by one of these units; after `with_group_on`."""
        return self.filter(Q(lead__in=units.order_by().values("pk")))

    def apart(self) -> TaskQuerySet:
        """Not below a task of the city or a department: given to one ward by itself."""
        above = (Level.CITY, Level.DEPARTMENT)
        return self.exclude(parent__isnull=False, parent__lead_unit__level__in=above)

    def chosen(self, choice: Choice) -> TaskQuerySet:
        """The part that a page tells of, by who led on the day; after `with_group_on`."""
        rows = self.filter(choice.of_tasks)
        return rows if choice.units is None else rows.led_within(choice.units)

    def issued(self) -> TaskQuerySet:
        """Neither draft nor cancelled: what figures count."""
        return self.exclude(state__in=OUTSIDE)

    def matching(self, query: str) -> TaskQuerySet:
        """Each word, marks or not, in any order, in the task's own text or its lead unit's name."""
        words = words_of(query)
        units = Unit.objects.named(words) if words else {}
        rows = self
        for word in words:
            asked = Q(search__contains=word)
            # Keys, not a sub-query: the trigrams of the one and the index of the other then meet.
            rows = rows.filter(asked | Q(lead_unit__in=units[word]) if units[word] else asked)
        return rows

    def tally(self, key: str) -> dict[str, int]:
        """How many rows have each value of an annotation or column; one query."""
        rows = self.order_by().values_list(key).annotate(rows=Count("pk"))
        return {value: number for value, number in rows if value is not None}

    def open(self) -> TaskQuerySet:
        """The clock runs."""
        return self.filter(state__in=OPEN)

    def with_group(self, on: date) -> TaskQuerySet:
        """Annotate `group`, `original_group`, `due`, `done_on` on the day, by today's facts; and
        `lead`, the id of the unit that leads."""
        return self._with_group(on, facts="")

    def with_group_then(self, on: date) -> TaskQuerySet:
        """Annotate the same by the facts that were true on a past day."""
        held = Q(spans__starts_on__lte=on, spans__ends_on__gt=on)
        rows = self.annotate(span=FilteredRelation("spans", condition=held))
        return rows._with_group(on, facts="span__")

    def _with_group(self, on: date, *, facts: str) -> TaskQuerySet:
        """The names by which `timeliness` speaks of a day; `facts` is the prefix of its columns."""
        named = self.alias(
            day=Value(on),
            soon=Value(on + DUE_SOON),
            standing=F(f"{facts}state"),
            due_first=F(f"{facts}original_deadline"),
        ).annotate(
            lead=F(f"{facts}lead_unit"),
            due=F(f"{facts}deadline"),
            done_on=F(f"{facts}completed_on"),
        )
        return named.annotate(
            group=group_expression(), original_group=group_expression("due_first")
        )

    def with_group_on(self, on: date, *, today: date) -> TaskQuerySet:
        """Groups on any day: by today's facts when it is today, else by the facts of then."""
        return self.with_group(on) if on >= today else self.with_group_then(on)

    def in_figures(self) -> TaskQuerySet:
        """In one of the nine groups on the day given to `with_group_on`: what figures count."""
        return self.filter(Q(standing__in=COUNTED))

    def blocked_on(self, on: date) -> TaskQuerySet:
        """Open on the day with an obstacle undecided then; after `with_group_on`."""
        return self.filter(is_blocked(on))

    def silent_on(self, on: date, *, days: int) -> TaskQuerySet:
        """Open on the day, last heard of over `days` days before; after `with_group_on`."""
        return self.filter(is_silent(on, days=days))

    def late_on(self, on: date, *, days: int) -> TaskQuerySet:
        """Overdue on the day by more than `days` days; after `with_group_on`."""
        return self.filter(late_by(days, on=on))

    def returned_by(self, on: date, *, today: date) -> TaskQuerySet:
        """Sent back and not submitted again as of the day; after `with_group_on`."""
        return self.filter(is_returned(on, today=today))

    def in_groups(self, *groups: Group) -> TaskQuerySet:
        """Rows whose annotated group is one of these."""
        return self.filter(in_any(groups))

    def by_due(self) -> TaskQuerySet:
        """The most urgent deadline of the annotated day first, those without one last."""
        return self.order_by(F("due").asc(nulls_last=True), "code")

    def by_urgency(self) -> TaskQuerySet:
        """Late first, in the order of every screen; after `with_group`."""
        return self.annotate(rank=rank_expression()).order_by(
            "rank", F("due").asc(nulls_last=True), "code"
        )

    def first_of_each_group(self, number: int) -> TaskQuerySet:
        """So many tasks of each task group, the most urgent; after `with_group`."""
        order = [F("rank").asc(), F("due").asc(nulls_last=True), F("code").asc()]
        place = Window(RowNumber(), partition_by=F("task_group"), order_by=order)
        return self.by_urgency().annotate(place=place).filter(Q(place__lte=number))

    def count_by_task_group(self) -> list[tuple[int, str | None, int]]:
        """Task group, group of timeliness and number; after `with_group`."""
        named = self.order_by().annotate(part=F("group"))
        return list(named.values_list("task_group", "part").annotate(rows=Count("pk")))

    def overdue(self, on: date) -> TaskQuerySet:
        """Open and past the deadline."""
        return self.open().filter(deadline__lt=on)

    def due_soon(self, on: date) -> TaskQuerySet:
        """Open, and the deadline within seven days."""
        return self.with_group(on).in_groups(Group.DUE_SOON)

    def returned(self) -> TaskQuerySet:
        """Sent back by the verifier and not yet submitted again."""
        return self.filter(state=State.IN_PROGRESS, returned_on__isnull=False)

    def unacknowledged(self) -> TaskQuerySet:
        """Assigned, and nobody has said yes yet."""
        return self.filter(state=State.ASSIGNED)

    def awaiting(self) -> TaskQuerySet:
        """Submitted, waiting for the verifier."""
        return self.filter(state=State.AWAITING)

    def unfinished(self) -> TaskQuerySet:
        """Drafts and whatever was issued and is not closed: what can still be made clear."""
        return self.exclude(state__in=CLOSED)

    def with_lacks(self, on: date) -> TaskQuerySet:
        """Annotate `lacks_<key>` for each of the six rõ, and `lacks_count`."""
        flags = {
            f"lacks_{key}": Case(
                When(condition, then=Value(1)), default=Value(0), output_field=IntegerField()
            )
            for key, condition in lacks(on).items()
        }
        total = sum((F(name) for name in flags), Value(0))
        return self.annotate(**flags).annotate(lacks_count=total)

    def lacking(self, key: str, on: date) -> TaskQuerySet:
        """Unfinished tasks that lack one of the six rõ on the day; "any" for at least one."""
        rows = self.unfinished().with_lacks(on)
        return rows.filter(**{"lacks_count__gt": 0} if key == ANY else {f"lacks_{key}": 1})

    def worst_first(self) -> TaskQuerySet:
        """After `lacking`: what lacks the most on top."""
        return self.order_by(F("lacks_count").desc(), "code")

    def clarity_counts(self, on: date) -> dict[str, int]:
        """How many unfinished tasks lack each rõ; "total", and "complete" with all six."""
        counts = {key: Sum(f"lacks_{key}", default=0) for key in Clarity}
        complete = Count("pk", filter=Q(lacks_count=0))
        rows = self.order_by().unfinished().with_lacks(on)
        return rows.aggregate(total=Count("pk"), complete=complete, **counts)

    def updated(self, on: date) -> TaskQuerySet:
        """Reported on in the current period, which is the calendar month (PRODUCT §6)."""
        return self.filter(last_report_on__gte=month_of(on).start)

    def not_updated(self, on: date) -> TaskQuerySet:
        """Open, taken on, and without a report in the current period."""
        return self.filter(untold(on))

    def silent(self, since: date) -> TaskQuerySet:
        """Open and without a word since the day."""
        quiet = Q(last_report_on__lt=since) | Q(last_report_on__isnull=True, issued_on__lt=since)
        return self.open().filter(quiet)

    def blocked(self) -> TaskQuerySet:
        """Open, with an obstacle that waits for a decision."""
        waiting = self.model.objects.filter(
            obstacles__isnull=False, obstacles__resolved_on__isnull=True
        )
        return self.open().filter(pk__in=waiting.values("pk"))

    def asking_for_time(self) -> TaskQuerySet:
        """A request for another deadline waits for its answer."""
        waiting = self.model.objects.filter(extensions__answer="waiting")
        return self.filter(pk__in=waiting.values("pk"))

    def directed(self) -> TaskQuerySet:
        """With a direction or an explanation request that is not closed."""
        asked = self.model.objects.filter(
            directions__isnull=False, directions__closed_on__isnull=True
        )
        return self.filter(pk__in=asked.values("pk"))

    def to_be_verified_by(self, user: User) -> TaskQuerySet:
        """Awaiting the user's side: the office for city tasks, else the parent's lead."""
        if user.role == Role.OFFICE:
            return self.awaiting().filter(parent__isnull=True)
        if not user.sees_by_unit:
            return self.none()
        return self.given_by(user).awaiting()

    def given_by(self, user: User) -> TaskQuerySet:
        """Parts of the unit's tasks that other units lead: what it gave, and has to confirm."""
        led = self.model.objects.led_by(user.unit).order_by().values("pk")
        # By the index of parents: of a unit that gave nothing, a join would read every task.
        return self.filter(Among("parent", led)).exclude(lead_unit=user.unit)

    def with_children(self) -> TaskQuerySet:
        """Annotate `children_count` and `children_done`; cancelled children are outside."""
        counted = ~Q(children__state__in=OUTSIDE)
        return self.annotate(
            children_count=Count("children", filter=counted),
            children_done=Count("children", filter=Q(children__state=State.COMPLETED)),
        )

    def below(self, *tasks: Task) -> TaskQuerySet:
        """Every task below any of these, to any depth."""
        return self.filter(ancestors__overlap=[task.pk for task in tasks])

    def descendants_of(self, task: Task) -> TaskQuerySet:
        """Every task below, to any depth."""
        return self.filter(ancestors__contains=[task.pk])

    def open_below(self, *parents: Task) -> TaskQuerySet:
        """Children of these tasks that are not closed yet."""
        return self.filter(parent__in=parents).exclude(state__in=CLOSED)


class ProgrammeQuerySet(QuerySet["ActionProgramme"]):
    """Action programmes."""

    def visible_to(self, user: User) -> ProgrammeQuerySet:
        """Programmes are known to everybody who works in them; an administrator has no content."""
        return self if user.sees_all or user.sees_by_unit else self.none()
