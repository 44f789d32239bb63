"""Lists on paper: what needs a leader, whom to urge, and every task of every unit."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import OuterRef, Q, Subquery

from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.roles import Confidence
from hanoi_programmes.people.rules import heads_of
from hanoi_programmes.programmes.models import Obstacle, ProgressReport
from hanoi_programmes.programmes.timeliness import Group, days_late
from hanoi_programmes.reports.figures.cells import together, whoever_leads
from hanoi_programmes.reports.figures.matters import Matter, View, matters, rows_of
from hanoi_programmes.reports.figures.scope import Scope
from hanoi_programmes.reports.figures.tally import Tally

# More than a meeting reads; the list of tasks has the rest, and the paper says how many.
LISTED = 1000


@dataclass(frozen=True, slots=True)
class Exceptions:
    """Tasks that need a leader, by why, each with its five facts; the numbers count all."""

    on: date
    tally: Tally
    overdue: tuple[Matter, ...]
    blocked: tuple[Matter, ...]
    silent: tuple[Matter, ...]
    returned: tuple[Matter, ...]
    numbers: tuple[int, ...]
    query: str
    illustrative: bool = False

    @property
    def views(self) -> list[tuple[View, int, tuple[Matter, ...]]]:
        """Each view with its number of tasks and its rows."""
        rows = (self.overdue, self.blocked, self.silent, self.returned)
        return list(zip(View, self.numbers, rows, strict=True))

    @property
    def is_empty(self) -> bool:
        """Nothing needs a leader."""
        return not any(self.numbers)


@dataclass(frozen=True, slots=True)
class Urged:
    """One task to urge: late, or not heard of; `days` of it."""

    pk: int
    code: str
    text: str
    product: str
    late: int
    silent: int
    last_word: date | None
    obstacle: str


@dataclass(frozen=True, slots=True)
class UrgedUnit:
    """A unit with what it is to be urged about, the longest late first."""

    code: str
    name: str
    head: str
    rows: tuple[Urged, ...]

    @property
    def overdue(self) -> int:
        """How many are late."""
        return sum(1 for row in self.rows if row.late)

    @property
    def unheard(self) -> int:
        """How many are silent."""
        return sum(1 for row in self.rows if row.silent)

    @property
    def worst(self) -> int:
        """The longest delay, in days."""
        return max((row.late for row in self.rows), default=0)


@dataclass(frozen=True, slots=True)
class Urging:
    """Units to urge, the most late tasks first."""

    on: date
    units: tuple[UrgedUnit, ...]
    query: str
    silent_days: int
    illustrative: bool = False

    @property
    def overdue(self) -> int:
        """Late tasks of all units."""
        return sum(unit.overdue for unit in self.units)

    @property
    def unheard(self) -> int:
        """Silent tasks of all units."""
        return sum(unit.unheard for unit in self.units)


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task as a unit's table prints it."""

    code: str
    text: str
    product: str
    source: str
    due: date | None
    due_text: str
    group: str
    late: int
    done: date | None
    last_word: date | None
    obstacle: str

    @property
    def state(self) -> str:
        """Its group in words."""
        return Group(self.group).label


@dataclass(frozen=True, slots=True)
class UnitTable:
    """All tasks that one unit leads on the day."""

    code: str
    name: str
    axis: str
    head: str
    tally: Tally
    query: str
    rows: tuple[TaskRow, ...]


@dataclass(frozen=True, slots=True)
class Tables:
    """One table for each lead unit; their tallies add up to `tally`."""

    on: date
    tally: Tally
    units: tuple[UnitTable, ...]
    query: str
    illustrative: bool = False


def exceptions(scope: Scope) -> Exceptions:
    """Compute the list; the same queries whatever the number of tasks."""
    rows = {view: matters(scope, view, limit=LISTED) for view in View}
    return Exceptions(
        on=scope.on,
        tally=together(whoever_leads(scope)).tally,
        overdue=rows[View.OVERDUE],
        blocked=rows[View.BLOCKED],
        silent=rows[View.SILENT],
        returned=rows[View.RETURNED],
        numbers=tuple(_number(scope, view, found) for view, found in rows.items()),
        query=scope.query(),
        illustrative=_is_illustrative(scope),
    )


def _number(scope: Scope, view: View, found: tuple[Matter, ...]) -> int:
    return len(found) if len(found) < LISTED else rows_of(scope, view).count()


def _is_illustrative(scope: Scope) -> bool:
    return scope.counted().filter(confidence=Confidence.ILLUSTRATIVE).exists()


