"""Clearing up: drawn parts that nobody used, files of old reports, files that no row names.

Figures stay for ever: a report whose files were cleared is drawn again from them when asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.storage import default_storage

from hanoi_programmes.reports.models import RenderedSection, Report, ReportSection
from hanoi_programmes.reports.services.files import discard
from hanoi_programmes.reports.states import UNFINISHED

PARTS_KEPT = timedelta(days=14)
# A report that failed or was cancelled may be tried again so long with what it had; then its row
# stays, and says what was asked and why it ended.
ENDED_KEPT = timedelta(days=30)
# A younger file may belong to a row that is not committed yet.
_ORPHAN = timedelta(days=1)
_COLUMNS = ("file", "word", "excel", "archive")
_AT_ONCE = 500
_FOLDERS = ("reports", "reports/parts")


@dataclass(frozen=True, slots=True)
class Cleared:
    """How many drawn parts, reports' files and nameless files were deleted."""

    parts: int
    reports: int
    orphans: int


def clean(at: datetime) -> Cleared:
    """Clear all that its rule gives free at the moment; safe to repeat and to interrupt."""
    cleared = Cleared(
        parts=_parts(at - PARTS_KEPT),
        reports=_reports(at - timedelta(days=settings.REPORT_FILE_DAYS)),
        orphans=_orphans(at - _ORPHAN),
    )
    ReportSection.objects.exclude(report__state__in=UNFINISHED).delete()
    _ended(at - ENDED_KEPT)
    return cleared


def _ended(before: datetime) -> None:
    """Figures of what was never finished: tried again, it counts anew anyway."""
    never = Report.objects.ended().filter(sha256="", finished_at__lt=before)
    never.filter(snapshot__isnull=False).update(snapshot=None)


def _parts(before: datetime) -> int:
    rows = RenderedSection.objects.unused(before)
    found = list(rows.values_list("pk", "file")[:_AT_ONCE])
    # First the row, then the file: a part without a file would be drawn again, the other way round
    # a file without a row is found as an orphan.
    RenderedSection.objects.filter(pk__in=[pk for pk, _name in found]).delete()
    discard(name for _pk, name in found)
    return len(found)


def _reports(before: datetime) -> int:
    old = Report.objects.with_files().filter(finished_at__lt=before)
    found = list(old.values_list("pk", *_COLUMNS)[:_AT_ONCE])
    for pk, *names in found:
        empty = dict.fromkeys(_COLUMNS, "")
        same = dict(zip(_COLUMNS, names, strict=True))
        if Report.objects.with_files().filter(pk=pk, **same).update(**empty):
            discard(filter(None, names))
    return len(found)


def _orphans(before: datetime) -> int:
    """Files that a worker left that ended between storing them and writing their row."""
    old = [name for name in _files() if default_storage.get_modified_time(name) < before]
    named = set(RenderedSection.objects.filter(file__in=old).values_list("file", flat=True))
    for column in _COLUMNS:
        rows = Report.objects.filter(**{f"{column}__in": old})
        named |= set(rows.values_list(column, flat=True))
    nameless = [name for name in old if name not in named]
    discard(nameless)
    return len(nameless)


def _files() -> Iterator[str]:
    for top in _FOLDERS:
        if not default_storage.exists(top):
            continue
        for folder in default_storage.listdir(top)[0]:
            place = f"{top}/{folder}"
            yield from (f"{place}/{name}" for name in default_storage.listdir(place)[1])
