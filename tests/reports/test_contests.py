"""Contested figures: who sends, who answers, once; nothing typed is lost, and the day is kept."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import PlaceEvent
from hanoi_programmes.people.roles import Role
from hanoi_programmes.programmes.services.inspection import KINDS
from hanoi_programmes.reports import services
from hanoi_programmes.reports.models import FigureContest
from hanoi_programmes.reports.services import Objection
from hanoi_programmes.reports.states import Figure
from tests import factories
from tests.conftest import TODAY, Cast, act, signed_in
from tests.contested import make_contest

TEXT = "Nhiệm vụ T-1 đã xong ngày 02/11 theo văn bản số 12."
OBJECTION = Objection(
    Figure.ON_TIME, "57% (4/7)", "/scorecards/units/00001-UBND/?period=2026&on=2026-11-16",
    TODAY, TEXT,
)  # fmt: skip


def sent(**changes: object) -> dict[str, Any]:
    """What the form sends."""
    return {"figure": "on_time", "text": TEXT, "form_key": str(uuid4())} | changes


def answered(**changes: object) -> dict[str, Any]:
    """What the office sends."""
    return {"is_upheld": "yes", "answer": "Đã sửa.", "form_key": str(uuid4())} | changes


def form_of(cast: Cast) -> str:
    return reverse("reports:contest", args=[cast.ward.code])


def test_an_objection_is_written_once_with_its_event(cast: Cast) -> None:
    once = act(cast.ward_officer, form_key=uuid4())
    for _ in range(2):
        services.contest(cast.ward, OBJECTION, act=once)
    row = FigureContest.objects.get()
    assert (row.unit, row.figure, row.shown, row.text) == (
        cast.ward, "on_time", "57% (4/7)", TEXT,
    )  # fmt: skip
    event = PlaceEvent.objects.get(kind="contest-figure")
    assert (event.unit, event.by, event.note) == (cast.ward, cast.ward_officer, TEXT)
    assert event.told == "Báo số liệu chưa đúng: Đúng hạn, đang hiện 57% (4/7)"
    assert {"contest-figure", "answer-contest"} <= set(KINDS)


@pytest.mark.parametrize("name", ["outsider", "office", "leader", "inspector", "administrator"])
def test_only_the_unit_and_those_above_it_contest(cast: Cast, name: str) -> None:
    with pytest.raises(Denied, match="do đơn vị được theo dõi gửi"):
        services.contest(cast.ward, OBJECTION, act=act(getattr(cast, name)))
    assert not FigureContest.objects.exists()


def test_who_stands_above_the_unit_may_contest_for_it(cast: Cast) -> None:
    above = factories.make_user("city_officer", Role.OFFICER, cast.city)
    services.contest(cast.ward, OBJECTION, act=act(above))
    assert FigureContest.objects.get().by == above


def test_the_office_answers_once(cast: Cast) -> None:
    row = make_contest(cast.ward, cast.ward_officer, TODAY)
    once = act(cast.office, form_key=uuid4())
    for _ in range(2):
        services.answer_contest(row, "Đã sửa.", is_upheld=True, act=once)
    row.refresh_from_db()
    assert (row.is_upheld, row.answer, row.answered_by) == (True, "Đã sửa.", cast.office)
    assert PlaceEvent.objects.filter(kind="answer-contest", unit=cast.ward).count() == 1
    with pytest.raises(Denied, match="đã trả lời"):
        services.answer_contest(row, "Khác.", is_upheld=False, act=act(cast.office))
    row.refresh_from_db()
    assert row.answer == "Đã sửa."


@pytest.mark.parametrize("name", ["ward_officer", "ward_head", "leader", "inspector"])
def test_nobody_else_answers(cast: Cast, name: str) -> None:
    row = make_contest(cast.ward, cast.ward_officer, TODAY)
    with pytest.raises(Denied, match="do Văn phòng Thành ủy trả lời"):
        services.answer_contest(row, "Đúng.", is_upheld=False, act=act(getattr(cast, name)))


# Pages


def late_task(cast: Cast) -> None:
    today = localdate()
    factories.make_task(
        cast.programme, cast.ward,
        issued_on=today - timedelta(days=60), deadline=today - timedelta(days=3),
    )  # fmt: skip


def test_the_form_offers_the_figures_as_the_card_shows_them(cast: Cast) -> None:
    late_task(cast)
    client = signed_in(cast.ward_officer)
    page = client.get(form_of(cast), {"figure": "overdue"}).content.decode()
    assert '<option value="overdue" selected>Đang quá hạn: 1 (chậm nhất 3 ngày)</option>' in page
    assert "Đúng hạn: 0% (0/1 việc đến hạn)" in page


def test_what_is_sent_keeps_the_figure_of_that_day_and_opens_it_again(cast: Cast) -> None:
    late_task(cast)
    yesterday = localdate() - timedelta(days=1)
    client = signed_in(cast.ward_officer)
    asked = f"{form_of(cast)}?period={yesterday.year}&on={yesterday}"
    response = client.post(asked, sent(figure="overdue"), follow=True)
    row = FigureContest.objects.get()
    assert (row.shown, row.as_of) == ("1 (chậm nhất 2 ngày)", yesterday)
    assert response.redirect_chain == [(row.address, 302)]
    assert "Đã gửi Văn phòng Thành ủy" in response.content.decode()
    opened = signed_in(cast.office).get(row.address)
    assert "chậm nhất 2 ngày" in opened.content.decode()
    assert opened.context["card"].on == yesterday


def test_a_form_sent_twice_is_one_objection(cast: Cast) -> None:
    client, typed = signed_in(cast.ward_officer), sent()
    for _ in range(2):
        assert client.post(form_of(cast), typed).status_code == 302
    assert FigureContest.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"figure": ""}, "Chọn số liệu chưa đúng."),
        ({"figure": "salary"}, "Lựa chọn này không có"),
        ({"text": "Sai"}, "Viết rõ hơn"),
        ({"text": ""}, "Viết rõ chỗ chưa đúng."),
        ({"text": "Theo văn bản MẬT số 3 thì khác"}, "Có dấu"),
        ({"form_key": "1"}, "Trang mở đã cũ"),
    ],
)
def test_what_is_wrong_in_the_form_is_said_and_nothing_typed_is_lost(
    cast: Cast, changes: dict[str, str], words: str
) -> None:
    response = signed_in(cast.ward_officer).post(form_of(cast), sent(**changes))
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert (sent(**changes)["text"] or "textarea") in page
    assert not FigureContest.objects.exists()


def test_an_answer_that_comes_second_is_refused_with_its_text_kept(cast: Cast) -> None:
    row = make_contest(cast.ward, cast.ward_officer, localdate())
    services.answer_contest(row, "Đã sửa.", is_upheld=True, act=act(cast.office))
    address = reverse("reports:contest-page", args=[row.pk])
    response = signed_in(cast.office).post(
        address, answered(is_upheld="no", answer="Số này đúng theo quyết định số 5")
    )
    page = response.content.decode()
    assert response.status_code == 409
    assert "đã trả lời trước đó" in page
    assert "Đã sửa." in page
    assert "Số này đúng theo quyết định số 5" in page
    row.refresh_from_db()
    assert row.is_upheld is True


def test_an_answer_needs_a_verdict_and_words(cast: Cast) -> None:
    row = make_contest(cast.ward, cast.ward_officer, localdate())
    address = reverse("reports:contest-page", args=[row.pk])
    response = signed_in(cast.office).post(address, answered(is_upheld="", answer=""))
    assert response.status_code == 422
    assert "Chọn kết luận." in response.content.decode()


def test_the_unit_reads_the_answer_on_its_card_and_in_its_list(cast: Cast) -> None:
    row = make_contest(cast.ward, cast.ward_officer, localdate())
    address = reverse("reports:contest-page", args=[row.pk])
    assert signed_in(cast.office).post(address, answered()).status_code == 302
    reader: Client = signed_in(cast.ward_head)
    card = reader.get(reverse("reports:unit-scorecard", args=[cast.ward.code]))
    for response in (card, reader.get(reverse("reports:contests")), reader.get(address)):
        page = response.content.decode()
        assert "Số liệu sai" in page
        assert "Đã sửa." in page


def test_what_waits_stands_on_top_the_oldest_of_it_first(cast: Cast) -> None:
    today = localdate()
    days = [today - timedelta(days=n) for n in (1, 9, 5)]
    rows = [make_contest(cast.ward, cast.ward_officer, day) for day in days]
    services.answer_contest(rows[1], "Đúng.", is_upheld=False, act=act(cast.office))
    other = make_contest(cast.other_ward, cast.outsider, today)
    page = signed_in(cast.office).get(reverse("reports:contests"))
    assert list(page.context["page"]) == [rows[2], rows[0], other, rows[1]]
    own = signed_in(cast.ward_officer).get(reverse("reports:contests"))
    assert list(own.context["page"]) == [rows[2], rows[0], rows[1]]
    one = signed_in(cast.office).get(reverse("reports:contests"), {"unit": cast.other_ward.code})
    assert list(one.context["page"]) == [other]


def test_the_offices_first_page_tells_how_many_wait_and_nobody_elses(cast: Cast) -> None:
    make_contest(cast.ward, cast.ward_officer, localdate())
    address = reverse("reports:contests-waiting")
    assert address in signed_in(cast.office).get("/").content.decode()
    assert address not in signed_in(cast.ward_officer).get("/").content.decode()
    assert "1 số liệu chờ trả lời" in signed_in(cast.office).get(address).content.decode()
    assert "chờ trả lời" not in signed_in(cast.ward_officer).get(address).content.decode()
