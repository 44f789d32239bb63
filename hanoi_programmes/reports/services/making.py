"""Making a report step by step: figures, sections, one file; stopping it, trying again."""

from collections.abc import Callable
from datetime import date, timedelta
from types import TracebackType
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.models import User
from hanoi_programmes.reports import papers, pdf, rules
from hanoi_programmes.reports.kinds import KINDS
from hanoi_programmes.reports.models import Report, ReportSection
from hanoi_programmes.reports.querysets import ReportQuerySet
from hanoi_programmes.reports.services.files import Made, discard, files_of, store
from hanoi_programmes.reports.services.sections import Hand
from hanoi_programmes.reports.services.telling import tell_ended
from hanoi_programmes.reports.shapes import freeze
from hanoi_programmes.reports.states import Kind, State

# Renewed at each section and step, none of which takes as long on a busy machine.
LEASE = timedelta(seconds=180)
ATTEMPTS = 3
# So many sections are worth a further pair of hands.
SECTIONS_A_HAND = 4
# What a failed report says; the choices stay, and one button tries again.
_FULL = "Không ghi được tệp: máy chủ hết chỗ hoặc thiếu quyền ghi. Báo quản trị rồi thử lại."
_BROKEN = (
    "Hệ thống gặp lỗi khi lập báo cáo. Lựa chọn đã lưu; thử lại, nếu vẫn lỗi thì báo quản trị."
)
_GONE = f"Đã thử {ATTEMPTS} lần nhưng máy dừng giữa chừng. Thử lại, nếu vẫn lỗi thì báo quản trị."
_EMPTY = "Không có phường, xã nào trong phạm vi được xem vào ngày chốt số liệu. Chọn ngày khác."

Lend = Callable[[int, int], object]


class Stopped(Exception):
    """The report was cancelled, or another worker has it now: nothing more is to be written."""


class Empty(Exception):
    """There is nothing that could be a paper; the sentence says why."""


def claim(pk: int) -> Report | None:
    """Take a waiting or abandoned report for one worker; None when there is nothing to take."""
    _give_up(pk)
    taken = Report.objects.free().filter(pk=pk)
    token = uuid4()
    lease = {"claim": token, "lease_until": Now() + LEASE, "started_at": Now()}
    if not taken.update(state=State.RUNNING, step=0, attempts=F("attempts") + 1, **lease):
        return None
    return _known().get(pk=pk, claim=token)


def _known() -> ReportQuerySet:
    return Report.objects.select_related(
        "requested_by__unit", "unit__axis", "unit__area", "addressee", "source", *Report.JOINS
    )


def _give_up(pk: int) -> None:
    """What killed its worker so often would kill the next one too."""
    killers = Report.objects.free().filter(pk=pk, state=State.RUNNING, attempts__gte=ATTEMPTS)
    with transaction.atomic():
        if killers.update(state=State.FAILED, error=_GONE, finished_at=Now(), claim=None):
            tell_ended(pk)


def make(pk: int, *, today: date, lend: Lend | None = None) -> Report | None:
    """Make the report if nobody else does; None when there was nothing to do or it was stopped.

    `lend(pk, hands)` asks further workers to help. An error marks the report as failed with a
    sentence, and goes on to the job's log.
    """
    report = claim(pk)
    if report is None:
        return None
    with _Attempt(report) as attempt:
        _make(report, today, attempt, lend)
        return report
    return None


