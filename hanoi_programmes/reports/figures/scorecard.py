"""How a unit, an area or a head does: what came due, what is late and why, what was sent back.

Figures of a period count tasks whose deadline lies in it; against the original deadline, those
whose original one does. What happened (extensions, submissions, returns, grades) is counted on the
days of the period. All of it for tasks led on the day.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Count, Q

from hanoi_programmes.lib.dates import Period, month_of
from hanoi_programmes.lib.periods import read_period
from hanoi_programmes.people.models import Unit
from hanoi_programmes.programmes.models import Event, Extension, ProgressReport, Resolution, Task
from hanoi_programmes.programmes.querysets.scored import DONE, GRANTED, ORIGINAL
from hanoi_programmes.programmes.rules.charges import Delay, Late, delays_of
from hanoi_programmes.programmes.states import Quality
from hanoi_programmes.programmes.timeliness import COME_DUE, OPEN_GROUPS, Group, Side, days_late
from hanoi_programmes.reports.figures.matters import Matter, View, matters
from hanoi_programmes.reports.figures.parts import MIN_DUE, Part
from hanoi_programmes.reports.figures.scope import Scope
from hanoi_programmes.reports.figures.tally import Share, Tally

OVERDUE_SHOWN = 10
_LATE = (Group.OVERDUE, Group.COMPLETED_LATE)


@dataclass(frozen=True, slots=True)
class Times:
    """So many times, on so many tasks."""

    times: int
    tasks: int


@dataclass(frozen=True, slots=True)
class Month:
    """What came due in a month: done on time of it; `query` opens what came due."""

    first: date
    on_time: Share
    query: str

    @property
    def is_few(self) -> bool:
        """One task more or less would turn the rate: drawn hatched."""
        return 0 < self.on_time.whole < MIN_DUE


@dataclass(frozen=True, slots=True)
class Waited:
    """Days of delay charged to one side, on so many tasks, which `query` opens; `whom` is empty for
    the unit itself."""

    side: Side
    whom: str
    tasks: int
    days: int
    query: str


@dataclass(frozen=True, slots=True)
class LateTask:
    """An overdue task with its five facts, its deadlines, and how often more time was given."""

    matter: Matter
    original: date | None
    due: date
    extended: int


@dataclass(frozen=True, slots=True)
class Grade:
    """So many products of one grade."""

    key: str
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class Line:
    """One unit of several: what it leads now, what of it came due in the period."""

    unit: Unit
    tally: Tally
    due: Tally
    worst: int
    query: str


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The figures. `tally` counts all tasks led on the day, `due` those with a deadline in the
    period; `worst` is in days; `late_by` the average days of those completed late in the period."""

    on: date
    period: str
    tally: Tally
    due: Tally
    original: Share
    worst: int
    late_by: float | None
    updated: Share
    extended: Times
    submissions: Times
    returned: Times
    grades: tuple[Grade, ...]
    waited: tuple[Waited, ...]
    resolutions: tuple[Part, ...]
    lines: tuple[Line, ...]
    months: tuple[Month, ...]
    overdue: tuple[LateTask, ...]

    @property
    def is_empty(self) -> bool:
        """Nothing is led: the page says so instead of drawing zeros."""
        return not self.tally.total

    @property
    def late(self) -> int:
        """Late tasks of the period, open or completed: whose days are split."""
        return self.due.overdue + self.due.completed_late

    @property
    def graded(self) -> int:
        """Products that a verifier has graded in the period."""
        return sum(grade.number for grade in self.grades)


