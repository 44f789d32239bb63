"""Pages of scorecards: who may read which, the period and day of the address, the words."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.roles import Role
from hanoi_programmes.programmes.states import State
from tests import factories
from tests.conftest import Cast, signed_in
from tests.reports.conftest import MakeCity


def card_of(unit: Unit) -> str:
    return reverse("reports:unit-scorecard", args=[unit.code])


def body(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return unescape(response.content.decode())


LINKED = re.compile(r'href="(/tasks/\?[^"]+)"[^>]*>(?:<[^>]*>)*([0-9.]+)<')


@pytest.mark.parametrize("reader", ["leader", "ward_officer"])
def test_each_number_on_the_card_opens_a_list_of_that_length(
    make_city: MakeCity, reader: str
) -> None:
    city = make_city(31, localdate())
    client = signed_in(getattr(city.cast, reader))
    for unit in [city.cast.ward, city.cast.department][: 2 if reader == "leader" else 1]:
        page = client.get(card_of(unit)).content.decode()
        found = LINKED.findall(page)
        assert len(found) > 8
        for address, number in found:
            answer = client.get(unescape(address))
            assert answer.context["page"].paginator.count == int(number.replace(".", "")), address


def test_the_formula_holds_the_units_own_numbers(cast: Cast) -> None:
    today = localdate()
    late = today - timedelta(days=5)
    factories.make_task(cast.programme, cast.ward, deadline=late)
    for days in (1, -2):
        factories.make_task(
            cast.programme, cast.ward, deadline=late, state=State.COMPLETED,
            completed_on=late - timedelta(days=days),
        )  # fmt: skip
    page = body(signed_in(cast.ward_officer), card_of(cast.ward))
    words = re.sub(r"<[^>]+>", "", page)
    assert (
        "Trong kỳ: 1 ÷ (đúng hạn 1 + hoàn thành quá hạn 1 + quá hạn 1 = 3 việc đã đến hạn) = 33,3%"
        in words
    )
    assert "đánh giá, xếp loại do cấp có thẩm quyền quyết định" in words


def test_a_unit_without_tasks_is_told_so(cast: Cast) -> None:
    page = body(signed_in(cast.ward_officer), card_of(cast.ward))
    assert "Chưa chủ trì nhiệm vụ nào" in page
    assert "kpi" not in page


def test_who_headed_the_unit_in_the_period_is_said_with_the_days(cast: Cast) -> None:
    page = body(signed_in(cast.leader), f"{card_of(cast.ward)}?period=2026")
    assert "từ 02/03/2026" in page
    assert reverse("reports:head-scorecard", args=[cast.ward_head.pk]) in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("period=2199", "Kỳ này chưa bắt đầu"),
        ("period=abc", "Không có kỳ này"),
        ("period=2019", "Không có kỳ này"),
        ("on=2199-01-01", "Chưa có số liệu sau hôm nay"),
        ("on=2001-01-01", "Chưa có số liệu trước năm"),
        ("on=abc", "Nhập ngày theo dạng"),
    ],
)
def test_what_cannot_be_asked_is_said_and_the_page_is_of_today(
    cast: Cast, query: str, words: str
) -> None:
    factories.make_task(cast.programme, cast.ward)
    response = signed_in(cast.leader).get(f"{card_of(cast.ward)}?{query}")
    # The year 2199 does not look like a period at all; both are said plainly.
    assert response.status_code == 422
    assert words in unescape(response.content.decode()) or "Không có kỳ này" in unescape(
        response.content.decode()
    )
    assert response.context["card"].on == localdate()


def test_the_address_keeps_period_and_day(cast: Cast) -> None:
    today = localdate()
    day = today - timedelta(days=3)
    factories.make_task(cast.programme, cast.ward, issued_on=today - timedelta(days=40))
    page = body(signed_in(cast.ward_officer), f"{card_of(cast.ward)}?period={day:%Y-%m}&on={day}")
    kept = f"period={day:%Y-%m}&on={day}"
    assert f"{reverse('reports:contest', args=[cast.ward.code])}?{kept}" in page
    assert f'<option value="{day:%Y-%m}" selected>' in page
    assert "Về hôm nay" in page


def test_any_days_may_be_asked_for_and_stand_in_the_choice(cast: Cast) -> None:
    factories.make_task(cast.programme, cast.ward)
    page = body(signed_in(cast.leader), f"{card_of(cast.ward)}?period=2026-03-01..2026-05-15")
    assert "Từ 01/03/2026 đến 15/05/2026" in page


# Who may read which


def test_a_unit_reads_its_own_card_and_those_below(cast: Cast) -> None:
    city = factories.make_user("city_officer", Role.OFFICER, cast.city)
    for unit in (cast.city, cast.department, cast.ward):
        assert signed_in(city).get(card_of(unit)).status_code == 200
    for unit, status in ((cast.ward, 200), (cast.other_ward, 404), (cast.city, 404)):
        assert signed_in(cast.ward_officer).get(card_of(unit)).status_code == status


def test_an_area_is_read_whole_or_not_at_all(cast: Cast) -> None:
    address = reverse("reports:area-scorecard", args=["00001"])
    # The ward's government is the area's only unit in this story; then the Party's comes.
    assert signed_in(cast.ward_officer).get(address).status_code == 200
    factories.make_ward("00001", parent=cast.city, name="Phường Láng", axis="dang")
    assert signed_in(cast.ward_officer).get(address).status_code == 404
    assert signed_in(cast.leader).get(address).status_code == 200


def test_a_head_is_read_where_the_unit_is(cast: Cast) -> None:
    address = reverse("reports:head-scorecard", args=[cast.ward_head.pk])
    for name, status in (("ward_officer", 200), ("outsider", 404), ("officer", 404)):
        assert signed_in(getattr(cast, name)).get(address).status_code == status
    nobody = reverse("reports:head-scorecard", args=[cast.ward_officer.pk])
    assert signed_in(cast.leader).get(nobody).status_code == 404


# Beside like units


def test_the_middle_of_like_units_comes_when_the_page_is_there(cast: Cast) -> None:
    past = localdate() - timedelta(days=9)
    for n in range(5):
        unit = factories.make_ward(f"2000{n}", parent=cast.city, name=f"Phường {n}")
        for _ in range(3):
            done = {"state": State.COMPLETED, "completed_on": past} if n > 1 else {}
            factories.make_task(cast.programme, unit, deadline=past, **done)
    for _ in range(3):
        factories.make_task(cast.programme, cast.ward, deadline=past)
    client, asked = (
        signed_in(cast.ward_officer),
        f"{card_of(cast.ward)}?compare=1&period={past.year}",
    )
    page = body(client, f"{card_of(cast.ward)}?period={past.year}")
    assert 'hx-trigger="load"' in page
    part = client.get(asked, HTTP_HX_REQUEST="true").content.decode()
    assert '<p class="meta" id="peers">' in part
    assert "trung vị tỷ lệ đúng hạn <b>50%</b> của 6 đơn vị" in part
    assert "thấp hơn trung vị" in part
    whole = body(client, asked)
    assert "thấp hơn trung vị" in whole
    assert "<h1>" in whole


def test_the_index_shows_a_reader_only_units_of_the_own_part_of_the_tree(cast: Cast) -> None:
    past = localdate() - timedelta(days=9)
    for unit in (cast.ward, cast.other_ward):
        factories.make_task(cast.programme, unit, deadline=past)
    address = reverse("reports:scorecards")
    query = f"?level=commune&axis=ubnd&period={past.year}"
    mine = signed_in(cast.ward_officer).get(address + query).context["page"]
    assert [row.unit for row in mine] == [cast.ward]
    whole = signed_in(cast.leader).get(address + query).context["page"]
    assert {row.unit for row in whole} == {cast.ward, cast.other_ward}
    found = signed_in(cast.leader).get(f"{address}{query}&q=suoi+hai").context["page"]
    assert [row.unit for row in found] == [cast.other_ward]


def test_pages_of_units_and_areas_lead_to_their_cards(cast: Cast) -> None:
    assert card_of(cast.ward) in body(
        signed_in(cast.leader), reverse("people:unit-page", args=[cast.ward.code])
    )
    area = reverse("people:area-page", args=["00001"])
    link = reverse("reports:area-scorecard", args=["00001"])
    assert link in body(signed_in(cast.leader), area)
    assert link not in body(signed_in(cast.administrator), area)
