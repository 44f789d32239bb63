"""Figures that a unit contests: sent from its scorecard, answered by the office, read by both."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.http import Request, act_of
from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.rules import may_see_programmes
from hanoi_programmes.programmes.querysets import Choice
from hanoi_programmes.reports import rules, services
from hanoi_programmes.reports.figures import scorecard
from hanoi_programmes.reports.forms import AnswerForm, ContestForm, ScorecardForm
from hanoi_programmes.reports.models import FigureContest
from hanoi_programmes.reports.querysets import ContestQuerySet, units_scored_for
from hanoi_programmes.reports.states import Figure
from hanoi_programmes.reports.views.scorecards import asked_for, form_of, tiles
from hanoi_programmes.ui.htmx import redirect, template, toast
from hanoi_programmes.ui.pages import paginate
from hanoi_programmes.ui.templatetags.ui import number

_form_methods = require_http_methods(["GET", "HEAD", "POST"])


@_form_methods
def contest(request: Request, code: str) -> HttpResponseBase:
    """The form, with the figures as the scorecard shows them for its period and day."""
    chosen = form_of(request)
    unit = get_object_or_404(units_scored_for(request.user), code=code)
    require(rules.may_contest(request.user, unit))
    shown = _shown_figures(request, chosen, unit)
    sent = request.POST if request.method == "POST" else None
    form = ContestForm(sent, shown=shown, initial={"figure": request.GET.get("figure", "")})
    if sent is None or not form.is_valid():
        context = {"form": form, "unit": unit, "chosen": chosen, "address": _address(chosen, unit)}
        return render(request, "reports/contest.html", context, status=422 if form.errors else 200)
    figure = Figure(form.cleaned_data["figure"])
    objection = services.Objection(
        figure=figure,
        shown=shown.get(figure.value, "—"),
        address=_address(chosen, unit),
        as_of=chosen.asked_on,
        text=form.cleaned_data["text"],
    )
    services.contest(unit, objection, act=act_of(request, form.cleaned_data["form_key"]))
    return toast(
        request,
        redirect(request, _address(chosen, unit)),
        "Đã gửi Văn phòng Thành ủy. Câu trả lời hiện ngay trên phiếu này.",
    )


def _address(chosen: ScorecardForm, unit: Unit) -> str:
    """The scorecard of that day and period, whatever day it is opened on."""
    asked = {"period": chosen.asked_period, "on": chosen.asked_on.isoformat()}
    return f"{reverse('reports:unit-scorecard', args=[unit.code])}?{urlencode(asked)}"


def _shown_figures(request: Request, chosen: ScorecardForm, unit: Unit) -> dict[str, str]:
    """What the scorecard says, by the key of the figure."""
    asked = asked_for(request, chosen, Choice(unit=unit.code))
    card = scorecard(asked)
    shown = {tile.key.value: f"{tile.value} ({tile.told})" for tile in tiles(asked, card)}
    late = sum(row.days for row in card.waited)
    return shown | {
        Figure.TOTAL.value: number(card.tally.total),
        Figure.WAITED.value: f"{number(late)} ngày, {number(card.late)} việc chậm",
        Figure.GRADES.value: f"{number(card.graded)} sản phẩm",
    }


@require_safe
def contest_list(request: Request) -> HttpResponse:
    """What waits for the office first; a unit sees its own with the answers."""
    rows = _visible(request)
    only = request.GET.get("unit", "")[:30]
    if only:
        rows = rows.filter(unit__code=only)
    page = paginate(rows.waiting_first().select_related(*_SHOWN), request, per_page=25)
    context = {
        "page": page,
        "waiting": rows.waiting().count(),
        "only": Unit.objects.filter(code=only).first() if only else None,
        "may_answer": bool(rules.may_answer_contest(request.user)),
    }
    return template(request, "reports/contests.html", "reports/_contests.html", context)


_SHOWN = ("unit", "by__unit", "answered_by__unit")


def _visible(request: Request) -> ContestQuerySet:
    require(may_see_programmes(request.user))
    return FigureContest.objects.visible_to(request.user)


@_form_methods
def contest_page(request: Request, pk: int) -> HttpResponseBase:
    """One objection; the office answers it here."""
    row = get_object_or_404(_visible(request).select_related(*_SHOWN), pk=pk)
    may_answer = rules.may_answer_contest(request.user)
    if request.method != "POST":
        form = AnswerForm() if may_answer and row.is_waiting else None
        return _page(request, row, form)
    require(may_answer)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    try:
        services.answer_contest(
            row,
            form.cleaned_data["answer"],
            is_upheld=form.cleaned_data["is_upheld"],
            act=act_of(request, form.cleaned_data["form_key"]),
        )
    except Denied as refusal:
        form.add_error(None, refusal.reason)
        row = get_object_or_404(_visible(request).select_related(*_SHOWN), pk=pk)
        return _page(request, row, form, status=409)
    return toast(request, redirect(request, "reports:contests"), f"Đã trả lời {row.unit}.")


def _page(
    request: Request, row: FigureContest, form: AnswerForm | None, *, status: int = 200
) -> HttpResponse:
    context = {"row": row, "form": form}
    return render(request, "reports/contest_page.html", context, status=status)


@require_safe
def waiting(request: Request) -> HttpResponse:
    """For the office's first page: how many wait; nothing for others."""
    rows = _visible(request).waiting()
    may_answer = bool(rules.may_answer_contest(request.user))
    context = {"may_answer": may_answer, "count": rows.count() if may_answer else 0}
    return render(request, "reports/_contests_waiting.html", context)
