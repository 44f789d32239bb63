"""Saved views: kept once, shared by the office only, counted for whoever reads."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate, now

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.programmes.models import SavedView
from hanoi_programmes.programmes.rules.saved import LONGEST_QUERY, MOST_OWN
from hanoi_programmes.programmes.services.saved import (
    NameTaken,
    change_view,
    delete_view,
    save_view,
)
from hanoi_programmes.programmes.shapes.saved import is_same, kept_query
from tests import factories
from tests.conftest import Cast, act, signed_in

LATE = "group=overdue"
SAVE = "/views/save/"


def saved(owner: User, name: str = "Việc gấp", query: str = LATE, **changes: Any) -> SavedView:
    return save_view(name, query, shared=changes.pop("shared", False), act=act(owner))


def names(client: Client, address: str = "/tasks/") -> list[str]:
    """The saved views in the strip, in its order."""
    return [link.view.name for link in client.get(address).context["saved"].links]


# What is kept of an address


def test_page_and_size_are_not_kept_and_the_layout_alone_is_no_filter() -> None:
    raw = {"group": ["", "overdue"], "per": ["100"], "order": ["unit"]}
    assert kept_query(raw) == "group=overdue&order=unit"
    assert kept_query({"order": ["unit"], "columns": ["axis"], "per": ["50"]}) == ""


def test_the_same_conditions_in_another_order_are_the_same() -> None:
    assert is_same("group=overdue&axis=dang", "axis=dang&group=overdue")
    assert not is_same("group=overdue", "group=overdue&axis=dang")


# Services


def test_a_view_is_saved_with_its_name_tidied(cast: Cast) -> None:
    view = saved(cast.ward_officer, "  Việc   gấp ")
    assert (view.owner, view.name, view.query) == (cast.ward_officer, "Việc gấp", LATE)
    assert not view.is_shared


def test_the_same_form_again_writes_nothing(cast: Cast) -> None:
    assert saved(cast.ward_officer) == saved(cast.ward_officer)
    assert SavedView.objects.count() == 1


def test_a_name_stands_for_one_filter_of_its_owner(cast: Cast) -> None:
    saved(cast.ward_officer)
    with pytest.raises(NameTaken, match="Đặt tên khác"):
        saved(cast.ward_officer, "VIỆC GẤP", "group=due_soon")
    assert saved(cast.outsider).owner == cast.outsider


@pytest.mark.parametrize(
    ("query", "reason"), [("", "chưa có điều kiện"), ("q=" + "x" * LONGEST_QUERY, "quá nhiều")]
)
def test_a_filter_must_ask_something_and_have_an_end(cast: Cast, query: str, reason: str) -> None:
    with pytest.raises(Denied, match=reason):
        saved(cast.office, query=query)


def test_nobody_keeps_more_than_can_be_read(cast: Cast) -> None:
    for number in range(MOST_OWN):
        saved(cast.leader, f"Bộ lọc {number}")
    with pytest.raises(Denied, match="Xóa bớt"):
        saved(cast.leader, "Một nữa")
    saved(cast.office, "Của người khác")


@pytest.mark.parametrize("name", ["ward_officer", "ward_head", "leader", "inspector"])
def test_only_the_office_shares(cast: Cast, name: str) -> None:
    user: User = getattr(cast, name)
    with pytest.raises(Denied, match="Văn phòng Thành ủy"):
        saved(user, shared=True)
    own = saved(user)
    with pytest.raises(Denied, match="Văn phòng Thành ủy"):
        change_view(own, own.name, shared=True, act=act(user))
    assert saved(cast.office, shared=True).is_shared


def test_an_administrator_saves_nothing(cast: Cast) -> None:
    with pytest.raises(Denied, match="Tài khoản quản trị"):
        saved(cast.administrator)


def test_a_view_is_renamed_shared_and_taken_back(cast: Cast) -> None:
    view, other = saved(cast.office), saved(cast.office, "Khác", "group=due_soon")
    change_view(view, "Tên mới", shared=True, act=act(cast.office))
    view.refresh_from_db()
    assert (view.name, view.is_shared) == ("Tên mới", True)
    with pytest.raises(NameTaken):
        change_view(view, other.name, shared=True, act=act(cast.office))
    change_view(view, "tên mới", shared=False, act=act(cast.office))
    view.refresh_from_db()
    assert (view.name, view.is_shared) == ("tên mới", False)


def test_another_s_view_is_neither_changed_nor_deleted(cast: Cast) -> None:
    view = saved(cast.office, shared=True)
    for user in (cast.leader, factories.make_user("office2", Role.OFFICE, cast.office.unit)):
        with pytest.raises(Denied, match="đề nghị người lưu"):
            change_view(view, "Khác", shared=True, act=act(user))
        with pytest.raises(Denied, match="đề nghị người lưu"):
            delete_view(view, act=act(user))
    assert SavedView.objects.get().name == view.name


# Who finds which


def test_own_views_come_first_then_those_shared_and_none_of_others(cast: Cast) -> None:
    saved(cast.office, "Chung", shared=True)
    saved(cast.office, "Riêng của văn phòng")
    saved(cast.outsider, "Của xã khác")
    saved(cast.ward_officer, "Riêng")
    assert names(signed_in(cast.ward_officer)) == ["Riêng", "Chung"]
    assert names(signed_in(cast.office)) == ["Chung", "Riêng của văn phòng"]
    assert names(signed_in(cast.leader)) == ["Chung"]


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.OFFICER}])
def test_what_was_shared_goes_with_who_leaves_the_office(
    cast: Cast, change: dict[str, Any]
) -> None:
    saved(cast.office, shared=True)
    User.objects.filter(pk=cast.office.pk).update(**change)
    assert names(signed_in(cast.leader)) == []


def test_a_shared_view_shows_each_reader_only_rows_that_they_may_see(cast: Cast) -> None:
    saved(cast.office, "Chung", "group=overdue&level=all", shared=True)
    today = localdate()
    late = {"deadline": today - timedelta(days=3), "issued_on": today - timedelta(days=30)}
    own = factories.make_task(cast.programme, cast.ward, **late)
    factories.make_task(cast.programme, cast.other_ward, **late)
    for user, seen in ((cast.ward_officer, {own.pk}), (cast.leader, None)):
        client = signed_in(user)
        [link] = client.get("/views/counts/").context["saved"].links
        page = client.get(f"/tasks/?{link.view.query}").context["page"]
        assert link.count == page.paginator.count == (len(seen) if seen else 2)
        assert seen is None or set(page) == seen


def test_the_strip_has_names_at_once_and_numbers_when_they_are_asked_for(cast: Cast) -> None:
    view = saved(cast.leader)
    client = signed_in(cast.leader)
    page = client.get(f"/tasks/?{LATE}").content.decode()
    assert view.name in page
    assert f'hx-get="/views/counts/?{LATE}"' in page
    part = client.get(f"/views/counts/?{LATE}")
    assert "hx-trigger" not in part.content.decode().partition("saved-acts")[0]
    [link] = part.context["saved"].links
    assert (link.count, link.is_current) == (0, True)


def test_a_nul_in_the_conditions_does_not_break_the_strip_of_all(cast: Cast) -> None:
    """The query is a text inside a form, so the door for addresses does not look into it."""
    client = signed_in(cast.office)
    sent = {"name": "Việc gấp", "query": "q=g%00p&unit=a%00", "is_shared": "on"}
    assert client.post("/views/save/", sent).status_code == 302
    assert SavedView.objects.get().query == "q=gp&unit=a"
    # One that was kept before.
    SavedView.objects.update(query="q=g%00p")
    for address in ("/views/counts/", "/views/"):
        assert signed_in(cast.ward_officer).get(address).status_code == 200


# Pages


def test_saving_is_offered_for_what_has_no_name_yet(cast: Cast) -> None:
    client = signed_in(cast.leader)
    saved(cast.leader)
    asked = {"/tasks/": False, f"/tasks/?{LATE}": False, "/tasks/?group=due_soon": True}
    assert {a: "Lưu<span" in client.get(a).content.decode() for a in asked} == asked


def test_a_filter_of_the_list_is_saved_and_opened_by_its_name(cast: Cast) -> None:
    client = signed_in(cast.office)
    form = client.get(SAVE, {"group": "overdue", "axis": "ubnd", "per": "100"})
    query = form.context["query"]
    assert query == "axis=ubnd&group=overdue"
    assert form.context["form"]["name"].value() == "Quá hạn, Ủy ban nhân dân"
    sent = {"query": f"page=2&{query}", "name": "Khối chính quyền", "is_shared": "on"}
    answer = client.post(SAVE, sent)
    assert answer.status_code == 302
    assert answer["Location"] == f"/tasks/?{query}"
    view = SavedView.objects.get()
    assert (view.query, view.is_shared) == (query, True)
    links = client.get(answer["Location"]).context["saved"].links
    assert [link.is_current for link in links] == [True]


def test_a_form_sent_twice_saves_once(cast: Cast) -> None:
    client = signed_in(cast.leader)
    sent = {"query": LATE, "name": "Việc gấp"}
    assert [client.post(SAVE, sent).status_code for _ in range(2)] == [302, 302]
    assert SavedView.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"name": "", "query": LATE}, "Đặt tên cho bộ lọc"),
        ({"name": "Có rồi", "query": "group=due_soon"}, "Đã có bộ lọc tên"),
        ({"name": "Trống", "query": ""}, "chưa có điều kiện nào"),
        ({"name": "Trống", "query": "order=unit&per=25&x=1"}, "chưa có điều kiện nào"),
        ({"name": "Dài " * 20, "query": LATE}, "quá mức 60"),
        ({"name": "Tìm", "query": "q=T%E1%BB%90I+M%E1%BA%ACT"}, "Không đưa nội dung mật"),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_what_cannot_be_saved_comes_back_with_a_reason_and_what_was_typed(
    cast: Cast, sent: dict[str, str], words: str, headers: dict[str, str]
) -> None:
    saved(cast.leader, "Có rồi")
    answer = signed_in(cast.leader).post(SAVE, sent, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert sent["name"].strip() in page
    assert ("<!DOCTYPE" in page) == (not headers)
    assert SavedView.objects.count() == 1


def test_who_may_not_share_is_not_asked(cast: Cast) -> None:
    client = signed_in(cast.ward_officer)
    assert "is_shared" not in client.get(f"{SAVE}?{LATE}").context["form"].fields
    client.post(SAVE, {"query": LATE, "name": "Việc gấp", "is_shared": "on"})
    assert not SavedView.objects.get().is_shared


def test_the_page_of_views_says_their_conditions_in_words(cast: Cast) -> None:
    query = "unit=UBND-SYT&group=overdue&area_kind=ward&field=hn72-1&programme=hn72&axis=gone"
    saved(cast.leader, query=query)
    saved(cast.office, "Chung", shared=True)
    page = signed_in(cast.leader).get("/views/")
    [row] = page.context["own"]
    assert set(row.words) >= {"Tình trạng: Quá hạn", "Chỉ các phường", "Sở Y tế", "gone"}
    assert [row.view.name for row in page.context["shared"]] == ["Chung"]


def test_a_view_is_changed_and_deleted_on_its_pages(cast: Cast) -> None:
    view, client = saved(cast.office), signed_in(cast.office)
    address = f"/views/{view.pk}/"
    assert client.post(address, {"name": "Mới", "is_shared": "on"}).status_code == 302
    view.refresh_from_db()
    assert (view.name, view.is_shared) == ("Mới", True)
    saved(cast.office, "Khác", "group=due_soon")
    refused = client.post(address, {"name": "khác", "is_shared": "on"})
    assert refused.status_code == 422
    assert "Đặt tên khác" in refused.content.decode()
    assert "Mọi người không còn thấy" in client.get(f"{address}delete/").content.decode()
    assert client.post(f"{address}delete/").status_code == 302
    assert not SavedView.objects.filter(pk=view.pk).exists()


@pytest.mark.parametrize("part", ["", "delete/"])
def test_a_shared_view_of_another_is_there_to_be_used(cast: Cast, part: str) -> None:
    view, client = saved(cast.office, shared=True), signed_in(cast.leader)
    for answer in (client.get(f"/views/{view.pk}/{part}"), client.post(f"/views/{view.pk}/{part}")):
        assert answer.status_code == 403
        assert "đề nghị người lưu" in answer.content.decode()
    private = saved(cast.office, "Riêng")
    assert client.post(f"/views/{private.pk}/{part}").status_code == 404
    assert SavedView.objects.count() == 2


def test_the_strip_shows_no_more_shared_views_than_can_be_read(cast: Cast) -> None:
    users = factories.make_users(cast.city, range(30))
    User.objects.filter(pk__in=[user.pk for user in users]).update(role=Role.OFFICE)
    SavedView.objects.bulk_create(
        SavedView(owner=user, name="Chung", query=LATE, is_shared=True, saved_at=now())
        for user in users
    )
    client = signed_in(cast.leader)
    assert len(names(client)) == 12
    assert client.get("/views/").context["page"].paginator.count == 30