def urging(scope: Scope) -> Urging:
    """Late and silent tasks by the unit that leads; a task that is both stands once."""
    late = matters(scope, View.OVERDUE, limit=LISTED)
    silent = {row.pk: row for row in matters(scope, View.SILENT, limit=LISTED)}
    found: dict[tuple[str, str], list[Urged]] = defaultdict(list)
    for row in late:
        quiet = silent.pop(row.pk, None)
        found[row.unit, row.head].append(_urged(row, row.late, quiet.days if quiet else 0))
    for row in silent.values():
        found[row.unit, row.head].append(_urged(row, row.late, row.days))
    codes = dict(
        Unit.objects.filter(short_name__in={name for name, _head in found}).values_list(
            "short_name", "code"
        )
    )
    units = [
        UrgedUnit(codes.get(name, ""), name, head, tuple(sorted(rows, key=_longest_first)))
        for (name, head), rows in found.items()
    ]
    units.sort(key=lambda unit: (-unit.overdue, -unit.unheard, unit.name))
    return Urging(
        on=scope.on,
        units=tuple(units),
        query=scope.query(),
        silent_days=settings.SILENT_DAYS,
        illustrative=_is_illustrative(scope),
    )


def _longest_first(row: Urged) -> tuple[int, int, str]:
    return -row.late, -row.silent, row.code


def _urged(row: Matter, late: int, silent: int) -> Urged:
    return Urged(
        pk=row.pk,
        code=row.code,
        text=row.text,
        product=row.product,
        late=late,
        silent=silent,
        last_word=row.last_word,
        obstacle=row.obstacle,
    )


def tables(scope: Scope) -> Tables:
    """Every counted task by the unit that leads it; a handful of queries for any number."""
    found: dict[int, list[_Fact]] = defaultdict(list)
    for row in _facts(scope):
        found[row.lead].append(row)
    units = Unit.objects.filter(pk__in=found).select_related("axis")
    heads = heads_of(set(found), on=scope.on)
    made = tuple(
        _table(scope, unit, str(heads[unit.pk].post) if unit.pk in heads else "", found[unit.pk])
        for unit in units.order_by("axis__order", "sort_key")
    )
    return Tables(
        on=scope.on,
        tally=Tally.sum(table.tally for table in made),
        units=made,
        query=scope.query(),
        illustrative=_is_illustrative(scope),
    )


@dataclass(frozen=True, slots=True)
class _Fact:
    lead: int
    code: str
    text: str
    product: str
    document: str
    clause: str
    programme: str
    due: date | None
    due_text: str
    group: str
    original_group: str
    done: date | None
    last_word: date | None
    obstacle: str | None


def _facts(scope: Scope) -> Iterable[_Fact]:
    reports = ProgressReport.objects.filter(task=OuterRef("pk"), on__lte=scope.on)
    unresolved = Q(resolved_on__isnull=True) | Q(resolved_on__gt=scope.on)
    obstacles = Obstacle.objects.filter(unresolved, task=OuterRef("pk"), raised_on__lte=scope.on)
    rows = scope.counted().annotate(
        said=Subquery(reports.order_by("-on").values("on")[:1]),
        stuck=Subquery(obstacles.order_by("raised_on", "pk").values("text")[:1]),
    )
    columns = (
        *("lead", "code", "text", "product", "source_document", "clause", "programme__number"),
        *("due", "deadline_text", "group", "original_group", "done_on", "said", "stuck"),
    )
    return (_Fact(*row) for row in rows.order_by("code").values_list(*columns))


def _table(scope: Scope, unit: Unit, head: str, facts: list[_Fact]) -> UnitTable:
    groups = Counter(fact.group for fact in facts)
    return UnitTable(
        code=unit.code,
        name=unit.name,
        axis=unit.axis.name,
        head=head,
        tally=Tally.of(groups, Counter(fact.original_group for fact in facts)),
        query=scope.query(unit=unit.code),
        rows=tuple(_row(fact, scope.on) for fact in facts),
    )


def _row(fact: _Fact, on: date) -> TaskRow:
    return TaskRow(
        code=fact.code,
        text=fact.text,
        product=fact.product,
        source=", ".join(filter(None, [fact.document or fact.programme, fact.clause])),
        due=fact.due,
        due_text=fact.due_text,
        group=fact.group,
        late=days_late(fact.due, on=on) if fact.group == Group.OVERDUE else 0,
        done=fact.done,
        last_word=fact.last_word,
        obstacle=fact.obstacle or "",
    )
