"""How tasks stand below one: at every depth, by the reader's scope, each number opens its rows."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest

from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.shapes import Below, below_parts, belows
from tests import factories
from tests.conftest import Cast, signed_in
from tests.programmes.conftest import text_of

DAY = timedelta(days=1)


@pytest.fixture
def tree(cast: Cast, clock: date) -> Task:
    """A city task, a department's below it, and wards' tasks below that: two levels down."""
    dates = {"issued_on": clock - 60 * DAY, "deadline": clock + 30 * DAY}
    top = factories.make_task(cast.programme, cast.city, **dates)
    middle = factories.make_task(
        cast.programme, cast.department, parent=top, last_report_on=clock, **dates
    )
    factories.make_report(middle, cast.officer, clock)

    def below(lead: Any, **changes: Any) -> None:  # noqa: ANN401 - a unit
        factories.make_task(cast.programme, lead, parent=middle, **dates | changes)

    done = {"state": "completed", "deadline": clock - 5 * DAY}
    below(cast.ward, **done, completed_on=clock - 9 * DAY)
    below(cast.other_ward, **done, completed_on=clock - DAY)
    below(cast.ward, deadline=clock - DAY)
    below(cast.ward, state="awaiting", submitted_on=clock)
    below(cast.other_ward, state="assigned", issued_on=clock)
    below(cast.other_ward, state="cancelled")
    return top


def test_the_tasks_below_are_counted_at_every_depth(
    tree: Task, clock: date, django_assert_num_queries: Any  # noqa: ANN401
) -> None:  # fmt: skip
    middle = Task.objects.get(parent=tree)
    ids = [tree.pk, middle.pk, 987_654]
    with django_assert_num_queries(1):
        found = belows(Task.objects.all(), ids, on=clock)
    counts: dict[str, Any] = {
        "done": 2,
        "due": 3,
        "late": 1,
        "silent": 1,
        "awaiting": 1,
        "unacknowledged": 1,
    }
    assert found == {tree.pk: Below(total=6, **counts), middle.pk: Below(total=5, **counts)}
    department, wards = below_parts(Task.objects.all(), tree, on=clock)
    assert (department.tier, department.total, department.due) == ("department", 1, 0)
    assert wards == Below(total=5, **counts, tier="commune", axis="ubnd", axis_name="ubnd")


def test_a_reader_counts_what_they_see(cast: Cast, tree: Task, clock: date) -> None:
    for user, total in ((cast.office, 6), (cast.officer, 6), (cast.outsider, 3)):
        found = belows(Task.objects.visible_to(user), [tree.pk], on=clock)
        assert found[tree.pk].total == total, user
    assert belows(Task.objects.visible_to(cast.administrator), [tree.pk], on=clock) == {}


def test_each_number_of_the_panel_opens_its_rows(cast: Cast, tree: Task) -> None:
    client = signed_in(cast.office)
    page = unescape(client.get(f"/tasks/{tree.pk}/").content.decode())
    links = re.findall(r'<a href="(/tasks/\?below=[^"]+)">(\d+)</a>', page)
    assert len(links) == 12
    for address, number in links:
        shown = client.get(address)
        assert shown.context["page"].paginator.count == int(number), address


def test_a_row_of_the_list_says_how_those_below_stand(cast: Cast, tree: Task) -> None:
    client = signed_in(cast.office)
    assert "Cấp dưới: 2/3 xong/đến hạn, 1 quá hạn, 1 không cập nhật" in text_of(
        client.get("/tasks/")
    )
    rows = client.get(f"/tasks/?below={tree.pk}")
    assert rows.context["page"].paginator.count == 6
    assert "Nhiệm vụ các cấp dưới" in text_of(rows)
