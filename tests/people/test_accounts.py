"""Accounts: created, placed, switched, given a new password; refusals; what is never kept."""

import re
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import PlaceEvent, Unit, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.services import accounts
from hanoi_programmes.people.services.accounts import Details
from tests import factories
from tests.conftest import TODAY, Cast, act, signed_in
from tests.programmes.conftest import text_of
from tests.stored import stored

SHOWN = re.compile(r"[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){3}")


def account_form(**fields: Any) -> dict[str, Any]:
    """What the form of a new account sends."""
    return {
        "form_key": str(uuid4()),
        "username": "nguoi.moi",
        "display_name": "Chuyên viên mới",
        "role": "office",
    } | fields


def password_in(html: str) -> str:
    found = SHOWN.search(html)
    return found.group() if found else ""


def test_a_new_account_gets_a_password_that_is_shown_once(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    form = account_form(role="officer", unit=cast.ward.pk)
    answer = client.post("/accounts/new/", form)
    password = password_in(text_of(answer))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    user = User.objects.get(username="nguoi.moi")
    assert (user.role, user.unit, user.is_active) == (Role.OFFICER, cast.ward, True)
    assert user.check_password(password)
    again = client.post("/accounts/new/", form)
    assert "mật khẩu đã hiện một lần và không xem lại được" in text_of(again)
    assert password not in text_of(again)
    assert password not in text_of(client.get(f"/accounts/{user.pk}/"))
    assert User.objects.filter(username="nguoi.moi").count() == 1


def test_the_password_is_written_nowhere(cast: Cast) -> None:
    _, password = accounts.create_account(
        Details("nguoi.moi", "Chuyên viên", Role.OFFICE), act=act(cast.administrator)
    )
    event = PlaceEvent.objects.get()
    assert event.account
    assert (event.account.username, event.by) == ("nguoi.moi", cast.administrator)
    assert password not in f"{event.told}{event.note}{event.changes}{event.account.password}"


def test_no_two_passwords_are_alike(db: None) -> None:
    passwords = {accounts.new_password() for _ in range(200)}
    assert len(passwords) == 200
    assert all(SHOWN.fullmatch(password) for password in passwords)


def test_the_new_account_opens_the_gate(cast: Cast) -> None:
    answer = signed_in(cast.administrator).post("/accounts/new/", account_form())
    pair = {"username": "nguoi.moi", "password": password_in(text_of(answer))}
    assert Client().post("/sign-in/", pair).status_code == 302


BAD: dict[str, tuple[dict[str, Any], int, str]] = {
    "taken": ({"username": "office"}, 409, "Đã có tài khoản tên office"),
    "capitals": ({"username": "Nguoi Moi"}, 422, "Chỉ dùng chữ thường không dấu"),
    "no name": ({"username": ""}, 422, "Nhập tên đăng nhập."),
    "no display name": ({"display_name": " "}, 422, "Nhập tên hiển thị."),
    "a secret name": ({"display_name": "Tổ MẬT"}, 422, "Không đưa nội dung mật"),
    "no address": ({"email": "khong-phai-thu"}, 422, "Nhập địa chỉ thư"),
    "no such role": ({"role": "king"}, 422, "Chọn lại"),
    "an officer without a unit": ({"role": "officer"}, 409, "phải gắn với một đơn vị"),
    "a head without a unit": ({"role": "head"}, 409, "phải gắn với một đơn vị"),
    "a unit that is none": ({"unit": "987654"}, 422, "Lựa chọn này không có"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_account_says_why_and_keeps_what_was_typed(cast: Cast, case: str) -> None:
    fields, status, sentence = BAD[case]
    client, before = signed_in(cast.administrator), stored()
    answer = client.post("/accounts/new/", account_form(email="moi@thudo.example") | fields)
    assert answer.status_code == status
    assert sentence in text_of(answer)
    if "email" not in fields:
        assert "moi@thudo.example" in text_of(answer)
    assert stored() == before


def test_an_ended_unit_is_no_choice(cast: Cast) -> None:
    Unit.objects.filter(pk=cast.ward.pk).update(ends_on=TODAY.replace(year=2025))
    client = signed_in(cast.administrator)
    found = client.get("/units/choose/?name=unit&unit-q=lang")
    assert "Phường Láng" not in text_of(found)
    before = stored()
    form = account_form(role="officer", unit=cast.ward.pk)
    assert client.post("/accounts/new/", form).status_code == 422
    with pytest.raises(Denied, match="chưa bật hoặc đã kết thúc"):
        accounts.place_account(
            cast.officer, role=Role.OFFICER, unit=cast.ward, act=act(cast.administrator)
        )
    assert stored() == before


def test_a_unit_is_found_by_words_without_script(cast: Cast) -> None:
    form = account_form(role="officer") | {"unit-q": "phuong lang"}
    signed_in(cast.administrator).post("/accounts/new/", form)
    assert User.objects.get(username="nguoi.moi").unit == cast.ward


def test_an_account_moves_to_another_unit_and_role(cast: Cast) -> None:
    url = f"/accounts/{cast.outsider.pk}/place/"
    form = {"form_key": str(uuid4()), "role": "head", "unit": cast.ward.pk}
    client = signed_in(cast.administrator)
    assert client.post(url, form).status_code == 302
    user = User.objects.get(pk=cast.outsider.pk)
    assert (user.role, user.unit) == (Role.HEAD, cast.ward)
    assert PlaceEvent.objects.get().changes == {
        "role": ["Chuyên viên", "Người đứng đầu"],
        "unit": ["Ủy ban nhân dân Xã Suối Hai", "Ủy ban nhân dân Phường Láng"],
    }
    before = stored()
    client.post(url, form)
    assert stored() == before


def test_switching_off_ends_the_session_and_on_opens_again(cast: Cast) -> None:
    theirs, client = signed_in(cast.officer), signed_in(cast.administrator)
    url = f"/accounts/{cast.officer.pk}/switch/"
    client.post(url, {"form_key": str(uuid4()), "to": "off"})
    assert theirs.get("/account/").status_code == 302
    assert not User.objects.get(pk=cast.officer.pk).is_active
    client.post(url, {"form_key": str(uuid4()), "to": "on"})
    assert User.objects.get(pk=cast.officer.pk).is_active
    assert PlaceEvent.objects.count() == 2


def test_a_new_password_ends_the_session_and_is_shown_once(cast: Cast) -> None:
    theirs, client = signed_in(cast.officer), signed_in(cast.administrator)
    url, form = f"/accounts/{cast.officer.pk}/password/", {"form_key": str(uuid4())}
    password = password_in(text_of(client.post(url, form)))
    user = User.objects.get(pk=cast.officer.pk)
    assert user.check_password(password)
    assert theirs.get("/account/").status_code == 302
    assert password_in(text_of(client.post(url, form))) == ""
    assert User.objects.get(pk=cast.officer.pk).password == user.password
    assert PlaceEvent.objects.get().kind == "password"


def test_nobody_switches_off_or_places_themselves(cast: Cast) -> None:
    me, before = cast.administrator, stored()
    with pytest.raises(Denied, match="một quản trị khác"):
        accounts.switch_account(me, is_active=False, act=act(me))
    with pytest.raises(Denied, match="một quản trị khác"):
        accounts.place_account(me, role=Role.LEADER, unit=None, act=act(me))
    assert stored() == before


@pytest.mark.parametrize("name", ["ward_officer", "ward_head", "office", "leader", "inspector"])
def test_only_administrators_keep_accounts(cast: Cast, name: str) -> None:
    by, before = act(getattr(cast, name)), stored()
    new = Details("nguoi.moi", "Mới", Role.ADMINISTRATOR)
    for attempt in (
        lambda: accounts.create_account(new, act=by),
        lambda: accounts.switch_account(cast.officer, is_active=False, act=by),
        lambda: accounts.place_account(cast.officer, role=Role.LEADER, unit=None, act=by),
        lambda: accounts.renew_password(cast.officer, act=by),
    ):
        with pytest.raises(Denied, match="dành cho quản trị hệ thống"):
            attempt()
    assert stored() == before


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_who_switch_each_other_off_one_stays(cast: Cast) -> None:
    other = factories.make_user("quantri2", Role.ADMINISTRATOR, None)
    barrier, answers = Barrier(2), []

    def work(by: User, account: User) -> None:
        try:
            barrier.wait(timeout=10)
            accounts.switch_account(account, is_active=False, act=act(by))
            answers.append("done")
        except Denied as refusal:
            answers.append(refusal.reason)
        finally:
            connections.close_all()

    pairs = [(cast.administrator, other), (other, cast.administrator)]
    threads = [Thread(target=work, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert "done" in answers
    assert any("vừa bị tắt" in answer for answer in answers)
    assert User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).count() == 1


# The list


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=SUOI+hai", ["outsider"]),
        ("q=ward_off", ["ward_officer"]),
        ("role=leader", ["leader"]),
        ("state=off", []),
        ("q=khong+co+ai", []),
        ("q=%25", []),
    ],
)
def test_accounts_are_found(cast: Cast, query: str, names: list[str]) -> None:
    page = signed_in(cast.administrator).get(f"/accounts/?{query}").context["page"]
    assert [user.username for user in page] == names


def test_the_door_shows_others_only_to_administrators(cast: Cast) -> None:
    assert list(User.objects.visible_to(cast.leader)) == [cast.leader]
    assert User.objects.visible_to(cast.administrator).count() == User.objects.count()
    cast.administrator.is_active = False
    assert not User.objects.visible_to(cast.administrator).exists()


def test_no_programme_content_on_the_administrators_pages(cast: Cast) -> None:
    task = factories.make_task(cast.programme, cast.ward, text="Nội dung không dành cho quản trị")
    client = signed_in(cast.administrator)
    for url in (
        "/accounts/", f"/accounts/{cast.ward_officer.pk}/", f"/units/{cast.ward.code}/",
        f"/units/{cast.ward.code}/history/", "/areas/00001/",
    ):  # fmt: skip
        html = text_of(client.get(url))
        assert task.text not in html
        assert "/tasks/" not in html
