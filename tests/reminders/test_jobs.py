"""Jobs and the command by hand: thin, and calm when the broker is away."""

import logging
from datetime import UTC, datetime, timedelta
from functools import partial
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from hanoi_programmes.celery import app
from hanoi_programmes.reminders import jobs
from hanoi_programmes.reminders.management.commands import send_reminders
from hanoi_programmes.reminders.models import Mail, Notice, Reminder
from hanoi_programmes.reminders.services.plan import plan
from hanoi_programmes.reminders.states import MailState
from hanoi_programmes.schedule import TIMETABLE
from tests import factories
from tests.conftest import HANOI, TODAY, Cast
from tests.mail_server import Sink

NOBODY_LISTENS = "redis://127.0.0.1:1/0"


def test_a_broker_that_is_away_is_logged_and_hurts_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    nowhere: dict[str, Any] = {"connection": app.connection_for_write(NOBODY_LISTENS)}
    lost = partial(jobs.deliver.apply_async, **nowhere)
    monkeypatch.setattr(jobs.deliver, "apply_async", lost)
    with caplog.at_level(logging.ERROR):
        jobs.ring(3)
    assert [record.message for record in caplog.records] == [
        "The broker took no message; the next sweep rings again"
    ]


def test_the_timetable_names_jobs_that_exist() -> None:
    app.loader.import_default_modules()
    timed = {entry["task"] for entry in TIMETABLE.values()}
    assert timed <= set(app.tasks)
    ours = {name.rpartition(".")[2] for name in timed if "reminders" in name}
    assert ours == {"plan_reminders", "deliver_waiting", "watch", "tell", "prune_runs", "pulse"}


def test_beat_rings_at_half_past_seven_in_hanoi(monkeypatch: pytest.MonkeyPatch) -> None:
    """First of the day; the processes and the database may live in any zone."""
    bell = TIMETABLE["plan the day's reminders"]["schedule"]
    assert str(app.conf.timezone) == "Asia/Ho_Chi_Minh"
    midnight = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=HANOI)
    monkeypatch.setattr(bell, "nowfun", lambda: midnight)
    before, wait, _ = bell.remaining_delta(midnight.astimezone(UTC))
    assert (before + wait).astimezone(HANOI) == midnight + timedelta(hours=7, minutes=30)


@pytest.mark.parametrize(
    ("mails", "bells"), [(0, 0), (1, 1), (20, 1), (21, 2), (80, 4), (10_000, 4)]
)
def test_a_bell_for_each_carrier_that_is_worth_its_way(
    monkeypatch: pytest.MonkeyPatch, mails: int, bells: int
) -> None:
    rung: list[int] = []
    monkeypatch.setattr(jobs.deliver, "apply_async", lambda **_: rung.append(1))
    jobs.ring(mails)
    assert len(rung) == bells


def test_a_carrier_ends_with_its_batch_and_calls_the_next(
    cast: Cast, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_a_task(cast)
    rung: list[int] = []
    monkeypatch.setattr(jobs, "BATCH", 1)
    monkeypatch.setattr(jobs, "ring", rung.append)
    jobs.deliver()
    assert (len(sink.mails), rung) == (1, [1])
    jobs.deliver()
    jobs.deliver()
    assert (len(sink.mails), rung) == (2, [1, 1])


def test_a_carrier_whose_time_is_up_leaves_the_rest_to_the_next(
    cast: Cast, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_a_task(cast)
    monkeypatch.setattr(jobs, "CARRY_SECONDS", -1)
    monkeypatch.setattr(jobs, "ring", lambda _: None)
    jobs.deliver()
    assert len(sink.mails) == 1


def plan_a_task(cast: Cast) -> None:
    """Two mails: the officer's and the head's."""
    factories.make_task(cast.programme, cast.ward, deadline=TODAY + timedelta(7))
    plan(on=TODAY, at=datetime(TODAY.year, TODAY.month, TODAY.day, 7, 30, tzinfo=HANOI))


def command(*words: str) -> str:
    """What the command tells."""
    out = StringIO()
    call_command("send_reminders", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def due(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A task that falls today; the command's clock stands on the cast's day."""
    monkeypatch.setattr(send_reminders, "localdate", lambda: TODAY)
    factories.make_task(cast.programme, cast.ward, deadline=TODAY + timedelta(7))


def test_a_dry_run_counts_and_writes_nothing(due: None, sink: Sink) -> None:
    told = command("--dry-run", "--on", str(TODAY))
    assert told == "2026-11-16: 2 reminders, 2 mails, 0 rungs with nobody to tell\n"
    assert not Reminder.objects.exists()
    assert not Notice.objects.exists()
    assert sink.mails == []


def test_the_command_plans_and_sends_once(due: None, sink: Sink) -> None:
    assert "sent: 2" in command()
    assert "0 reminders, 0 mails" in command()
    assert len(sink.mails) == 2


def test_on_a_day_off_the_quick_start_plans_the_last_working_day(
    due: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sunday = TODAY + timedelta(6)
    monkeypatch.setattr(send_reminders, "localdate", lambda: sunday)
    assert "2026-11-22: 0 reminders" in command("--no-mail")
    assert "2026-11-20: 2 reminders" in command("--no-mail", "--last-working-day")


def test_a_day_to_come_can_only_be_looked_at(due: None, sink: Sink) -> None:
    """Planned early it would be told early, and found done when it comes."""
    tomorrow = str(TODAY + timedelta(1))
    assert "2026-11-17: 2 reminders" in command("--on", tomorrow, "--dry-run")
    with pytest.raises(CommandError, match="has not come yet"):
        command("--on", tomorrow)
    assert not Reminder.objects.exists()


def test_the_command_can_leave_the_mails_to_the_worker(due: None, sink: Sink) -> None:
    command("--no-mail")
    assert set(Mail.objects.values_list("state", flat=True)) == {MailState.QUEUED}
    assert sink.mails == []
