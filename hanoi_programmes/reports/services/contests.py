"""A unit says that a figure of its scorecard is wrong; the office answers."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.services.history import Act, Told, place_was_changed, record_place
from hanoi_programmes.reports import rules
from hanoi_programmes.reports.models import FigureContest
from hanoi_programmes.reports.states import Figure


@dataclass(frozen=True, slots=True)
class Objection:
    """Which figure, what the page said, where and as of which day, and what is wrong with it."""

    figure: Figure
    shown: str
    address: str
    as_of: date
    text: str


@transaction.atomic
def contest(unit: Unit, objection: Objection, *, act: Act) -> None:
    """Write the objection down for the office; the same form writes once. Raises `Denied`."""
    live = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if place_was_changed(act):
        return
    if act.by is None:
        raise Denied("Báo số liệu chưa đúng phải do một người gửi.")
    require(rules.may_contest(act.by, live))
    FigureContest.objects.create(
        unit=live,
        figure=objection.figure,
        shown=objection.shown,
        address=objection.address,
        as_of=objection.as_of,
        text=objection.text,
        by=act.by,
        at=act.at,
    )
    words = f"Báo số liệu chưa đúng: {objection.figure.label}, đang hiện {objection.shown}"
    record_place(act, Told("contest-figure", words[:300], objection.text), unit=live)


@transaction.atomic
def answer_contest(row: FigureContest, text: str, *, is_upheld: bool, act: Act) -> None:
    """The office's one answer; the same form writes once. Raises `Denied` when there is one."""
    live = FigureContest.objects.select_for_update(of=("self",)).select_related(
        "unit", "answered_by__unit"
    )
    found = live.get(pk=row.pk)
    if place_was_changed(act):
        return
    if act.by is None:
        raise Denied("Câu trả lời phải do một người gửi.")
    require(rules.may_answer_contest(act.by))
    require(rules.is_unanswered(found))
    found.is_upheld, found.answer = is_upheld, text
    found.answered_by, found.answered_at = act.by, act.at
    found.save(update_fields=["is_upheld", "answer", "answered_by", "answered_at"])
    verdict = "số liệu sai, sẽ sửa" if is_upheld else "số liệu đúng"
    words = f"Trả lời báo số liệu chưa đúng ({found.figure_label}): {verdict}"
    record_place(act, Told("answer-contest", words[:300], text), unit=found.unit)
