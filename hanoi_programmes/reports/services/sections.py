"""Drawing the sections of a report, by several hands at once, and what was drawn before."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.functions import Now

from hanoi_programmes.reports import papers, pdf
from hanoi_programmes.reports.models import RenderedSection, Report, ReportSection
from hanoi_programmes.reports.querysets import SectionQuerySet
from hanoi_programmes.reports.states import SectionState, State

# Longer than any section takes on a busy machine; drawn twice it is the same, only for nothing.
LEASE = timedelta(seconds=60)
FOLDER = "reports/parts"
_PAUSE_SECONDS = 0.2
_GONE = (FileNotFoundError, RenderedSection.DoesNotExist)


@dataclass(frozen=True, slots=True)
class Hand:
    """One worker at the sections of one report: it knows how to compose each of them."""

    report: Report
    plans: dict[str, papers.Plan]
    token: UUID = field(default_factory=uuid4)

    @classmethod
    def at(cls, report: Report) -> "Hand":
        """For a report whose figures are frozen."""
        plans = papers.plan(report, report.snapshot or {})
        return cls(report, {plan.key: plan for plan in plans})

    def lay(self) -> None:
        """Write down what is to be drawn; what was drawn for another report is done already."""
        plans = list(self.plans.values())
        known = _known([plan.digest for plan in plans])
        rows = [
            ReportSection(
                report=self.report,
                position=position,
                key=plan.key,
                title=plan.title[:500],
                digest=plan.digest,
                pages=known.get(plan.digest, 0),
                state=SectionState.DONE if plan.digest in known else SectionState.WAITING,
            )
            for position, plan in enumerate(plans)
        ]
        with transaction.atomic():
            ReportSection.objects.filter(report=self.report).delete()
            ReportSection.objects.bulk_create(rows)

    def take(self) -> ReportSection | None:
        """A free section of the report while it is being made; no two hands get the same one."""
        wanted = ReportSection.objects.free().filter(
            report=self.report, report__state=State.RUNNING
        )
        with transaction.atomic():
            row = wanted.select_for_update(skip_locked=True, of=("self",)).first()
            if row is not None:
                lease = {"claim": self.token, "lease_until": Now() + LEASE}
                ReportSection.objects.filter(pk=row.pk).update(**lease)
        return row

    def draw(self, row: ReportSection) -> None:
        """Draw a section that was taken; after an error others may take it."""
        try:
            rendered = rendering(self.report, self.plans[row.key])
        except BaseException:
            self._held(row).update(claim=None, lease_until=None)
            raise
        self._held(row).update(
            state=SectionState.DONE, pages=rendered.pages, claim=None, lease_until=None
        )

    def _held(self, row: ReportSection) -> SectionQuerySet:
        return ReportSection.objects.filter(pk=row.pk, claim=self.token)

    def draw_all(self, step: Callable[[], None]) -> None:
        """Draw what is free, wait for what others hold; `step` is called before each."""
        waiting = ReportSection.objects.waiting().filter(report=self.report)
        while True:
            step()
            row = self.take()
            if row is not None:
                self.draw(row)
            elif waiting.exists():
                time.sleep(_PAUSE_SECONDS)
            else:
                return

    def lend(self) -> int:
        """Draw what is free and go; how many sections it was."""
        drawn = 0
        while (row := self.take()) is not None:
            self.draw(row)
            drawn += 1
        return drawn

    def parts(self) -> list[pdf.Part]:
        """All sections as they were drawn, in order, with the report's own foot."""
        foot = papers.foot(self.report, self.report.snapshot or {})
        return [
            pdf.Part(plan.title, self._bytes(plan), own_pages=plan.own_pages, foot=foot)
            for plan in self.plans.values()
        ]

    def _bytes(self, plan: papers.Plan) -> bytes:
        """The drawn part; drawn again where its file was lost."""
        try:
            with RenderedSection.objects.get(digest=plan.digest).file.open("rb") as file:
                return bytes(file.read())
        except _GONE:
            RenderedSection.objects.filter(digest=plan.digest).delete()
            with rendering(self.report, plan).file.open("rb") as file:
                return bytes(file.read())


def _known(digests: list[str]) -> dict[str, int]:
    """Pages of parts that are drawn already; they count as used now."""
    found = RenderedSection.objects.filter(digest__in=digests)
    found.update(used_at=Now())
    return dict(found.values_list("digest", "pages"))


def rendering(report: Report, plan: papers.Plan) -> RenderedSection:
    """The drawn part of a plan, from the store or drawn now."""
    found = RenderedSection.objects.filter(digest=plan.digest).first()
    if found is not None:
        return found
    paper = pdf.lay_out(plan.compose(), profile=report.profile, numbered=False)
    content, name = paper.write(), uuid4().hex
    place = f"{FOLDER}/{name[:2]}/{name}.pdf"
    try:
        stored = default_storage.save(place, ContentFile(content))
    except OSError:
        # The disk is full: what was written of the part goes too.
        default_storage.delete(place)
        raise
    facts = {"file": stored, "pages": paper.pages, "size": len(content)}
    times = {"made_at": Now(), "used_at": Now()}
    row, is_new = RenderedSection.objects.get_or_create(
        digest=plan.digest, defaults={**facts, **times}
    )
    if not is_new:
        default_storage.delete(stored)
    return row
