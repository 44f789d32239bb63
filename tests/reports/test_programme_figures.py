"""The figures of a programme are those of plain Python, and each opens its rows."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.querysets import Choice
from hanoi_programmes.programmes.timeliness import Group
from hanoi_programmes.reports.figures import Scope, programme_figures
from tests.conftest import TODAY, signed_in
from tests.reports.conftest import MakeCity

READERS = ["leader", "officer", "ward_officer"]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("days", [0, 40])
def test_figures_are_those_of_plain_python(make_city: MakeCity, reader: str, days: int) -> None:
    city = make_city(21, TODAY)
    user: User = getattr(city.cast, reader)
    on = TODAY - timedelta(days=days)
    for key in ("hn72", "hn71"):
        found = programme_figures(Scope(user, on, TODAY, Choice(programme=key)))
        rows = [r for r in city.counted(user, on) if r.task.programme.key == key]
        told = {group: sum(row.group(on) == group for row in rows) for group in Group}
        assert dict(found.tally.groups) == told
        waits = [row for row in rows if row.is_open(on) and row.waits_since(on)]
        assert found.blocked == len(waits)
        assert found.is_empty == (not rows)
        if user.sees_all:
            wards = [r for r in city.of_communes(on) if r.task.programme.key == key]
            assert found.communes.total == len(wards)


LINKED = re.compile(
    r'href="(/tasks/\?[^"]+)"[^>]*>(?:<span>(?:<svg.*?</svg>)?[^<]*</span>)?(?:<[^>]*>)*([0-9.]+)<'
)


@pytest.mark.parametrize("reader", READERS)
def test_each_number_on_the_page_opens_a_list_of_that_length(
    make_city: MakeCity, reader: str
) -> None:
    city = make_city(22, localdate())
    client = signed_in(getattr(city.cast, reader))
    address = reverse("reports:programme-figures", kwargs={"key": "hn72"})
    found = LINKED.findall(client.get(address).content.decode())
    assert len(found) >= 7
    for link, number in found:
        page = client.get(unescape(link)).context["page"]
        assert page.paginator.count == int(number.replace(".", "")), link


def test_the_page_of_the_programme_asks_for_them(make_city: MakeCity) -> None:
    city = make_city(22, localdate())
    page = signed_in(city.cast.office).get("/programmes/hn72/").content.decode()
    assert 'hx-get="/dashboard/programmes/hn72/"' in page
    part = signed_in(city.cast.office).get(
        "/dashboard/programmes/hn72/", headers={"HX-Request": "true"}
    )
    assert part.content.decode().lstrip().startswith('<div class="stack" id="programme-figures"')


def test_the_original_deadlines_are_judged_too(make_city: MakeCity) -> None:
    city = make_city(23, TODAY)
    found = programme_figures(Scope(city.cast.leader, TODAY, TODAY, Choice(programme="hn72")))
    rows = [r for r in city.counted(city.cast.leader, TODAY) if r.task.programme.key == "hn72"]
    by_first = [row.group(TODAY, original=True) for row in rows]
    assert found.tally.on_time_original.part == by_first.count(Group.COMPLETED_ON_TIME)
