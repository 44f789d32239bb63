"""What the dashboard is asked for: short addresses, plain refusals, chips that undo."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import escape
from django.utils.timezone import localdate

from hanoi_programmes.programmes.models import Direction, Event
from tests import factories
from tests.conftest import Cast, signed_in

URL = reverse("reports:dashboard")
MEETING = reverse("reports:meeting")


@pytest.mark.parametrize(
    ("asked", "short"),
    [
        ("resolution=&period=&on=&view=", ""),
        ("resolution=nq72&axis=&view=overdue", ""),
        ("resolution=hn72&axis=&view=silent", "resolution=hn72&view=silent"),
        ("period=dates&start=2026-10-01&end=2026-11-15", "period=2026-10-01..2026-11-15"),
        ("on={today}&area=00001", "area=00001"),
    ],
)
def test_a_form_without_script_ends_at_a_short_address(cast: Cast, asked: str, short: str) -> None:
    answer = signed_in(cast.leader).get(f"{URL}?{asked.format(today=localdate())}")
    if "nq72" in asked:
        # Refused with its reason: the address stays as it was typed.
        assert answer.status_code == 422
        return
    assert answer.status_code == 302
    assert answer["Location"] == (f"{URL}?{short}" if short else URL)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("programme=hn99", "Không có chương trình này"),
        ("field=hn72-99", "Lĩnh vực này không thuộc phạm vi đã chọn"),
        ("axis=none", "Không có trục này"),
        ("area=99999", "Không có phường, xã này"),
        ("period=2026-13", "Kỳ này chưa đúng"),
        ("period=dates&start=2026-10-01", "Nhập ngày cuối của kỳ"),
        ("period=dates&start=2026-10-02&end=2026-10-01", "Ngày cuối kỳ phải từ ngày đầu kỳ"),
        ("period=dates&start=x&end=2026-10-01", "Nhập ngày theo dạng"),
    ],
)
def test_what_cannot_be_is_refused_in_words(cast: Cast, asked: str, words: str) -> None:
    answer = signed_in(cast.leader).get(f"{URL}?{asked}")
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_each_chip_drops_its_own_condition(cast: Cast) -> None:
    factories.make_task(cast.programme, cast.ward)
    day = localdate() - timedelta(days=3)
    query = f"programme=hn72&axis=ubnd&area=00001&period={day.year}-Q4&on={day}&view=silent"
    form = signed_in(cast.leader).get(f"{URL}?{query}").context["form"]
    parts = set(query.split("&"))
    assert len(form.chips) == 5
    dropped = [parts - set(chip.undo.split("&")) for chip in form.chips]
    assert dropped == [{part} for part in query.split("&")[:5]]
    assert form.address() == query


def test_a_ward_is_not_asked_for_a_place_and_ignores_one(cast: Cast) -> None:
    factories.make_task(cast.programme, cast.ward)
    page = signed_in(cast.ward_officer).get(URL).content.decode()
    assert 'id="f-field"' in page
    assert 'id="f-area"' not in page


def test_htmx_is_told_the_short_address(cast: Cast) -> None:
    factories.make_task(cast.programme, cast.department)
    headers = {"hx-request": "true"}
    answer = signed_in(cast.leader).get(f"{URL}?resolution=&on=&view=silent", headers=headers)
    assert answer["HX-Push-Url"] == f"{URL}?view=silent"


@pytest.mark.parametrize(
    ("reader", "obstacle", "label"),
    [
        ("leader", True, "Cho ý kiến"),
        ("leader", False, "Hỏi lý do"),
        ("office", True, "Đôn đốc"),
        ("inspector", True, "Mở"),
        ("officer", True, "Mở"),
    ],
)
def test_the_row_offers_what_its_reader_may_do(
    cast: Cast,
    reader: str,
    obstacle: bool,  # noqa: FBT001 - a case of the table
    label: str,
) -> None:
    late = localdate() - timedelta(days=12)
    task = factories.make_task(cast.programme, cast.department, deadline=late)
    if obstacle:
        factories.make_obstacle(task, cast.officer, late, decider=cast.city)
    client = signed_in(getattr(cast, reader))
    row = client.get(URL).context["exceptions"][0]
    assert row.act.label == label
    assert client.get(row.act.url).status_code == 200


def test_who_has_to_decide_decides_from_the_row(cast: Cast) -> None:
    late = localdate() - timedelta(days=12)
    task = factories.make_task(cast.programme, cast.ward, deadline=late)
    factories.make_obstacle(task, cast.ward_officer, late, decider=cast.city)
    row = signed_in(cast.leader).get(f"{URL}?view=blocked&area=00001").context["exceptions"][0]
    assert row.act.label == "Quyết định"
    past = localdate() - timedelta(days=1)
    row = signed_in(cast.leader).get(f"{URL}?area=00001&on={past}").context["exceptions"][0]
    assert row.act.label == "Mở"


def test_urging_leads_back_to_the_same_question(cast: Cast) -> None:
    late = localdate() - timedelta(days=12)
    task = factories.make_task(cast.programme, cast.department, deadline=late, product="Đề án")
    client = signed_in(cast.office)
    row = client.get(f"{URL}?programme=hn72").context["exceptions"][0]
    form = client.get(row.act.url).context["form"]
    assert "quá hạn 12 ngày, còn thiếu: Đề án" in form["text"].value()
    before = Event.objects.count()
    data = {name: form[name].value() for name in form.fields if name != "also_superior"}
    data |= {"from": "dashboard?programme=hn72", "task": str(task.pk)}
    answer = client.post(row.act.url.partition("?")[0], data)
    assert answer.status_code == 302
    assert answer["Location"] == f"{URL}?programme=hn72"
    assert not Direction.objects.exists()
    assert Event.objects.filter(task=task, kind="urge").count() == 1
    assert Event.objects.count() == before + 1


def test_an_address_to_lead_back_to_is_never_a_foreign_one(cast: Cast) -> None:
    task = factories.make_task(cast.programme, cast.department)
    client = signed_in(cast.office)
    url = reverse("programmes:direction-give", args=[task.pk])
    form = client.get(f"{url}?as=urge").context["form"]
    data = {name: form[name].value() for name in form.fields} | {"from": "//evil.example/"}
    assert client.post(url, data)["Location"] == reverse("programmes:task-page", args=[task.pk])


# Meeting


def test_a_meeting_walks_from_the_numbers_through_each_exception(cast: Cast) -> None:
    today = localdate()
    for days in (5, 40, 12):
        factories.make_task(
            cast.programme, cast.department, text=f"Việc {days}", deadline=today - timedelta(days)
        )
    client, seen = signed_in(cast.leader), []
    answer = client.get(f"{MEETING}?programme=hn72")
    while url := answer.context["walk"].next:
        assert "programme=hn72" in answer.context["walk"].close
        seen.append(getattr(answer.context.get("matter"), "days", None))
        answer = client.get(url)
    seen.append(answer.context["matter"].days)
    assert seen == [None, 40, 12, 5]
    assert answer.context["walk"].previous == f"{MEETING}?programme=hn72&slide=2"
    assert "3/3" in answer.content.decode()


@pytest.mark.parametrize(("slide", "number"), [("9", 1), ("-1", 0), ("x", 0), ("²", 0), ("", 0)])
def test_a_screen_that_there_is_not_is_the_nearest_one(cast: Cast, slide: str, number: int) -> None:
    late = localdate() - timedelta(days=12)
    factories.make_task(cast.programme, cast.department, deadline=late, text="X" * 300)
    answer = signed_in(cast.leader).get(MEETING, {"slide": slide})
    assert answer.context["walk"].number == number


def test_a_leader_directs_from_a_slide_and_is_back_at_it(cast: Cast) -> None:
    for days in (40, 12):
        late = localdate() - timedelta(days)
        factories.make_task(cast.programme, cast.department, deadline=late)
    client, slide = signed_in(cast.leader), f"{MEETING}?programme=hn72&slide=2"
    page = client.get(slide)
    url = page.context["act"].url
    assert f'href="{escape(url)}" data-key="d"' in page.content.decode()
    form = client.get(url)
    assert f'href="{escape(slide)}"' in form.content.decode()
    first, answer_by = form.context["form"], localdate() + timedelta(7)
    sent = {name: str(first[name].value()) for name in ("form_key", "version", "kind", "unit")} | {
        "from": form.context["origin"],
        "answer_by": answer_by.isoformat(),
        "text": "Báo cáo lý do.",
    }
    answer = client.post(url.partition("?")[0], sent, follow=True)
    assert answer.redirect_chain == [(slide, 302)]
    assert "Đã gửi tới đơn vị." in answer.content.decode()
    assert signed_in(cast.inspector).get(slide).context["act"] is None
    past = {"on": (localdate() - timedelta(1)).isoformat(), "slide": "1"}
    assert client.get(MEETING, past).context["act"] is None


def test_a_meeting_without_exceptions_shows_its_numbers_only(cast: Cast) -> None:
    answer = signed_in(cast.leader).get(MEETING)
    assert answer.status_code == 200
    assert answer.context["walk"].next == ""
