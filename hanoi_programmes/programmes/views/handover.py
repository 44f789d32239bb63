"""Hand-over sheets: those that are missing, those that are made, one to read, print, confirm."""

from functools import partial
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST, require_safe

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.http import Request
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.rules import may_see_programmes
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.forms.handover import ConfirmForm, NoteForm, OpenForm
from hanoi_programmes.programmes.http import act_of
from hanoi_programmes.programmes.models import Handover
from hanoi_programmes.programmes.querysets.handovers import ending_holdings
from hanoi_programmes.programmes.services import handover as service
from hanoi_programmes.ui.htmx import redirect, toast
from hanoi_programmes.ui.pages import paginate


@require_safe
def handovers(request: Request) -> HttpResponse:
    """Posts given up without a sheet first, then the sheets."""
    require(may_see_programmes(request.user))
    today, user = localdate(), request.user
    missing = ending_holdings(user, today).filter(handover_out__isnull=True)
    holdings = missing.select_related("user", "post__unit").order_by("-ends_on", "pk")
    rows = Handover.objects.visible_to(user).select_related(
        "outgoing__post__unit", "outgoing__user", "incoming__user"
    )
    context = {
        "missing": paginate(holdings, request, per_page=25),
        "page": paginate(rows, request, per_page=25),
        "may_open_all": user.role == Role.OFFICE,
    }
    return render(request, "programmes/handover_list.html", context)


@require_POST
def open_sheet(request: Request, holding: int) -> HttpResponseBase:
    """Make the sheet of a holding, and go there."""
    require(may_see_programmes(request.user))
    found = get_object_or_404(ending_holdings(request.user, localdate()), pk=holding)
    form = OpenForm(request.POST)
    key = form.cleaned_data["form_key"] if form.is_valid() else None
    made = service.open_sheet(found, act=act_of(request, key))
    return redirect(request, "programmes:handover-page", pk=made.pk)


@require_safe
def handover_page(request: Request, pk: int) -> HttpResponse:
    """The sheet as it was made."""
    return _page(request, _handover(request, pk))


@require_POST
def note(request: Request, pk: int) -> HttpResponseBase:
    """What the outgoing head wants known."""
    handover = _handover(request, pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        require(rules.may_note(request.user, handover))
        return _page(request, handover, note_form=form, status=422)
    act = act_of(request, form.cleaned_data["form_key"])
    try:
        service.add_note(handover, form.cleaned_data["note"], act=act)
    except Denied as refusal:
        form.add_error(None, refusal.reason)
        return _page(request, handover, note_form=form, status=409)
    response = redirect(request, "programmes:handover-page", pk=pk)
    return toast(request, response, "Đã ghi nội dung cần lưu ý.")


@require_POST
def confirm(request: Request, pk: int) -> HttpResponseBase:
    """One side confirms."""
    handover = _handover(request, pk)
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        _require_a_side(request, handover)
        return _page(request, handover, confirm_form=form, status=422)
    data = form.cleaned_data
    act = act_of(request, data["form_key"])
    try:
        service.confirm(handover, data["side"], act=act, document=data["document"])
    except Denied as refusal:
        form.add_error(None, refusal.reason)
        return _page(request, handover, confirm_form=form, status=409)
    response = redirect(request, "programmes:handover-page", pk=pk)
    return toast(request, response, "Đã xác nhận bàn giao.")


def _require_a_side(request: Request, handover: Handover) -> None:
    """Who can confirm neither side is told why."""
    incoming = handover.incoming or service.successor_of(handover.outgoing)
    ask = partial(rules.may_confirm, request.user, handover, incoming)
    if not ask("incoming"):
        require(ask("outgoing"))


def _handover(request: Request, pk: int) -> Handover:
    require(may_see_programmes(request.user))
    rows = Handover.objects.visible_to(request.user).select_related(
        "outgoing__post__unit", "outgoing__user", "incoming__user"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: Request,
    handover: Handover,
    *,
    note_form: NoteForm | None = None,
    confirm_form: ConfirmForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user = request.user
    incoming = handover.incoming or service.successor_of(handover.outgoing)
    context: dict[str, Any] = {
        "handover": handover,
        "incoming": incoming,
        "sheet": handover.sheet,
        "by_office": user.role == Role.OFFICE,
        "confirm_form": confirm_form or ConfirmForm(),
        "sides": [
            (side, label)
            for side, label in (("outgoing", "Xác nhận đã giao"), ("incoming", "Xác nhận đã nhận"))
            if rules.may_confirm(user, handover, incoming, side)
        ],
    }
    if note_form or rules.may_note(user, handover):
        context["note_form"] = note_form or NoteForm(initial={"note": handover.note})
    return render(request, "programmes/handover_page.html", context, status=status)