@dataclass(frozen=True, slots=True)
class _Fact:
    """What one task was on the day."""

    pk: int
    unit: int
    resolution: int
    group: str
    original_group: str
    due: date | None
    original: date | None
    done: date | None
    quality: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A scope and its period: the addresses of the figures."""

    scope: Scope
    period: str

    @property
    def span(self) -> Period:
        """The days of the period; a key that is none never comes here."""
        span = read_period(self.period)
        return span or Period(self.scope.on, self.scope.on)

    @property
    def days(self) -> tuple[date, date]:
        """The days of the period that have come."""
        return self.span.start, min(self.span.end, self.scope.on)

    @property
    def in_period(self) -> Scope:
        """The same scope of tasks that are due in the period."""
        return replace(self.scope, choice=replace(self.scope.choice, period=self.period))

    def query(self, *groups: Group) -> str:
        """Tasks due in the period, of some groups."""
        return self.in_period.query(group=tuple(group.value for group in groups))

    def charged(self, side: Side, whom: str) -> str:
        """Tasks due in the period, of whose delay some days are charged so."""
        groups = tuple(group.value for group in _LATE)
        return self.in_period.query(group=groups, charged=side.value, whom=whom)

    def by_original(self, *groups: Group) -> str:
        """Tasks first due in the period, of some groups against that deadline."""
        chosen = tuple(group.value for group in groups)
        return self.in_period.query(against=ORIGINAL, group=chosen)

    def happened(self, what: str) -> str:
        """Tasks to which it happened in the period."""
        return self.scope.query(happened=what, during=self.period)

    def reported(self) -> str:
        """Open tasks with a report in the current month."""
        groups = tuple(group.value for group in OPEN_GROUPS)
        during = f"{self.scope.on:%Y-%m}"
        return self.scope.query(group=groups, happened="reported", during=during)

    def open(self) -> str:
        """Open tasks."""
        return self.scope.query(group=tuple(group.value for group in OPEN_GROUPS))


def scorecard(asked: Asked) -> Scorecard:
    """Compute the figures; the number of queries does not depend on the number of tasks.

    What one unit leads is read once, a line a task, and counted here: asking the database for each
    figure would look for the visible tasks of the reader a dozen times.
    """
    scope, facts = asked.scope, _facts(asked.scope)
    due = [fact for fact in facts if _within(fact.due, asked.span)]
    tally, come = _tally(facts), _tally(due)
    events, delays = _events(asked, facts), _delays(scope.on, facts)
    return Scorecard(
        on=scope.on,
        period=asked.period,
        tally=tally,
        due=come,
        original=_original(asked, facts),
        worst=_worst(facts, scope.on),
        late_by=_late_by(due),
        updated=_updated(scope, facts),
        extended=_extended(asked, facts),
        submissions=events.get("submit", Times(0, 0)),
        returned=events.get("return", Times(0, 0)),
        grades=_grades(asked, facts),
        waited=_waited(asked, due, delays),
        resolutions=_by_resolution(scope, facts),
        lines=_by_unit(asked, facts),
        months=_months(asked, facts),
        overdue=_overdue(scope, delays) if tally.overdue else (),
    )


def _facts(scope: Scope) -> list[_Fact]:
    keys = (
        *("pk", "lead", "programme__resolution", "group", "original_group"),
        *("due", "original_deadline", "done_on", "quality"),
    )
    return [_Fact(*row) for row in scope.counted().order_by().values_list(*keys)]


def _within(day: date | None, span: Period) -> bool:
    return day is not None and span.start <= day <= span.end


def _tally(facts: Iterable[_Fact]) -> Tally:
    rows = list(facts)
    return Tally.of(Counter(f.group for f in rows), Counter(f.original_group for f in rows))


def _worst(facts: Iterable[_Fact], on: date) -> int:
    late = (fact.due for fact in facts if fact.group == Group.OVERDUE)
    return max((days_late(due, on=on) for due in late), default=0)


def _late_by(due: list[_Fact]) -> float | None:
    late = [fact for fact in due if fact.group == Group.COMPLETED_LATE]
    days = [(fact.done - fact.due).days for fact in late if fact.done and fact.due]
    return sum(days) / len(days) if days else None


def _original(asked: Asked, facts: list[_Fact]) -> Share:
    """Against the deadline that was given first, of what was first due in the period."""
    found = Counter(f.original_group for f in facts if _within(f.original, asked.span))
    return Share(found[Group.COMPLETED_ON_TIME], sum(found[group] for group in COME_DUE))


def _updated(scope: Scope, facts: list[_Fact]) -> Share:
    """Open tasks with a report in the current period, which is the calendar month (PRODUCT §6)."""
    running = [fact.pk for fact in facts if fact.group in OPEN_GROUPS]
    days = (month_of(scope.on).start, scope.on)
    heard = ProgressReport.objects.filter(task__in=running, on__range=days).order_by()
    return Share(heard.values("task").distinct().count(), len(running))


def _extended(asked: Asked, facts: list[_Fact]) -> Times:
    """Granted requests for more time; refused and waiting ones changed nothing."""
    granted = Extension.objects.filter(answer__in=GRANTED, decided_on__range=asked.days)
    found = granted.filter(task__in=[fact.pk for fact in facts]).aggregate(
        times=Count("pk"), tasks=Count("task", distinct=True)
    )
    return Times(**found)


def _events(asked: Asked, facts: list[_Fact]) -> dict[str, Times]:
    """Submissions and what was sent back, by the kind of the event."""
    rows = Event.objects.filter(
        task__in=[fact.pk for fact in facts], kind__in=("submit", "return"), on__range=asked.days
    )
    counted = (
        rows.order_by().values_list("kind").annotate(Count("pk"), Count("task", distinct=True))
    )
    return {kind: Times(times, tasks) for kind, times, tasks in counted}


def _grades(asked: Asked, facts: list[_Fact]) -> tuple[Grade, ...]:
    """Grades that verifiers gave to what was completed in the period."""
    start, end = asked.days
    done = [fact for fact in facts if fact.group in DONE and fact.done]
    found = Counter(fact.quality for fact in done if fact.done and start <= fact.done <= end)
    return tuple(Grade(key.value, key.label, found[key]) for key in Quality)


def _delays(on: date, facts: list[_Fact]) -> dict[int, Delay]:
    """Whose the days are of everything that is or was late, by task."""
    late = [Late(f.pk, f.due, f.done or on) for f in facts if f.group in _LATE and f.due]
    return delays_of(late, on=on)


def _waited(asked: Asked, due: list[_Fact], delays: dict[int, Delay]) -> tuple[Waited, ...]:
    """Whose the days late are, of what was late in the period; the unit's own first."""
    days: dict[tuple[Side, str], list[int]] = defaultdict(list)
    for delay in (delays[fact.pk] for fact in due if fact.pk in delays):
        for charge in delay.charges:
            days[charge.side, charge.whom].append(charge.days)
    found = [
        Waited(side, whom, len(all_), sum(all_), asked.charged(side, whom))
        for (side, whom), all_ in days.items()
    ]
    return tuple(sorted(found, key=lambda row: (row.side != Side.UNIT, -row.days, row.whom)))


