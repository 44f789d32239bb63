"""The gate: sign-in and sign-out, and what is answered to requests that make no sense."""

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import (
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import defaults
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hanoi_programmes.people.forms import SignInForm
from hanoi_programmes.people.models import User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.services import reference
from hanoi_programmes.ui import carried

WRONG_PAIR = (
    "Tài khoản hoặc mật khẩu chưa đúng. Kiểm tra phím Caps Lock rồi nhập lại; "
    "quên mật khẩu thì liên hệ Văn phòng Thành ủy."
)


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the gate; let the right pair in and send it to where it wanted to go."""
    form = SignInForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        user = authenticate(
            request,
            username=form.cleaned_data["username"].lower(),
            password=form.cleaned_data["password"],
        )
        if isinstance(user, User):
            return _let_in(request, user, remember=form.cleaned_data["remember"])
        form.add_error(None, WRONG_PAIR)
    return sign_in_page(
        request,
        form,
        kept=request.POST.get("kept", ""),
        wanted=request.POST.get("next", request.GET.get("next", "")),
    )


def sign_in_page(request: HttpRequest, form: SignInForm, *, kept: str, wanted: str) -> HttpResponse:
    """The gate; `kept` is what was typed before the session ended, signed, to be given back."""
    context = {
        "kept": kept,
        "form": form,
        "next": wanted,
        **(_illustrative() if settings.ILLUSTRATIVE else {}),
    }
    return render(request, "people/sign_in.html", context, status=422 if form.errors else 200)


def _illustrative() -> dict[str, Any]:
    """In the quick start a visitor finds the keys at the door."""
    accounts = [
        {"role": Role(row["role"]).label, "name": row["username"], "post": row["display_name"]}
        for row in reference.illustrative_accounts()
    ]
    return {"accounts": accounts, "password": reference.ILLUSTRATIVE_PASSWORD}


def _let_in(request: HttpRequest, user: User, *, remember: bool) -> HttpResponse:
    login(request, user)
    if not remember:
        request.session.set_expiry(0)
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # Who asked for the bare address had no page in mind: each role has its own first one.
    page = resolve_url(wanted if safe and wanted != "/" else _front_door(user))
    if typed := carried.read(request.POST.get("kept", "")):
        # Typed before the session ended: sent again only by a click of who reads it here.
        return render(request, "people/send_again.html", {"typed": typed, "next": page})
    return redirect(page)


def _front_door(user: User) -> str:
    if user.role in {Role.LEADER, Role.INSPECTOR}:
        return "reports:dashboard"
    return "people:account" if user.role == Role.ADMINISTRATOR else "programmes:home"


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and leave nothing of it in the browser."""
    logout(request)
    response = redirect("people:sign-in")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@login_not_required
@require_safe
def health(_request: HttpRequest) -> HttpResponse:
    """For the container's health check: the web process answers and reaches the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True})


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """The form's token is missing or old: say so, and show what was typed."""
    typed = [
        value
        for name, values in request.POST.lists()
        if name not in {"csrfmiddlewaretoken", "password", "form_key", "version"}
        for value in values
        if len(value) > 20
    ]
    return render(request, "403_csrf.html", {"typed": typed}, status=403)


def bad_request(request: HttpRequest, exception: SuspiciousOperation) -> HttpResponse:
    """A form too big to be read is told so; every other request that makes no sense, just that."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return render(request, "413.html", status=413)
    return defaults.bad_request(request, exception)
