"""Figures of reports: what moved beside the period before, on any day, for any subject."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hanoi_programmes.lib.dates import Period, previous, quarter_of
from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.querysets import Choice
from hanoi_programmes.programmes.timeliness import Group
from hanoi_programmes.reports.figures import (
    Findings,
    Scope,
    View,
    Wanted,
    area_batch,
    exceptions,
    findings,
    overview,
    tables,
    urging,
)
from hanoi_programmes.reports.shapes import freeze, thaw
from tests import factories
from tests.conftest import TODAY, Cast
from tests.reports.conftest import MakeCity, Told
from tests.reports.test_links import rows_behind

DAY = timedelta(days=1)
QUARTER = quarter_of(TODAY)
OPEN = {Group.OVERDUE, Group.DUE_SOON, Group.NO_DEADLINE, Group.IN_TERM, Group.ONGOING}
DAYS = [TODAY, TODAY - 45 * DAY, TODAY - 100 * DAY]


def wanted(user: User, on: date = TODAY, **choice: str) -> Wanted:
    """The quarter of the day, for a part of the tasks."""
    return Wanted(Scope(user, on, TODAY, Choice(**choice)), quarter_of(on), "quarter")


def told(rows: list[Told], period: Period, on: date) -> dict[str, int]:
    """What moved, by the Python mirror of each task's life."""
    start, end = period.start, min(period.end, on)
    found = dict.fromkeys(("finished", "lapsed", "unheard"), 0)
    for row in rows:
        facts, group = row.facts(on), row.group(on)
        assert facts is not None
        done, due = facts.completed_on, facts.deadline
        is_done = group in {Group.COMPLETED_ON_TIME, Group.COMPLETED_LATE}
        found["finished"] += is_done and done is not None and start <= done <= end
        is_late = group in {Group.OVERDUE, Group.COMPLETED_LATE}
        found["lapsed"] += is_late and due is not None and start <= due + DAY <= end
        heard = any(start <= day <= end for day in row.reports)
        found["unheard"] += group in OPEN and not heard and row.spans[0][0] < start
    return found


@pytest.mark.parametrize("on", DAYS, ids=str)
@pytest.mark.parametrize("reader", ["leader", "officer", "ward_officer"])
def test_what_moved_is_told_beside_the_period_before(
    make_city: MakeCity, reader: str, on: date
) -> None:
    city = make_city(31, TODAY)
    user: User = getattr(city.cast, reader)
    found = findings(wanted(user, on))
    assert found.movement is not None
    now = found.movement
    period, before = quarter_of(on), previous(quarter_of(on), "quarter")
    counted = told(city.counted(user, on), period, on)
    assert {name: getattr(now, name).number for name in counted} == counted
    rows = city.counted(user, before.end)
    assert (found.before is None) == (not rows)
    if found.before is not None:
        then = told(rows, before, before.end)
        assert {name: getattr(found.before.movement, name).number for name in then} == then
        assert found.before.tally.total == len(rows)


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_each_number_of_a_move_opens_its_rows(make_city: MakeCity, on: date) -> None:
    city, seen = make_city(32, TODAY), 0
    for user in (city.cast.leader, city.cast.officer):
        moved = findings(wanted(user, on)).movement
        assert moved is not None
        for one in (moved.finished, moved.lapsed, moved.extended, moved.unheard, moved.ahead):
            assert rows_behind(one.query, user, TODAY) == one.number, one.query
            assert len(one.rows) == min(one.number, 40)
            seen += one.number
    assert seen > 10