def _split(facts: Iterable[_Fact], name: str) -> dict[int, list[_Fact]]:
    found: dict[int, list[_Fact]] = defaultdict(list)
    for fact in facts:
        found[getattr(fact, name)].append(fact)
    return found


def _by_resolution(scope: Scope, facts: list[_Fact]) -> tuple[Part, ...]:
    """Only resolutions of which something is led."""
    found = _split(facts, "resolution")
    return tuple(
        Part(
            key=row.key,
            name=row.short_number,
            note=row.short,
            query=scope.query(resolution=row.key),
            tally=_tally(found[row.pk]),
            longest=_worst(found[row.pk], scope.on),
        )
        for row in Resolution.objects.filter(pk__in=found)
    )


def _by_unit(asked: Asked, facts: list[_Fact]) -> tuple[Line, ...]:
    """Units that lead, along the axes; one alone is the scorecard itself."""
    found = _split(facts, "unit")
    units = Unit.objects.filter(pk__in=found).select_related("axis")
    return tuple(
        Line(
            unit=unit,
            tally=_tally(found[unit.pk]),
            due=_tally(f for f in found[unit.pk] if _within(f.due, asked.span)),
            worst=_worst(found[unit.pk], asked.scope.on),
            query=asked.scope.query(unit=unit.code),
        )
        for unit in units.order_by("axis__order", "sort_key")
    )


def _months(asked: Asked, facts: list[_Fact]) -> tuple[Month, ...]:
    """The months of the period's year that have come, of tasks due in each."""
    on = asked.scope.on
    year = min(asked.span.end, on).year
    last = on.month if year == on.year else 12
    found = Counter((f.due.year, f.due.month, f.group) for f in facts if f.due)
    months = []
    for number in range(1, last + 1):
        due = sum(found[year, number, group] for group in COME_DUE)
        share = Share(found[year, number, Group.COMPLETED_ON_TIME], due)
        first = date(year, number, 1)
        month = replace(asked, period=f"{first:%Y-%m}")
        months.append(Month(first, share, month.query(*COME_DUE)))
    return tuple(months)


def _overdue(scope: Scope, delays: dict[int, Delay]) -> tuple[LateTask, ...]:
    """The longest overdue, with what else a scorecard says of them."""
    rows = matters(scope, View.OVERDUE, limit=OVERDUE_SHOWN, delays=delays)
    granted = Q(extensions__answer__in=GRANTED, extensions__decided_on__lte=scope.on)
    tasks = Task.objects.filter(pk__in=[row.pk for row in rows]).order_by()
    facts = tasks.annotate(times=Count("extensions", filter=granted)).in_bulk()
    return tuple(
        LateTask(
            matter=row,
            original=facts[row.pk].original_deadline,
            due=scope.on - timedelta(days=row.late),
            extended=getattr(facts[row.pk], "times"),  # noqa: B009 - annotated
        )
        for row in rows
    )
