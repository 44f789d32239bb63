"""Figures against the same story told in plain Python: today, and on days past."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hanoi_programmes.lib.dates import quarter_of
from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.querysets import Choice
from hanoi_programmes.programmes.timeliness import COME_DUE, Group, days_late
from hanoi_programmes.reports.figures import (
    Findings,
    Scope,
    Share,
    Tally,
    View,
    Wanted,
    curve,
    findings,
    matters,
    overview,
)
from hanoi_programmes.reports.figures.parts import MIN_DUE
from hanoi_programmes.reports.shapes import freeze, thaw
from tests import factories
from tests.conftest import TODAY, Cast
from tests.reports.conftest import City, MakeCity, Told

DAYS = [TODAY, TODAY - timedelta(days=1), TODAY - timedelta(days=45), TODAY - timedelta(days=400)]
READERS = ["leader", "officer", "ward_officer"]


def told(rows: list[Told], on: date) -> Tally:
    """The tally of rows by the Python mirror."""
    counts = Counter(str(row.group(on)) for row in rows)
    originals = Counter(str(row.group(on, original=True)) for row in rows)
    return Tally.of(counts, originals)


@pytest.mark.parametrize("seed", range(3))
def test_every_cut_equals_the_mirror(make_city: MakeCity, seed: int) -> None:
    city = make_city(seed, TODAY)
    for reader, on in product(READERS, DAYS):
        user: User = getattr(city.cast, reader)
        rows = city.counted(user, on)
        figures = overview(Scope(user, on, TODAY))
        assert figures.tally == told(rows, on)
        for part in figures.resolutions:
            mine = [row for row in rows if row.task.programme.resolution.key == part.key]
            assert part.tally == told(mine, on)
        for part in figures.units:
            mine = [row for row in rows if row.task.lead_unit.code == part.key]  # type: ignore[union-attr]
            assert part.tally == told(mine, on)
            assert part.longest == longest(mine, on)
        for cut in (figures.resolutions, figures.axes, figures.units):
            assert Tally.sum(part.tally for part in cut) == figures.tally


def longest(rows: list[Told], on: date) -> int:
    """Days of the longest delay among overdue rows."""
    late = [row for row in rows if row.group(on) == Group.OVERDUE]
    return max((days_late(row.facts(on).deadline, on=on) for row in late), default=0)  # type: ignore[union-attr]


def test_what_needs_a_leader_equals_the_mirror(make_city: MakeCity) -> None:
    city = make_city(7, TODAY)
    for on in DAYS:
        check_what_needs_a_leader(city, on)


def check_what_needs_a_leader(city: City, on: date) -> None:
    """Blocked and silent tasks of one day, and how they rank."""
    rows = city.counted(city.cast.leader, on)
    scope = Scope(city.cast.leader, on, TODAY)
    figures = overview(scope)
    since = on - timedelta(days=settings.SILENT_DAYS)
    blocked = [row for row in rows if row.is_open(on) and row.waits_since(on)]
    silent = [
        row
        for row in rows
        if row.is_open(on)
        and row.spans[0][0] < since
        and not any(since <= day <= on for day in row.reports)
    ]
    assert figures.blocked.number == len(blocked)
    waits = [(on - day).days for row in blocked if (day := row.waits_since(on))]
    assert figures.blocked.longest == max(waits, default=0)
    assert figures.silent == len(silent)
    assert [m.days for m in matters(scope, View.BLOCKED, limit=100)] == sorted(waits, reverse=True)
    assert {m.code for m in matters(scope, View.SILENT, limit=100)} == {r.task.code for r in silent}


def test_the_curve_equals_the_mirror(make_city: MakeCity) -> None:
    city = make_city(3, TODAY)
    for on in DAYS:
        check_curve(city, on)


def check_curve(city: City, on: date) -> None:
    """Every point of one day's curve."""
    dated = [
        (row, facts)
        for row in city.counted(city.cast.leader, on)
        if (facts := row.facts(on)) and facts.deadline
    ]
    done_groups = {Group.COMPLETED_LATE, Group.COMPLETED_ON_TIME}
    figures = curve(Scope(city.cast.leader, on, TODAY))
    for point in figures.points:
        assert point.planned == sum(facts.deadline <= point.day for _row, facts in dated)  # type: ignore[operator]
        done = sum(
            row.group(on) in done_groups and facts.completed_on <= point.day  # type: ignore[operator]
            for row, facts in dated
        )
        assert point.done == (done if point.day <= on else None)
    assert figures.now.day == on
    assert figures.gap == figures.now.planned - (figures.now.done or 0)


def by_current_deadline(tally: Tally) -> Tally:
    """Wards are judged by it alone: nothing shows theirs by the first one."""
    return replace(tally, original_on_time=0, original_due=0)


