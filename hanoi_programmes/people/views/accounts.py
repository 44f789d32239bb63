"""The administrator's pages of accounts; never any programme content."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people import rules
from hanoi_programmes.people.forms import AccountForm, KeyForm, PlaceForm
from hanoi_programmes.people.http import Request, act_of
from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.people.querysets import UnitQuerySet, UserQuerySet
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.services import accounts as service
from hanoi_programmes.people.shapes import ACCOUNTS, accounts_named
from hanoi_programmes.ui.choosing import asked
from hanoi_programmes.ui.fields import OLD_PAGE
from hanoi_programmes.ui.htmx import redirect, template, toast
from hanoi_programmes.ui.pages import paginate


def _accounts(request: Request) -> UserQuerySet:
    """All accounts, to who keeps them."""
    require(rules.may_keep_places(request.user))
    return User.objects.visible_to(request.user)


def _account(request: Request, pk: int) -> User:
    return get_object_or_404(_accounts(request).select_related("unit"), pk=pk)


@require_safe
def account_list(request: Request) -> HttpResponse:
    """Every account: by words, role and whether it is switched on."""
    rows = _accounts(request)
    chosen = {name: request.GET.get(name, "") for name in ("role", "state", "q")}
    if chosen["role"] in Role.values:
        rows = rows.filter(role=chosen["role"])
    if chosen["state"] in {"on", "off"}:
        rows = rows.filter(is_active=chosen["state"] == "on")
    page = paginate(accounts_named(rows, chosen["q"]), request, per_page=50)
    context = {"page": page, "chosen": chosen, "roles": Role.choices}
    return template(request, "people/account_list.html", "people/_account_table.html", context)


def _units(request: Request) -> UnitQuerySet:
    return Unit.objects.visible_to(request.user).active(localdate())


@require_safe
def choose_account(request: Request) -> HttpResponse:
    """Accounts for a field of a form: those chosen in it, and those that its words fit."""
    rows = _accounts(request).filter(is_active=True).select_related("unit")
    return render(request, "components/found.html", {"found": asked(request, ACCOUNTS, rows)})


@require_safe
def account_page(request: Request, pk: int) -> HttpResponse:
    """One account: role, unit, posts held today, what was done to it."""
    account = _account(request, pk)
    context = {
        "account": account,
        "holdings": account.holdings.from_day(localdate()).select_related("post__unit"),
        "page": paginate(account.account_events.select_related("by__unit"), request, per_page=25),
    }
    return render(request, "people/account_page.html", context)


@sensitive_variables("password")
@require_http_methods(["GET", "HEAD", "POST"])
def new_account(request: Request) -> HttpResponseBase:
    """Create an account; the answer shows its first password, once."""
    _accounts(request)
    sent = request.POST if request.method == "POST" else None
    form = AccountForm(sent, initial={"role": Role.OFFICER}, units=_units(request))
    if request.method != "POST" or not form.is_valid():
        return _place_page(request, form)
    try:
        act = act_of(request, form.cleaned_data["form_key"])
        account, password = service.create_account(form.details(), act=act)
    except Denied as refusal:
        form.add_error(None, refusal.reason)
        return _place_page(request, form)
    return _password_page(request, account, password)


@require_http_methods(["GET", "HEAD", "POST"])
def place_account(request: Request, pk: int) -> HttpResponseBase:
    """Another role or unit."""
    account = _account(request, pk)
    sent = request.POST if request.method == "POST" else None
    given = {"role": account.role, "unit": account.unit_id}
    form = PlaceForm(sent, initial=given, units=_units(request))
    if request.method != "POST" or not form.is_valid():
        return _place_page(request, form, account)
    role, unit = form.role_chosen(), form.cleaned_data["unit"]
    try:
        act = act_of(request, form.cleaned_data["form_key"])
        service.place_account(account, role=role, unit=unit, act=act)
    except Denied as refusal:
        form.add_error(None, refusal.reason)
        return _place_page(request, form, account)
    response = redirect(request, "people:account-page", pk=account.pk)
    return toast(request, response, "Đã đổi vai trò, đơn vị của tài khoản.")


def _place_page(request: Request, form: PlaceForm, account: User | None = None) -> HttpResponse:
    """422 for a mistake, 409 for a refusal, with all that was typed."""
    status = 200
    if form.is_bound:
        status = 409 if form.non_field_errors() else 422
    context = {"form": form, "account": account}
    return render(request, "people/account_form.html", context, status=status)


@require_POST
def switch_account(request: Request, pk: int) -> HttpResponseBase:
    """Off or on, as the button says."""
    account = _account(request, pk)
    form = KeyForm(request.POST)
    response = redirect(request, "people:account-page", pk=account.pk)
    if not form.is_valid():
        return toast(request, response, OLD_PAGE, kind="soon")
    to_be = request.POST.get("to") == "on"
    act = act_of(request, form.cleaned_data["form_key"])
    service.switch_account(account, is_active=to_be, act=act)
    return toast(request, response, "Đã bật lại tài khoản." if to_be else "Đã tắt tài khoản.")


@sensitive_variables("password")
@require_POST
def renew_password(request: Request, pk: int) -> HttpResponseBase:
    """A new password, shown once on the answer."""
    account = _account(request, pk)
    form = KeyForm(request.POST)
    if not form.is_valid():
        response = redirect(request, "people:account-page", pk=account.pk)
        return toast(request, response, OLD_PAGE, kind="soon")
    act = act_of(request, form.cleaned_data["form_key"])
    password = service.renew_password(account, act=act)
    return _password_page(request, account, password)


def _password_page(request: Request, account: User, password: str) -> HttpResponse:
    context = {"account": account, "password": password}
    return render(request, "people/password_once.html", context)
