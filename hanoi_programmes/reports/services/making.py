"""Asking for a report, making it step by step, stopping it, trying again."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import Any
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.models import User
from hanoi_programmes.reports import charts, pdf, rules
from hanoi_programmes.reports.figures import Quarter
from hanoi_programmes.reports.kinds import KINDS, Wish
from hanoi_programmes.reports.models import Report
from hanoi_programmes.reports.models.about import FIELDS, field_of
from hanoi_programmes.reports.services.letters import (
    letter_page,
    letter_word,
)
from hanoi_programmes.reports.shapes import freeze, thaw
from hanoi_programmes.reports.states import UNFINISHED, Kind, State

# Longer than the hard limit of a job: a lease ends only when its worker is surely gone.
LEASE = timedelta(seconds=300)
ATTEMPTS = 3
# What a failed report says; the choices stay, and one button tries again.
_FULL = "Không ghi được tệp: máy chủ hết chỗ hoặc thiếu quyền ghi. Báo quản trị rồi thử lại."
_BROKEN = (
    "Hệ thống gặp lỗi khi lập báo cáo. Lựa chọn đã lưu; thử lại, nếu vẫn lỗi thì báo quản trị."
)
_GONE = f"Đã thử {ATTEMPTS} lần nhưng máy dừng giữa chừng. Thử lại, nếu vẫn lỗi thì báo quản trị."


class Stopped(Exception):
    """The report was cancelled, or another worker has it now: nothing more is to be written."""


def request(wish: Wish, *, by: User, at: datetime, on: date, form_key: UUID) -> Report:
    """Write the request down. The same form, or the same wish while one waits, is one report.

    Raises `Denied` for who sees no programmes, or uses a letterhead or a form that is not theirs.
    """
    require(rules.may_make(by))
    if wish.issuer not in rules.issuers_for(by):
        raise Denied("Không lập được báo cáo dưới tên cơ quan này. Chọn cơ quan ban hành khác.")
    asked = _asked(wish, by)
    rest = {"unit": by.unit, "requested_at": at, "requested_on": on, "form_key": form_key}
    try:
        with transaction.atomic():
            return Report.objects.create(requested_by=by, **asked, **rest)
    except IntegrityError:
        return _twin(by, Q(form_key=form_key) | Q(**asked, state__in=UNFINISHED))


def _asked(wish: Wish, by: User) -> dict[str, Any]:
    """The wish as the columns of a report, also those that are empty."""
    subject = dict.fromkeys(FIELDS)
    if wish.subject is not None:
        subject[field_of(wish.subject)] = wish.subject
    return {
        "kind": wish.kind,
        **subject,
        "rhythm": wish.rhythm,
        "period_start": wish.period.start,
        "period_end": wish.period.end,
        "as_of": wish.as_of,
        "issuer": wish.issuer,
        "profile": wish.profile or rules.profile_for(wish.issuer, by.unit),
        "named": wish.named,
        "source": None,
    }


def _twin(by: User, same: Q) -> Report:
    twin = Report.objects.filter(same, requested_by=by).first()
    if twin is None:
        raise Denied("Biểu mẫu này đã được dùng. Tải lại trang rồi chọn lại.")
    return twin


def claim(pk: int) -> Report | None:
    """Take a waiting or abandoned report for one worker; None when there is nothing to take."""
    _give_up(pk)
    taken = Report.objects.free().filter(pk=pk)
    token = uuid4()
    lease = {"claim": token, "lease_until": Now() + LEASE, "started_at": Now()}
    if not taken.update(state=State.RUNNING, step=0, attempts=F("attempts") + 1, **lease):
        return None
    return Report.objects.select_related(
        "requested_by__unit", "unit__axis", "unit__area", "addressee", *Report.JOINS
    ).get(pk=pk, claim=token)


def _give_up(pk: int) -> None:
    """What killed its worker so often would kill the next one too."""
    killers = Report.objects.free().filter(pk=pk, state=State.RUNNING, attempts__gte=ATTEMPTS)
    killers.update(state=State.FAILED, error=_GONE, finished_at=Now(), claim=None)


def make(pk: int, *, today: date) -> Report | None:
    """Make the report if nobody else does; None when there was nothing to do or it was stopped.

    An error marks the report as failed with a sentence, and goes on to the job's log.
    """
    report = claim(pk)
    if report is None:
        return None
    with _Attempt(report) as attempt:
        _make(report, today, attempt.step)
        return report
    return None


def _make(report: Report, today: date, step: Callable[[int], None]) -> None:
    step(0)
    is_letter = report.kind == Kind.LETTER
    frozen = freeze(KINDS[Kind(report.kind)].figures(report, today))
    step(1)
    page = letter_page(report, frozen) if is_letter else _page(report, frozen)
    step(2)
    paper = pdf.lay_out(page, profile=report.profile)
    step(3)
    _store(report, frozen, paper, letter_word(report, frozen) if is_letter else b"")


def _page(report: Report, frozen: dict[str, object]) -> str:
    return pdf.compose(_content(report, thaw(Quarter, frozen)))


def _content(report: Report, figures: Quarter) -> dict[str, object]:
    overview = figures.overview
    return {
        "report": report,
        "letterhead": rules.letterhead(report),
        "figures": figures,
        "overview": overview,
        "curve": charts.curve(overview.curve, charts.PAPER),
        "bars": [(part, charts.paper_bar(part.tally, part.key)) for part in overview.resolutions],
        "axes": [(part, charts.paper_bar(part.tally, part.key)) for part in overview.axes],
        "key": charts.key(),
    }


class _Attempt:
    """One worker's hold on a report: renews the lease at each step, and ends it well or badly."""

    def __init__(self, report: Report) -> None:
        self._held = Report.objects.filter(pk=report.pk, claim=report.claim, state=State.RUNNING)

    def step(self, number: int) -> None:
        """Say how far the work is; raises `Stopped` when it is no longer wanted from us."""
        if not self._held.update(step=number, lease_until=Now() + LEASE):
            raise Stopped

    def __enter__(self) -> "_Attempt":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if isinstance(error, Exception) and not isinstance(error, Stopped):
            self._held.update(
                state=State.FAILED,
                error=_sentence(error),
                finished_at=Now(),
                claim=None,
                lease_until=None,
            )
        return isinstance(error, Stopped)


