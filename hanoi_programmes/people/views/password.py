"""One's own password."""

from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people import rules
from hanoi_programmes.people.forms import PasswordForm
from hanoi_programmes.people.http import Request, act_of
from hanoi_programmes.people.services import accounts as service
from hanoi_programmes.ui.htmx import redirect, toast


@sensitive_variables("form")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: Request) -> HttpResponseBase:
    """The present one, the new one twice; this session goes on, all others end."""
    sent = request.POST if request.method == "POST" else None
    form = PasswordForm(sent, user=request.user)
    if sent is None or not form.is_valid():
        return _page(request, form, 200 if sent is None else 422)
    data = form.cleaned_data
    try:
        act = act_of(request, data["form_key"])
        user = service.change_own_password(
            request.user, old=data["password"], new=data["password_new"], act=act
        )
    except Denied as refusal:
        form.add_error("password", refusal.reason)
        return _page(request, form, 409)
    update_session_auth_hash(request, user)
    words = "Đã đổi mật khẩu. Các phiên đăng nhập khác của tài khoản đã kết thúc."
    return toast(request, redirect(request, "people:account"), words)


def _page(request: Request, form: PasswordForm, status: int) -> HttpResponse:
    verdict = rules.may_change_password(request.user)
    context = {"form": form, "verdict": verdict}
    return render(request, "people/change_password.html", context, status=status)
