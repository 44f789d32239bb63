"""The kinds of reports: what each must be about, its figures, and the template of its paper.

A new kind is one template and one entry here (and its word in `states.Kind`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from hanoi_programmes.lib.dates import Period
from hanoi_programmes.people.models import Holding, Post, User
from hanoi_programmes.programmes.querysets import Choice
from hanoi_programmes.reports.figures import (
    AreaBatch,
    Exceptions,
    Findings,
    LetterAsked,
    Said,
    Scope,
    Tables,
    Urging,
    UrgingLetter,
    Wanted,
    area_batch,
    exceptions,
    findings,
    head_line,
    tables,
    urging,
    urging_letter,
)
from hanoi_programmes.reports.models import Report, ReportText, Subject
from hanoi_programmes.reports.models.about import FIELDS
from hanoi_programmes.reports.querysets import areas_scored_for
from hanoi_programmes.reports.states import SUBJECTS, Issuer, Kind, Profile, Rhythm

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Figures = Callable[[Report, date], DataclassInstance]

_BATCH_ROWS = 5

# A vacant post's tasks are no account's: 0 would mean everybody's.
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Wish:
    """What a report is asked with. `subject` None is all of it, `profile` None the issuer's own."""

    kind: Kind
    period: Period
    as_of: date
    issuer: Issuer
    rhythm: Rhythm = Rhythm.QUARTER
    subject: Subject | None = None
    profile: Profile | None = None
    named: bool = True


@dataclass(frozen=True, slots=True)
class KindSpec:
    """`about` names the fields of `Report` one of which may say the subject; with `must` one has
    to. `figures` computes what is frozen as `shape`, for the day on which it is asked."""

    kind: Kind
    figures: "Figures"
    shape: "type[DataclassInstance]"
    template: str
    about: tuple[str, ...] = ()
    must: bool = False


def scope_of(report: Report, today: date) -> Scope:
    """Whose sight, which day and which part of the tasks the report's figures count."""
    user, subject = report.requested_by, report.about_what
    if isinstance(subject, Post):
        held = holder(subject, report.as_of)
        return Scope(user, report.as_of, today, head=held.pk if held else NOBODY)
    led = report.about_unit is not None
    return Scope(user, report.as_of, today, _choice(report), led=led)


def _choice(report: Report) -> Choice:
    return Choice(
        resolution=report.resolution.key if report.resolution else "",
        programme=report.programme.key if report.programme else "",
        axis=report.axis.code if report.axis else "",
        unit=report.about_unit.code if report.about_unit else "",
        area=report.area.code if report.area else "",
    )


def holder(post: Post, on: date) -> User | None:
    """Who holds the post on the day; None while it is vacant."""
    held = Holding.objects.held(on).filter(post=post).select_related("user").first()
    return held.user if held else None


def _wanted(report: Report, today: date) -> Wanted:
    texts = ReportText.objects.of(report).values_list("part", "text")
    return Wanted(
        scope=scope_of(report, today),
        period=report.period,
        rhythm=report.rhythm,
        texts=tuple(Said(part, text) for part, text in texts),
        head=_head(report),
    )


def _head(report: Report) -> str:
    """Who answers for what is reported on: the unit's head, or the holder of the post."""
    if report.post is not None:
        held = holder(report.post, report.as_of)
        title, name = report.post.title, held.display_name if held else ""
        return name if name.startswith(title) else f"{title} {name}".strip()
    return head_line(report.about_unit, report.as_of) if report.about_unit else ""


def _findings(report: Report, today: date) -> Findings:
    return findings(_wanted(report, today))


def _exceptions(report: Report, today: date) -> Exceptions:
    return exceptions(scope_of(report, today))


def _urging(report: Report, today: date) -> Urging:
    return urging(scope_of(report, today))


def _tables(report: Report, today: date) -> Tables:
    return tables(scope_of(report, today))


def _areas(report: Report, today: date) -> AreaBatch:
    """Areas that exist on the day and that the asker may see whole."""
    running = Q(ends_on__isnull=True) | Q(ends_on__gte=report.as_of)
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=report.as_of)
    areas = areas_scored_for(report.requested_by).filter(running, begun)
    # Each paper is of two pages: it names fewer rows than a paper by itself.
    return area_batch(replace(_wanted(report, today), rows=_BATCH_ROWS), list(areas))


def _letter(report: Report, _today: date) -> UrgingLetter:
    """As of the day on which the letter was asked for."""
    assert report.addressee is not None  # noqa: S101 - the database holds it for letters
    asked = LetterAsked(
        unit=report.addressee,
        tasks=report.asked["tasks"],
        answer_by=date.fromisoformat(report.asked["answer_by"]),
        closing=report.asked["closing"],
    )
    return urging_letter(asked, by=report.requested_by, on=report.as_of)


def _results(kind: Kind) -> KindSpec:
    """A report in sentences and tables on one scope."""
    return KindSpec(
        kind=kind,
        figures=_findings,
        shape=Findings,
        template="reports/pdf/results.html",
        about=tuple(filter(None, [SUBJECTS.get(kind)])),
        must=kind in SUBJECTS,
    )


_RESULTS = {kind: _results(kind) for kind in (Kind.CITY, *SUBJECTS)}
_LISTS = (
    KindSpec(
        kind=Kind.EXCEPTIONS,
        figures=_exceptions,
        shape=Exceptions,
        template="reports/pdf/exceptions.html",
        about=FIELDS,
    ),
    KindSpec(
        kind=Kind.URGING,
        figures=_urging,
        shape=Urging,
        template="reports/pdf/urging.html",
        about=FIELDS,
    ),
    KindSpec(
        kind=Kind.TABLES,
        figures=_tables,
        shape=Tables,
        template="reports/pdf/tables.html",
        about=FIELDS,
    ),
    KindSpec(
        kind=Kind.AREAS,
        figures=_areas,
        shape=AreaBatch,
        template="reports/pdf/area.html",
    ),
    KindSpec(
        kind=Kind.LETTER,
        figures=_letter,
        shape=UrgingLetter,
        template="reports/pdf/letter.html",
    ),
)
KINDS: Mapping[Kind, KindSpec] = _RESULTS | {spec.kind: spec for spec in _LISTS}
