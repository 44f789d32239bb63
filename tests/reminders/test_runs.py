"""Runs of jobs and pulses are written down; a record that fails stops no job."""

from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from celery.beat import ScheduleEntry
from celery.schedules import schedule as every
from django.db import DatabaseError, transaction
from django.utils.timezone import localtime, now

from hanoi_programmes.celery import MOST_DOORBELLS, Beat, app
from hanoi_programmes.reminders.jobs import KEPT, prune_runs, pulse
from hanoi_programmes.reminders.models import JobRun, Pulse
from hanoi_programmes.reminders.services import runs
from hanoi_programmes.reminders.services.broker import doorbells
from hanoi_programmes.reminders.services.health import job_lines
from hanoi_programmes.schedule import PULSE, RECORDED, TIMETABLE
from tests.workers import StartWorker, forget_jobs

SWEEP = "hanoi_programmes.reminders.jobs.deliver_waiting"


@pytest.mark.django_db
def test_a_run_keeps_its_times_its_worker_and_its_words() -> None:
    with runs.recorded("reminders.jobs.watch", "worker@a") as tell:
        assert JobRun.objects.get().ended_at is None
        assert tell("báo động, 1 thư") == "báo động, 1 thư"
    run = JobRun.objects.get()
    assert run.ended_at
    assert run.began_at <= run.ended_at
    assert (run.job, run.worker) == ("reminders.jobs.watch", "worker@a")
    assert (run.told, run.error) == ("báo động, 1 thư", "")


@pytest.mark.django_db
def test_a_run_that_fails_says_why_in_one_line_and_still_fails() -> None:
    """PostgreSQL's further lines may quote what a row holds."""
    with pytest.raises(ValueError, match="no"), runs.recorded("a", "b"):
        raise ValueError("no\nDETAIL: Key (text)=(Nhiệm vụ mật) exists.")
    run = JobRun.objects.get()
    assert (run.error, run.told) == ("ValueError: no", "")
    assert run.ended_at


def test_a_database_that_takes_no_record_stops_no_job(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(**_row: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(JobRun.objects, "create", gone)
    done = []
    with runs.recorded("a", "b") as tell:
        done.append(tell("c"))
    assert done == ["c"]


@pytest.mark.django_db
def test_a_queue_has_one_pulse_its_newest() -> None:
    runs.beat("mail", "worker@a")
    first = Pulse.objects.get()
    runs.beat("mail", "worker@b")
    runs.beat("pdf", "worker@a")
    mail = Pulse.objects.get(queue="mail")
    assert (mail.pk, mail.worker) == (first.pk, "worker@b")
    assert mail.at >= first.at
    assert Pulse.objects.count() == 2


@pytest.mark.django_db
def test_runs_are_forgotten_after_two_weeks() -> None:
    at = now()
    for age in (KEPT + timedelta(hours=1), KEPT - timedelta(hours=1)):
        JobRun.objects.create(job="a", began_at=at - age)
    assert prune_runs() == "bỏ 1 lượt cũ"
    assert JobRun.objects.get().began_at > at - KEPT


def test_each_queue_has_a_pulse_of_its_own() -> None:
    pulses = [entry for entry in TIMETABLE.values() if entry["task"] == PULSE]
    assert {entry["args"][0]: entry["options"]["queue"] for entry in pulses} == {
        "default": "default",
        "mail": "mail",
        "pdf": "pdf",
    }
    assert pulse.name == PULSE
    assert PULSE not in RECORDED


@pytest.mark.django_db
def test_what_is_called_by_hand_is_no_run_of_the_timetable() -> None:
    prune_runs()
    assert not JobRun.objects.exists()


# The timetable's own hand


def rung(entry: ScheduleEntry, folder: Path) -> int:
    """How many doorbells the entry adds to a queue."""
    before = doorbells(["pdf"])
    Beat(app, schedule_filename=str(folder / "beat"), lazy=True).apply_entry(entry)
    after = doorbells(["pdf"])
    assert before is not None
    assert after is not None
    return after["pdf"] - before["pdf"]


def test_a_queue_that_nobody_empties_gets_no_more_doorbells(tmp_path: Path) -> None:
    """The control stands first: one more is rung as long as the queue is not full."""
    forget_jobs()
    beat = TIMETABLE["feel the pulse of pdf"]
    entry = ScheduleEntry(
        "pulse", beat["task"], schedule=every(60), args=beat["args"], options=beat["options"]
    )
    assert app.conf.beat_scheduler == f"{Beat.__module__}:{Beat.__name__}"
    for _ in range(MOST_DOORBELLS - 1):
        app.send_task(beat["task"], beat["args"], **beat["options"])
    assert rung(entry, tmp_path) == 1
    assert rung(entry, tmp_path) == 0
    forget_jobs()
    assert rung(entry, tmp_path) == 1
    forget_jobs()


# With a real worker


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_a_worker_leaves_its_runs_and_its_pulse(celery_worker_process: StartWorker) -> None:
    worker = celery_worker_process("mail")
    worker.wait_for_job(app.send_task(SWEEP).id)
    beat = TIMETABLE["feel the pulse of mail"]
    worker.wait_for_job(app.send_task(beat["task"], beat["args"], **beat["options"]).id)
    run, heard = JobRun.objects.get(), Pulse.objects.get()
    assert run.job == "reminders.jobs.deliver_waiting"
    assert run.ended_at
    assert run.worker.startswith("test-")
    assert (heard.queue, heard.worker) == ("mail", run.worker)


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_a_run_without_an_end(celery_worker_process: StartWorker) -> None:
    """The job waits for a row that we hold; there its worker is killed."""
    old = JobRun.objects.create(job="a", began_at=now() - 2 * KEPT)
    mine = JobRun.objects.filter(job="reminders.jobs.prune_runs")
    worker = celery_worker_process("default")
    with transaction.atomic():
        JobRun.objects.select_for_update().get(pk=old.pk)
        app.send_task("hanoi_programmes.reminders.jobs.prune_runs", queue="default")
        worker.wait_for(lambda: "prune_runs" in worker.log)
        until = monotonic() + 10
        while not mine.exists() and monotonic() < until:
            continue
        worker.kill()
    run = mine.get()
    assert run.ended_at is None
    assert run.error == ""
    lines = {line.label: line for line in job_lines(localtime() + timedelta(hours=1), TIMETABLE)}
    assert lines["Dọn nhật ký chạy cũ"].tone == "late"
    assert "Dừng giữa chừng" in lines["Dọn nhật ký chạy cũ"].words
