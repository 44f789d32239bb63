"""Asking for reports, watching them being made, fetching them, checking figures by code."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hanoi_programmes.lib.dates import quarter_of
from hanoi_programmes.lib.verdict import require
from hanoi_programmes.people.http import Request
from hanoi_programmes.people.models import User
from hanoi_programmes.people.rules import may_see_programmes
from hanoi_programmes.reports import charts, jobs, pdf, rules, services
from hanoi_programmes.reports.figures import Findings, Scope, UrgingLetter, parts
from hanoi_programmes.reports.forms import ReportForm
from hanoi_programmes.reports.kinds import scope_of
from hanoi_programmes.reports.models import Report
from hanoi_programmes.reports.querysets import ReportQuerySet
from hanoi_programmes.reports.shapes import thaw
from hanoi_programmes.reports.states import Kind, State
from hanoi_programmes.ui.htmx import template, wants_fragment
from hanoi_programmes.ui.pages import paginate

# A report that waits longer than this is told to wait for the machine, not for its turn.
PATIENCE = timedelta(seconds=60)


@require_http_methods(["GET", "HEAD", "POST"])
def report_list(request: Request) -> HttpResponseBase:
    """The form for a new report over the list of those the reader may see."""
    reports = _visible(request)
    typed = request.POST if request.method == "POST" else None
    form = ReportForm(typed, user=request.user, today=localdate())
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["form_key"]
        at = now()
        report = services.request(
            form.wanted(), by=request.user, at=at, on=localdate(at), form_key=key
        )
        transaction.on_commit(partial(jobs.ring, report.pk))
        return see_list()
    context = {
        "form": form,
        "page": paginate(_asked(reports, request), request, per_page=25),
        "own_only": _own_only(request),
        "late_since": now() - PATIENCE,
        **_preview(request.user, form.today),
    }
    return render(request, "reports/report_list.html", context, status=422 if form.errors else 200)


def see_list() -> HttpResponseBase:
    """303: what was asked is written, look at the list; a reload asks for nothing again."""
    response = redirect(f"{reverse('reports:list')}#made")
    response.status_code = 303
    return response


def _preview(user: User, today: date) -> dict[str, object]:
    """The first page as it would be for today's figures of all programmes."""
    issuer = rules.issuers_for(user)[0]
    profile = rules.profile_for(issuer, user.unit)
    draft = Report(issuer=issuer, unit=user.unit, profile=profile, requested_on=today)
    period = quarter_of(today)
    draft.period_start, draft.period_end, draft.as_of = period.start, period.end, today
    figures = parts(Scope(user, today, today))
    return {"draft": draft, "letterhead": rules.letterhead(draft), "parts": figures}


def _own_only(request: Request) -> bool:
    return request.GET.get("whose") == "own"


def _asked(reports: ReportQuerySet, request: Request) -> ReportQuerySet:
    return reports.filter(requested_by=request.user) if _own_only(request) else reports


def _visible(request: Request) -> ReportQuerySet:
    require(may_see_programmes(request.user))
    reports = Report.objects.visible_to(request.user)
    return reports.select_related("requested_by__unit", "unit", "addressee", *Report.JOINS)


def report_or_404(request: Request, pk: int) -> Report:
    """The report if the user may see it; what may not be seen does not exist."""
    report = _visible(request).filter(pk=pk).first()
    if report is None:
        raise Http404
    return report


@require_safe
def report_row(request: Request, pk: int) -> HttpResponse:
    """One line of the list: what a running report's line asks for every three seconds."""
    return _row(request, pk)


def _row(request: Request, pk: int) -> HttpResponse:
    context = {"report": report_or_404(request, pk), "late_since": now() - PATIENCE}
    return render(request, "reports/_report_row.html", context)


@require_POST
def cancel(request: Request, pk: int) -> HttpResponseBase:
    """Stop a report that is not finished."""
    return _changed(request, pk, services.cancel)


@require_POST
def retry(request: Request, pk: int) -> HttpResponseBase:
    """Make a failed or cancelled report again with the same choices."""
    answer = _changed(request, pk, services.retry)
    transaction.on_commit(partial(jobs.ring, pk))
    return answer


def _changed(request: Request, pk: int, change: Callable[..., None]) -> HttpResponseBase:
    change(report_or_404(request, pk), by=request.user)
    return _row(request, pk) if wants_fragment(request) else see_list()


@require_safe
def download(request: Request, pk: int) -> HttpResponseBase:
    """The file, to whoever may see the report at this moment."""
    report = report_or_404(request, pk)
    require(rules.may_download(report))
    response = FileResponse(
        report.file.open("rb"),
        as_attachment=True,
        filename=f"{report.code}.pdf",
        content_type="application/pdf",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_safe
def by_code(request: Request, code: str) -> HttpResponse:
    """The figures frozen with a report, called up by the code printed on its pages."""
    report = _visible(request).coded(code).filter(state=State.DONE).first()
    if report is None or report.code != code.strip().upper() or report.snapshot is None:
        raise Http404
    if report.kind == Kind.LETTER:
        letter = thaw(UrgingLetter, report.snapshot)
        return render(request, "reports/frozen_letter.html", {"report": report, "letter": letter})
    figures = thaw(Findings, report.snapshot)
    overview = figures.overview
    context = {
        "report": report,
        "query": replace(scope_of(report, localdate()), user=request.user).query(),
        "figures": figures,
        "overview": overview,
        "curve_large": charts.curve(overview.curve, charts.LARGE),
        "curve_small": charts.curve(overview.curve, charts.SMALL),
        "standing": charts.standing(overview.curve),
        "resolutions": [(part, charts.bar(part.tally)) for part in overview.resolutions],
        "axes": [(part, charts.bar(part.tally)) for part in overview.axes],
    }
    return render(request, "reports/frozen.html", context)


@require_http_methods(["GET", "HEAD"])
def find_code(request: Request) -> HttpResponseBase:
    """From the code typed into the list's form to its page."""
    require(may_see_programmes(request.user))
    code = request.GET.get("code", "").strip().upper()
    if _visible(request).coded(code).filter(state=State.DONE).exists():
        return redirect("reports:by-code", code)
    return render(request, "reports/no_code.html", {"code": code[:40]}, status=404)


@require_safe
def health(request: Request) -> HttpResponse:
    """For the administrator: which font papers use, and whether reports are waiting too long."""
    require(rules.may_see_health(request.user))
    waiting = Report.objects.unfinished().order_by("requested_at")
    context = {
        "font": _font(),
        "faces": pdf.FACES,
        "waiting": waiting.count(),
        "oldest": waiting.first(),
        "failed": Report.objects.filter(state=State.FAILED).count(),
    }
    return template(request, "reports/health.html", "reports/_health.html", context)


def _font() -> pdf.Face | str:
    try:
        return pdf.font_in_use()
    except pdf.NoFont as error:
        return str(error)