def _make(report: Report, today: date, attempt: "_Attempt", lend: Lend | None) -> None:
    attempt.step(0)
    if report.snapshot is None:
        attempt.freeze(_snapshot(report, today))
    attempt.draw_with(papers.template_version(report.profile))
    hand = Hand.at(report)
    if not hand.plans:
        raise Empty(_EMPTY)
    hand.lay()
    if lend is not None and (hands := len(hand.plans) // SECTIONS_A_HAND):
        lend(report.pk, hands)
    hand.draw_all(lambda: attempt.step(1))
    attempt.step(2)
    made = files_of(hand)
    attempt.step(3)
    attempt.finish(made)


def _snapshot(report: Report, today: date) -> dict[str, object]:
    """The figures: those of the version that this one is another of, else those of now."""
    if report.source is not None and report.source.snapshot is not None:
        return dict(report.source.snapshot)
    return freeze(KINDS[Kind(report.kind)].figures(report, today))


def lend_hand(pk: int) -> int:
    """Draw sections of a report that another worker is making; how many they were."""
    report = _known().filter(pk=pk, state=State.RUNNING, snapshot__isnull=False).first()
    waits = ReportSection.objects.free().filter(report=pk).exists()
    return Hand.at(report).lend() if report is not None and waits else 0


class _Attempt:
    """One worker's hold on a report: renews the lease at each step, and ends it well or badly."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._held = Report.objects.filter(pk=report.pk, claim=report.claim, state=State.RUNNING)

    def step(self, number: int) -> None:
        """Say how far the work is; raises `Stopped` when it is no longer wanted from us."""
        self._write(step=number)

    def _write(self, **values: object) -> None:
        if not self._held.update(lease_until=Now() + LEASE, **values):
            raise Stopped

    def freeze(self, figures: dict[str, object]) -> None:
        """Keep the figures: whoever goes on with this report, or makes it again, prints these."""
        self._write(snapshot=figures)
        self._report.snapshot = figures

    def draw_with(self, version: str) -> None:
        """Keep which templates draw it."""
        self._write(template_version=version)
        self._report.template_version = version

    def finish(self, made: Made) -> None:
        """Keep the files and say so in one conditional write; a report that was cancelled
        meanwhile has none, nor has one whose disk is full."""
        stored = store(made)
        kept = 0
        try:
            kept = self._done(made, stored)
        finally:
            if not kept:
                discard(stored.values())
        if not kept:
            raise Stopped
        ReportSection.objects.filter(report=self._report).delete()

    @transaction.atomic
    def _done(self, made: Made, stored: dict[str, str]) -> int:
        """Who waits for it is told with the same write, or not at all; what is only drawn again
        from figures that were told long ago is news for nobody."""
        kept = self._held.update(
            state=State.DONE,
            **stored,
            size=made.size,
            pages=made.pages,
            sha256=made.sha256,
            finished_at=Now(),
            claim=None,
            lease_until=None,
        )
        if kept and not self._report.sha256:
            tell_ended(self._report.pk)
        return kept

    @transaction.atomic
    def _fail(self, why: str) -> None:
        """Only the word of who holds it counts; who waits for it is told with the same write."""
        ended = {"finished_at": Now(), "claim": None, "lease_until": None}
        if self._held.update(state=State.FAILED, error=why, **ended):
            tell_ended(self._report.pk)

    def __enter__(self) -> "_Attempt":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if isinstance(error, Exception) and not isinstance(error, Stopped):
            self._fail(_sentence(error))
        return isinstance(error, Stopped | Empty)


def _sentence(error: Exception) -> str:
    if isinstance(error, pdf.NoFont | Empty):
        return str(error)
    return _FULL if isinstance(error, OSError) else _BROKEN


def cancel(report: Report, *, by: User) -> None:
    """Stop a report that is not finished; the worker notices before its next section."""
    require(rules.may_change(by, report))
    others = report.recipients.exclude(user=by)
    if report.schedule_id is None and others.exists() and report.requested_by_id == by.pk:
        raise Denied("Còn người khác chờ báo cáo này nên không hủy được.")
    stopped = Report.objects.unfinished().filter(pk=report.pk)
    if not stopped.update(state=State.CANCELLED, finished_at=Now(), claim=None, lease_until=None):
        raise Denied("Báo cáo đã kết thúc nên không hủy được nữa. Tải lại trang để xem kết quả.")


def retry(report: Report, *, by: User) -> None:
    """Put a failed or cancelled report back in the queue, with the choices it had; one whose files
    were cleared by rule is drawn again from its figures."""
    require(rules.may_change(by, report))
    same = Report.objects.filter(pk=report.pk)
    # What was never finished counts anew; what was keeps its figures for ever.
    same.ended().filter(sha256="").update(snapshot=None)
    _again(same.ended() | same.cleared())


def draw_again(report: Report) -> None:
    """Draw a report again whose files were cleared; its figures stay as they are. Whoever may see
    it may ask for it."""
    _again(Report.objects.filter(pk=report.pk).cleared())


def _again(reports: ReportQuerySet) -> None:
    fresh: dict[str, object] = {"step": 0, "attempts": 0, "error": "", "waiting_since": Now()}
    fresh |= {"started_at": None, "finished_at": None}
    try:
        with transaction.atomic():
            again = reports.update(state=State.WAITING, **fresh)
    except IntegrityError as error:
        raise Denied("Báo cáo giống hệt đang được lập. Chờ báo cáo đó xong.") from error
    if not again:
        raise Denied("Báo cáo này không cần lập lại. Tải lại trang để xem kết quả.")
