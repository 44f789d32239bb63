"""One view for page and fragment; toasts; redirects."""

from typing import cast

from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from hanoi_programmes.ui import htmx

PAGE, FRAGMENT = "components/busy.html", "components/mark.html"


def ask(**headers: str) -> HttpRequest:
    """A request with htmx's headers, and somewhere to leave messages."""
    request = RequestFactory().get("/", headers=headers)
    cast("htmx.HtmxRequest", request).htmx = HtmxDetails(request)
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return request


def body(request: HttpRequest) -> str:
    response = htmx.template(request, PAGE, FRAGMENT, {"text": "Đang gửi"})
    assert response["Vary"] == "HX-Request"
    return response.content.decode()


def test_a_browser_gets_the_page() -> None:
    assert "Đang gửi" in body(ask())


def test_htmx_gets_the_fragment() -> None:
    assert "<svg" in body(ask(HX_Request="true"))


def test_boosted_links_and_restored_history_get_the_page() -> None:
    assert "Đang gửi" in body(ask(HX_Request="true", HX_Boosted="true"))
    assert "Đang gửi" in body(ask(HX_Request="true", HX_History_Restore_Request="true"))


def test_a_toast_is_added_out_of_band_for_htmx() -> None:
    response = htmx.toast(ask(HX_Request="true"), HttpResponse("row"), "Đã gửi <b>")
    html = response.content.decode()
    assert html.startswith("row")
    assert 'hx-swap-oob="beforeend:#toasts"' in html
    assert "Đã gửi &lt;b&gt;" in html


def test_a_toast_is_a_message_on_the_next_page_without_htmx() -> None:
    request = ask()
    response = htmx.toast(request, HttpResponse("row"), "Chưa gửi được", kind="late")
    assert response.content == b"row"
    assert [(str(m), m.level_tag) for m in get_messages(request)] == [("Chưa gửi được", "error")]


def test_a_redirect_is_told_to_htmx_in_a_header() -> None:
    assert htmx.redirect(ask(), "/tasks/")["Location"] == "/tasks/"
    answer = htmx.redirect(ask(HX_Request="true"), "/tasks/")
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/tasks/")
