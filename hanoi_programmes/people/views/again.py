"""Sign in first: who sent a form without a session does not lose what was typed."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from hanoi_programmes.people.forms import SignInForm
from hanoi_programmes.people.views.gate import sign_in_page
from hanoi_programmes.ui.carried import carry
from hanoi_programmes.ui.middleware import page_before

# 409: htmx shows it in place of the words beside the form, and the tab keeps its own copy.
ENDED = "Phiên đăng nhập đã hết; nội dung còn trên trang này. Gửi để đăng nhập lại."


class SignInFirst(LoginRequiredMiddleware):
    """Everybody signs in; a typed form is carried through the gate, a draft is told quietly."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        """The gate itself for a form with text in it, else the way to the gate."""
        if request.headers.get("X-Quiet"):
            return HttpResponse(ENDED, status=409)
        is_htmx = bool(request.headers.get("HX-Request"))
        if request.method == "POST" and not is_htmx and (kept := carry(request)):
            return sign_in_page(request, SignInForm(), kept=kept, wanted=page_before(request))
        answer: HttpResponseBase = super().handle_no_permission(request, view_func)
        return answer
