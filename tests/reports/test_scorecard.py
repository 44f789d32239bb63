"""Scorecards against the same story told in plain Python: units, areas and heads, on any day."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from hanoi_programmes.lib.dates import Period
from hanoi_programmes.lib.periods import read_period
from hanoi_programmes.people.models import Holding, Unit, User
from hanoi_programmes.programmes.filters import TaskFilter
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.querysets import Choice
from hanoi_programmes.programmes.states import Quality, State
from hanoi_programmes.programmes.timeliness import COME_DUE, Group, Side, days_late
from hanoi_programmes.reports.figures import (
    Asked,
    Scope,
    Scorecard,
    Share,
    Tally,
    scorecard,
)
from tests import factories
from tests.conftest import TODAY, Cast
from tests.contested import make_event
from tests.reports.conftest import City, MakeCity, Told
from tests.stored import tell_the_planner

DAYS = [TODAY, TODAY - timedelta(days=45), TODAY - timedelta(days=400)]
PERIODS = ["2026", "2026-Q3", "2026-10", "2026-08-15..2026-10-14"]
Mine = Callable[[Told], bool]


class Lived:
    """What happened to the city's tasks beside their states: told once, stored once."""

    def __init__(self, city: City, seed: int) -> None:
        random = Random(seed)  # noqa: S311 - a story to be told twice, no secret
        self.events: dict[str, list[tuple[int, date]]] = {"submit": [], "return": []}
        self.granted: list[tuple[int, date]] = []
        self.quality: dict[int, str] = {}
        for row in city.rows:
            self._live(row, random, city.cast)

    def _live(self, row: Told, random: Random, cast: Cast) -> None:
        task = row.task
        for kind, told in self.events.items():
            for _ in range(random.choice([0, 0, 1, 2])):
                day = TODAY - timedelta(days=random.randint(0, 120))
                make_event(task, kind, cast.officer, day)
                told.append((task.pk, day))
        for answer in random.choice([[], [], ["agreed"], ["agreed", "refused"], ["other_date"]]):
            day = TODAY - timedelta(days=random.randint(0, 120))
            more = {"granted": day + timedelta(days=200)} if answer != "refused" else {}
            factories.make_extension(
                task, cast.officer, day - timedelta(days=3), answer=answer, decided_on=day, **more
            )
            if more:
                self.granted.append((task.pk, day))
        if task.state == State.COMPLETED:
            self.quality[task.pk] = random.choice(Quality.values)
            Task.objects.filter(pk=task.pk).update(quality=self.quality[task.pk])


@pytest.fixture
def lived(make_city: MakeCity) -> tuple[City, Lived]:
    city = make_city(21, TODAY)
    return city, Lived(city, 4)


def within(day: date | None, span: Period) -> bool:
    return day is not None and span.start <= day <= span.end


def due(row: Told, on: date) -> date | None:
    facts = row.facts(on)
    return facts.deadline if facts else None


def done(row: Told, on: date) -> date | None:
    facts = row.facts(on)
    return facts.completed_on if facts else None


def tally(rows: list[Told], on: date) -> Tally:
    counts = Counter(str(row.group(on)) for row in rows)
    originals = Counter(str(row.group(on, original=True)) for row in rows)
    return Tally.of(counts, originals)


def check(card: Scorecard, rows: list[Told], lived: Lived, period: str, on: date) -> None:
    """Every figure of a card, from the rows that are its own."""
    span = read_period(period)
    assert span is not None
    mine = [row for row in rows if within(due(row, on), span)]
    assert card.tally == tally(rows, on)
    assert card.due == tally(mine, on)
    first = Counter(
        row.group(on, original=True) for row in rows if within(row.task.original_deadline, span)
    )
    assert card.original == Share(
        first[Group.COMPLETED_ON_TIME], sum(first[group] for group in COME_DUE)
    )
    late = [days_late(due(row, on), on=on) for row in rows if row.group(on) == Group.OVERDUE]
    assert card.worst == max(late, default=0)
    check_late(card, rows, mine, on)
    check_what_happened(card, rows, lived, Period(span.start, min(span.end, on)))
    check_months(card, rows, span, on)


