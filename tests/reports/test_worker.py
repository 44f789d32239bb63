"""The whole way with a real broker and a real worker: from the form to the file."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.timezone import localdate, now

from hanoi_programmes.lib.dates import quarter_of
from hanoi_programmes.people.models import Unit
from hanoi_programmes.reports import jobs, services
from hanoi_programmes.reports.kinds import Wish
from hanoi_programmes.reports.models import RenderedSection, Report, ReportSection
from hanoi_programmes.reports.states import Issuer, Kind, State
from tests import factories
from tests.chaos.count import wait_until
from tests.conftest import Cast, signed_in
from tests.reports.test_services import offered
from tests.workers import StartWorker

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]


def ask(cast: Cast) -> Report:
    """Send the form as the office."""
    form = {
        "kind": "city", "period": f"{localdate():%Y-%m}", "issuer": "board",
        "profile": "party-05HD", "named": "yes", "form_key": str(uuid4()),
    }  # fmt: skip
    assert signed_in(cast.office).post(reverse("reports:list"), form).status_code == 303
    return Report.objects.get()


def is_done(report: Report) -> bool:
    """Whether the worker has said so in the database."""
    report.refresh_from_db()
    return report.state == State.DONE


def test_from_the_form_to_the_file(
    cast: Cast, celery_worker_process: StartWorker, media: Path
) -> None:
    factories.make_task(cast.programme, cast.department)
    worker = celery_worker_process("pdf", MEDIA_ROOT=str(media))
    report = ask(cast)
    worker.wait_for(lambda: is_done(report))
    answer = signed_in(cast.office).get(reverse("reports:download", args=[report.pk]))
    target = media / "fetched.pdf"
    target.write_bytes(answer.getvalue())


def test_a_worker_that_comes_later_finds_what_waits(
    cast: Cast, celery_worker_process: StartWorker, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broker forgot the message: the sweep finds the row."""
    with monkeypatch.context() as deaf:
        deaf.setattr(jobs, "ring", lambda _pk: False)
        report = ask(cast)
    worker = celery_worker_process("pdf", MEDIA_ROOT=str(media))
    jobs.make_waiting.delay()
    worker.wait_for(lambda: is_done(report))


def test_a_worker_killed_half_way_is_followed_and_the_report_is_made_once(
    cast: Cast, celery_worker_process: StartWorker, media: Path
) -> None:
    """What was drawn is not drawn again; the report ends once, with one file of each form."""
    for number in range(16):
        unit = factories.make_unit(f"U{number}", parent=cast.city)
        factories.make_tasks(cast.programme, unit, [issued(unit) for _ in range(30)])
    worker = celery_worker_process("pdf", MEDIA_ROOT=str(media))
    today = localdate()
    wish = Wish(Kind.TABLES, quarter_of(today), today, Issuer.BOARD)
    at = now()
    report = services.request(wish, by=cast.office, at=at, on=today, form_key=uuid4())
    jobs.ring(report.pk)
    assert wait_until(lambda: RenderedSection.objects.count() >= 4, 60)
    worker.kill()
    drawn = dict(RenderedSection.objects.values_list("digest", "made_at"))
    report.refresh_from_db()
    assert (report.state, report.file.name) == (State.RUNNING, "")
    assert 4 <= len(drawn) < 17
    assert not offered(media)
    # The time that a lease lasts goes by.
    long_ago = now() - timedelta(hours=1)
    ReportSection.objects.exclude(claim=None).update(lease_until=long_ago)
    Report.objects.update(lease_until=long_ago)
    celery_worker_process("pdf", MEDIA_ROOT=str(media))
    jobs.make_waiting.delay()
    assert wait_until(lambda: is_done(report), 120)
    assert report.attempts == 2
    after = dict(RenderedSection.objects.values_list("digest", "made_at"))
    assert len(after) == 17
    assert {digest: after[digest] for digest in drawn} == drawn
    endings = sorted(path.suffix for path in offered(media))
    assert endings == [".docx", ".pdf", ".xlsx"]


def issued(unit: Unit) -> dict[str, object]:
    """A late task of the unit."""
    late = localdate() - timedelta(days=5)
    return {
        "text": f"Việc của {unit.code}", "deadline": late, "original_deadline": late,
        "issued_on": late - timedelta(days=60), "state": "in_progress",
    }  # fmt: skip