def _sentence(error: Exception) -> str:
    if isinstance(error, pdf.NoFont):
        return str(error)
    return _FULL if isinstance(error, OSError) else _BROKEN


def _store(report: Report, frozen: dict[str, object], paper: pdf.Paper, word: bytes) -> None:
    """Keep the files and say so in one conditional write; a report cancelled meanwhile has none."""
    name, content = uuid4().hex, paper.write()
    if word:
        report.word.save(f"reports/{name[:2]}/{name}.docx", ContentFile(word), save=False)
    report.file.save(f"reports/{name[:2]}/{name}.pdf", ContentFile(content), save=False)
    kept = Report.objects.filter(pk=report.pk, claim=report.claim, state=State.RUNNING).update(
        state=State.DONE,
        snapshot=frozen,
        file=report.file.name,
        word=report.word.name,
        size=len(content),
        pages=paper.pages,
        sha256=hashlib.sha256(content).hexdigest(),
        finished_at=Now(),
        claim=None,
        lease_until=None,
    )
    if not kept:
        report.file.delete(save=False)
        report.word.delete(save=False)
        raise Stopped


def cancel(report: Report, *, by: User) -> None:
    """Stop a report that is not finished; the worker notices before its next step."""
    require(rules.may_change(by, report))
    stopped = Report.objects.unfinished().filter(pk=report.pk)
    if not stopped.update(state=State.CANCELLED, finished_at=Now(), claim=None, lease_until=None):
        raise Denied("Báo cáo đã kết thúc nên không hủy được nữa. Tải lại trang để xem kết quả.")


def retry(report: Report, *, by: User) -> None:
    """Put a failed or cancelled report back in the queue, with the choices it had."""
    require(rules.may_change(by, report))
    ended = Report.objects.filter(pk=report.pk, state__in=(State.FAILED, State.CANCELLED))
    try:
        with transaction.atomic():
            again = ended.update(
                state=State.WAITING, step=0, attempts=0, error="", started_at=None, finished_at=None
            )
    except IntegrityError as error:
        raise Denied("Báo cáo giống hệt đang được lập. Chờ báo cáo đó xong.") from error
    if not again:
        raise Denied("Báo cáo này không cần lập lại. Tải lại trang để xem kết quả.")
