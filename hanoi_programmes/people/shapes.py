"""What pages show of units and people: posts, the tree, what words find, the year's calendar."""

from calendar import Calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Prefetch, Q, Value
from django.db.models.functions import Concat

from hanoi_programmes.lib.dates import is_working_day
from hanoi_programmes.lib.holidays import Foretold, foretold
from hanoi_programmes.lib.text import fold, words_of
from hanoi_programmes.people import rules
from hanoi_programmes.people.models import Axis, CalendarDay, Holding, Post, Unit, User
from hanoi_programmes.people.models.folded import Folded
from hanoi_programmes.people.querysets import UnitQuerySet, UserQuerySet
from hanoi_programmes.people.roles import Level
from hanoi_programmes.ui.choosing import Sought


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post, who holds it on the day, and who is to hold it later."""

    post: Post
    holding: Holding | None
    coming: Sequence[Holding]


def posts_of(unit: Unit, *, on: date) -> list[PostLine]:
    """The unit's posts, the head's first; two queries."""
    later = Holding.objects.from_day(on).select_related("user").order_by("starts_on")
    posts = unit.posts.prefetch_related(Prefetch("holdings", later, to_attr="running"))
    return [_post_line(post, on) for post in posts.order_by("-is_head", "title", "pk")]


def _post_line(post: Post, on: date) -> PostLine:
    running: list[Holding] = post.running  # type: ignore[attr-defined]
    now = [holding for holding in running if holding.starts_on <= on]
    return PostLine(post, now[0] if now else None, [h for h in running if h.starts_on > on])


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit and its head on the day."""

    unit: Unit
    head: Holding | None


def unit_lines(units: Sequence[Unit], *, on: date) -> list[UnitLine]:
    """Units with their heads; one query for all."""
    heads = rules.heads_of({unit.pk for unit in units}, on=on)
    return [UnitLine(unit, heads.get(unit.pk)) for unit in units]


@dataclass(frozen=True, slots=True)
class Branch:
    """So many units of a level right below a unit."""

    unit: Unit
    level: Level
    count: int

    @property
    def id(self) -> str:
        """For the page: codes hold letters, digits and hyphens only."""
        return f"{self.unit.code}-{self.level}"


def branches_of(units: Sequence[Unit]) -> dict[int, list[Branch]]:
    """What stands right below each unit, by level; one query."""
    rows = Unit.objects.filter(parent__in=units).order_by().values_list("parent", "level")
    counts = {(parent, level): count for parent, level, count in rows.annotate(Count("pk"))}
    return {
        unit.pk: [
            Branch(unit, level, counts[unit.pk, level])
            for level in Level
            if (unit.pk, level) in counts
        ]
        for unit in units
    }


@dataclass(frozen=True, slots=True)
class TreeLine:
    """A unit in the tree: its head and what can be opened below it."""

    unit: Unit
    head: Holding | None
    branches: list[Branch]


def tree_lines(units: Sequence[Unit], *, on: date) -> list[TreeLine]:
    """Units with heads and branches; two queries for all."""
    heads = rules.heads_of({unit.pk for unit in units}, on=on)
    below = branches_of(units)
    return [TreeLine(unit, heads.get(unit.pk), below[unit.pk]) for unit in units]


def tops_by_axis(units: UnitQuerySet, *, on: date) -> list[tuple[Axis, list[TreeLine]]]:
    """Each axis with the units that stand below no other."""
    lines = tree_lines(list(units.filter(parent__isnull=True).from_the_top()), on=on)
    found: dict[Axis, list[TreeLine]] = {}
    for line in lines:
        found.setdefault(line.unit.axis, []).append(line)
    return sorted(found.items(), key=lambda pair: pair[0].order)


def in_area(units: UnitQuerySet, words: str) -> UnitQuerySet:
    """Units of the areas that have this code, or these words in their name."""
    named = Q(folded_area__contains=fold(words).strip())
    rows = units.annotate(folded_area=Folded(F("area__name")))
    return rows.filter(named | Q(area__code=words.strip()))


def accounts_named(accounts: UserQuerySet, words: str) -> UserQuerySet:
    """Each of the words is in the account's name, its owner's or its unit's, marks or not."""
    rows = accounts.annotate(named=Folded(Concat("username", Value(" "), "display_name")))
    for word in words_of(words):
        rows = rows.filter(Q(named__contains=word) | Q(unit__search__contains=word))
    return rows.select_related("unit").order_by("-is_active", "display_name", "pk")


# One of hundreds, found by words: how forms offer units and accounts.


def _seek_units(rows: UnitQuerySet, words: str) -> UnitQuerySet:
    return rows.matching(words).from_the_top()


def _note_unit(unit: Unit) -> str:
    """What tells two units of like names apart."""
    return unit.code


def _note_account(user: User) -> str:
    """What tells two people of one name apart."""
    return f"{user.unit}, {user.username}" if user.unit else user.username


UNITS = Sought(
    "people:choose-unit", _seek_units, _note_unit, "Gõ vài chữ của tên đơn vị, không cần dấu"
)
ACCOUNTS = Sought(
    "people:choose-account",
    accounts_named,
    _note_account,
    "Gõ vài chữ của tên người hoặc đơn vị, không cần dấu",
)


# The working-day calendar, a year at a glance.

_MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class Cell:
    """A day in its week; outside of its month it stays blank."""

    day: date | None
    exception: CalendarDay | None
    is_weekend: bool
    is_today: bool


@dataclass(frozen=True, slots=True)
class Month:
    """A small month: its weeks from Monday, and how many days offices work."""

    number: int
    weeks: list[list[Cell]]
    working_days: int


def months_of(year: int, exceptions: Iterable[CalendarDay], *, today: date) -> list[Month]:
    """Twelve months with what differs from the ordinary week."""
    named = {exception.day: exception for exception in exceptions}
    status = {day: exception.is_working for day, exception in named.items()}
    return [_month(year, number, named, status, today) for number in _MONTHS]


def _month(
    year: int, number: int, named: dict[date, CalendarDay], status: dict[date, bool], today: date
) -> Month:
    weeks = Calendar().monthdatescalendar(year, number)
    cells = [[_cell(day, number, named, today) for day in week] for week in weeks]
    own = (cell.day for week in cells for cell in week if cell.day)
    return Month(number, cells, sum(is_working_day(day, status) for day in own))


def _cell(day: date, month: int, named: dict[date, CalendarDay], today: date) -> Cell:
    if day.month != month:
        return Cell(None, None, is_weekend=False, is_today=False)
    return Cell(day, named.get(day), not is_working_day(day, {}), is_today=day == today)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A day that the library foretells, and whether it can still be taken over."""

    foretold: Foretold
    standing: CalendarDay | None
    is_past: bool

    @property
    def is_open(self) -> bool:
        """Neither in the calendar already nor over: a past day is written by hand, for a reason."""
        return self.standing is None and not self.is_past


def proposals_of(year: int, exceptions: Iterable[CalendarDay], *, today: date) -> list[Proposal]:
    """What the library foretells of a year, beside what stands in the calendar."""
    named = {exception.day: exception for exception in exceptions}
    return [Proposal(one, named.get(one.day), one.day < today) for one in foretold(year)]
