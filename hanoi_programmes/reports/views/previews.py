"""The first page of a paper in small, with the real figures of what is being asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hanoi_programmes.people.models import User
from hanoi_programmes.reports import rules, services
from hanoi_programmes.reports.figures import Part, Scope, Tally, View, matters, parts
from hanoi_programmes.reports.forms import ReportForm
from hanoi_programmes.reports.kinds import Wish, scope_of
from hanoi_programmes.reports.models import Report
from hanoi_programmes.reports.models.about import field_of
from hanoi_programmes.reports.rules import Letterhead
from hanoi_programmes.reports.states import WRITTEN, Kind, Profile, TextPart
from hanoi_programmes.ui.templatetags.ui import number

_ROWS = 7
_BY_PLACE = (Kind.RESOLUTION, Kind.PROGRAMME, Kind.TABLES)
_SHORT = {Profile.PARTY: "05-HD/VPTW", Profile.STATE: "NĐ 30/2020", Profile.PLAIN: "bản làm việc"}


@dataclass(frozen=True, slots=True)
class Preview:
    """What the small page shows: letterhead, title, a sentence of numbers, a short table.

    `written` is how many of the office's parts hold words; None where the kind has none.
    """

    draft: Report
    letterhead: Letterhead
    profile: str
    tally: Tally
    head: tuple[str, ...]
    rows: list[tuple[str, ...]]
    written: int | None
    query: str

    @property
    def parts(self) -> int:
        """How many places there are for words."""
        return len(TextPart)


def draft_of(wish: Wish, user: User, today: date) -> Report:
    """The report that would be made, not saved."""
    draft = Report(
        kind=wish.kind,
        rhythm=wish.rhythm,
        period_start=wish.period.start,
        period_end=wish.period.end,
        as_of=wish.as_of,
        issuer=wish.issuer,
        profile=wish.profile or rules.profile_for(wish.issuer, user.unit),
        named=wish.named,
        unit=user.unit,
        requested_by=user,
        requested_on=today,
    )
    if wish.subject is not None:
        setattr(draft, field_of(wish.subject), wish.subject)
    return draft


def preview_of(form: ReportForm) -> Preview:
    """The page of a form that is valid."""
    draft = draft_of(form.wanted(), form.user, form.today)
    scope = scope_of(draft, form.today)
    cut = parts(scope)
    head, rows = _table(Kind(draft.kind), scope, cut.resolutions, cut.units, cut.areas)
    is_written = draft.kind in WRITTEN
    return Preview(
        draft=draft,
        letterhead=rules.letterhead(draft),
        profile=_SHORT[Profile(draft.profile)],
        tally=cut.numbers.tally,
        head=head,
        rows=rows,
        written=sum(bool(row.text) for row in services.written(draft).values())
        if is_written
        else None,
        query=form.address(),
    )


def _table(
    kind: Kind,
    scope: Scope,
    resolutions: tuple[Part, ...],
    units: tuple[Part, ...],
    areas: tuple[Part, ...],
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    if kind in {Kind.EXCEPTIONS, Kind.URGING}:
        late = matters(scope, View.OVERDUE, limit=_ROWS)
        lines: list[tuple[str, ...]] = [
            (row.text, row.unit, f"{number(row.late)} ngày") for row in late
        ]
        return ("Nhiệm vụ", "Chủ trì", "Quá hạn"), lines
    first, found = "Nghị quyết", resolutions
    if kind in _BY_PLACE:
        first, found = "Đơn vị", units
    elif kind == Kind.AREAS:
        first, found = "Phường, xã", areas
    return (first, "Tổng", "Đến hạn", "Đúng hạn", "Quá hạn"), list(_lines(found))


def _lines(found: Iterable[Part]) -> Iterable[tuple[str, ...]]:
    for part in [part for part in found if part.tally.total][:_ROWS]:
        tally = part.tally
        counts = (tally.total, tally.due, tally.completed_on_time, tally.overdue)
        yield (part.name, *map(number, counts))
