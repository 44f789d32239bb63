"""The office's own words for a paper, written before it is made, also by two at once."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from hanoi_programmes.lib.verdict import require
from hanoi_programmes.people.http import Request, act_of
from hanoi_programmes.people.rules import may_see_programmes
from hanoi_programmes.reports import rules, services
from hanoi_programmes.reports.figures import Findings
from hanoi_programmes.reports.forms import ReportForm
from hanoi_programmes.reports.forms.texts import TextsForm
from hanoi_programmes.reports.kinds import KINDS
from hanoi_programmes.reports.models import Report
from hanoi_programmes.reports.services import Clashed, Written, mark_of
from hanoi_programmes.reports.states import WRITTEN, Kind, TextPart
from hanoi_programmes.reports.views.hints import suggested
from hanoi_programmes.reports.views.previews import draft_of
from hanoi_programmes.ui.htmx import redirect, toast


@require_http_methods(["GET", "HEAD", "POST"])
def texts(request: Request) -> HttpResponseBase:
    """The parts of the paper that the address names; a form with `take` adds and keeps nothing."""
    require(may_see_programmes(request.user))
    asked = ReportForm(asked=request.GET.dict(), user=request.user, today=localdate())
    sent = asked.as_sent()
    if asked.shown_kind not in WRITTEN or not sent.is_valid():
        wrong = [str(text) for found in sent.errors.values() for text in found]
        context = {"asked": asked, "paper": None, "missing": wrong[0] if wrong else ""}
        return render(request, "reports/texts.html", context)
    paper = draft_of(sent.wanted(), request.user, asked.today)
    if request.method != "POST":
        return _page(request, asked, paper, _blank(request, paper))
    require(rules.may_write_texts(request.user, paper))
    if "take" in request.POST or "before" in request.POST:
        return _page(request, asked, paper, _taken(request, paper))
    return _kept(request, asked, paper)


def _blank(request: Request, paper: Report) -> TextsForm:
    may_write = bool(rules.may_write_texts(request.user, paper))
    return TextsForm(stored=services.written(paper), read_only=not may_write)


def _typed(request: Request, stored: Written) -> TextsForm:
    """What was typed, in a form that is not sent yet."""
    form = TextsForm(stored=stored)
    form.initial.update({n: request.POST[n] for n in form.initial if n in request.POST})
    return form


def _taken(request: Request, paper: Report) -> TextsForm:
    """What was typed, with a suggestion, or the words of the period before, below it."""
    form = _typed(request, services.written(paper))
    asked = request.POST.get("take") or request.POST.get("before") or ""
    if asked in TextPart.values:
        part = TextPart(asked)
        if "take" in request.POST:
            form.put(part, _suggested(paper).get(part, ""))
        else:
            row = services.written_before(paper).get(part)
            form.put(part, row.text if row else "")
    return form


def _suggested(paper: Report) -> dict[TextPart, str]:
    figures = KINDS[Kind(paper.kind)].figures(paper, paper.requested_on)
    return suggested(figures) if isinstance(figures, Findings) else {}


def _kept(request: Request, asked: ReportForm, paper: Report) -> HttpResponseBase:
    form = TextsForm(request.POST, stored=services.written(paper))
    if not form.is_valid():
        return _page(request, asked, paper, form, status=422)
    act = act_of(request, form.cleaned_data["form_key"])
    try:
        changed = services.keep_texts(paper, form.typed(), act=act)
    except Clashed as clashed:
        again = _decided_next(_typed(request, services.written(paper)), clashed.parts)
        return _page(request, asked, paper, again, theirs=clashed.parts, status=409)
    response = redirect(request, f"{request.path}?{asked.address()}")
    words = f"Đã lưu {len(changed)} phần." if changed else "Không có gì khác để lưu."
    return toast(request, response, words)


def _decided_next(form: TextsForm, theirs: Written) -> TextsForm:
    """Sent again, the form has seen what the other wrote: what is in the box then stands."""
    for part, row in theirs.items():
        form.initial.update(
            {
                f"version-{part.value}": row.version,
                f"seen-{part.value}": mark_of(row.text),
            }
        )
    return form


def _page(
    request: Request,
    asked: ReportForm,
    paper: Report,
    form: TextsForm,
    *,
    theirs: Mapping[TextPart, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    before = services.written_before(paper)
    hints = {} if form.read_only else _suggested(paper)
    context = {
        "asked": asked,
        "paper": paper,
        "form": form,
        "parts": list(form.parts(hints, before, dict(theirs or {}))),
        "theirs": theirs,
        "missing": "",
        "query": asked.address(),
    }
    return render(request, "reports/texts.html", context, status=status)
