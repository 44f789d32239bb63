"""A formal letter of urging to a unit: asked for here, made in the background as reports are."""

from functools import partial

from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.http import Request
from hanoi_programmes.people.models import Unit
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.reports import jobs, rules, services
from hanoi_programmes.reports.figures import late_of, units_late
from hanoi_programmes.reports.forms import LetterForm
from hanoi_programmes.reports.views.made import see_list

# What one letter can hold on its table without becoming a report.
MOST = 100


@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: Request) -> HttpResponseBase:
    """GET offers the unit's late tasks, those ticked in the list chosen; POST asks for it."""
    require(rules.may_write_letter(request.user))
    today, sent = localdate(), request.POST if request.method == "POST" else request.GET
    ticked = [int(pk) for pk in sent.getlist("task") if pk.isdecimal() and len(pk) < 19]
    unit = _unit(request, sent.get("unit", ""), ticked)
    late = _late(request, unit)
    form = LetterForm(
        request.POST if request.method == "POST" else None,
        late=late,
        user=request.user,
        today=today,
    )
    if request.method != "POST":
        form.tick(ticked)
        return _page(request, form, unit)
    if unit is None or not form.is_valid():
        return _page(request, form, unit, status=422)
    return _asked(request, form, unit)


def _asked(request: Request, form: LetterForm, unit: Unit) -> HttpResponseBase:
    at, data = now(), form.cleaned_data
    try:
        made = services.request_letter(
            form.asked(unit),
            issuer=data["issuer"],
            by=request.user,
            at=at,
            on=localdate(at),
            form_key=data["form_key"],
        )
    except Denied as refusal:
        form.add_error(None, refusal.reason)
        return _page(request, form, unit, status=409)
    transaction.on_commit(partial(jobs.ring, made.pk))
    return see_list()


def _unit(request: Request, code: str, ticked: list[int]) -> Unit | None:
    """The unit asked for, else the one that leads the first ticked task."""
    if code:
        return Unit.objects.filter(code=code[:60]).first()
    tasks = Task.objects.visible_to(request.user).filter(pk__in=ticked, lead_unit__isnull=False)
    first = tasks.select_related("lead_unit").order_by("deadline", "code").first()
    return first.lead_unit if first else None


def _late(request: Request, unit: Unit | None) -> list[Task]:
    if unit is None:
        return []
    return list(late_of(Task.objects.visible_to(request.user), unit, localdate())[:MOST])


def _page(
    request: Request, form: LetterForm, unit: Unit | None, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "unit": unit,
        "units": units_late(request.user, localdate()),
        "has_late": bool(form.late),
    }
    return render(request, "reports/letter.html", context, status=status)
