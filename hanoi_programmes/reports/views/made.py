"""Reports that were asked for: each in its line, its files, stopping it, making it again."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_POST, require_safe

from hanoi_programmes.lib.verdict import require
from hanoi_programmes.people.http import Request
from hanoi_programmes.people.rules import may_see_programmes
from hanoi_programmes.reports import jobs, rules, services
from hanoi_programmes.reports.models import Report, ReportSection
from hanoi_programmes.reports.querysets import ReportQuerySet
from hanoi_programmes.reports.states import SectionState, State
from hanoi_programmes.ui.htmx import wants_fragment

# A report that waits longer than this is told to wait for the machine, not for its turn.
PATIENCE = timedelta(seconds=60)
_OFFICE = "application/vnd.openxmlformats-officedocument"
# Column of the report, the ending of its file's name, and its type.
FORMS = {
    "pdf": ("file", "pdf", "application/pdf"),
    "word": ("word", "docx", f"{_OFFICE}.wordprocessingml.document"),
    "excel": ("excel", "xlsx", f"{_OFFICE}.spreadsheetml.sheet"),
    "zip": ("archive", "zip", "application/zip"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One report in a list. While it is made: how many sections there are, are drawn, and which is
    being drawn; `late` when no machine has taken it for long."""

    report: Report
    late: bool
    parts: int = 0
    done: int = 0
    now: str = ""

    @property
    def address(self) -> str:
        """The report's page."""
        return reverse("reports:by-code", args=[self.report.code])


def lines_of(reports: Iterable[Report], at: datetime) -> list[Line]:
    """Reports with their progress; one query for all that are being made."""
    found = list(reports)
    running = [report for report in found if report.state == State.RUNNING]
    prefetch_related_objects(running, "sections")
    return [_line(report, at) for report in found]


def _line(report: Report, at: datetime) -> Line:
    since = report.waiting_since or report.requested_at
    late = report.state == State.WAITING and since < at - PATIENCE
    if report.state != State.RUNNING:
        return Line(report, late)
    sections = list(report.sections.all())
    done = sum(section.state == SectionState.DONE for section in sections)
    return Line(report, late, len(sections), done, _being_drawn(sections))


def _being_drawn(sections: list[ReportSection]) -> str:
    """The title of the first one in somebody's hands, else of the next."""
    waiting = [section for section in sections if section.state != SectionState.DONE]
    taken = [section for section in waiting if section.claim] or waiting
    return taken[0].title if taken else ""


def visible_reports(request: Request) -> ReportQuerySet:
    """Reports that the reader may see, with what pages show of them."""
    require(may_see_programmes(request.user))
    reports = Report.objects.visible_to(request.user)
    return reports.select_related(
        "requested_by__unit", "unit__axis", "addressee", "source", *Report.JOINS
    )


def report_or_404(request: Request, pk: int) -> Report:
    """The report if the user may see it; what may not be seen does not exist."""
    report = visible_reports(request).filter(pk=pk).first()
    if report is None:
        raise Http404
    return report


def see_list() -> HttpResponseBase:
    """303: what was asked is written, look at the list; a reload asks for nothing again."""
    return see(f"{reverse('reports:list')}#made")


def see(url: str) -> HttpResponseBase:
    """303 to another page."""
    response = redirect(url)
    response.status_code = 303
    return response


@require_safe
def report_row(request: Request, pk: int) -> HttpResponse:
    """One line of the list: what a running report's line asks for every three seconds."""
    return _row(request, pk)


def _row(request: Request, pk: int) -> HttpResponse:
    (line,) = lines_of([report_or_404(request, pk)], now())
    return render(request, "reports/_report_row.html", {"line": line})


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


@require_POST
def redraw(request: Request, pk: int) -> HttpResponseBase:
    """Files that were cleared by rule are made again from the frozen figures."""
    report = report_or_404(request, pk)
    services.draw_again(report)
    transaction.on_commit(partial(jobs.ring, pk))
    return see(reverse("reports:by-code", args=[report.code]))


@require_safe
def download(request: Request, pk: int, form: str = "pdf") -> HttpResponseBase:
    """A file of the report, to whoever may see the report at this moment."""
    report = report_or_404(request, pk)
    require(rules.may_download(report))
    column, ending, kind = FORMS[form]
    stored: FieldFile = getattr(report, column)
    if not stored:
        raise Http404
    response = FileResponse(
        stored.open("rb"),
        as_attachment=True,
        filename=f"{report.code}.{ending}",
        content_type=kind,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
