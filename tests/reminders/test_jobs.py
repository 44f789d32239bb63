"""Jobs and the command by hand: thin, and calm when the broker is away."""

import logging
from datetime import timedelta
from functools import partial
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from hanoi_programmes.celery import app
from hanoi_programmes.reminders import jobs
from hanoi_programmes.reminders.models import Mail, Notice, Reminder
from hanoi_programmes.reminders.states import MailState
from hanoi_programmes.schedule import TIMETABLE
from tests import factories
from tests.conftest import TODAY, Cast
from tests.reminders.conftest import Sink

NOBODY_LISTENS = "redis://127.0.0.1:1/0"


def test_a_broker_that_is_away_is_logged_and_hurts_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    nowhere: dict[str, Any] = {"connection": app.connection_for_write(NOBODY_LISTENS)}
    lost = partial(jobs.deliver.apply_async, **nowhere)
    monkeypatch.setattr(jobs.deliver, "apply_async", lost)
    with caplog.at_level(logging.ERROR):
        jobs.ring([1, 2, 3])
    assert [record.message for record in caplog.records] == [
        "The broker took no message; the next sweep rings again"
    ]


def test_the_timetable_names_jobs_that_exist() -> None:
    names = {job.name for job in (jobs.plan_reminders, jobs.deliver, jobs.deliver_waiting)}
    assert names == {
        f"hanoi_programmes.reminders.jobs.{name}"
        for name in ("plan_reminders", "deliver", "deliver_waiting")
    }
    timed = {entry["task"] for entry in TIMETABLE.values() if "reminders" in entry["task"]}
    assert timed == {jobs.plan_reminders.name, jobs.deliver_waiting.name}


def command(*words: str) -> str:
    """What the command tells."""
    out = StringIO()
    call_command("send_reminders", "--on", str(TODAY), *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def due(cast: Cast) -> None:
    """A task that falls today."""
    factories.make_task(cast.programme, cast.ward, deadline=TODAY + timedelta(7))


def test_a_dry_run_counts_and_writes_nothing(due: None, sink: Sink) -> None:
    assert "2 lượt nhắc mới, 2 thư, 0 nấc không có người nhận" in command("--dry-run")
    assert not Reminder.objects.exists()
    assert not Notice.objects.exists()
    assert sink.mails == []


def test_the_command_plans_and_sends_once(due: None, sink: Sink) -> None:
    assert "Đã gửi: 2 thư" in command()
    assert "0 lượt nhắc mới, 0 thư" in command()
    assert len(sink.mails) == 2


def test_the_command_can_leave_the_mails_to_the_worker(due: None, sink: Sink) -> None:
    command("--no-mail")
    assert set(Mail.objects.values_list("state", flat=True)) == {MailState.QUEUED}
    assert sink.mails == []
