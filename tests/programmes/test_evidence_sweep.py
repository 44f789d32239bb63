"""Files that no evidence names are deleted at night; all others stay."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils.timezone import now

from hanoi_programmes.celery import app
from hanoi_programmes.programmes.jobs import sweep_evidence
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.services.evidence import sweep
from hanoi_programmes.schedule import TIMETABLE
from tests import factories
from tests.conftest import TODAY, Cast, signed_in
from tests.programmes.conftest import text_of

BEFORE = datetime(2026, 11, 15, tzinfo=UTC)
OLD, YOUNG = BEFORE - timedelta(minutes=1), BEFORE + timedelta(minutes=1)
Put = Callable[[str, datetime], Path]


@pytest.fixture
def put(media: Path) -> Put:
    """Writes a file last changed at the moment."""

    def put(name: str, at: datetime) -> Path:
        path = media / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%PDF-1.7")
        os.utime(path, (at.timestamp(), at.timestamp()))
        return path

    return put


@pytest.fixture
def named(cast: Cast) -> Task:
    """A task with one file of evidence, whose row names `evidence/ab/ab1`."""
    task = factories.make_task(cast.programme, cast.ward)
    report = factories.make_report(task, cast.ward_officer, TODAY)
    factories.make_file(report, file="evidence/ab/ab1")
    return task


@pytest.mark.usefixtures("named")
def test_only_old_files_of_evidence_that_no_row_names_are_deleted(put: Put) -> None:
    kept = [
        put("evidence/ab/ab1", OLD),
        put("evidence/ab/ab2", YOUNG),
        put("reports/ab/ab3", OLD),
    ]
    orphans = [put("evidence/ab/ab4", OLD), put("evidence/cd/cd1", OLD)]
    assert sweep(BEFORE) == len(orphans)
    assert all(path.exists() for path in kept)
    assert not any(path.exists() for path in orphans)
    assert sweep(BEFORE) == 0


@pytest.mark.usefixtures("db", "media")
def test_before_the_first_upload_there_is_nothing_to_sweep() -> None:
    assert sweep(BEFORE) == 0


@pytest.mark.usefixtures("db")
def test_the_job_leaves_a_day_and_is_timed(put: Put) -> None:
    young = put("evidence/ab/ab1", now() - timedelta(hours=23))
    old = put("evidence/ab/ab2", now() - timedelta(hours=25))
    sweep_evidence()
    assert young.exists()
    assert not old.exists()
    assert sweep_evidence.name in {entry["task"] for entry in TIMETABLE.values()}
    assert sweep_evidence.name in app.tasks


@pytest.mark.usefixtures("media")
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_file_that_is_not_on_the_disk_is_said_to_be_gone(
    cast: Cast, named: Task, method: str
) -> None:
    client = signed_in(cast.ward_officer)
    answer = getattr(client, method)(f"/evidence/{named.evidence.get().pk}/")
    assert answer.status_code == 404
    if method == "get":
        assert "không còn trên máy chủ" in text_of(answer)
    answer = getattr(signed_in(cast.outsider), method)(f"/evidence/{named.evidence.get().pk}/")
    assert answer.status_code == 404
    assert "Báo cáo.pdf" not in text_of(answer)
