"""First-use hints: shown to a newcomer, put away once and for good, with and without htmx."""

import pytest
from django.template import engines
from django.test import RequestFactory

from hanoi_programmes.people.models import User
from hanoi_programmes.people.services.hints import HINTS, put_hint_away
from tests.conftest import Cast, signed_in

SHOWN = engines["django"].from_string('{% hint "home" "Ba lần chạm" %}')


def shown_to(user: User | None) -> str:
    request = RequestFactory().get("/")
    return SHOWN.render({"user": user} if user else {}, request).strip()


def test_a_hint_is_shown_until_its_reader_puts_it_away(cast: Cast) -> None:
    user = cast.ward_officer
    assert "Ba lần chạm" in shown_to(user)
    assert "csrfmiddlewaretoken" in shown_to(user)
    put_hint_away(user=user, key="home")
    user.refresh_from_db()
    assert shown_to(user) == ""
    assert "Ba lần chạm" in shown_to(cast.ward_head)


def test_nobody_who_is_not_signed_in_is_taught() -> None:
    assert shown_to(None) == ""


def test_a_hint_put_away_twice_is_remembered_once(cast: Cast) -> None:
    for key in ("home", "home", "tasks"):
        put_hint_away(user=cast.ward_officer, key=key)
    cast.ward_officer.refresh_from_db()
    assert cast.ward_officer.hints_seen == ["home", "tasks"]


def test_without_htmx_the_reader_comes_back_to_the_page(cast: Cast) -> None:
    page = "http://testserver/tasks/?group=overdue"
    answer = signed_in(cast.ward_officer).post("/hints/home/", HTTP_REFERER=page)
    assert (answer.status_code, answer["Location"]) == (302, "/tasks/?group=overdue")


def test_by_htmx_the_hint_goes_and_the_focus_stays(cast: Cast) -> None:
    answer = signed_in(cast.ward_officer).post("/hints/home/", HTTP_HX_REQUEST="true")
    assert answer.status_code == 200
    assert "autofocus" in answer.content.decode()


@pytest.mark.parametrize("key", ["nothing", "x" * 80])
def test_a_hint_that_there_is_not_cannot_be_put_away(cast: Cast, key: str) -> None:
    assert signed_in(cast.ward_officer).post(f"/hints/{key}/").status_code == 404
    put_hint_away(user=cast.ward_officer, key=key)
    cast.ward_officer.refresh_from_db()
    assert cast.ward_officer.hints_seen == []
    assert all(len(known) <= 30 for known in HINTS)
