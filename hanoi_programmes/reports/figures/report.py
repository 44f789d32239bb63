"""The figures of a report: a period's movement and its last day, beside the period before."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from hanoi_programmes.lib.dates import Period, previous
from hanoi_programmes.people.models import Area, Unit
from hanoi_programmes.people.roles import Confidence
from hanoi_programmes.people.rules import heads_of
from hanoi_programmes.programmes.models import ActionProgramme
from hanoi_programmes.reports.figures.cells import together, whoever_leads
from hanoi_programmes.reports.figures.matters import Matter, View, matters
from hanoi_programmes.reports.figures.movement import MOVED_PRINTED, Moved, Movement, movement
from hanoi_programmes.reports.figures.overview import Overview, overview
from hanoi_programmes.reports.figures.parts import MIN_DUE, Part
from hanoi_programmes.reports.figures.scope import Scope
from hanoi_programmes.reports.figures.tally import Tally
from hanoi_programmes.reports.states import TextPart

# A report is read in a meeting: more lines than this belong to the list, which it names.
MATTERS_PRINTED = 60
UNSORTED = "Chưa phân loại"
_NAMED = 5


@dataclass(frozen=True, slots=True)
class InPeriod:
    """Numbers of tasks that in the period were issued, came due, and were done."""

    issued: int
    came_due: int
    done: int


@dataclass(frozen=True, slots=True)
class Basis:
    """A document on which the report rests."""

    resolution: str
    resolution_on: date
    field: str
    programme: str
    programme_on: date | None
    programme_issuer: str


@dataclass(frozen=True, slots=True)
class Said:
    """The office's own words for one part (`states.TextPart`)."""

    part: str
    text: str

    @property
    def paragraphs(self) -> list[str]:
        """The lines that are not empty."""
        return [line for line in map(str.strip, self.text.splitlines()) if line]


@dataclass(frozen=True, slots=True)
class Before:
    """The state at the end of the period before, and what moved in that one."""

    tally: Tally
    movement: Movement


@dataclass(frozen=True, slots=True)
class Compared:
    """One number beside that of the period before; `query` opens the rows of now."""

    label: str
    now: int
    before: int | None
    query: str = ""

    @property
    def change(self) -> int | None:
        """Since the period before; None when nothing was counted then."""
        return None if self.before is None else self.now - self.before


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything a report prints. `illustrative` is true when a counted task is made-up data.

    `before` is None when nothing was counted then. Reports from before comparisons lack all that
    has a default.
    """

    start: date
    end: date
    overview: Overview
    period: InPeriod
    basis: tuple[Basis, ...]
    overdue: tuple[Matter, ...]
    blocked: tuple[Matter, ...]
    illustrative: bool
    movement: Movement | None = None
    before: Before | None = None
    texts: tuple[Said, ...] = ()
    # Who answers for the unit or is the head reported on: the post, and the person if named.
    head: str = ""
    query: str = ""

    @property
    def causes(self) -> list[tuple[str, int]]:
        """Kinds of obstacles among those printed, the most frequent first; unnamed ones last."""
        found = Counter(matter.cause or UNSORTED for matter in self.blocked)
        return sorted(found.items(), key=lambda row: (row[0] == UNSORTED, -row[1], row[0]))

    @property
    def deciders(self) -> list[tuple[str, list[Matter]]]:
        """Waiting matters by who must decide, most matters first."""
        found: dict[str, list[Matter]] = {}
        for matter in self.blocked:
            found.setdefault(matter.decider, []).append(matter)
        return sorted(found.items(), key=lambda row: (-len(row[1]), row[0]))

    @property
    def moves(self) -> list[Compared]:
        """What moved in the period beside what moved in the one before."""
        now, then = self.movement, self.before.movement if self.before else None
        if now is None:
            return []
        names = {
            "finished": "Hoàn thành",
            "lapsed": "Trở thành quá hạn",
            "extended": "Được gia hạn",
            "unheard": "Không có cập nhật trong kỳ",
        }
        return [
            Compared("Giao mới", now.issued, then.issued if then else None),
            Compared("Đến hạn", now.came_due, then.came_due if then else None),
            *(
                Compared(label, moved.number, _number(then, name), moved.query)
                for name, label in names.items()
                for moved in [getattr(now, name)]
            ),
        ]

    @property
    def standing(self) -> list[Compared]:
        """The state on the day beside that at the end of the period before."""
        now, then = self.overview.tally, self.before.tally if self.before else None
        names = {
            "total": "Tổng số nhiệm vụ",
            "due": "Đã đến hạn",
            "completed_on_time": "Hoàn thành đúng hạn",
            "completed_late": "Hoàn thành quá hạn",
            "overdue": "Quá hạn chưa hoàn thành",
            "awaiting": "Chờ xác nhận",
        }
        return [
            Compared(label, getattr(now, name), getattr(then, name) if then else None)
            for name, label in names.items()
        ]

    @property
    def points(self) -> float | None:
        """Percentage points by which the on-time rate changed since the period before."""
        then = self.before
        return self.overview.tally.on_time.points_since(then.tally.on_time) if then else None

    @property
    def best(self) -> list[Part]:
        """Lead units without a late task, of which enough has come due; the most work first."""
        units = [part for part in self.overview.units if _is_clean(part)]
        return sorted(units, key=lambda part: (-part.tally.due, part.name))[:_NAMED]

    @property
    def worst(self) -> list[Part]:
        """Lead units with most late tasks."""
        return [part for part in self.overview.units if part.tally.overdue][:_NAMED]

    @property
    def said(self) -> dict[str, list[str]]:
        """The office's paragraphs by part; none where it wrote nothing."""
        written = {said.part: said.paragraphs for said in self.texts}
        return {part.value: written.get(part, []) for part in TextPart}


