"""No copies left behind, refusals with their reason, sign-in again."""

from collections.abc import Callable
from typing import cast

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.ui.htmx import HtmxRequest
from hanoi_programmes.ui.middleware import (
    DeniedMiddleware,
    NoStoreMiddleware,
    SignInAgainMiddleware,
)

REASON = "Chỉ đơn vị chủ trì được gửi xác nhận."


def ask(**headers: str) -> HttpRequest:
    request = RequestFactory().get("/tasks/1/", headers=headers)
    request.user = AnonymousUser()
    cast("HtmxRequest", request).htmx = HtmxDetails(request)
    return request


def answering(response: HttpResponse) -> Callable[[HttpRequest], HttpResponse]:
    return lambda _request: response


def test_answers_are_not_kept() -> None:
    assert NoStoreMiddleware(answering(HttpResponse()))(ask())["Cache-Control"] == "no-store"


def test_a_view_may_say_otherwise() -> None:
    response = HttpResponse(headers={"Cache-Control": "private, max-age=60"})
    assert NoStoreMiddleware(answering(response))(ask())["Cache-Control"] == "private, max-age=60"


def refuse(request: HttpRequest, error: Exception) -> HttpResponse | None:
    return DeniedMiddleware(answering(HttpResponse())).process_exception(request, error)


def test_a_refusal_is_a_page_with_its_reason() -> None:
    response = refuse(ask(), Denied(REASON))
    assert response is not None
    assert response.status_code == 403
    assert REASON in response.content.decode()
    assert "<!DOCTYPE html>" in response.content.decode()


def test_a_refusal_is_a_toast_for_htmx() -> None:
    response = refuse(ask(HX_Request="true"), Denied(REASON))
    assert response is not None
    assert (response.status_code, response["HX-Reswap"]) == (403, "none")
    assert REASON in response.content.decode()
    assert "<!DOCTYPE html>" not in response.content.decode()


def test_other_errors_go_on() -> None:
    assert refuse(ask(), ValueError("no business of ours")) is None


@pytest.mark.parametrize("target", ["/sign-in/?next=/tasks/1/rows/", "/tasks/2/"])
def test_a_browser_is_redirected_as_ever(target: str) -> None:
    answer = SignInAgainMiddleware(answering(HttpResponseRedirect(target)))(ask())
    assert answer["Location"] == target


def test_htmx_goes_to_sign_in_and_back_to_its_page() -> None:
    to_sign_in = HttpResponseRedirect("/sign-in/?next=/tasks/1/rows/")
    request = ask(HX_Request="true", HX_Current_URL="http://testserver/tasks/1/?tab=a")
    answer = SignInAgainMiddleware(answering(to_sign_in))(request)
    assert answer.status_code == 200
    assert answer["HX-Redirect"] == "/sign-in/?next=/tasks/1/%3Ftab%3Da"


def test_htmx_follows_other_redirects() -> None:
    response = HttpResponseRedirect("/tasks/2/")
    assert SignInAgainMiddleware(answering(response))(ask(HX_Request="true")) is response
