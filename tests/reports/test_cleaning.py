"""Clearing by rule, with real files: what is old, unused or nameless goes, and nothing else."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.timezone import now
from pytest_django import Settings

from hanoi_programmes.reports import services
from hanoi_programmes.reports.models import RenderedSection, Report, ReportSection
from hanoi_programmes.reports.services.cleaning import clean
from hanoi_programmes.reports.states import State
from tests.conftest import TODAY, Cast
from tests.frozen import make_report
from tests.reports.test_telling import asked

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def stored(media: Path) -> Path:
    """A folder of its own for files."""
    return media


def files(media: Path) -> set[str]:
    """What lies on the disk."""
    return {str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()}


def part(digest: str, used_at: datetime) -> RenderedSection:
    """A drawn part with its file."""
    name = default_storage.save(f"reports/parts/{digest[:2]}/{digest}.pdf", ContentFile(b"%PDF"))
    return RenderedSection.objects.create(
        digest=digest * 64, file=name, pages=1, size=4, made_at=used_at, used_at=used_at
    )


def make(cast: Cast, finished: datetime) -> Report:
    """A report that was really made, and has been done since."""
    report = asked(cast.ward_officer)
    services.make(report.pk, today=TODAY)
    Report.objects.filter(pk=report.pk).update(finished_at=finished)
    report.refresh_from_db()
    return report


def names(report: Report) -> set[str]:
    """The files of the report."""
    stored = (report.file, report.word, report.excel, report.archive)
    return {str(file.name) for file in stored if file}


def test_parts_that_nobody_used_for_two_weeks_go(stored: Path) -> None:
    at = now()
    old, fresh = part("a", at - 15 * DAY), part("b", at - 13 * DAY)
    assert clean(at).parts == 1
    assert list(RenderedSection.objects.all()) == [fresh]
    assert files(stored) == {fresh.file.name}
    assert old.file.name not in files(stored)
    assert clean(at).parts == 0


def test_files_go_after_their_time_and_the_figures_draw_them_again(
    cast: Cast, stored: Path, settings: Settings
) -> None:
    settings.REPORT_FILE_DAYS = 60
    at = now()
    old, young = make(cast, at - 61 * DAY), make(cast, at - 59 * DAY)
    gone, figures, digest = names(old), old.snapshot, old.sha256
    assert {Path(name).suffix for name in gone} >= {".pdf"}
    assert clean(at).reports == 1
    assert names(young) <= files(stored)
    assert not gone & files(stored)
    old.refresh_from_db()
    assert old.is_cleared
    assert (old.snapshot, old.sha256) == (figures, digest)
    services.draw_again(old)
    services.make(old.pk, today=TODAY)
    old.refresh_from_db()
    assert old.state == State.DONE
    assert old.snapshot == figures
    assert names(old) <= files(stored)


def test_of_what_failed_or_was_cancelled_long_ago_only_the_row_stays(cast: Cast) -> None:
    at = now()
    rows = {}
    for key, (state, days) in enumerate(
        [("failed", 31), ("cancelled", 31), ("cancelled", 29)], start=1
    ):
        report = make_report(cast.ward_officer, key=key, state="cancelled")
        ReportSection.objects.create(report=report, position=0, key="body", digest="a" * 64)
        Report.objects.filter(pk=report.pk).update(
            state=state,
            error="Lỗi" if state == "failed" else "",
            snapshot={"rows": [1, 2]},
            finished_at=at - days * DAY,
        )
        rows[report.pk] = days
    clean(at)
    kept = Report.objects.filter(pk__in=rows).exclude(snapshot=None)
    assert [rows[report.pk] for report in kept] == [29]
    assert Report.objects.count() == 3
    assert not ReportSection.objects.exists()


def test_a_nameless_file_goes_when_it_is_older_than_a_day(cast: Cast, stored: Path) -> None:
    at = now()
    report = make(cast, at)
    kept = files(stored)
    for folder in ("reports/ab", "reports/parts/ab"):
        for name, hours in (("old.pdf", 25), ("young.pdf", 23)):
            place = stored / default_storage.save(f"{folder}/{name}", ContentFile(b"%PDF"))
            moment = (at - timedelta(hours=hours)).timestamp()
            os.utime(place, (moment, moment))
    # Whatever the clock of the file says, what a row names stays.
    for name in kept:
        os.utime(stored / name, (0, 0))
    # Other files of the house are nobody's business here.
    default_storage.save("evidence/ab/old.pdf", ContentFile(b"%PDF"))
    os.utime(stored / "evidence/ab/old.pdf", (0, 0))
    assert clean(at).orphans == 2
    left = kept | {"reports/ab/young.pdf", "reports/parts/ab/young.pdf", "evidence/ab/old.pdf"}
    assert files(stored) == left
    assert names(report) <= left


def test_a_part_that_was_cleared_under_a_report_is_drawn_again(cast: Cast, stored: Path) -> None:
    first = asked(cast.ward_officer)
    services.make(first.pk, today=TODAY)
    for name in {str(part.file.name) for part in RenderedSection.objects.all()}:
        (stored / name).unlink()
    second = asked(cast.ward_officer)
    services.make(second.pk, today=TODAY)
    second.refresh_from_db()
    assert second.state == State.DONE
    assert second.pages == Report.objects.get(pk=first.pk).pages
