"""A report's page: what was asked, its files, the frozen figures beside today's, what has moved."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hanoi_programmes.people.http import Request
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.timeliness import Group
from hanoi_programmes.reports import jobs, rules, services
from hanoi_programmes.reports.figures import (
    AreaBatch,
    Exceptions,
    Findings,
    Scope,
    Tables,
    Tally,
    Urging,
    UrgingLetter,
    View,
    since,
)
from hanoi_programmes.reports.forms.versions import VersionForm
from hanoi_programmes.reports.kinds import KINDS, scope_of
from hanoi_programmes.reports.models import Report
from hanoi_programmes.reports.shapes import thaw
from hanoi_programmes.reports.states import Kind, State, TextPart
from hanoi_programmes.reports.views.made import (
    FORMS,
    Line,
    lines_of,
    report_or_404,
    see,
    visible_reports,
)
from hanoi_programmes.ui.pages import paginate

_LABELS = {"pdf": "PDF", "word": "Word", "excel": "Excel", "zip": "ZIP từng báo cáo"}
_ROUTES = {"pdf": "download", "word": "word", "excel": "excel", "zip": "archive"}
# A letter names some tasks: what became of each is told, not of how many there are.
Places = Mapping[str, tuple[str, Tally]]


@dataclass(frozen=True, slots=True)
class Frozen:
    """What of a snapshot can be compared: the tally, the reasons for attention, places by code."""

    tally: Tally | None = None
    views: Mapping[View, int] = field(default_factory=dict)
    units: Places = field(default_factory=dict)
    areas: Places = field(default_factory=dict)
    tasks: tuple[int, ...] = ()
    texts: tuple[tuple[str, list[str]], ...] = ()


@dataclass(frozen=True, slots=True)
class Since:
    """Then and now: figures, places, and the tasks that stand elsewhere."""

    lines: list[since.Line]
    rates: list[since.Rate]
    places: list[since.Placed]
    place: str
    moves: list[since.Move]

    @property
    def placed(self) -> list[since.Placed]:
        """Places with a number that differs."""
        return [place for place in self.places if place.moved]

    @property
    def same(self) -> list[since.Placed]:
        """All others."""
        return [place for place in self.places if not place.moved]

    @property
    def changed(self) -> int:
        """How many figures differ."""
        return sum(line.change != 0 for line in self.lines)


@dataclass(frozen=True, slots=True)
class File:
    """One form of the paper as it lies in the store."""

    label: str
    url: str
    size: int
    sha256: str


@require_safe
def by_code(request: Request, code: str) -> HttpResponse:
    """The report by the code printed on its pages; its figures once they are frozen."""
    report = visible_reports(request).coded(code).first()
    if report is None or report.code != code.strip().upper():
        raise Http404
    (line,) = lines_of([report], now())
    context = _asked(request, report, line)
    if report.state != State.DONE or report.snapshot is None:
        return render(request, "reports/report_page.html", context)
    figures = thaw(KINDS[Kind(report.kind)].shape, report.snapshot)
    if isinstance(figures, UrgingLetter):
        context["letter"] = figures
    found = _frozen(figures)
    compared = _since(request, report, found)
    moved = paginate(compared.moves, request, per_page=25) if compared else None
    tasks = Task.objects.visible_to(request.user)
    context |= {
        "figures": figures,
        "illustrative": getattr(figures, "illustrative", False),
        "texts": found.texts,
        "since": compared,
        "moved": moved,
        "moved_rows": since.named(tasks, moved.object_list) if moved else [],
    }
    return render(request, "reports/report_page.html", context)


def _asked(request: Request, report: Report, line: Line) -> dict[str, Any]:
    """What is known of any report, finished or not."""
    first = report.source or report
    same = Q(pk=first.pk) | Q(source=first)
    versions = visible_reports(request).filter(same).exclude(pk=report.pk)
    is_done = report.state == State.DONE
    return {
        "report": report,
        "line": line,
        "files": list(_files(report)) if is_done and not report.is_cleared else [],
        "versions": lines_of(versions.order_by("pk"), now()),
        "form": VersionForm(report=report) if is_done and report.kind != Kind.LETTER else None,
        "may_change": bool(rules.may_change(request.user, report)),
        "letter": None,
        "figures": None,
        "illustrative": False,
        "texts": (),
        "since": None,
        "moved": None,
        "moved_rows": [],
        "today": localdate(),
    }


def _files(report: Report) -> Iterator[File]:
    for form, (column, _ending, _type) in FORMS.items():
        stored = getattr(report, column)
        if not stored:
            continue
        url = reverse(f"reports:{_ROUTES[form]}", args=[report.pk])
        if form == "pdf":
            yield File(_LABELS[form], url, report.size, report.sha256)
            continue
        try:
            with stored.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256").hexdigest()
            yield File(_LABELS[form], url, stored.size, digest)
        except OSError:
            continue


def _since(request: Request, report: Report, found: Frozen) -> Since | None:
    """The figures of today, counted as the report's were; only for who sees what its maker sees."""
    if not (request.user.sees_all or request.user == report.requested_by):
        return None
    scope = scope_of(report, localdate())
    cells = since.cells_now(scope)
    now_numbers, frozen = since.numbers_of(cells), found.tally
    lines = since.tally_lines(scope, frozen, now_numbers.tally) if frozen else []
    places = since.units_since(scope, found.units, cells) if len(found.units) > 1 else []
    return Since(
        lines=[*lines, *since.view_lines(scope, found.views, now_numbers)],
        rates=since.rates(frozen, now_numbers.tally) if frozen else [],
        places=since.areas_since(scope, found.areas) if found.areas else places,
        place="Phường, xã" if found.areas else "Đơn vị chủ trì",
        moves=_moves(scope, report, found),
    )


