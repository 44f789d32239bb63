"""Every number opens its rows: the list behind a figure has as many rows as the figure says."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.filters import TaskFilter
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.querysets import Choice
from hanoi_programmes.programmes.timeliness import COME_DUE, Group
from hanoi_programmes.reports.figures import (
    Overview,
    Scope,
    View,
    address_of,
    done_address,
    due_address,
    group_address,
    overview,
    stuck,
)
from tests.conftest import TODAY, signed_in
from tests.reports.conftest import City, MakeCity

READERS = ["leader", "officer", "ward_officer"]


def rows_behind(query: str, user: User, today: date) -> int:
    """How many rows the task list shows for a query string."""
    asked = TaskFilter.read(QueryDict(query), today=today)
    return asked.apply(Task.objects.visible_to(user), user).count()


def promises(scope: Scope, figures: Overview) -> Iterator[tuple[str, int]]:
    """Each number of the dashboard with the address it opens."""
    tally = figures.tally
    yield scope.query(), tally.total
    for group, number in tally.groups:
        yield group_address(scope, group), number
    yield group_address(scope, *COME_DUE), tally.due
    yield scope.query(special="seriously_late"), figures.serious
    yield address_of(scope, View.OVERDUE), tally.overdue
    yield address_of(scope, View.BLOCKED), figures.blocked.number
    yield address_of(scope, View.SILENT), figures.silent
    yield address_of(scope, View.RETURNED), figures.returned
    cuts = (figures.resolutions, figures.axes, figures.units, figures.communes, figures.areas)
    for part in (part for cut in cuts for part in cut):
        yield part.query, part.tally.total
        for group, number in part.tally.groups:
            yield f"{part.query}&group={group.value}", number
    for place in stuck(scope).places:
        yield place.query, place.number
    yield stuck(scope).query, sum(place.number for place in stuck(scope).places)
    yield done_address(scope), figures.curve.now.done or 0
    for point in figures.curve.points:
        if address := due_address(scope, point.day):
            yield address, point.planned
        else:
            assert point.planned == 0


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("days", [0, 40])
def test_each_figure_equals_its_rows(make_city: MakeCity, reader: str, days: int) -> None:
    city: City = make_city(11, TODAY)
    user: User = getattr(city.cast, reader)
    for resolution in ("", city.cast.programme.resolution.key):
        scope = Scope(user, TODAY - timedelta(days=days), TODAY, Choice(resolution=resolution))
        for query, number in promises(scope, overview(scope)):
            assert rows_behind(query, user, TODAY) == number, query


# Every condition that the dashboard offers, alone and together.
CHOICES = [
    {"programme": "hn72"},
    {"field": "hn72-1"},
    {"axis": "ubnd"},
    {"area": "00001"},
    {"period": "{year}"},
    {"period": "{year}-{month:02d}"},
    {"resolution": "hn72", "axis": "ubnd", "period": "{year}-01-01..{year}-10-31"},
    {"area": "00001", "programme": "hn72", "period": "{year}-Q4"},
]


@pytest.mark.parametrize("choice", CHOICES, ids="-".join)
@pytest.mark.parametrize("days", [0, 40])
def test_each_figure_of_a_choice_equals_its_rows(
    make_city: MakeCity, choice: dict[str, str], days: int
) -> None:
    """Programme, field, axis, area and period mean the same in the figure and in the list."""
    city: City = make_city(11, TODAY)
    group = city.cast.programme.groups.get(number=1)
    mine = [row.task.pk for row in city.rows if row.task.programme == city.cast.programme]
    Task.objects.filter(pk__in=mine[::2]).update(task_group=group)
    asked = {k: v.format(year=TODAY.year, month=TODAY.month) for k, v in choice.items()}
    seen = 0
    for user in (city.cast.leader, city.cast.officer):
        scope = Scope(user, TODAY - timedelta(days=days), TODAY, Choice(**asked))
        figures = overview(scope)
        seen += figures.tally.total
        for query, number in promises(scope, figures):
            assert rows_behind(query, user, TODAY) == number, query
    assert seen


LINKED = re.compile(r'href="(/tasks/\?[^"]+)"[^>]*>(?:<[^>]*>)*([0-9.]+)<')


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("days", [0, 40])
def test_each_number_on_the_page_opens_a_list_of_that_length(
    make_city: MakeCity, reader: str, days: int
) -> None:
    """The page itself: whatever number stands in a link to the list is the list's length."""
    city = make_city(12, localdate())
    client: Client = signed_in(getattr(city.cast, reader))
    asked = {"on": (localdate() - timedelta(days=days)).isoformat()} if days else {}
    page = client.get(reverse("reports:dashboard"), asked).content.decode()
    found = LINKED.findall(page)
    assert len(found) > 20
    for address, number in found:
        answer = client.get(unescape(address))
        assert answer.context["page"].paginator.count == int(number.replace(".", "")), address