def check_late(card: Scorecard, rows: list[Told], mine: list[Told], on: date) -> None:
    past = [
        days_late(due(row, on), on=done(row, on) or on)
        for row in mine
        if row.group(on) == Group.COMPLETED_LATE
    ]
    assert card.late_by == (sum(past) / len(past) if past else None)
    overdue = sorted(due(row, on) for row in rows if row.group(on) == Group.OVERDUE)  # type: ignore[type-var]
    assert [row.due for row in card.overdue] == overdue[:10]
    by_key = {row.task.pk: row for row in rows}
    for late in card.overdue:
        assert late.original == by_key[late.matter.pk].task.original_deadline
    unit = sum(row.days for row in card.waited if row.side == Side.UNIT)
    assert unit <= sum(past) + sum(
        days_late(due(row, on), on=on) for row in mine if row.group(on) == Group.OVERDUE
    )
    running = [row for row in rows if row.is_open(on)]
    heard = [
        row for row in running if any(on.replace(day=1) <= report <= on for report in row.reports)
    ]
    assert card.updated == Share(len(heard), len(running))


def check_what_happened(card: Scorecard, rows: list[Told], lived: Lived, days: Period) -> None:
    keys = {row.task.pk for row in rows}

    def count(told: list[tuple[int, date]]) -> tuple[int, int]:
        found = [pk for pk, day in told if pk in keys and within(day, days)]
        return len(found), len(set(found))

    assert (card.submissions.times, card.submissions.tasks) == count(lived.events["submit"])
    assert (card.returned.times, card.returned.tasks) == count(lived.events["return"])
    assert (card.extended.times, card.extended.tasks) == count(lived.granted)
    graded = Counter(lived.quality[row.task.pk] for row in rows if within(done(row, card.on), days))
    assert {grade.key: grade.number for grade in card.grades if grade.number} == graded


def check_months(card: Scorecard, rows: list[Told], span: Period, on: date) -> None:
    year = min(span.end, on).year
    last = on.month if on.year == year else 12
    assert [month.first for month in card.months] == [date(year, n, 1) for n in range(1, last + 1)]
    for month in card.months:
        there = [row for row in rows if (day := due(row, on)) and day.replace(day=1) == month.first]
        assert month.on_time == tally(there, on).on_time
        assert month.is_few == (0 < month.on_time.whole < 3)


def led_by(unit: Unit) -> Mine:
    return lambda row: row.task.lead_unit_id == unit.pk


@pytest.mark.parametrize("period", PERIODS)
def test_a_units_card_equals_the_mirror(lived: tuple[City, Lived], period: str) -> None:
    city, story = lived
    for unit in (city.cast.department, city.cast.ward):
        for on in DAYS:
            rows = [row for row in city.rows if row.group(on) is not None and led_by(unit)(row)]
            scope = Scope(city.cast.leader, on, TODAY, Choice(unit=unit.code), led=True)
            card = scorecard(Asked(scope, period))
            check(card, rows, story, period, on)
            assert [line.unit for line in card.lines] == ([unit] if rows else [])


def test_an_areas_card_adds_up_its_units(lived: tuple[City, Lived]) -> None:
    city, story = lived
    party = factories.make_ward("00001", parent=city.cast.city, name="Phường Láng", axis="dang")
    task = factories.make_task(city.cast.programme, party, deadline=TODAY - timedelta(days=9))
    for on in DAYS[:2]:
        rows = [
            row for row in city.rows if row.group(on) is not None and led_by(city.cast.ward)(row)
        ]
        scope = Scope(city.cast.leader, on, TODAY, Choice(area="00001"), led=True)
        card = scorecard(Asked(scope, "2026"))
        assert card.tally.total == len(rows) + 1
        assert {line.unit: line.tally.total for line in card.lines} == {
            city.cast.ward: len(rows),
            party: 1,
        }
        assert Tally.sum(line.tally for line in card.lines) == card.tally
        assert Tally.sum(line.due for line in card.lines) == card.due
    assert task.pk not in {row.task.pk for row in city.rows}
    assert story.granted


