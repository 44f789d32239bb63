"""The office's own words in a paper, kept by kind, subject and period, never overwritten unseen.

A paper that is not made yet is an unsaved `Report`: its kind, subject and period are the key.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from hanoi_programmes.lib.dates import previous
from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.services.history import (
    WORK,
    Act,
    Told,
    place_was_changed,
    record_place,
)
from hanoi_programmes.reports import rules
from hanoi_programmes.reports.models import Report, ReportText
from hanoi_programmes.reports.models.about import FIELDS
from hanoi_programmes.reports.states import TextPart

Written = dict[TextPart, ReportText]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into a part, and what its writer had seen there: version and mark of it."""

    text: str
    version: int
    seen: str

    @property
    def is_touched(self) -> bool:
        """Other than what was shown."""
        return mark_of(self.text) != self.seen


class Clashed(Exception):
    """Somebody else wrote these parts meanwhile; nothing of the form was written."""

    def __init__(self, parts: Written) -> None:
        super().__init__("texts clash")
        self.parts = parts


def mark_of(text: str) -> str:
    """A short mark by which a text is known again."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def written(paper: Report) -> Written:
    """The parts that hold words, each with who wrote it when."""
    rows = ReportText.objects.of(paper).select_related("by__unit")
    return {TextPart(row.part): row for row in rows}


def written_before(paper: Report) -> Written:
    """The same for the period before."""
    earlier = previous(paper.period, paper.rhythm)
    copied = {name: getattr(paper, name) for name in ("kind", "rhythm", "requested_by")}
    before = Report(**copied, period_start=earlier.start, period_end=earlier.end)
    if paper.about_what is not None:
        field = next(name for name in FIELDS if getattr(paper, name) is not None)
        setattr(before, field, paper.about_what)
    return {part: row for part, row in written(before).items() if row.text}


@transaction.atomic
def keep_texts(paper: Report, typed: Mapping[TextPart, Typed], *, act: Act) -> list[TextPart]:
    """Keep what was typed; the parts that changed. The same form writes once.

    A part that its writer did not touch keeps what others wrote. Raises `Clashed` when one that was
    touched has been written by somebody else since it was shown, and `Denied` for who may not.
    """
    if act.by is None or act.by.unit is None:
        raise Denied("Nội dung báo cáo phải do một người viết.")
    require(rules.may_write_texts(act.by, paper))
    # Writers of one paper are of one unit: they take turns.
    unit = Unit.objects.select_for_update(no_key=True).get(pk=act.by.unit.pk)
    if place_was_changed(act):
        return []
    stored = written(paper)
    touched = {part: said for part, said in typed.items() if said.is_touched}
    if clashes := {part: stored[part] for part in touched if _clash(stored.get(part), typed[part])}:
        raise Clashed(clashes)
    changed = {part: said.text for part, said in touched.items() if _old(stored, part) != said.text}
    if changed:
        changes = {part.value: [_old(stored, part), text] for part, text in changed.items()}
        words = f"Viết nội dung báo cáo: {paper.subject}"
        record_place(act, Told(f"{WORK}report-text", words[:300], "", changes), unit=unit)
    for part, text in changed.items():
        _write(paper, part, text, stored.get(part), act)
    return list(changed)


def _clash(row: ReportText | None, said: Typed) -> bool:
    return row is not None and row.version != said.version and row.text != said.text


def _old(stored: Written, part: TextPart) -> str:
    return stored[part].text if part in stored else ""


def _write(paper: Report, part: TextPart, text: str, row: ReportText | None, act: Act) -> None:
    live = row or ReportText(
        kind=paper.kind,
        subject=paper.topic,
        period_start=paper.period_start,
        period_end=paper.period_end,
        part=part,
        version=0,
    )
    assert act.by is not None  # noqa: S101 - asked for before
    live.text, live.by, live.at, live.version = text, act.by, act.at, live.version + 1
    live.save()