def test_wards_rank_by_late_over_due(make_city: MakeCity) -> None:
    city = make_city(5, TODAY)
    figures = overview(Scope(city.cast.leader, TODAY, TODAY))
    rows = city.of_communes(TODAY)
    expected = {}
    for code in {row.task.lead_unit.code for row in rows}:  # type: ignore[union-attr]
        tally = told([row for row in rows if row.task.lead_unit.code == code], TODAY)  # type: ignore[union-attr]
        if tally.overdue and tally.due >= MIN_DUE:
            expected[code] = by_current_deadline(tally)
    assert {part.key: part.tally for part in figures.areas} == expected
    rates = [part.tally.late.rate or 0 for part in figures.areas]
    assert rates == sorted(rates, reverse=True)
    communes = Tally.sum(part.tally for part in figures.communes)
    assert communes == by_current_deadline(told(rows, TODAY))


def test_the_week_before_is_the_same_figures_seven_days_earlier(make_city: MakeCity) -> None:
    city = make_city(1, TODAY)
    now = overview(Scope(city.cast.leader, TODAY, TODAY))
    then = overview(Scope(city.cast.leader, TODAY - timedelta(days=7), TODAY))
    assert now.before is not None
    assert now.before.tally == then.tally
    assert now.change("overdue") == now.tally.overdue - then.tally.overdue
    assert now.change("silent") == now.silent - then.silent
    assert now.change("blocked") == now.blocked.number - then.blocked.number


def test_nothing_due_has_no_rate(cast: Cast) -> None:
    factories.make_task(cast.programme, cast.department, deadline=TODAY + timedelta(days=90))
    figures = overview(Scope(cast.leader, TODAY, TODAY))
    assert figures.tally.on_time == Share(0, 0)
    assert figures.tally.on_time.rate is None
    assert figures.change_of_rate is None


def test_the_rate_exists_against_both_deadlines(cast: Cast) -> None:
    """An extension saves the current deadline, never the original one."""
    late = {"state": "completed", "completed_on": TODAY - timedelta(days=5)}
    first = TODAY - timedelta(days=40)
    factories.make_task(
        cast.programme, cast.department, deadline=TODAY, original_deadline=first, **late
    )
    tally = overview(Scope(cast.leader, TODAY, TODAY)).tally
    assert tally.on_time == Share(1, 1)
    assert tally.on_time_original == Share(0, 1)


def test_a_task_cancelled_since_still_counts_on_the_day_it_was_alive(cast: Cast) -> None:
    past = TODAY - timedelta(days=30)
    task = factories.make_task(
        cast.programme, cast.department, deadline=past - timedelta(days=3), state="cancelled"
    )
    alive = {"state": "in_progress", "deadline": task.deadline, "completed_on": None}
    dead = alive | {"state": "cancelled"}
    factories.make_history(task, (factories.ISSUED, alive), (TODAY - timedelta(days=5), dead))
    assert overview(Scope(cast.leader, past, TODAY)).tally.overdue == 1
    assert overview(Scope(cast.leader, TODAY, TODAY)).tally.total == 0


def test_the_five_facts_of_an_overdue_task(cast: Cast) -> None:
    task = factories.make_task(
        cast.programme, cast.department, deadline=TODAY - timedelta(days=47), product="Đề án"
    )
    factories.make_obstacle(task, cast.officer, TODAY - timedelta(days=21), decider=cast.city)
    factories.make_obstacle(task, cast.officer, TODAY - timedelta(days=2))
    child = {"parent": task, "deadline": TODAY - timedelta(days=48)}
    factories.make_task(cast.programme, cast.ward, **child)
    factories.make_task(cast.programme, cast.other_ward, **child | {"deadline": None})
    (matter,) = matters(Scope(cast.leader, TODAY, TODAY), View.OVERDUE, limit=6)
    assert (matter.days, matter.late, matter.is_serious) == (47, 47, True)
    assert matter.product == "Đề án"
    assert (matter.unit, matter.head) == ("Sở Y tế", "Người đứng đầu Sở Y tế")
    assert (matter.obstacle, matter.waiting, matter.more) == ("Chưa bố trí được vốn", 21, 1)
    assert matter.decider == cast.city.short_name
    assert (matter.below, matter.below_late) == (2, 1)


def test_without_an_obstacle_the_authority_decides(cast: Cast) -> None:
    factories.make_task(cast.programme, cast.city, deadline=TODAY - timedelta(days=1))
    (matter,) = matters(Scope(cast.leader, TODAY, TODAY), View.OVERDUE, limit=6)
    assert (matter.obstacle, matter.waiting) == ("", None)
    assert matter.decider == "UBND Thành phố"
    assert matter.head == ""


