"""Papers from frozen figures: which sections a report has, and the HTML of each.

PDF, Word and Excel are all made from this HTML. A section is known by a digest of what it is drawn
from, so that what has not changed since an earlier report need not be drawn again.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from hanoi_programmes.reports import charts, pdf, rules
from hanoi_programmes.reports.figures import (
    AreaPaper,
    Findings,
    Tables,
    UnitTable,
    UrgingLetter,
)
from hanoi_programmes.reports.figures.letter import HEADS
from hanoi_programmes.reports.kinds import KINDS
from hanoi_programmes.reports.models import Report
from hanoi_programmes.reports.shapes import thaw
from hanoi_programmes.reports.states import Kind

# Rows of a unit's table that are drawn at once: laying out costs more than in proportion.
ROWS_AT_ONCE = 250
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Section:
    """One part that is drawn by itself. An empty title stands in no contents; with `own_pages` it
    is a paper numbered from 1, else its pages are numbered over the whole."""

    key: str
    title: str
    html: str
    digest: str
    own_pages: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A section before it is written out: what it is drawn from, and how."""

    key: str
    title: str
    digest: str
    own_pages: bool
    compose: Callable[[], str]

    def section(self) -> Section:
        """The section with its HTML."""
        return Section(self.key, self.title, self.compose(), self.digest, self.own_pages)


@dataclass(frozen=True, slots=True)
class _Part:
    """A section by the data it prints, beside what the whole report shares."""

    key: str
    title: str
    data: object
    template: str
    context: Callable[[], dict[str, object]]
    own_pages: bool = False


def plan(report: Report, frozen: Mapping[str, Any]) -> list[Plan]:
    """The sections of a report in order; only those that are drawn need to be composed."""
    shared = _shared(report)
    return [
        Plan(
            key=part.key,
            title=part.title,
            digest=_digest(report, part, shared),
            own_pages=part.own_pages,
            compose=lambda part=part: _compose(report, part),  # type: ignore[misc]
        )
        for part in _parts(report, frozen)
    ]


def sections(report: Report, frozen: Mapping[str, Any]) -> list[Section]:
    """All sections with their HTML: what Word and Excel are made from."""
    return [one.section() for one in plan(report, frozen)]


def foot(report: Report, frozen: Mapping[str, Any]) -> str:
    """The line under every page: the code that calls the figures up, and what they are."""
    made_up = " · Số liệu minh họa, không phải kết quả thật" if frozen.get("illustrative") else ""
    return f"Mã số liệu {report.code} · số liệu đến {report.as_of:%d/%m/%Y}{made_up}"


def _parts(report: Report, frozen: Mapping[str, Any]) -> Iterator[_Part]:
    spec = KINDS[Kind(report.kind)]
    figures: Any = thaw(spec.shape, dict(frozen))
    if report.kind == Kind.AREAS:
        for area, data in zip(figures.areas, frozen["areas"], strict=True):
            yield _area(spec.template, area, data)
        return
    if report.kind == Kind.TABLES:
        summary = {**frozen, "units": [{**unit, "rows": []} for unit in frozen["units"]]}
        yield _Part("body", "", summary, spec.template, lambda: {"figures": figures})
        yield from _tables(figures, frozen)
        return
    yield _Part("body", "", frozen, spec.template, lambda: content(figures))


def _area(template: str, area: AreaPaper, data: object) -> _Part:
    def context() -> dict[str, object]:
        return {**content(area.findings), "area_name": area.name}

    return _Part(f"area-{area.code}", area.name, data, template, context, own_pages=True)


def _tables(figures: Tables, frozen: Mapping[str, Any]) -> Iterator[_Part]:
    """Each unit's rows; a long table goes on in further sections, which are drawn in parallel."""
    for number, (unit, data) in enumerate(zip(figures.units, frozen["units"], strict=True), 1):
        for start in range(0, max(len(unit.rows), 1), ROWS_AT_ONCE):
            yield _table(figures, unit, data, _Place(number, start))


@dataclass(frozen=True, slots=True)
class _Place:
    """Which table of the appendix, and from which row on."""

    number: int
    start: int


def _table(figures: Tables, unit: UnitTable, data: Mapping[str, Any], place: _Place) -> _Part:
    start, end = place.start, place.start + ROWS_AT_ONCE

    def context() -> dict[str, object]:
        return {
            "figures": figures,
            "unit": unit,
            "rows": unit.rows[start:end],
            "start": start,
            "number": place.number,
        }

    return _Part(
        key=f"unit-{unit.code}" if not start else f"unit-{unit.code}-{start}",
        title="" if start else f"Biểu {place.number}. {unit.name}",
        data=[place.number, start, {**data, "rows": data["rows"][start:end]}],
        template="reports/pdf/unit_table.html",
        context=context,
    )


def content(figures: object) -> dict[str, object]:
    """What a template of results, of a list or of a letter needs beside the report itself."""
    if isinstance(figures, UrgingLetter):
        return {"letter": figures, "figures": figures, "heads": HEADS}
    if not isinstance(figures, Findings):
        return {"figures": figures}
    overview = figures.overview
    return {
        "figures": figures,
        "overview": overview,
        "curve": charts.curve(overview.curve, charts.PAPER),
        "bars": [(part, charts.paper_bar(part.tally, part.key)) for part in overview.resolutions],
        "axes": [(part, charts.paper_bar(part.tally, part.key)) for part in overview.axes],
        "key": charts.key(),
    }


def _compose(report: Report, part: _Part) -> str:
    context = {
        "report": report,
        "letterhead": rules.letterhead(report),
        "named": report.named,
        "area_name": "",
        **part.context(),
    }
    return render_to_string(part.template, context)


def _shared(report: Report) -> list[object]:
    """What all sections are drawn with; not the code, which is stamped when they are joined."""
    return [
        *(template_version(report.profile), report.profile, report.named, report.kind),
        *(report.as_of.isoformat(), pdf.font_in_use().family),
    ]


def _signed(report: Report) -> list[object]:
    """What stands on a first page."""
    return [
        *(report.issuer, report.unit_id, report.addressee_id, report.subject),
        *(report.requested_on.isoformat(), report.period_start.isoformat()),
    ]


def _digest(report: Report, part: _Part, shared: list[object]) -> str:
    is_signed = part.key == "body" or part.own_pages
    facts: list[object] = [part.key, part.template, part.data, shared]
    facts.append(_signed(report) if is_signed else [])
    # Sorted: figures that were stored come back with their keys in another order.
    known = json.dumps(facts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(known.encode()).hexdigest()


@lru_cache(maxsize=10)
def template_version(profile: str) -> str:
    """SHA-256 of all that decides on looks: templates, drawings, the setting, the profile."""
    found = hashlib.sha256(profile.encode())
    templates = Path(settings.TEMPLATES[0]["DIRS"][0]) / "reports" / "pdf"
    files = [*templates.iterdir(), *(_HERE / "charts").glob("*.py"), *_HERE.glob("pdf/*.py")]
    for file in sorted([*files, _HERE / "profiles.py", _HERE / "letterheads.py"]):
        found.update(file.name.encode() + file.read_bytes())
    return found.hexdigest()
