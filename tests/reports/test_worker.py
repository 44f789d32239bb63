"""The whole way with a real broker and a real worker: from the form to the file."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from hanoi_programmes.reports import jobs
from hanoi_programmes.reports.models import Report
from hanoi_programmes.reports.states import State
from tests import factories
from tests.conftest import Cast, signed_in
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
