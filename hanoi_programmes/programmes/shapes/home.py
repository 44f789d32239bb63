"""The work list of the first page: what its reader must do now, in three queries."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from django.db.models import Count, F, OrderBy, Q, Value, Window

from hanoi_programmes.people.models import User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.querysets import TaskQuerySet
from hanoi_programmes.programmes.querysets.tasks import untold
from hanoi_programmes.programmes.rules import Known, may_move
from hanoi_programmes.programmes.rules.charges import verifier_days
from hanoi_programmes.programmes.shapes.lines import Line, line, lines
from hanoi_programmes.programmes.states import MOVES, State
from hanoi_programmes.programmes.timeliness import Group

# Of each section: more than these is a wall, and the list is one touch away.
SHOWN = 6
TO_UPDATE_SHOWN = 10
_SILENT = "silent"


class Deed(StrEnum):
    """What the reader does with a job: which buttons it has."""

    REPORT = "report"
    ACKNOWLEDGE = "acknowledge"
    VERIFY = "verify"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Job:
    """One task of the list. `told_today`: its unit has already reported on the day."""

    line: Line
    section: str
    kind: str
    deed: Deed
    told_today: bool = False
    may_refuse: bool = False

    @property
    def task(self) -> Task:
        """The task itself."""
        return self.line.task


@dataclass(frozen=True, slots=True)
class Section:
    """One list of the page. `count` is the whole; each task is shown once, where it presses most.

    `address` is the query of the task list that holds exactly the counted rows.
    """

    key: str
    title: str
    hint: str
    kind: str
    icon: str
    address: str
    count: int
    jobs: list[Job]
    # How many are not on the page at all, under whichever heading.
    beyond: int = 0

    @property
    def elsewhere(self) -> int:
        """How many of the counted stand under another heading, where they press more."""
        return self.count - self.beyond - len(self.jobs)


@dataclass(frozen=True, slots=True)
class Period:
    """The month's updates: how many tasks in progress, how many without a word, the first ones."""

    in_progress: int
    silent: int
    rows: list[Task]

    @property
    def told(self) -> int:
        """How many have been reported on."""
        return self.in_progress - self.silent


@dataclass(frozen=True, slots=True)
class WorkList:
    """All of it, on a day; `own` counts the tasks that are issued to the reader's unit."""

    sections: list[Section]
    period: Period
    own: int

    @property
    def jobs(self) -> list[Job]:
        """Every shown job, the most pressing first."""
        return [job for section in self.sections for job in section.jobs]

    @property
    def first(self) -> Job | None:
        """The most pressing task that can be reported on and was not today: it opens by itself."""
        untold = (j for j in self.jobs if j.deed == Deed.REPORT and not j.told_today)
        return next(untold, None)


@dataclass(frozen=True, slots=True)
class _Part:
    """A section before it has rows: which tasks it counts, and in which order it shows them."""

    key: str
    title: str
    hint: str
    kind: str
    icon: str
    address: str
    counted: Q
    holds: Callable[[Line], bool]
    order: tuple[str, ...]


_IS_RETURNED = Q(state=State.IN_PROGRESS, returned_on__isnull=False)
_BY_DUE = ("due", "code")


def _is_in(group: Group) -> Callable[[Line], bool]:
    return lambda row: getattr(row.task, "group", None) == group


def _parts(user: User) -> Iterator[_Part]:
    """The sections of the reader's own tasks, the most pressing first; "verify" is apart."""
    unit = f"&unit={user.unit.code}" if user.sees_by_unit and user.unit else ""
    if user.sees_all:
        yield _Part(
            "refused", "Bị từ chối", "giao đơn vị khác hoặc giao lại", "soon", "undo",
            "special=refused", Q(state=State.REFUSED),
            lambda row: row.task.state == State.REFUSED, _BY_DUE,
        )  # fmt: skip
    yield _Part(
        "overdue", "Quá hạn", "làm trước", "late", "s-late",
        f"group=overdue{unit}", Q(group=Group.OVERDUE),
        _is_in(Group.OVERDUE), _BY_DUE,
    )  # fmt: skip
    yield _Part(
        "returned", "Bị trả lại", "bổ sung rồi gửi lại", "soon", "undo",
        f"special=returned{unit}", _IS_RETURNED, lambda row: row.task.is_returned, _BY_DUE,
    )  # fmt: skip
    yield _Part(
        "due-soon", "Sắp đến hạn", "trong 7 ngày", "soon", "s-soon",
        f"group=due_soon{unit}", Q(group=Group.DUE_SOON),
        _is_in(Group.DUE_SOON), _BY_DUE,
    )  # fmt: skip
    yield _Part(
        "unacknowledged", "Chưa tiếp nhận", "tiếp nhận để bắt đầu", "run", "inbox",
        f"special=unacknowledged{unit}", Q(state=State.ASSIGNED),
        lambda row: row.task.state == State.ASSIGNED, ("-issued_on", "code"),
    )  # fmt: skip


def _verify_part(user: User) -> _Part:
    address = "group=awaiting" if user.sees_all else "special=verify"
    return _Part(
        "verify", "Cần xác nhận", "xác nhận hoặc trả lại trong 5 ngày làm việc", "wait", "s-wait",
        address, Q(), lambda row: row.task.state == State.AWAITING, ("submitted_on", "code"),
    )  # fmt: skip


