"""Units' own plans for a programme: recorded, corrected, taken over from pasted lines."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from hanoi_programmes.lib.text import fold, secrecy_mark
from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.people.services.history import Act, Told, place_was_changed, record_place
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.models import ActionProgramme, PlanIssuance

# A plan's number as papers carry it: a figure, a stroke, letters.
NUMBER = re.compile(r"\d+[\w.-]*/\S.*")
NUMBER_WANTED = "Nhập số và ký hiệu, ví dụ 118/KH-UBND."
MOST_LINES = 700
LONGEST_NUMBER = 60
_DAY = "%d/%m/%Y"
# Unit, number, day.
_PARTS = 3


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on the plan."""

    number: str
    issued_on: date
    title: str = ""


@transaction.atomic
def record_plan(programme: ActionProgramme, unit: Unit, paper: Paper, *, act: Act) -> PlanIssuance:
    """Write down the unit's plan, or correct what was written; one plan a unit and programme.

    The same form sent twice, or the same words again, write nothing more. Raises `Denied`.
    """
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    known = PlanIssuance.objects.filter(programme=programme, unit=unit).first()
    if place_was_changed(act) and known:
        return known
    if act.by is None:
        raise Denied("Việc ghi kế hoạch phải do một người thực hiện.")
    require(rules.may_record_plan(act.by, unit, programme))
    require(
        rules.may_be_issued(unit, programme, issued_on=paper.issued_on, today=act.on)
        if known is None
        else rules.day_fits(programme, issued_on=paper.issued_on, today=act.on)
    )
    if known is None:
        return _write_down(programme, unit, paper, act, by=act.by)
    return _correct(known, paper, act)


def _write_down(
    programme: ActionProgramme, unit: Unit, paper: Paper, act: Act, *, by: User
) -> PlanIssuance:
    row = PlanIssuance.objects.create(
        programme=programme,
        unit=unit,
        number=paper.number,
        title=paper.title,
        issued_on=paper.issued_on,
        by=by,
        recorded_at=act.at,
    )
    words = f"Ban hành kế hoạch {row} thực hiện chương trình {programme}"
    record_place(act, Told("plan-issue", words[:300], paper.title), unit=unit)
    return row


def _correct(row: PlanIssuance, paper: Paper, act: Act) -> PlanIssuance:
    before = Paper(row.number, row.issued_on, row.title)
    if before == paper:
        return row
    row.number, row.issued_on, row.title = paper.number, paper.issued_on, paper.title
    row.is_illustrative = False
    row.save()
    pairs = {
        "number": [before.number, paper.number],
        "issued_on": [before.issued_on.isoformat(), paper.issued_on.isoformat()],
        "title": [before.title, paper.title],
    }
    changes = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    words = f"Sửa kế hoạch thực hiện chương trình {row.programme}, nay là {row}"
    record_place(act, Told("plan-correct", words[:300], "", changes), unit=row.unit)
    return row


@dataclass(frozen=True, slots=True)
class PastedLine:
    """One pasted line: its place, its text, what was understood of it, or why it is refused.

    `known` is what is already written down for the unit, which the line would replace.
    """

    place: int
    text: str
    unit: Unit | None = None
    paper: Paper | None = None
    refusal: str = ""
    known: PlanIssuance | None = None

    @property
    def is_new(self) -> bool:
        """Whether it would write anything."""
        return bool(self.unit and self.paper and not self.refusal and not self.is_same)

    @property
    def is_same(self) -> bool:
        """Written down already, word for word."""
        if self.known is None or self.paper is None:
            return False
        return (self.known.number, self.known.issued_on) == (
            self.paper.number,
            self.paper.issued_on,
        )


def read_lines(
    programme: ActionProgramme, text: str, units: Iterable[Unit], *, today: date
) -> list[PastedLine]:
    """Lines "unit; number; day", also as cells copied from a spreadsheet; empty ones are skipped.

    A unit is named as in the list, by its code or by its area; of two lines for one unit the later
    is refused. One query.
    """
    kept = PlanIssuance.objects.filter(programme=programme).select_related("programme")
    reader = _Reader(programme, _called(units), {row.unit_id: row for row in kept}, today)
    found: list[PastedLine] = []
    seen: set[int] = set()
    for place, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip():
            continue
        line = reader.line(place, raw.strip())
        if line.unit and line.unit.pk in seen:
            line = PastedLine(place, line.text, refusal=f"{line.unit} đã có ở dòng trên.")
        elif line.unit:
            seen.add(line.unit.pk)
        found.append(line)
    return found


def _called(units: Iterable[Unit]) -> dict[str, list[Unit]]:
    called: dict[str, list[Unit]] = {}
    for unit in units:
        names = {unit.name, unit.short_name, unit.code, unit.area.name if unit.area else ""}
        for name in {_plain(name) for name in names} - {""}:
            called.setdefault(name, []).append(unit)
    return called


def _plain(name: str) -> str:
    return " ".join(fold(name).split())


@dataclass(frozen=True, slots=True)
class _Reader:
    """What lines are read against: units by what they are called, plans by unit."""

    programme: ActionProgramme
    called: dict[str, list[Unit]]
    known: dict[int, PlanIssuance]
    today: date

    def line(self, place: int, text: str) -> PastedLine:
        parts = [part.strip() for part in re.split(r"[;\t]", text)]
        if len(parts) < _PARTS:
            refusal = "Cần ba phần cách nhau bằng dấu chấm phẩy: tên đơn vị; số; ngày."
            return PastedLine(place, text, refusal=refusal)
        units = self.called.get(_plain(parts[0]), [])
        if len(units) != 1:
            several = f"Có {len(units)} đơn vị cùng tên “{parts[0]}”. Ghi mã đơn vị."
            none = f"Không có đơn vị “{parts[0]}” trong nhóm đã chọn. Ghi như trong danh mục."
            return PastedLine(place, text, refusal=several if units else none)
        paper, refusal = self._paper(parts[1:])
        row = self.known.get(units[0].pk)
        if paper and row and not paper.title:
            paper = replace(paper, title=row.title)
        return PastedLine(place, text, units[0], paper, refusal, row)

    def _paper(self, parts: list[str]) -> tuple[Paper | None, str]:
        number, day, title = parts[0], parts[1], "; ".join(parts[2:])[:300]
        if not NUMBER.fullmatch(number) or len(number) > LONGEST_NUMBER:
            return None, f"Số “{number}” chưa đúng. {NUMBER_WANTED}"
        if mark := secrecy_mark(f"{number} {title}"):
            return None, f"Có dấu “{mark}”. Không đưa nội dung mật lên hệ thống."
        try:
            issued_on = datetime.strptime(day, _DAY).date()  # noqa: DTZ007 - a paper has no zone
        except ValueError:
            return None, f"Ngày “{day}” chưa đúng. Nhập ngày/tháng/năm, ví dụ 05/02/2026."
        verdict = rules.day_fits(self.programme, issued_on=issued_on, today=self.today)
        return Paper(number, issued_on, title), verdict.reason


@transaction.atomic
def record_lines(programme: ActionProgramme, lines: Iterable[PastedLine], *, act: Act) -> int:
    """Write down the good lines, each with its event; how many. Raises `Denied`, then none."""
    written = 0
    # In one order of units, so that two who paste at once wait for each other.
    for line in sorted((line for line in lines if line.is_new), key=_by_unit):
        if line.unit is None or line.paper is None:
            continue
        record_plan(programme, line.unit, line.paper, act=act.for_part(line.unit.pk))
        written += 1
    return written


def _by_unit(line: PastedLine) -> int:
    return line.unit.pk if line.unit else 0
