"""Pages of the tree, units, areas and posts: what they show, what their forms keep when refused."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.utils.timezone import localdate

from hanoi_programmes.people.models import Area, Holding, Post, Unit, User
from hanoi_programmes.people.services.merging import merge_areas
from tests import factories
from tests.conftest import Cast, act, signed_in
from tests.programmes.conftest import text_of
from tests.programmes.test_bad_addresses import HOSTILE
from tests.stored import stored

DAY = timedelta(days=1)


def head_post(unit: Unit) -> Post:
    return unit.posts.get(is_head=True)


# The tree


def test_the_tree_begins_with_the_axes_and_what_stands_below_nobody(cast: Cast) -> None:
    page = signed_in(cast.office).get("/units/")
    shown = text_of(page)
    tops = {axis.code: [line.unit for line in lines] for axis, lines in page.context["tops"]}
    assert tops == {"dang": [Unit.objects.get(code="TU")], "ubnd": [cast.city]}
    assert "Sở, ban, ngành" in shown
    assert "Phường Láng" not in shown.partition("</datalist>")[2]


@pytest.mark.parametrize("swap", [True, False], ids=["as a part", "as a page"])
def test_a_branch_opens_with_heads(cast: Cast, swap: bool) -> None:  # noqa: FBT001
    headers = {"hx-request": "true"} if swap else {}
    url = "/units/?under=UBND&level=commune"
    shown = text_of(signed_in(cast.office).get(url, headers=headers))
    assert ("<html" in shown) is not swap
    assert 'id="unit-branch-UBND-commune"' in shown
    assert "Ủy ban nhân dân Phường Láng" in shown
    assert "ward_head" in shown
    assert "Sở Y tế" not in shown


def test_a_branch_of_no_unit_does_not_exist(cast: Cast) -> None:
    assert signed_in(cast.office).get("/units/?under=XXX").status_code == 404


@pytest.mark.parametrize("area", ["00001", "Láng", "phuong lang"])
def test_units_of_an_area_are_found(cast: Cast, area: str) -> None:
    page = signed_in(cast.office).get("/units/", {"area": area})
    assert [line.unit for line in page.context["lines"]] == [cast.ward]
    assert page.context["lines"][0].head.user == cast.ward_head


# A unit and an area


@pytest.mark.parametrize(
    ("day", "name"),
    [("2026-03-01", "chưa có người"), ("2026-03-02", "ward_head"), ("x", "ward_head")],
)
def test_the_head_of_any_day(cast: Cast, day: str, name: str) -> None:
    page = signed_in(cast.outsider).get(f"/units/{cast.ward.code}/?on={day}")
    panel = text_of(page).partition('id="head-panel"')[2].partition("</section>")[0]
    assert name in panel


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("/units/", "q area level axis page per"),
        ("/units/", "under level page"),
        ("/units/UBND/", "on page per"),
        ("/units/UBND/history/", "of page per"),
        ("/areas/00001/", "page per"),
        ("/accounts/", "q role state page per"),
        ("/accounts/choose/", "name q user many"),
    ],
)
def test_no_query_breaks_a_page(cast: Cast, url: str, names: str, hostile: str) -> None:
    client = signed_in(cast.administrator)
    value = quote(HOSTILE[hostile], safe="%")
    query = "&".join(f"{name}={value}" for name in names.split())
    assert client.get(url, QUERY_STRING=query).status_code in {200, 400, 404}


@pytest.mark.parametrize("day", ["2026-02-31", "0000-00-00", "99999-01-01", "' OR 1=1"])
def test_a_day_that_is_none_is_today(cast: Cast, day: str) -> None:
    page = signed_in(cast.office).get(f"/units/{cast.ward.code}/", {"on": day})
    assert page.status_code == 200
    assert page.context["asked"] == localdate()


def test_a_merged_area_says_what_became_of_it(cast: Cast) -> None:
    area, into = Area.objects.get(code="00001"), Area.objects.get(code="00002")
    today = localdate()
    merge_areas(area=area, into=into, on=today, document="", act=act(cast.office, today))
    client = signed_in(cast.outsider)
    for url, name in (
        ("/areas/00001/", "Xã Suối Hai"),
        (f"/units/{cast.ward.code}/", "Xã Suối Hai"),
    ):
        shown = text_of(client.get(url))
        assert f"Đã kết thúc ngày {today:%d/%m/%Y}" in shown
        assert name in shown
    for url in ("/areas/00002/", f"/units/{cast.other_ward.code}/"):
        assert "Đã tiếp nhận" in text_of(client.get(url))
    listed = text_of(client.get("/units/?q=phuong+lang"))
    assert f"đến {today:%d/%m/%Y}" in listed


def test_the_history_tells_who_held_what_and_what_was_changed(cast: Cast) -> None:
    post = head_post(cast.ward)
    Holding.objects.filter(post=post).update(ends_on=localdate() - DAY)
    client = signed_in(cast.administrator)
    form = {"form_key": str(uuid4()), "user": cast.officer.pk, "starts_on": localdate()}
    client.post(f"/units/{cast.ward.code}/posts/{post.pk}/appoint/", form)
    url = f"/units/{cast.ward.code}/history/"
    held = [row.user.username for row in client.get(url).context["page"]]
    assert held == ["officer", "ward_head"]
    assert "Giao chức danh" in text_of(client.get(f"{url}?of=events"))


@pytest.mark.parametrize("name", ["office", "ward_head", "leader"])
def test_only_administrators_are_offered_changes(cast: Cast, name: str) -> None:
    url = f"/units/{cast.ward.code}/"
    assert "/appoint/" not in text_of(signed_in(getattr(cast, name)).get(url))
    assert "/appoint/" in text_of(signed_in(cast.administrator).get(url))


# Forms of posts


def appoint_form(user: User, **fields: Any) -> dict[str, Any]:
    return {"form_key": str(uuid4()), "user": user.pk, "starts_on": localdate()} | fields


def test_an_appointment_that_overlaps_keeps_what_was_typed(cast: Cast) -> None:
    url = f"/units/{cast.ward.code}/posts/{head_post(cast.ward).pk}/appoint/"
    client, before = signed_in(cast.administrator), stored()
    form = appoint_form(cast.officer, note="Quyết định 118-QĐ/TU", after="off")
    answer = client.post(url, form)
    assert answer.status_code == 409
    shown = text_of(answer)
    assert "do ward_head giữ từ 02/03/2026" in shown
    assert "Quyết định 118-QĐ/TU" in shown
    assert f'value="{cast.officer.pk}" checked' in shown
    assert stored() == before
    assert client.post(url, form | {"succeeds": "on"}).status_code == 302
    assert Holding.objects.filter(user=cast.officer).exists()
    assert not User.objects.get(pk=cast.ward_head.pk).is_active


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"user": ""}, "Tìm rồi chọn người được giao."),
        ({"user": "987654"}, "Lựa chọn này không có"),
        ({"starts_on": ""}, "Chọn ngày bắt đầu."),
        ({"starts_on": "31/02/2026"}, "Nhập ngày theo dạng"),
        ({"note": "Tài liệu TỐI MẬT"}, "Không đưa nội dung mật"),
        ({"form_key": ""}, "Tải lại trang rồi gửi lại."),
        ({"after": "gone"}, "Lựa chọn này không có"),
    ],
)
def test_a_bad_appointment_says_why(cast: Cast, fields: dict[str, str], sentence: str) -> None:
    url = f"/units/{cast.ward.code}/posts/{head_post(cast.ward).pk}/appoint/"
    client, before = signed_in(cast.administrator), stored()
    answer = client.post(url, appoint_form(cast.officer, after="same") | fields)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert stored() == before


def test_people_are_found_by_words_to_administrators(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    shown = text_of(client.get("/accounts/choose/?name=user&user-q=suoi"))
    assert "outsider" in shown
    assert "ward_head" not in shown


def test_relieving_before_the_first_day_is_told(cast: Cast) -> None:
    post = head_post(cast.ward)
    url = f"/units/{cast.ward.code}/posts/{post.pk}/holdings/{post.holdings.get().pk}/relieve/"
    client, before = signed_in(cast.administrator), stored()
    form = {"form_key": str(uuid4()), "ends_on": "2026-03-01", "after": "off", "note": "Ghi chú"}
    answer = client.post(url, form)
    assert answer.status_code == 409
    assert "Chọn ngày từ 02/03/2026 trở đi" in text_of(answer)
    assert "Ghi chú" in text_of(answer)
    assert stored() == before
    assert client.post(url, form | {"ends_on": str(localdate())}).status_code == 302
    assert not User.objects.get(pk=cast.ward_head.pk).is_active


def test_taking_back_twice_is_no_mistake(cast: Cast) -> None:
    post = factories.make_unit("UBND-STC", parent=cast.city).posts.get()
    holding = Holding.objects.create(post=post, user=cast.officer, starts_on=localdate() + DAY)
    url = f"/units/UBND-STC/posts/{post.pk}/holdings/{holding.pk}/withdraw/"
    client, form = signed_in(cast.administrator), {"form_key": str(uuid4())}
    assert client.post(url, form)["Location"] == "/units/UBND-STC/"
    assert client.post(url, form)["Location"] == "/units/UBND-STC/"
    assert not Holding.objects.filter(post=post).exists()


def test_posts_are_added_and_renamed_on_their_pages(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    url = f"/units/{cast.ward.code}/posts/new/"
    form = {"form_key": str(uuid4()), "title": "Phó Chủ tịch"}
    assert client.post(url, form).status_code == 302
    assert client.post(url, form | {"form_key": str(uuid4())}).status_code == 409
    post = cast.ward.posts.get(title="Phó Chủ tịch")
    again = {"form_key": str(uuid4()), "title": "Phó Chủ tịch thường trực"}
    assert client.post(f"/units/{cast.ward.code}/posts/{post.pk}/rename/", again).status_code == 302
    assert "Phó Chủ tịch thường trực" in text_of(client.get(f"/units/{cast.ward.code}/"))


def test_a_post_is_found_only_below_its_own_unit(cast: Cast) -> None:
    post = head_post(cast.ward)
    client = signed_in(cast.administrator)
    assert client.get(f"/units/{cast.city.code}/posts/{post.pk}/appoint/").status_code == 404