# Heads


@pytest.fixture
def changed(lived: tuple[City, Lived]) -> tuple[City, Lived, User]:
    """The department's head gave the post up on 31 July; another has it from 15 August on, and
    heads the ward of Suối Hai too since October."""
    city, story = lived
    Holding.objects.filter(user=city.cast.head).update(ends_on=date(2026, 7, 31))
    successor = factories.make_head("successor", city.cast.department, since=date(2026, 8, 15))
    post = city.cast.other_ward.posts.get(is_head=True)
    Holding.objects.create(post=post, user=successor, starts_on=date(2026, 10, 1))
    tell_the_planner()
    return city, story, successor


def headed(city: City, person: User, on: date) -> list[Told]:
    """Who held the post of the lead unit on the earlier of both: the day it fell due, and today."""
    found = []
    for row in city.rows:
        if row.group(on) is None:
            continue
        day = min(filter(None, (due(row, on), on)))
        held = person.holdings.filter(post__unit=row.task.lead_unit, post__is_head=True)
        if any(holding.in_force(day) for holding in held):
            found.append(row)
    return found


@pytest.mark.parametrize("on", [TODAY, date(2026, 9, 20), date(2026, 8, 5), date(2026, 7, 20)])
def test_a_head_answers_for_what_fell_due_while_in_office(
    changed: tuple[City, Lived, User], on: date
) -> None:
    city, story, successor = changed
    counted = []
    for person in (city.cast.head, successor):
        rows = headed(city, person, on)
        scope = Scope(city.cast.leader, on, TODAY, led=True, head=person.pk)
        check(scorecard(Asked(scope, "2026")), rows, story, "2026", on)
        counted += [row.task.pk for row in rows]
    assert len(counted) == len(set(counted))
    assert counted or on == date(2026, 8, 5)


def test_a_task_that_fell_due_while_the_post_was_vacant_is_nobodys(
    changed: tuple[City, Lived, User],
) -> None:
    city, _story, successor = changed
    vacant = factories.make_task(
        city.cast.programme, city.cast.department, deadline=date(2026, 8, 7)
    )
    for person in (city.cast.head, successor):
        scope = Scope(city.cast.leader, TODAY, TODAY, led=True, head=person.pk)
        assert not scope.counted().filter(pk=vacant.pk).exists()


def test_a_reader_sees_of_a_head_only_the_own_part_of_the_tree(
    changed: tuple[City, Lived, User],
) -> None:
    city, _story, successor = changed
    seen = Scope(city.cast.outsider, TODAY, TODAY, led=True, head=successor.pk).counted()
    assert {task.lead_unit for task in seen} == {city.cast.other_ward}


# Each figure opens its rows


def rows_behind(query: str, user: User) -> int:
    """How many rows the task list shows for a query string."""
    asked = TaskFilter.read(QueryDict(query), today=TODAY)
    return asked.apply(Task.objects.visible_to(user), user).count()


def promises(asked: Asked, card: Scorecard) -> Iterator[tuple[str, int]]:
    """Each number of a card with the address it opens."""
    scope = asked.scope
    yield scope.query(), card.tally.total
    yield scope.query(group="overdue"), card.tally.overdue
    yield asked.query(*COME_DUE), card.due.due
    yield asked.query(Group.COMPLETED_LATE), card.due.completed_late
    yield asked.query(Group.OVERDUE, Group.COMPLETED_LATE), card.late
    yield asked.by_original(*COME_DUE), card.original.whole
    yield asked.by_original(Group.COMPLETED_ON_TIME), card.original.part
    yield asked.reported(), card.updated.part
    yield asked.open(), card.updated.whole
    yield asked.happened("submitted"), card.submissions.tasks
    yield asked.happened("returned"), card.returned.tasks
    yield asked.happened("extended"), card.extended.tasks
    for grade in card.grades:
        yield asked.happened(grade.key), grade.number
    for row in card.waited:
        yield row.query, row.tasks
    for month in card.months:
        yield month.query, month.on_time.whole
    for line in card.lines:
        yield line.query, line.tally.total
    for part in card.resolutions:
        yield part.query, part.tally.total
        for group, number in part.tally.groups:
            yield f"{part.query}&group={group.value}", number


