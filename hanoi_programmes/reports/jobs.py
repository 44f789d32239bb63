"""Background work on reports: three lines each; the claim in the database decides who does what."""

import logging

from celery import shared_task
from django.utils.timezone import localdate, now
from kombu.exceptions import OperationalError

from hanoi_programmes.reports import services
from hanoi_programmes.reports.models import Report
from hanoi_programmes.reports.services.planning import run_due

# A ring that nobody heard within this time is rung again by the sweep.
RING_SECONDS = 55
RINGS_AT_ONCE = 50
# Beside the one that makes the report; a machine for this has few cores, and others wait too.
MOST_HANDS = 3
_log = logging.getLogger(__name__)


@shared_task
def make_report(report_id: int) -> None:
    """Make one report; harmless when it is made, cancelled or taken already."""
    services.make(report_id, today=localdate(), lend=_ring_hands)


@shared_task
def lend_hand(report_id: int) -> None:
    """Draw sections of a report that another worker is making; harmless when none is left."""
    services.lend_hand(report_id)


@shared_task
def clean_files() -> str:
    """Delete drawn parts, files of old reports and nameless files by their rules."""
    cleared = services.clean(now())
    if cleared.orphans:
        _log.warning("%s files that no report named are deleted", cleared.orphans)
    return f"xóa {cleared.parts} phần, tệp của {cleared.reports} báo cáo, {cleared.orphans} tệp lạ"


@shared_task
def make_waiting() -> str:
    """Ring for every report that waits or whose worker is gone: nothing depends on the broker."""
    free = Report.objects.free().order_by("pk").values_list("pk", flat=True)[:RINGS_AT_ONCE]
    for report_id in free:
        ring(report_id)
    return f"gọi {len(free)} báo cáo" if free else ""


def _ring_hands(report_id: int, wanted: int) -> None:
    """Ask idle workers to help; without a broker, or without idle ones, one makes it alone."""
    for _hand in range(min(wanted, MOST_HANDS)):
        try:
            lend_hand.apply_async((report_id,), expires=RING_SECONDS)
        except OperationalError as error:
            _log.warning("report %s gets no further hands: %s", report_id, error)
            return


@shared_task
def run_schedules() -> str:
    """Ask for the regular reports whose day has come; asked each hour, in case nobody heard it."""
    at = now()
    ran = run_due(on=localdate(at), at=at)
    for report_id in ran.reports:
        ring(report_id)
    return ran.told


def ring(report_id: int) -> bool:
    """Wake a worker for the report; False when the broker is away: the sweep will ring later."""
    try:
        make_report.apply_async((report_id,), expires=RING_SECONDS)
    except OperationalError as error:
        _log.warning("report %s waits for the sweep: %s", report_id, error)
        return False
    return True