def _number(then: Movement | None, name: str) -> int | None:
    moved: Moved | None = getattr(then, name) if then else None
    return moved.number if moved else None


def _is_clean(part: Part) -> bool:
    tally = part.tally
    return not tally.overdue and not tally.completed_late and tally.due >= MIN_DUE


@dataclass(frozen=True, slots=True)
class Wanted:
    """What findings are asked with; `rows` of each movement are named."""

    scope: Scope
    period: Period
    rhythm: str
    texts: tuple[Said, ...] = ()
    head: str = ""
    rows: int = MOVED_PRINTED


def findings(wanted: Wanted) -> Findings:
    """Compute the report's figures: of the period's tasks, as of the scope's day."""
    scope, period = wanted.scope, wanted.period
    counted = scope.counted()
    moved = movement(scope, period, wanted.rhythm, rows=wanted.rows)
    return Findings(
        start=period.start,
        end=period.end,
        overview=overview(scope),
        period=InPeriod(moved.issued, moved.came_due, moved.finished.number),
        basis=_basis(scope),
        overdue=matters(scope, View.OVERDUE, limit=MATTERS_PRINTED),
        blocked=matters(scope, View.BLOCKED, limit=MATTERS_PRINTED),
        illustrative=counted.filter(confidence=Confidence.ILLUSTRATIVE).exists(),
        movement=moved,
        before=_before(wanted),
        texts=wanted.texts,
        head=wanted.head,
        query=scope.query(),
    )


def _before(wanted: Wanted) -> Before | None:
    """The period before, as it stood on its last day."""
    period = previous(wanted.period, wanted.rhythm)
    scope = replace(wanted.scope, on=min(period.end, wanted.scope.today))
    tally = together(whoever_leads(scope)).tally
    if not tally.total:
        return None
    return Before(tally, movement(scope, period, wanted.rhythm, rows=0))


def _basis(scope: Scope) -> tuple[Basis, ...]:
    """The programmes in scope with their resolutions; a draft has no number to rest on."""
    rows = ActionProgramme.objects.visible_to(scope.user).select_related("resolution")
    if scope.resolution:
        rows = rows.filter(resolution__key=scope.resolution)
    if scope.choice.programme:
        rows = rows.filter(key=scope.choice.programme)
    return tuple(
        Basis(
            resolution=row.resolution.number,
            resolution_on=row.resolution.issued_on,
            field=row.resolution.field,
            programme=row.number,
            programme_on=row.issued_on,
            programme_issuer=row.issuer,
        )
        for row in rows
    )


def head_line(unit: Unit, on: date) -> str:
    """The head post of a unit and who held it on the day; empty while it is vacant."""
    held = heads_of({unit.pk}, on=on).get(unit.pk)
    if held is None:
        return ""
    title, name = held.post.title, held.user.display_name
    # Illustrative accounts bear the name of their post.
    return name if name.startswith(title) else f"{title} {name}"


@dataclass(frozen=True, slots=True)
class AreaPaper:
    """The report of one ward or commune of a batch."""

    code: str
    name: str
    findings: Findings


@dataclass(frozen=True, slots=True)
class AreaBatch:
    """One report for each area, all of one day."""

    start: date
    end: date
    areas: tuple[AreaPaper, ...]
    illustrative: bool = False


def area_batch(wanted: Wanted, areas: "list[Area]") -> AreaBatch:
    """The findings of each area, as a report on it alone would have them."""
    papers = tuple(
        AreaPaper(area.code, area.name, findings(_in_area(wanted, area.code))) for area in areas
    )
    return AreaBatch(
        start=wanted.period.start,
        end=wanted.period.end,
        areas=papers,
        illustrative=any(paper.findings.illustrative for paper in papers),
    )


def _in_area(wanted: Wanted, code: str) -> Wanted:
    choice = replace(wanted.scope.choice, area=code)
    return replace(wanted, scope=replace(wanted.scope, choice=choice))
