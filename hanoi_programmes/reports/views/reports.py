"""Asking for a report, with its first page beside the form, over the list of those made."""

from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_safe

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.http import Request
from hanoi_programmes.people.rules import may_see_programmes
from hanoi_programmes.reports import jobs, services
from hanoi_programmes.reports.forms import ReportForm
from hanoi_programmes.reports.forms.subjects import REPORTED, SOUGHT
from hanoi_programmes.reports.querysets import ReportQuerySet
from hanoi_programmes.reports.states import Kind
from hanoi_programmes.reports.views.made import lines_of, see_list, visible_reports
from hanoi_programmes.reports.views.previews import Preview, preview_of
from hanoi_programmes.ui.choosing import asked as sought
from hanoi_programmes.ui.pages import paginate

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Shown:
    """Which of the reports the list shows: one's own or all, of one kind or of any."""

    own: bool
    kind: str

    @classmethod
    def read(cls, request: Request) -> "Shown":
        """From the address; what is no kind is as if not asked."""
        kind = request.GET.get("of", "")
        return cls(request.GET.get("whose") == "own", kind if kind in Kind.values else "")

    def narrow(self, reports: ReportQuerySet, request: Request) -> ReportQuerySet:
        """The rows."""
        if self.own:
            reports = reports.filter(requested_by=request.user)
        return reports.filter(kind=self.kind) if self.kind else reports

    def query(self, *, own: bool) -> str:
        """The address of the same kind, one's own or all."""
        asked = {"whose": "own" if own else "", "of": self.kind}
        return urlencode({name: value for name, value in asked.items() if value})


@require_http_methods(["GET", "HEAD", "POST"])
def report_list(request: Request) -> HttpResponseBase:
    """The form for a new report over the list of those the reader may see."""
    require(may_see_programmes(request.user))
    # Without a script a button shows the fields of the kind that was ticked, and asks for nothing.
    if request.method != "POST" or "show" in request.POST:
        begun = request.POST if request.method == "POST" else request.GET
        return _page(request, _begun(request, begun))
    form = ReportForm(request.POST, user=request.user, today=localdate())
    if not form.is_valid():
        return _page(request, form, status=422)
    at = now()
    try:
        report = services.request(
            form.wanted(),
            by=request.user,
            at=at,
            on=localdate(at),
            form_key=form.cleaned_data["form_key"],
        )
    except Denied as refusal:
        form.add_error(None, refusal.reason)
        return _page(request, form, status=409)
    transaction.on_commit(partial(jobs.ring, report.pk))
    return see_list()


def _begun(request: Request, asked: Any) -> ReportForm:  # noqa: ANN401 - a query or what was sent
    return ReportForm(asked=asked.dict(), user=request.user, today=localdate())


def _page(request: Request, form: ReportForm, *, status: int = 200) -> HttpResponse:
    shown = Shown.read(request)
    reports = shown.narrow(visible_reports(request), request)
    page = paginate(reports, request, per_page=PER_PAGE)
    context = {
        "form": form,
        "page": page,
        "lines": lines_of(page.object_list, now()),
        "shown": shown,
        "all_query": shown.query(own=False),
        "own_query": shown.query(own=True),
        "kinds": Kind.choices,
        **_previewed(form),
    }
    return render(request, "reports/report_list.html", context, status=status)


def _previewed(form: ReportForm) -> dict[str, object]:
    """The page as it would be; while something is missing, what that is."""
    checked = form if form.is_bound else form.as_sent()
    found: Preview | None = preview_of(checked) if checked.is_valid() else None
    wrong = [str(text) for texts in checked.errors.values() for text in texts]
    return {"preview": found, "missing": "" if found else wrong[0]}


@require_safe
def ask(request: Request) -> HttpResponse:
    """The fields that the ticked kind needs, and the page beside them: for htmx."""
    require(may_see_programmes(request.user))
    form = _begun(request, request.GET)
    context = {"form": form, "is_swap": True, **_previewed(form)}
    return render(request, "reports/_report_fields.html", context)


@require_safe
def preview(request: Request) -> HttpResponse:
    """The first page of what is being asked for: for htmx."""
    require(may_see_programmes(request.user))
    context = _previewed(_begun(request, request.GET)) | {"is_swap": False}
    return render(request, "reports/_preview.html", context)


@require_safe
def choose(request: Request, name: str) -> HttpResponse:
    """Units, areas or posts for the form: those chosen in it, and those that its words fit."""
    require(may_see_programmes(request.user))
    found = sought(request, SOUGHT[name], REPORTED[name](request.user))
    return render(request, "components/found.html", {"found": found})
