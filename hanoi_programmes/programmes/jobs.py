"""Background work on programmes: what nobody waits for."""

import logging
from datetime import timedelta

from celery import shared_task
from django.utils.timezone import now

from hanoi_programmes.programmes.services import evidence

# An upload that has not got its row within this time never will.
_AGE = timedelta(days=1)
_log = logging.getLogger(__name__)


@shared_task
def sweep_evidence() -> str:
    """Delete stored files that no evidence names."""
    count = evidence.sweep(now() - _AGE)
    if count:
        _log.warning("%s files that no evidence named are deleted", count)
    return f"xóa {count} tệp"
