"""The kinds of reports: what each must be about, its figures, and the template of its paper.

A new kind is one template and one entry here (and its word in `states.Kind`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from hanoi_programmes.lib.dates import Period
from hanoi_programmes.people.models import Holding, Post, User
from hanoi_programmes.programmes.querysets import Choice
from hanoi_programmes.reports.figures import (
    LetterAsked,
    Quarter,
    Scope,
    UrgingLetter,
    quarter,
    urging_letter,
)
from hanoi_programmes.reports.models import Report, Subject
from hanoi_programmes.reports.models.about import FIELDS
from hanoi_programmes.reports.states import LISTS, SUBJECTS, Issuer, Kind, Profile, Rhythm

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


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
    figures: "Callable[[Report, date], DataclassInstance]"
    shape: "type[DataclassInstance]"
    template: str
    page: str
    about: tuple[str, ...] = ()
    must: bool = False


def scope_of(report: Report, today: date) -> Scope:
    """Whose sight, which day and which part of the tasks the report's figures count."""
    user, subject = report.requested_by, report.about_what
    if isinstance(subject, Post):
        held = holder(subject, report.as_of)
        return Scope(user, report.as_of, today, head=held.pk if held else 0)
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


def _findings(report: Report, today: date) -> Quarter:
    return quarter(scope_of(report, today), report.period)


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


def _of_tasks(kind: Kind) -> KindSpec:
    about = FIELDS if kind in LISTS else tuple(filter(None, [SUBJECTS.get(kind)]))
    return KindSpec(
        kind=kind,
        figures=_findings,
        shape=Quarter,
        template="reports/pdf/quarter.html",
        page="reports/frozen.html",
        about=about,
        must=kind in SUBJECTS,
    )


KINDS: Mapping[Kind, KindSpec] = {kind: _of_tasks(kind) for kind in Kind if kind != Kind.LETTER} | {
    Kind.LETTER: KindSpec(
        kind=Kind.LETTER,
        figures=_letter,
        shape=UrgingLetter,
        template="reports/pdf/letter.html",
        page="reports/frozen_letter.html",
    )
}