def test_a_deadlines_day_is_planned_and_not_yet_late(cast: Cast) -> None:
    factories.make_task(cast.programme, cast.department, deadline=TODAY)
    figures = overview(Scope(cast.leader, TODAY, TODAY))
    assert (figures.curve.now.planned, figures.tally.overdue) == (1, 0)
    tomorrow = overview(Scope(cast.leader, TODAY + timedelta(days=1), TODAY + timedelta(days=1)))
    assert tomorrow.tally.overdue == 1


@pytest.mark.parametrize("days", [0, 1])
def test_an_obstacle_waits_until_the_day_it_is_decided(cast: Cast, days: int) -> None:
    task = factories.make_task(cast.programme, cast.department)
    raised = TODAY - timedelta(days=9)
    factories.make_obstacle(task, cast.officer, raised, resolved_on=TODAY)
    figures = overview(Scope(cast.leader, TODAY - timedelta(days=days), TODAY))
    assert (figures.blocked.number, figures.blocked.longest) == (days, 8 * days)


@pytest.mark.parametrize("due", [MIN_DUE - 1, MIN_DUE])
def test_a_ward_is_compared_from_three_tasks_due(cast: Cast, due: int) -> None:
    for _ in range(due):
        factories.make_task(cast.programme, cast.ward, deadline=TODAY - timedelta(days=1))
    figures = overview(Scope(cast.leader, TODAY, TODAY))
    assert [part.key for part in figures.areas] == [cast.ward.code] * (due == MIN_DUE)


def test_one_resolution_leaves_out_the_others(make_city: MakeCity) -> None:
    city = make_city(2, TODAY)
    whole = overview(Scope(city.cast.leader, TODAY, TODAY))
    for part in whole.resolutions:
        alone = overview(Scope(city.cast.leader, TODAY, TODAY, Choice(resolution=part.key)))
        assert alone.tally == part.tally
        assert [row.key for row in alone.resolutions] == [part.key]


def test_the_period_counts_what_moved_in_it(make_city: MakeCity) -> None:
    city = make_city(4, TODAY)
    period = quarter_of(TODAY)
    rows = city.counted(city.cast.leader, TODAY)
    inside = [row for row in rows if period.start <= row.spans[0][0] <= TODAY]
    figures = findings(Wanted(Scope(city.cast.leader, TODAY, TODAY), period, "quarter"))
    assert figures.period.issued == len(inside)
    deadlines = [row.task.deadline for row in rows if row.task.deadline]
    assert figures.period.came_due == sum(period.start <= day <= TODAY for day in deadlines)
    done = [row.task.completed_on for row in rows if row.task.completed_on]
    assert figures.period.done == sum(period.start <= day <= TODAY for day in done)


def test_many_wards_are_one_line_and_nothing_is_lost(cast: Cast) -> None:
    for n in range(12):
        ward = factories.make_ward(f"1{n:04d}", parent=cast.city, name=f"Phường {n}")
        factories.make_task(cast.programme, ward, deadline=TODAY - timedelta(days=n))
    factories.make_task(cast.programme, cast.department)
    figures = overview(Scope(cast.leader, TODAY, TODAY))
    assert [part.units for part in figures.units] == [1, 12]
    assert Tally.sum(part.tally for part in figures.units) == figures.tally


def test_figures_survive_being_frozen(make_city: MakeCity) -> None:
    city = make_city(6, TODAY)
    figures = findings(Wanted(Scope(city.cast.leader, TODAY, TODAY), quarter_of(TODAY), "quarter"))
    assert thaw(Findings, freeze(figures)) == figures


def queries(user: User, on: date) -> int:
    """How many statements the dashboard's figures take."""
    scope = Scope(user, on, TODAY)
    with CaptureQueriesContext(connection) as captured:
        overview(scope)
        matters(scope, View.OVERDUE, limit=6)
    return len(captured)


@pytest.mark.parametrize("on", [TODAY, TODAY - timedelta(days=45)])
def test_the_number_of_queries_does_not_grow(make_city: MakeCity, on: date) -> None:
    city: City = make_city(8, TODAY)
    few = queries(city.cast.leader, on)
    make_more = {"deadline": TODAY - timedelta(days=90)}
    for _ in range(30):
        factories.make_task(city.cast.programme, city.cast.department, **make_more)
    assert queries(city.cast.leader, on) == few <= 24


def test_come_due_is_the_denominator() -> None:
    tally = Tally.of(dict.fromkeys(Group, 2), {})
    assert tally.due == 2 * len(COME_DUE)
    assert tally.total == 2 * len(Group)
