"""Tells that a report has ended: written in the transaction in which it ended, sent by reminders.

Maker and recipients find it under the bell; a mail comes too when nobody sat waiting for it: the
report was a regular one, or took longer than a minute.
"""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now, TruncDate
from django.urls import reverse

from hanoi_programmes.lib.text import cut, one_line
from hanoi_programmes.people.models import Holding, Tiding
from hanoi_programmes.reports.models import Report, ReportRecipient
from hanoi_programmes.reports.states import State

# Who asked is still at the screen.
PATIENCE = timedelta(seconds=60)
_TEXT = 300


def tell_ended(pk: int, *, only: Collection[int] | None = None) -> None:
    """Leave word for each reader, or for some; call it in the transaction that ended the report.

    The moment of the ending is in the key: a report that failed, was tried again and is done tells
    both, and each once.
    """
    report = Report.objects.select_related("requested_by", "addressee", *Report.JOINS).get(pk=pk)
    # Files that could not be drawn again: the report itself was told long ago.
    was_told = report.state == State.FAILED and report.sha256
    if report.state not in (State.DONE, State.FAILED) or report.finished_at is None or was_told:
        return
    readers = {report.requested_by_id, *_recipients(report)}
    if only is not None:
        readers &= set(only)
    is_done = report.state == State.DONE
    Tiding.objects.bulk_create(
        (
            Tiding(
                key=f"report:{pk}:{report.finished_at.timestamp():.6f}",
                recipient_id=reader,
                tone=Tiding.Tone.GOOD if is_done else Tiding.Tone.BAD,
                headline=_headline(report),
                text=cut(one_line(report.subject), _TEXT - 1),
                path=reverse("reports:by-code", args=[report.code]),
                by_mail=_was_long(report),
            )
            for reader in sorted(readers)
        ),
        ignore_conflicts=True,
    )


def _recipients(report: Report) -> list[int]:
    """To whom it is sent, of posts only who holds them today."""
    today = TruncDate(Now())
    held = Holding.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today),
        post=OuterRef("post"),
        user=OuterRef("user"),
        starts_on__lte=today,
    )
    rows = ReportRecipient.objects.filter(Q(post__isnull=True) | Exists(held), report=report)
    return list(rows.values_list("user", flat=True))


def _headline(report: Report) -> str:
    if report.state == State.FAILED:
        return "Không lập được báo cáo"
    return "Báo cáo định kỳ đã lập xong" if _is_regular(report) else "Báo cáo đã lập xong"


def _is_regular(report: Report) -> bool:
    return report.schedule_id is not None or report.runs.exists()


def _was_long(report: Report) -> bool:
    if _is_regular(report):
        return True
    return report.finished_at is not None and report.finished_at - report.requested_at > PATIENCE