def test_more_time_given_is_told_with_both_days(cast: Cast) -> None:
    task = factories.make_task(cast.programme, cast.department, deadline=TODAY + 60 * DAY)
    factories.make_extension(
        task, cast.officer, TODAY - 3 * DAY, deadline=TODAY + 20 * DAY, wanted=TODAY + 60 * DAY,
        answer="agreed", granted=TODAY + 60 * DAY, decided_on=TODAY - DAY, decided_by=cast.leader,
    )  # fmt: skip
    moved = findings(wanted(cast.leader)).movement
    assert moved is not None
    (row,) = moved.extended.rows
    assert (row.code, row.before, row.due) == (task.code, TODAY + 20 * DAY, TODAY + 60 * DAY)
    assert (moved.extended.number, row.day) == (1, TODAY - DAY)


def count(act: object) -> int:
    """How many queries it asks."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert callable(act)
        act()
    return len(asked)


def acts(user: User) -> Iterator[tuple[str, object, int]]:
    """Everything that is computed for a paper, and how many queries it may ask."""
    scope = Scope(user, TODAY, TODAY)
    past = wanted(user, TODAY - 60 * DAY)
    yield "findings", lambda: findings(wanted(user)), 60
    yield "findings of a past day", lambda: findings(past), 60
    yield "exceptions", lambda: exceptions(scope), 40
    yield "urging", lambda: urging(scope), 22
    yield "tables", lambda: tables(scope), 8


def test_queries_do_not_grow_with_the_tasks(make_city: MakeCity) -> None:
    """40 tasks and 400 more ask as often, and not more often than was written down."""
    city = make_city(33, TODAY)
    few = {name: count(act) for name, act, _most in acts(city.cast.leader)}
    due = TODAY - 20 * DAY
    late = {"deadline": due, "original_deadline": due, "state": "in_progress"}
    rows = [late | {"issued_on": TODAY - 90 * DAY} for _ in range(400)]
    factories.make_tasks(city.cast.programme, city.cast.department, rows)
    for name, act, most in acts(city.cast.leader):
        assert count(act) <= min(few[name] + 2, most), name


def test_a_unit_an_axis_an_area_and_a_head_have_their_own(make_city: MakeCity) -> None:
    city = make_city(34, TODAY)
    cast = city.cast
    scope = Scope(cast.leader, TODAY, TODAY)
    parts = [
        replace(scope, choice=Choice(unit=cast.department.code), led=True),
        replace(scope, choice=Choice(axis="ubnd")),
        replace(scope, choice=Choice(area="00001")),
        replace(scope, head=cast.ward_head.pk),
        replace(scope, choice=Choice(programme=cast.programme.key)),
    ]
    for part in parts:
        found = findings(Wanted(part, QUARTER, "quarter"))
        assert found.overview == overview(part)
        assert found.overview.tally.total
        assert thaw(Findings, freeze(found)) == found


def test_a_batch_says_of_each_area_what_its_own_report_would(make_city: MakeCity) -> None:
    city = make_city(35, TODAY)
    areas = [city.cast.ward.area, city.cast.other_ward.area]
    batch = area_batch(wanted(city.cast.leader), [area for area in areas if area])
    assert len(batch.areas) == 2
    for paper in batch.areas:
        alone = findings(wanted(city.cast.leader, area=paper.code))
        assert paper.findings == alone
        assert alone.overview.tally.total


def test_lists_hold_what_the_dashboard_counts(make_city: MakeCity) -> None:
    city = make_city(36, TODAY)
    scope = Scope(city.cast.leader, TODAY, TODAY)
    dashboard = overview(scope)
    listed, urged, tabled = exceptions(scope), urging(scope), tables(scope)
    numbers = dict(zip(View, listed.numbers, strict=True))
    assert numbers[View.OVERDUE] == dashboard.tally.overdue == urged.overdue
    assert numbers[View.SILENT] == dashboard.silent == urged.unheard
    assert numbers[View.BLOCKED] == dashboard.blocked.number
    assert numbers[View.RETURNED] == dashboard.returned
    assert tabled.tally == dashboard.tally
    assert sum(len(unit.rows) for unit in tabled.units) == dashboard.tally.total
    late = sum(row.late > 0 for unit in tabled.units for row in unit.rows)
    assert late == dashboard.tally.overdue