@pytest.mark.parametrize("days", [0, 40])
def test_the_days_of_a_side_open_the_tasks_that_have_them(make_city: MakeCity, days: int) -> None:
    """Days are added up again from the delays of exactly the rows that the number opens."""
    city: City = make_city(11, TODAY)
    scope, seen = Scope(city.cast.leader, TODAY - timedelta(days=days), TODAY), 0
    places = stuck(scope)
    for place in places.places:
        asked = TaskFilter.read(QueryDict(place.days_query), today=TODAY)
        rows = asked.apply(Task.objects.visible_to(scope.user), scope.user)
        parts = [
            [part.days for part in places.delays[task].charges if part.side == place.side]
            for task in rows.values_list("pk", flat=True)
        ]
        assert all(parts)
        assert sum(map(sum, parts)) == place.days
        seen += bool(parts)
    assert seen > 1


TOTALS = re.compile(r'<td class="tot.*?</td>')
PAGES = [
    ("reports:matrix", {"by": "programme"}, 6),
    ("reports:matrix", {}, 6),
    ("reports:scorecards", {"level": "commune", "axis": "ubnd"}, 4),
    ("reports:scorecards", {"level": "department", "axis": "ubnd"}, 2),
]


@pytest.mark.parametrize(("name", "asked", "least"), PAGES)
@pytest.mark.parametrize("days", [0, 40])
def test_numerators_and_denominators_open_lists_of_that_length(
    make_city: MakeCity, name: str, asked: dict[str, str], least: int, days: int
) -> None:
    city = make_city(12, localdate())
    client = signed_in(city.cast.leader)
    on = {"on": (localdate() - timedelta(days=days)).isoformat()} if days else {}
    page = client.get(reverse(name), asked | on).content.decode()
    # By task a cell's number is days; the sums stand in the columns before it.
    is_days = name == "reports:matrix" and not asked
    found = LINKED.findall("".join(TOTALS.findall(page)) if is_days else page)
    assert len(found) >= least
    for address, number in found:
        query = unescape(address).partition("?")[2]
        rows = rows_behind(query, city.cast.leader, localdate())
        assert rows == int(number.replace(".", "")), address


def test_the_tasks_below_a_late_one_are_one_click_away(make_city: MakeCity) -> None:
    """As they stood on the day of the page: the list opens on it too."""
    city, on = make_city(12, localdate()), localdate() - timedelta(days=10)
    client = signed_in(city.cast.leader)
    page = client.get(reverse("reports:dashboard"), {"on": on.isoformat()}).content.decode()
    parents = re.findall(r'href="(/tasks/\?parent=\d+[^"]*)">(\d+)/(\d+) việc', page)
    assert parents
    for address, late, number in parents:
        for asked, rows in ((address, number), (f"{address}&group=overdue", late)):
            answer = client.get(unescape(asked))
            assert answer.context["page"].paginator.count == int(rows), asked
    assert Group.OVERDUE.label in page