def _moves(scope: Scope, report: Report, found: Frozen) -> list[since.Move]:
    if report.kind == Kind.AREAS:
        return since.moved_below(scope)
    if report.kind == Kind.LETTER:
        return since.moved_among(scope, found.tasks, Group.OVERDUE)
    return since.moved(scope)


def _of_findings(figures: Findings) -> Frozen:
    overview = figures.overview
    views: dict[View, int] = {
        View.BLOCKED: overview.blocked.number,
        View.SILENT: overview.silent,
        View.RETURNED: overview.returned,
    }
    return Frozen(
        tally=overview.tally,
        views=views,
        units={part.key: (part.name, part.tally) for part in overview.units if part.units == 1},
        texts=tuple((TextPart(part).label, lines) for part, lines in figures.said.items() if lines),
    )


def _of_exceptions(figures: Exceptions) -> Frozen:
    views: dict[View, int] = {view: number for view, number, _rows in figures.views}
    # The tally tells of what is late already.
    del views[View.OVERDUE]
    return Frozen(tally=figures.tally, views=views)


def _of_urging(figures: Urging) -> Frozen:
    return Frozen(views={View.OVERDUE: figures.overdue, View.SILENT: figures.unheard})


def _of_tables(figures: Tables) -> Frozen:
    units = {unit.code: (unit.name, unit.tally) for unit in figures.units}
    return Frozen(tally=figures.tally, units=units)


def _of_batch(figures: AreaBatch) -> Frozen:
    areas = {area.code: (area.name, area.findings.overview.tally) for area in figures.areas}
    return Frozen(areas=areas)


def _of_letter(figures: UrgingLetter) -> Frozen:
    return Frozen(tasks=tuple(row.pk for row in figures.rows))


_READERS: Mapping[type, Callable[[Any], Frozen]] = {
    Findings: _of_findings,
    Exceptions: _of_exceptions,
    Urging: _of_urging,
    Tables: _of_tables,
    AreaBatch: _of_batch,
    UrgingLetter: _of_letter,
}


def _frozen(figures: object) -> Frozen:
    return _READERS[type(figures)](figures)


@require_POST
def version(request: Request, pk: int) -> HttpResponseBase:
    """Another version of the same figures: without names, or in another layout."""
    report = report_or_404(request, pk)
    form = VersionForm(request.POST, report=report)
    if not form.is_valid():
        (line,) = lines_of([report], now())
        context = _asked(request, report, line) | {"form": form}
        return render(request, "reports/report_page.html", context, status=422)
    data, at = form.cleaned_data, now()
    sent = services.Sent(request.user, at, localdate(at), data["form_key"])
    made = services.request_version(report, named=data["named"], profile=data["profile"], sent=sent)
    transaction.on_commit(partial(jobs.ring, made.pk))
    return see(reverse("reports:by-code", args=[made.code]))


@require_http_methods(["GET", "HEAD"])
def find_code(request: Request) -> HttpResponseBase:
    """From the code typed into the list's form to its page."""
    code = request.GET.get("code", "").strip().upper()
    if visible_reports(request).coded(code).exists():
        return redirect("reports:by-code", code)
    return render(request, "reports/no_code.html", {"code": code[:40]}, status=404)
