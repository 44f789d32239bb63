"""Sign-in and sign-out: who gets in, where to, for how long; a stranger learns nothing."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries, Settings

from hanoi_programmes.people.http import AccountBackend
from hanoi_programmes.people.models import User
from hanoi_programmes.people.views.gate import WRONG_PAIR
from tests import factories
from tests.conftest import Cast, signed_in
from tests.stored import stored

WEEK = 7 * 24 * 3600


def pair(username: str, password: str = factories.PASSWORD, **more: str) -> dict[str, str]:
    return {"username": username, "password": password} | more


def attempt(data: dict[str, str]) -> tuple[int, str]:
    """Status and text of a refusal, without what differs by chance."""
    response = Client().post("/sign-in/", data)
    html = re.sub(
        r'name="csrfmiddlewaretoken" value="\w+"|"x-csrftoken": "\w+"',
        "",
        response.content.decode(),
    )
    return response.status_code, unescape(html).replace(data["username"], "…")


@pytest.mark.parametrize(
    ("name", "door"),
    [
        ("ward_officer", "/"),
        ("ward_head", "/"),
        ("office", "/"),
        ("leader", "/dashboard/"),
        ("inspector", "/dashboard/"),
        ("administrator", "/account/"),
    ],
)
def test_each_role_comes_in_by_its_own_door(cast: Cast, name: str, door: str) -> None:
    client = Client()
    response = client.post("/sign-in/", pair(name), follow=True)
    assert response.redirect_chain == [(door, 302)]
    assert response.status_code == 200


def test_the_user_name_may_be_typed_in_capitals_and_with_blanks(cast: Cast) -> None:
    assert Client().post("/sign-in/", pair(" Ward_Officer ")).status_code == 302


def test_blanks_belong_to_a_password(cast: Cast) -> None:
    assert Client().post("/sign-in/", pair("office", f"{factories.PASSWORD} ")).status_code == 422


# A refusal


def test_a_stranger_learns_nothing_from_a_refusal(cast: Cast) -> None:
    User.objects.filter(pk=cast.outsider.pk).update(is_active=False)
    before = stored()
    wrong = attempt(pair("office", "sai-mat-khau-roi"))
    assert wrong[0] == 422
    assert WRONG_PAIR in wrong[1]
    assert attempt(pair("nobody", "sai-mat-khau-roi")) == wrong
    assert attempt(pair("outsider", factories.PASSWORD)) == wrong
    assert attempt(pair("outsider", "sai-mat-khau-roi")) == wrong
    assert stored() == before


@pytest.mark.parametrize("username", ["office", "outsider", "nobody"])
def test_a_refusal_costs_one_hash_whoever_is_named(
    cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch, username: str
) -> None:
    User.objects.filter(pk=cast.outsider.pk).update(is_active=False)
    settings.PASSWORD_HASHERS = ["tests.people.test_sign_in.CountingHasher"]
    for user in User.objects.all():
        user.set_password(factories.PASSWORD)
        user.save()
    monkeypatch.setattr(CountingHasher, "calls", 0)
    Client().post("/sign-in/", pair(username, "sai-mat-khau-roi"))
    assert CountingHasher.calls == 1


class CountingHasher(PBKDF2PasswordHasher):
    """Counts the work that a clock could measure."""

    iterations = 1
    calls = 0

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        """Count, then hash."""
        CountingHasher.calls += 1
        return super().encode(password, salt, iterations)


def test_a_refusal_keeps_the_name_and_never_the_password(cast: Cast) -> None:
    response = Client().post("/sign-in/", pair("office", "sai-mat-khau-roi", next="/tasks/"))
    html = response.content.decode()
    assert 'value="office"' in html
    assert "sai-mat-khau-roi" not in html
    assert '<input type="hidden" name="next" value="/tasks/">' in html
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("data", "sentences"),
    [
        ({}, ["Nhập tên đăng nhập.", "Nhập mật khẩu."]),
        (pair("", ""), ["Nhập tên đăng nhập.", "Nhập mật khẩu."]),
        (pair("x" * 151), ["Dài 151 ký tự, quá mức 150."]),
        (pair("office", "x" * 129), ["Dài 129 ký tự, quá mức 128."]),
        (pair("off\0ice"), ["Có ký tự không đọc được."]),
        (pair("office", "\0"), ["Có ký tự không đọc được."]),
    ],
    ids=[
        "nothing",
        "blank",
        "long name",
        "long password",
        "NUL in the name",
        "NUL in the password",
    ],
)
def test_a_form_that_cannot_be_right_says_why(
    cast: Cast, data: dict[str, str], sentences: list[str]
) -> None:
    before = stored()
    response = Client().post("/sign-in/", data)
    assert response.status_code == 422
    shown = unescape(response.content.decode())
    assert all(sentence in shown for sentence in sentences)
    assert stored() == before


# Where to


@pytest.mark.parametrize("path", ["/tasks/", "/tasks/?group=overdue&per=50", "/units/00001-UBND/"])
def test_one_goes_back_to_where_one_wanted_to_go(cast: Cast, path: str) -> None:
    client = Client()
    sent = client.get(path)
    assert sent.status_code == 302
    page = client.get(sent["Location"])
    wanted = re.search(r'name="next" value="([^"]*)"', page.content.decode())
    assert wanted
    data = pair("office", next=unescape(wanted[1]))
    assert client.post("/sign-in/", data)["Location"] == path


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "https://testserver.evil.example/",
        "https://testserver@evil.example/",
        " //evil.example",
        "\t//evil.example",
        "",
    ],
)
def test_nobody_is_led_away(cast: Cast, path: str) -> None:
    response = Client().post("/sign-in/", pair("office", next=path))
    assert response["Location"] == "/"


# For how long


def test_a_session_ends_with_the_browser_unless_asked_otherwise(cast: Cast) -> None:
    shared, own = Client(), Client()
    shared.post("/sign-in/", pair("office"))
    own.post("/sign-in/", pair("office", remember="on"))
    assert shared.cookies["sid"]["max-age"] == ""
    assert own.cookies["sid"]["max-age"] == WEEK
    for client in (shared, own):
        assert client.cookies["sid"]["httponly"]
        assert client.cookies["sid"]["samesite"] == "Lax"


def test_an_expired_session_leads_to_sign_in_and_back(cast: Cast) -> None:
    client = signed_in(cast.office)
    assert client.get("/tasks/").status_code == 200
    Session.objects.update(expire_date=now() - timedelta(seconds=1))
    assert client.get("/tasks/?q=a").headers["Location"] == "/sign-in/?next=/tasks/%3Fq%3Da"
    asked = {"hx-request": "true", "hx-current-url": "http://testserver/tasks/?q=a"}
    swap = client.get("/notices/bell/", headers=asked)
    assert (swap.status_code, swap.content) == (200, b"")
    assert swap["HX-Redirect"] == "/sign-in/?next=/tasks/%3Fq%3Da"


def test_a_form_sent_after_the_session_ended_writes_nothing(cast: Cast) -> None:
    client = signed_in(cast.office)
    Session.objects.all().delete()
    before = stored()
    page = {"referer": "http://testserver/?page=2"}
    response = client.post("/tasks/nothing-arose/", {"task": "1"}, headers=page)
    # Where the form was sent to has no page: one comes back to where it stood.
    assert response.headers["Location"] == "/sign-in/?next=/%3Fpage%3D2"
    foreign = {"referer": "https://evil.example/x"}
    response = client.post("/tasks/nothing-arose/", {"task": "1"}, headers=foreign)
    assert response.headers["Location"] == "/sign-in/?next=/"
    assert stored() == before


def test_a_session_is_new_after_sign_in(cast: Cast) -> None:
    client = Client()
    client.post("/sign-in/", pair("office"))
    first = client.cookies["sid"].value
    client.post("/sign-in/", pair("leader"))
    assert client.cookies["sid"].value != first
    assert not Session.objects.filter(pk=first).exists()


def test_an_account_that_is_switched_off_is_out_at_once(cast: Cast) -> None:
    client = signed_in(cast.office)
    assert client.get("/").status_code == 200
    User.objects.filter(pk=cast.office.pk).update(is_active=False)
    assert client.get("/").headers["Location"].startswith("/sign-in/")


def test_who_signed_in_is_read_with_the_unit(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        found = AccountBackend().get_user(cast.ward_officer.pk)
        assert found is not None
        assert found.unit == cast.ward
    assert AccountBackend().get_user(0) is None


def test_a_new_password_ends_the_old_sessions(cast: Cast) -> None:
    client = signed_in(cast.office)
    cast.office.set_password("mat-khau-moi-dai-hon")
    cast.office.save()
    assert client.get("/").headers["Location"].startswith("/sign-in/")


def test_a_role_that_changed_counts_from_the_next_page(cast: Cast) -> None:
    client = signed_in(cast.office)
    User.objects.filter(pk=cast.office.pk).update(role="administrator", unit=None)
    assert client.get("/tasks/").status_code == 403


def test_signing_out_leaves_nothing(cast: Cast) -> None:
    client = signed_in(cast.office)
    assert client.get("/sign-out/").status_code == 405
    response = client.post("/sign-out/")
    assert response["Location"] == "/sign-in/"
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert client.cookies["sid"].value == ""
    assert not Session.objects.exists()
    assert client.get("/").status_code == 302


def test_only_the_quick_start_shows_accounts_at_its_door(db: None, settings: Settings) -> None:
    assert "minh-hoa" not in Client().get("/sign-in/").content.decode()
    settings.ILLUSTRATIVE = True
    door = Client().get("/sign-in/").content.decode()
    assert "chuyenvien.lang" in door
    assert "minh-hoa-2026" in door
