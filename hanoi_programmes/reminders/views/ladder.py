"""When the house reminds of what: the rungs for everybody to read, for the office to change."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.http import Request, act_of
from hanoi_programmes.reminders import policy, rules
from hanoi_programmes.reminders.forms import LadderForm, Rows, rows_of, rungs_in
from hanoi_programmes.reminders.models import Ladder
from hanoi_programmes.reminders.policy import DEFAULT, Rung
from hanoi_programmes.reminders.services import ladder as service
from hanoi_programmes.reminders.services.plan import exceptions_around
from hanoi_programmes.reminders.services.preview import COLUMNS, compare, foresee
from hanoi_programmes.reminders.states import Subject
from hanoi_programmes.ui.htmx import redirect, toast

_EDITIONS = 10


@require_safe
def ladder_page(request: Request) -> HttpResponse:
    """Every rung in force, and who changed them when."""
    require(rules.may_see_ladder(request.user))
    newest = service.newest()
    rungs = service.rungs_of(newest)
    context = {
        "ladders": [(subject, policy.about(subject, rungs)) for subject in Subject],
        "edition": newest,
        "editions": Ladder.objects.visible_to(request.user).select_related("by")[:_EDITIONS],
        "foreseen": _foreseen(rungs) if request.user.sees_all else [],
        "columns": COLUMNS,
        "may_edit": rules.may_edit_ladder(request.user),
    }
    return render(request, "reminders/ladder.html", context)


def _foreseen(rungs: tuple[Rung, ...]) -> list[Any]:
    today = localdate()
    return foresee(rungs=rungs, exceptions=exceptions_around(today), on=today)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_ladder(request: Request) -> HttpResponseBase:
    """Change the rungs: a preview of what would go out when, then the new edition."""
    require(rules.may_edit_ladder(request.user))
    newest = service.newest()
    in_force = service.rungs_of(newest)
    if request.method != "POST":
        start = DEFAULT if "default" in request.GET else in_force
        form = LadderForm(initial={"seen": newest.pk if newest else None})
        return _edit_page(request, form, rows_of(start))
    form, rows = LadderForm(request.POST), rows_of(_shown(request), request.POST)
    # Each part is asked, so that every mistake is shown at once.
    if not all([form.is_valid(), *(part.is_valid() for part in rows.values())]):
        return _edit_page(request, form, rows, status=422)
    rungs = rungs_in(rows)
    allowed = policy.may_hold(rungs)
    if not allowed:
        form.add_error(None, allowed.reason)
        return _edit_page(request, form, rows, status=422)
    if "save" not in request.POST:
        changes = compare(_foreseen(in_force), _foreseen(rungs))
        return _edit_page(request, form, rows, changes=changes, is_preview=True)
    return _saved(request, form, rows, rungs)


def _saved(
    request: Request, form: LadderForm, rows: dict[Subject, Rows], rungs: tuple[Rung, ...]
) -> HttpResponseBase:
    data = form.cleaned_data
    try:
        service.change_ladder(
            rungs, note=data["note"], seen=data["seen"], act=act_of(request, data["form_key"])
        )
    except Denied as refusal:
        form.add_error(None, refusal.reason)
        return _edit_page(request, form, rows, status=409)
    to = redirect(request, "reminders:ladder")
    return toast(request, to, "Đã lưu bộ nấc nhắc. Áp dụng từ lần lập nhắc việc tới.")


def _shown(request: Request) -> tuple[Rung, ...]:
    """The ladder that the form was filled from: the edition it names, or the table of PRODUCT."""
    if request.POST.get("from") == "default":
        return DEFAULT
    seen = request.POST.get("seen", "")
    asked = Ladder.objects.visible_to(request.user)
    return service.rungs_of(asked.filter(pk=seen).first() if seen.isdecimal() else None)


def _edit_page(
    request: Request, form: LadderForm, rows: dict[Subject, Rows], *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "form": form,
        "rows": rows.items(),
        "from": "default" if "default" in request.GET else request.POST.get("from", ""),
        "has_errors": bool(form.errors or any(part.total_error_count() for part in rows.values())),
        **more,
    }
    return render(request, "reminders/ladder_edit.html", context, status=status)