def work_list(user: User, *, on: date) -> WorkList:
    """What the reader must do on the day.

    One query counts, one chooses the rows of all sections, one fetches them; the calendar (who
    verifies) and the heads in office (who may refuse) come on top where they are needed.
    """
    parts = list(_parts(user))
    own = Task.objects.worked_by(user).with_group(on)
    counts = _counts(own, parts, on)
    keys, totals = _chosen(user, own, parts, on)
    rows = Task.objects.filter(pk__in={pk for pks in keys.values() for pk in pks})
    whole = rows.with_group(on).select_related(
        "programme__resolution", "lead_unit", "parent__lead_unit"
    )
    by_key = {row.task.pk: row for row in lines(whole, on=on, with_heads=False)}
    found = {key: [by_key[pk] for pk in pks if pk in by_key] for key, pks in keys.items()}
    verify = _verify_part(user)
    order = [verify, *parts] if user.sees_all else [*parts, verify]
    counts["verify"] = totals.get("verify", 0)
    silent = [line.task for line in found.pop(_SILENT, [])]
    shown = {row.task.pk: row for rows in found.values() for row in rows}.values()
    sections = [
        replace(
            _section(part, found, counts[part.key], user, on),
            beyond=counts[part.key] - sum(map(part.holds, shown)),
        )
        for part in order
    ]
    return WorkList(sections, Period(counts["busy"], counts[_SILENT], silent), counts["own"])


def _counts(own: TaskQuerySet, parts: list[_Part], on: date) -> dict[str, int]:
    """How many rows each section has, and the month's updates; one query."""
    numbers = {part.key: Count("pk", filter=part.counted) for part in parts}
    busy = Count("pk", filter=Q(state=State.IN_PROGRESS))
    silent = Count("pk", filter=untold(on))
    found: dict[str, int] = own.order_by().aggregate(
        own=Count("pk"), busy=busy, **{_SILENT: silent}, **numbers
    )
    return found


def _chosen(
    user: User, own: TaskQuerySet, parts: list[_Part], on: date
) -> tuple[dict[str, list[int]], dict[str, int]]:
    """The keys of the rows that each section shows, in order, and how many it has; one query.

    What came back is shown with its reason even when it is late too; a new task that is late or
    soon due stands where it presses most, with the button to take it on.
    """
    asked = []
    for part in parts:
        rows = own.filter(part.counted)
        if part.key != "returned":
            rows = rows.exclude(_IS_RETURNED)
        if part.key == "unacknowledged":
            rows = rows.exclude(Q(group__in=(Group.OVERDUE, Group.DUE_SOON)))
        if part.key != "refused" and user.sees_all:
            rows = rows.exclude(state=State.REFUSED)
        asked.append((part.key, rows.order_by(*_nulls_last(part.order))))
    verify = Task.objects.to_be_verified_by(user).with_group(on)
    asked.append(("verify", verify.order_by(*_verify_part(user).order)))
    if user.sees_by_unit:
        asked.append((_SILENT, own.not_updated(on).order_by("code")))
    chosen = [
        rows.annotate(part=Value(key), whole=Window(Count("pk"))).values_list(
            "part", "pk", "whole"
        )[: TO_UPDATE_SHOWN if key == _SILENT else SHOWN]
        for key, rows in asked
    ]
    keys: dict[str, list[int]] = {key: [] for key, _ in asked}
    totals: dict[str, int] = {}
    for key, pk, whole in chosen[0].union(*chosen[1:], all=True):
        keys[key].append(pk)
        totals[key] = whole
    return keys, totals


def _nulls_last(order: tuple[str, ...]) -> list[str | OrderBy]:
    return [F(name).asc(nulls_last=True) if name == "due" else name for name in order]


def _section(
    part: _Part, found: dict[str, list[Line]], count: int, user: User, on: date
) -> Section:
    rows = found[part.key]
    if part.key == "verify":
        charged = verifier_days([row.task for row in rows], on=on)
        rows = [replace(row, charged=charged.get(row.task.pk, 0)) for row in rows]
    jobs = [_job(row, part.key, part.kind, user, on) for row in rows]
    new = [job.task for job in jobs if job.deed == Deed.ACKNOWLEDGE]
    if new and user.role == Role.HEAD:
        jobs = _with_refusals(jobs, user, Known(new, on=on), on)
    return Section(part.key, part.title, part.hint, part.kind, part.icon, part.address, count, jobs)


def _job(row: Line, section: str, kind: str, user: User, on: date) -> Job:
    told = row.task.last_report_on == on
    return Job(row, section, kind, _deed(row.task, section, user), told_today=told)


def _deed(task: Task, section: str, user: User) -> Deed:
    """The buttons follow the state; whether the click is allowed, the rules judge again."""
    if section == "verify":
        return Deed.VERIFY
    if user.sees_all or task.state not in {State.ASSIGNED, State.IN_PROGRESS}:
        return Deed.OPEN
    return Deed.ACKNOWLEDGE if task.state == State.ASSIGNED else Deed.REPORT


def _with_refusals(jobs: list[Job], user: User, known: Known, on: date) -> list[Job]:
    """Who heads the unit may ask that another one be charged with the task."""
    return [
        replace(
            job,
            may_refuse=bool(may_move(user, job.task, MOVES["refuse"], on=on, known=known)),
        )
        for job in jobs
    ]


def settled(task: Task, user: User, *, on: date) -> Job:
    """The job of a task that has just left the list: its new state, without urgency."""
    kinds = {State.AWAITING: "wait"}
    kind = kinds.get(State(task.state), "run")
    row = line(task, on=on)
    return _job(row, "", kind, user, on)
