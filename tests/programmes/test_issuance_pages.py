"""Pages of units' own plans: what each reader finds, records, pastes and takes away."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from hanoi_programmes.people.models import PlaceEvent, UnitGroup
from hanoi_programmes.people.roles import Level
from hanoi_programmes.programmes.models import PlanIssuance
from hanoi_programmes.programmes.services.issuances import Paper, record_plan
from tests import factories
from tests.conftest import Cast, act, signed_in

LIST = "/programmes/plans/"


@pytest.fixture(autouse=True)
def group(cast: Cast) -> UnitGroup:
    return UnitGroup.objects.create(
        key="ubnd-xa", name="UBND các xã, phường", axis=cast.ward.axis, level=Level.COMMUNE
    )


@pytest.fixture
def plan(cast: Cast) -> PlanIssuance:
    paper = Paper("12/KH-UBND", localdate())
    return record_plan(cast.programme, cast.ward, paper, act=act(cast.office, on=localdate()))


def test_the_missing_are_named_first_and_ready_to_be_copied(cast: Cast, plan: PlanIssuance) -> None:
    page = signed_in(cast.leader).get(LIST).content.decode()
    body = page.partition("<tbody")[2]
    assert body.index("Xã Suối Hai") < body.index("Phường Láng")
    names = page.partition("<textarea")[2].partition("</textarea>")[0]
    assert "Xã Suối Hai" in names
    assert "Phường Láng" not in names
    assert plan.number in body


def test_the_numbers_open_their_rows(cast: Cast, plan: PlanIssuance) -> None:
    client = signed_in(cast.leader)
    issued = client.get(LIST, {"programme": "hn72", "show": "issued"})
    missing = client.get(LIST, {"programme": "hn72", "show": "missing"})
    assert [row.unit for row in issued.context["page"]] == [plan.unit]
    assert [row.unit for row in missing.context["page"]] == [cast.other_ward]


def test_an_area_shows_its_units_on_every_axis(cast: Cast) -> None:
    party = factories.make_ward("00001", parent=cast.city, name="Phường Láng", axis="dang")
    page = signed_in(cast.office).get(LIST, {"area": "00001"})
    assert {row.unit for row in page.context["page"]} == {cast.ward, party}


def test_a_ward_records_its_plan_and_finds_it_on_its_page(cast: Cast) -> None:
    client = signed_in(cast.ward_officer)
    address = reverse("programmes:plan-record", kwargs={"key": "hn72", "code": cast.ward.code})
    form = client.get(address).context["form"]
    sent = {
        "form_key": str(form["form_key"].value()),
        "number": "7/KH-UBND",
        "issued_on": f"{localdate():%d/%m/%Y}",
    }
    answers = [client.post(address, sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert PlanIssuance.objects.get().by == cast.ward_officer
    shown = client.get(answers[0]["Location"]).content.decode()
    assert "7/KH-UBND" in shown


@pytest.mark.parametrize("number", ["", "bảy", "7/KH-UBND TỐI MẬT"])
def test_a_number_that_is_none_is_refused_and_kept(cast: Cast, number: str) -> None:
    client = signed_in(cast.ward_officer)
    address = reverse("programmes:plan-record", kwargs={"key": "hn72", "code": cast.ward.code})
    key = str(client.get(address).context["form"]["form_key"].value())
    day = str(localdate())
    answer = client.post(address, {"form_key": key, "number": number, "issued_on": day})
    assert answer.status_code == 422
    assert number in answer.content.decode()
    assert not PlanIssuance.objects.exists()


def test_a_day_to_come_gives_the_form_back(cast: Cast) -> None:
    client = signed_in(cast.ward_officer)
    address = reverse("programmes:plan-record", kwargs={"key": "hn72", "code": cast.ward.code})
    key = str(client.get(address).context["form"]["form_key"].value())
    answer = client.post(address, {"form_key": key, "number": "7/KH", "issued_on": "01/01/2099"})
    assert answer.status_code == 409
    assert "chưa tới" in answer.content.decode()
    assert 'value="7/KH"' in answer.content.decode()


def test_the_office_pastes_looks_and_writes(cast: Cast, plan: PlanIssuance) -> None:
    client = signed_in(cast.office)
    address = reverse("programmes:plan-paste")
    form = client.get(address).context["form"]
    lines = f"Xã Suối Hai; 5/KH-UBND; {localdate():%d/%m/%Y}\nPhường Mây; 1/KH; 01/02/2026"
    sent = {
        "form_key": str(form["form_key"].value()),
        "programme": "hn72",
        "group": "ubnd-xa",
        "lines": lines,
    }
    looked = client.post(address, sent)
    assert looked.context["counts"] == {"new": 1, "same": 0, "refused": 1}
    assert PlanIssuance.objects.get() == plan
    written = client.post(address, sent | {"write": "1"})
    assert written.status_code == 302
    assert PlanIssuance.objects.get(unit=cast.other_ward).number == "5/KH-UBND"


def test_the_spreadsheet_holds_the_rows_of_the_page(cast: Cast, plan: PlanIssuance) -> None:
    answer = signed_in(cast.office).get("/programmes/plans/export/", {"show": "issued"})
    assert answer["Content-Disposition"].endswith(f'"ke-hoach-don-vi-{localdate()}.xlsx"')
    with ZipFile(BytesIO(answer.content)) as book:
        words = b"".join(book.read(name) for name in book.namelist()).decode(errors="ignore")
    assert plan.number in words
    assert "Suối Hai" not in words


def test_the_programme_names_who_is_missing(cast: Cast, plan: PlanIssuance) -> None:
    page = signed_in(cast.leader).get("/programmes/hn72/")
    (found,) = page.context["plans"]
    assert (found.issued, found.total) == (1, 2)
    panel = page.content.decode().partition('id="programme-plans"')[2]
    assert "Suối Hai" in panel
    assert plan.number not in panel


def test_the_past_of_a_unit_tells_of_its_plan_only_who_sees_its_work(
    cast: Cast, plan: PlanIssuance
) -> None:
    assert PlaceEvent.objects.filter(unit=plan.unit).count() == 1
    for address in (f"/units/{cast.ward.code}/", f"/units/{cast.ward.code}/history/?of=events"):
        for who in (cast.ward_officer, cast.leader, cast.office):
            assert plan.number in signed_in(who).get(address).content.decode()
        for who in (cast.outsider, cast.officer, cast.administrator):
            assert plan.number not in signed_in(who).get(address).content.decode()


def test_a_programme_shows_the_urgent_of_each_group_and_all_behind_a_link(cast: Cast) -> None:
    today = localdate()
    for n in range(9):
        factories.make_task(
            cast.programme, cast.department, deadline=today.replace(year=today.year + 1 + n)
        )
    late = factories.make_task(
        cast.programme, cast.department, deadline=today.replace(year=today.year - 1)
    )
    client = signed_in(cast.office)
    (block,) = client.get("/programmes/hn72/").context["blocks"]
    assert block.lines[0].task == late
    assert (block.total, block.late, block.more) == (10, 1, 4)
    every = client.get("/programmes/hn72/", {"group": "1"}).context["lines"]
    assert len(every) == block.total
    assert every[0].task == late
    assert client.get("/programmes/hn72/", {"group": "77"}).status_code == 404
    assert client.get("/programmes/hn72/", {"group": "x"}).status_code == 404
