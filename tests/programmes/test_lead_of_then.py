"""Who led a task on a day: figures of that day count it there, and open exactly its rows."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict
from django.utils.timezone import localdate

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.filters import TaskFilter
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.shapes import lines
from hanoi_programmes.reports.figures import Scope, View, matters, overview
from tests import factories
from tests.conftest import TODAY, Cast, signed_in
from tests.programmes.conftest import text_of

DAY = timedelta(days=1)
BEFORE = TODAY - DAY


def moved(cast: Cast, on: date, **changes: object) -> Task:
    """Overdue with the department until the day, with the ward from then on."""
    due = on - 20 * DAY
    task = factories.make_task(cast.programme, cast.ward, deadline=due, **changes)
    facts = {"state": task.state, "deadline": due, "completed_on": None}
    factories.make_history(
        task,
        (factories.ISSUED, facts | {"lead_unit_id": cast.department.pk}),
        (on, {"lead_unit_id": cast.ward.pk}),
    )
    return task


@pytest.fixture
def task(cast: Cast) -> Task:
    """Moved today."""
    return moved(cast, TODAY)


def rows(query: str, user: User) -> list[Task]:
    """What the task list shows for a query string."""
    asked = TaskFilter.read(QueryDict(query), today=TODAY)
    return list(asked.apply(Task.objects.visible_to(user), user))


def units(user: User, on: date) -> dict[str, tuple[int, str]]:
    """Lines of the table of units: tasks counted, and the address they open."""
    figures = overview(Scope(user, on, TODAY))
    return {part.key: (part.tally.total, part.query) for part in figures.units}


@pytest.mark.usefixtures("task")
def test_a_past_day_counts_the_task_where_it_was_led_then(cast: Cast) -> None:
    then, now = units(cast.leader, BEFORE), units(cast.leader, TODAY)
    assert {key: total for key, (total, _query) in then.items()} == {cast.department.code: 1}
    assert {key: total for key, (total, _query) in now.items()} == {cast.ward.code: 1}


@pytest.mark.parametrize("on", [BEFORE, TODAY])
def test_the_figure_of_a_unit_opens_its_rows_of_then(cast: Cast, task: Task, on: date) -> None:
    other = factories.make_task(cast.programme, cast.department)
    for key, (total, query) in units(cast.leader, on).items():
        found = rows(query, cast.leader)
        assert len(found) == total
        assert (task in found) == (key == (cast.ward if on == TODAY else cast.department).code)
        assert (other in found) == (key == cast.department.code)


def test_axis_tier_and_commune_follow_the_unit_of_then(cast: Cast, task: Task) -> None:
    for query, here in (
        ("axis=ubnd", {BEFORE, TODAY}),
        ("axis=dang", set()),
        ("tier=commune", {TODAY}),
        ("tier=department", {BEFORE}),
        ("level=commune", {TODAY}),
    ):
        found = {on for on in (BEFORE, TODAY) if task in rows(f"{query}&on={on}", cast.leader)}
        assert found == here, query


@pytest.mark.usefixtures("task")
def test_the_table_of_wards_does_not_know_what_came_later(cast: Cast) -> None:
    communes = {
        on: sum(part.tally.total for part in overview(Scope(cast.leader, on, TODAY)).communes)
        for on in (BEFORE, TODAY)
    }
    assert communes == {BEFORE: 0, TODAY: 1}


def test_a_units_own_past_holds_no_task_that_came_later(cast: Cast, task: Task) -> None:
    for on, expected in ((BEFORE, []), (TODAY, [task])):
        scope = Scope(cast.ward_officer, on, TODAY)
        assert list(scope.counted()) == expected
        assert rows(scope.query(), cast.ward_officer) == expected


def test_lists_and_matters_name_unit_and_head_of_then(cast: Cast, task: Task) -> None:
    for on, unit in ((BEFORE, cast.department), (TODAY, cast.ward)):
        line = lines(rows(f"on={on}", cast.leader), on=on)[0]
        assert (line.task, line.unit) == (task, unit)
        matter = matters(Scope(cast.leader, on, TODAY), View.OVERDUE, limit=5)[0]
        assert matter.unit == str(unit)
        assert matter.head == line.head == f"Người đứng đầu {unit.short_name}"


def test_a_list_of_then_is_sorted_by_the_unit_of_then(cast: Cast, task: Task) -> None:
    city = factories.make_task(cast.programme, cast.city)
    found = [rows(f"order=unit&on={on}", cast.leader) for on in (BEFORE, TODAY)]
    keys = [(cast.department, cast.city), (cast.ward, cast.city)]
    for order, (unit, other) in zip(found, keys, strict=True):
        assert (order == [task, city]) == (unit.sort_key < other.sort_key)


def test_the_page_of_a_past_day_shows_who_led_then(cast: Cast) -> None:
    today = localdate()
    task = moved(cast, today)
    client = signed_in(cast.leader)
    then = text_of(client.get(f"/tasks/?on={today - DAY}"))
    assert task.text in then
    assert cast.department.short_name in then
    assert cast.ward.short_name not in then.partition("<tbody")[2].partition("</tbody>")[0]
