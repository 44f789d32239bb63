"""Tasks that need a leader, each with five facts: who, how late, what lacks, why, who decides."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, TextChoices
from django.db.models.functions import Coalesce

from hanoi_programmes.people.models import Holding, Unit
from hanoi_programmes.people.rules import heads_of
from hanoi_programmes.programmes.models import Event, Obstacle, ProgressReport, Task
from hanoi_programmes.programmes.querysets import TaskQuerySet
from hanoi_programmes.programmes.querysets.troubled import undecided
from hanoi_programmes.programmes.rules.charges import Delay, Late, delays_of
from hanoi_programmes.programmes.shapes import leads_of
from hanoi_programmes.programmes.timeliness import Charge, Group, Side, days_late
from hanoi_programmes.reports.figures.scope import Scope


class View(TextChoices):
    """Why a task asks for attention; the words of the dashboard's tabs."""

    OVERDUE = "overdue", "Quá hạn"
    BLOCKED = "blocked", "Chờ quyết định"
    SILENT = "silent", "Không cập nhật"
    RETURNED = "returned", "Bị trả lại"


@dataclass(frozen=True, slots=True)
class Matter:
    """One task with its five facts.

    `days` is the number that ranks it in its view: days late, days its oldest obstacle waits, days
    of silence, or days since it was sent back. `late` is days late in every view, 0 when not.
    `waiting` is None without an open obstacle; `more` counts its further obstacles. `below` and
    `below_late` count the tasks of the level under it, and those of them that are overdue.
    `charges` says whose the days late are. `last_word` is the day of the newest report.
    """

    pk: int
    code: str
    text: str
    product: str
    days: int
    late: int
    unit: str
    head: str
    obstacle: str
    cause: str
    proposal: str
    waiting: int | None
    more: int
    decider: str
    reason: str = ""
    below: int = 0
    below_late: int = 0
    charges: tuple[Charge, ...] = ()
    obstacle_pk: int = 0
    last_word: date | None = None

    @property
    def is_shared(self) -> bool:
        """Some of the days late are not the unit's."""
        return any(charge.side != Side.UNIT for charge in self.charges)

    @property
    def is_serious(self) -> bool:
        """Late by more than a month: shown solid."""
        return self.late > settings.SERIOUSLY_LATE_DAYS


@dataclass(frozen=True, slots=True)
class _Around:
    """What is known of the tasks beside their own columns: by task, but heads by unit."""

    obstacles: dict[int, list[Obstacle]]
    leads: dict[int, Unit]
    heads: dict[int, Holding]
    below: dict[int, tuple[int, int]]
    delays: Mapping[int, Delay]


def rows_of(scope: Scope, view: View) -> TaskQuerySet:
    """The rows of a view, unordered; the task list finds the same ones by the view's address."""
    rows = scope.counted()
    if view == View.BLOCKED:
        return rows.blocked_on(scope.on)
    if view == View.SILENT:
        return rows.silent_on(scope.on, days=settings.SILENT_DAYS)
    if view == View.RETURNED:
        return rows.returned_by(scope.on, today=scope.today)
    return rows.in_groups(Group.OVERDUE)


def address_of(scope: Scope, view: View) -> str:
    """The list's query string for the rows of a view."""
    if view == View.OVERDUE:
        return scope.query(group=Group.OVERDUE)
    return scope.query(special=view.value)


def matters(
    scope: Scope,
    view: View,
    *,
    limit: int,
    skip: int = 0,
    delays: Mapping[int, Delay] | None = None,
) -> tuple[Matter, ...]:
    """The worst rows of a view, longest first, after the first `skip`; the same queries whatever
    the number. Who has the delays of all late tasks already hands them in."""
    said = Subquery(_last_word(scope.on))
    ranked = _ranked(scope, view).annotate(said=said).select_related("lead_unit")
    tasks = list(ranked[skip : skip + limit])
    ids, leads = [task.pk for task in tasks], leads_of(tasks)
    around = _Around(
        obstacles=_obstacles(ids, scope.on),
        leads=leads,
        heads=heads_of({unit.pk for unit in leads.values()}, on=scope.on),
        below=_below(ids, scope),
        delays=delays or delays_of(_late(tasks, scope.on), on=scope.on),
    )
    return tuple(_matter(task, scope, around) for task in tasks)


