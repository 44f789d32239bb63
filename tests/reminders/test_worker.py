"""The whole way with real parts: Celery worker, Valkey, PostgreSQL, SMTP; killed where it hurts."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models.functions import Now
from django.utils.timezone import localdate, now

from hanoi_programmes.celery import app
from hanoi_programmes.people.models import CalendarDay
from hanoi_programmes.reminders.jobs import deliver, deliver_waiting, plan_reminders
from hanoi_programmes.reminders.models import Mail, Notice
from hanoi_programmes.reminders.services.plan import plan
from hanoi_programmes.reminders.states import MailState
from hanoi_programmes.schedule import TIMETABLE
from tests import factories
from tests.conftest import Cast
from tests.mail_server import Server
from tests.workers import StartWorker, Worker

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def late(cast: Cast) -> Cast:
    """A task that falls today, by the wall clock: the worker has no other. Today is worked on."""
    today = localdate()
    CalendarDay.objects.create(day=today, is_working=True, name="Ngày làm việc")
    factories.make_task(cast.programme, cast.ward, deadline=today, last_report_on=today)
    return cast


def start(celery_worker_process: StartWorker, smtp: Server) -> Worker:
    """A worker of the mail queue that sends to the sink and reads its log."""
    return celery_worker_process(
        "mail",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=str(smtp.port),
        MAIL_RELAY_LOG=str(smtp.log.path),
    )


def test_the_timetables_job_brings_each_person_one_mail_however_often_it_runs(
    late: Cast, smtp: Server, celery_worker_process: StartWorker
) -> None:
    worker = start(celery_worker_process, smtp)
    beats = TIMETABLE["plan the day's reminders"]["task"]
    worker.wait_for_job(app.send_task(beats).id)
    smtp.sink.wait_for(2)
    for _ in range(3):
        worker.wait_for_job(deliver.delay().id)
    worker.wait_for_job(app.send_task(beats).id)
    worker.wait_for_job(app.send_task(TIMETABLE["deliver waiting mails"]["task"]).id)
    assert sorted(mail["To"] for mail in smtp.sink.mails) == [
        "ward_head@thudo.example",
        "ward_officer@thudo.example",
    ]
    assert set(Mail.objects.values_list("state", flat=True)) == {MailState.SENT}
    assert Notice.objects.count() == 2


def test_mails_whose_doorbell_was_lost_are_found_by_the_sweep(
    late: Cast, smtp: Server, celery_worker_process: StartWorker
) -> None:
    """The broker forgot everything after the planning: the ledger did not."""
    plan(on=localdate(), at=now())
    worker = start(celery_worker_process, smtp)
    worker.wait_for_job(deliver_waiting.delay().id)
    smtp.sink.wait_for(2)
    worker.wait_for_job(deliver.delay().id)
    assert set(Mail.objects.values_list("state", flat=True)) == {MailState.SENT}


def test_a_worker_killed_after_the_server_took_the_mail_does_not_double_it(
    late: Cast, smtp: Server, celery_worker_process: StartWorker
) -> None:
    """kill -9 between the server's final dot and our commit; then another worker takes over."""
    plan(on=localdate(), at=now())
    doomed = start(celery_worker_process, smtp)
    smtp.sink.on_taken = doomed.kill
    deliver.delay()
    smtp.sink.wait_for(1)
    doomed.process.wait(timeout=20)
    smtp.sink.on_taken = None
    mail = Mail.objects.get(state=MailState.CLAIMED)
    assert mail.handed_at

    earlier = Now() - timedelta(minutes=6)
    Mail.objects.filter(pk=mail.pk).update(lease_until=earlier, handed_at=earlier)
    began_before(smtp.log.path)
    successor = start(celery_worker_process, smtp)
    successor.wait_for_job(deliver_waiting.delay().id)
    smtp.sink.wait_for(2)
    successor.wait_for_job(deliver.delay().id)
    assert set(Mail.objects.values_list("state", flat=True)) == {MailState.SENT}
    assert len(smtp.sink.mails) == 2


def began_before(log: Path) -> None:
    """A log that is older than the mail, as logs are."""
    line = f"{now() - timedelta(hours=1):%Y-%m-%dT%H:%M:%S%z} localhost postfix/master[1]: start\n"
    log.write_text(line + log.read_text(encoding="utf-8"), encoding="utf-8")


def test_a_job_waits_for_the_worker_that_comes_later(
    late: Cast, smtp: Server, celery_worker_process: StartWorker
) -> None:
    """Nobody is there at 07:30; the worker that comes later finds the job and the mails."""
    job = plan_reminders.delay()
    worker = start(celery_worker_process, smtp)
    worker.wait_for_job(job.id)
    smtp.sink.wait_for(2)