@pytest.mark.parametrize("on", DAYS[:2])
@pytest.mark.parametrize("period", ["2026", "2026-Q3"])
def test_each_figure_of_a_card_equals_its_rows(
    changed: tuple[City, Lived, User], on: date, period: str
) -> None:
    city, _story, successor = changed
    cast = city.cast
    sides = set()
    cards = [
        (cast.leader, Choice(unit=cast.department.code), 0),
        (cast.ward_officer, Choice(unit=cast.ward.code), 0),
        (cast.leader, Choice(area="00001"), 0),
        (cast.leader, Choice(), successor.pk),
        (cast.outsider, Choice(), successor.pk),
    ]
    for user, choice, head in cards:
        asked = Asked(Scope(user, on, TODAY, choice, led=True, head=head), period)
        card = scorecard(asked)
        sides |= {row.side for row in card.waited}
        for query, number in promises(asked, card):
            assert rows_behind(query, user) == number, query
    # Today's year holds days of several sides, so their addresses are not all of one kind.
    assert len(sides) > 1 or (on, period) != (DAYS[0], "2026")


def test_a_unit_reads_the_same_figures_of_itself_as_the_leader(lived: tuple[City, Lived]) -> None:
    city, _story = lived
    choice = Choice(unit=city.cast.ward.code)
    cards = [
        scorecard(Asked(Scope(user, TODAY, TODAY, choice, led=True), "2026"))
        for user in (city.cast.leader, city.cast.ward_officer)
    ]
    assert cards[0] == cards[1]
    assert not cards[0].is_empty


def test_the_address_says_in_words_what_it_asks() -> None:
    query = QueryDict("head=12&against=original&happened=returned&during=2026-Q3")
    asked = TaskFilter.read(query, today=TODAY)
    words = [words for _name, _value, words in asked.scored.words()]
    assert words == [
        "Việc của người đứng đầu đã chọn",
        "Tính theo hạn gốc",
        "Bị trả lại trong quý III/2026",
    ]


@pytest.mark.parametrize(
    "nonsense", ["head=x", "head=٣", "against=y", "happened=returned", "happened=z&during=2026"]
)
def test_what_cannot_be_asked_is_not_asked(nonsense: str) -> None:
    assert TaskFilter.read(QueryDict(nonsense), today=TODAY).scored.words() == []


# Whose the days are, and the number of queries


def test_days_are_charged_to_whom_they_waited_for(cast: Cast) -> None:
    late = factories.make_task(cast.programme, cast.ward, deadline=TODAY - timedelta(days=20))
    factories.make_obstacle(
        late, cast.ward_officer, TODAY - timedelta(days=15), decider=cast.department,
        decider_text="Sở Y tế", resolved_on=TODAY - timedelta(days=5),
    )  # fmt: skip
    factories.make_task(cast.programme, cast.ward, deadline=TODAY - timedelta(days=2))
    scope = Scope(cast.leader, TODAY, TODAY, Choice(unit=cast.ward.code), led=True)
    card = scorecard(Asked(scope, "2026"))
    assert [(row.side, row.whom, row.tasks, row.days) for row in card.waited] == [
        (Side.UNIT, "", 2, 12),
        (Side.DECIDER, "Sở Y tế", 1, 10),
    ]
    assert card.late == 2


def test_a_card_asks_as_often_for_many_tasks_as_for_few(cast: Cast) -> None:
    scope = Scope(cast.ward_officer, TODAY, TODAY, Choice(unit=cast.ward.code), led=True)

    def asked_of(count: int) -> int:
        for n in range(count):
            task = factories.make_task(
                cast.programme, cast.ward, deadline=TODAY - timedelta(days=n + 1)
            )
            factories.make_obstacle(task, cast.ward_officer, TODAY)
        with CaptureQueriesContext(connection) as queries:
            scorecard(Asked(scope, "2026"))
        return len(queries)

    assert asked_of(2) == asked_of(20)