def _ranked(scope: Scope, view: View) -> TaskQuerySet:
    """Annotate `since`, the day from which the view counts its days, and put the oldest first."""
    since = {
        View.OVERDUE: F("due"),
        View.BLOCKED: Subquery(_oldest_obstacle(scope.on)),
        View.SILENT: Coalesce(Subquery(_last_word(scope.on)), "issued_on"),
        View.RETURNED: Coalesce(Subquery(_last_return(scope.on)), "returned_on"),
    }[view]
    return rows_of(scope, view).annotate(since=since).order_by("since", "code")


def _oldest_obstacle(on: date) -> QuerySet[Obstacle, tuple[date]]:
    obstacles = undecided(Obstacle.objects.filter(task=OuterRef("pk")), on)
    return obstacles.order_by("raised_on").values_list("raised_on")[:1]


def _last_word(on: date) -> QuerySet[ProgressReport, tuple[date]]:
    reports = ProgressReport.objects.filter(task=OuterRef("pk"), on__lte=on)
    return reports.order_by("-on").values_list("on")[:1]


def _last_return(on: date) -> QuerySet[Event, tuple[date]]:
    events = Event.objects.filter(task=OuterRef("pk"), kind="return", on__lte=on)
    return events.order_by("-on").values_list("on")[:1]


def _obstacles(tasks: list[int], on: date) -> dict[int, list[Obstacle]]:
    """Waiting obstacles by task, the oldest first."""
    rows = undecided(Obstacle.objects.filter(task__in=tasks), on).select_related("decider")
    found: dict[int, list[Obstacle]] = defaultdict(list)
    for row in rows.order_by("raised_on", "pk"):
        found[row.task_id].append(row)
    return found


def _late(tasks: list[Task], on: date) -> list[Late]:
    """Those of the tasks that are overdue on the day, against the deadline of then."""
    facts = [(task.pk, getattr(task, "group"), getattr(task, "due")) for task in tasks]  # noqa: B009 - annotated
    return [Late(pk, due, on) for pk, group, due in facts if group == Group.OVERDUE]


def _below(tasks: list[int], scope: Scope) -> dict[int, tuple[int, int]]:
    """Of each task: how many tasks stand one level under it, and how many of them are overdue."""
    children = Task.objects.visible_to(scope.user).filter(parent__in=tasks)
    rows = children.with_group_on(scope.on, today=scope.today).in_figures().order_by()
    late = Count("pk", filter=Q(group=Group.OVERDUE))
    counted = rows.values_list("parent").annotate(number=Count("pk"), late=late)
    return {parent: (number, overdue) for parent, number, overdue in counted}


def _matter(task: Task, scope: Scope, around: _Around) -> Matter:
    group, due, since = (getattr(task, name) for name in ("group", "due", "since"))
    obstacles = around.obstacles.get(task.pk, [])
    first = obstacles[0] if obstacles else None
    unit = around.leads.get(task.pk)
    head = around.heads.get(unit.pk) if unit else None
    number, overdue = around.below.get(task.pk, (0, 0))
    return Matter(
        pk=task.pk,
        code=task.code,
        text=task.text,
        product=task.product,
        days=max((scope.on - since).days, 0) if since else 0,
        late=days_late(due, on=scope.on) if group == Group.OVERDUE else 0,
        unit=str(unit or ""),
        head=str(head.post) if head else "",
        obstacle=first.text if first else "",
        cause=first.get_cause_display() if first and first.cause else "",
        proposal=first.proposal if first else "",
        waiting=(scope.on - first.raised_on).days if first else None,
        more=max(len(obstacles) - 1, 0),
        decider=_decider(task, first),
        reason=task.return_reason if task.is_returned else "",
        below=number,
        below_late=overdue,
        charges=around.delays[task.pk].charges if task.pk in around.delays else (),
        obstacle_pk=first.pk if first else 0,
        last_word=getattr(task, "said"),  # noqa: B009 - annotated
    )


def _decider(task: Task, obstacle: Obstacle | None) -> str:
    """Who decides the obstacle; without one, who has the authority over the task."""
    if obstacle is None:
        return task.authority
    return str(obstacle.decider) if obstacle.decider else obstacle.decider_text
