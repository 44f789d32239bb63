"""The alarm of 07:45: when it must ring, when it must not, and whom it tells."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hanoi_programmes.people.models import CalendarDay
from hanoi_programmes.reminders.jobs import watch as watch_job
from hanoi_programmes.reminders.management.commands import check_reminders
from hanoi_programmes.reminders.models import JobRun, Mail, Notice
from hanoi_programmes.reminders.rules.alarm import ALL_WELL, Alarm, Morning, alarms, late_before
from hanoi_programmes.reminders.services.deliver import deliver_one
from hanoi_programmes.reminders.services.health import PLAN, morning_of
from hanoi_programmes.reminders.services.watching import HEADLINE, watch
from hanoi_programmes.reminders.states import MailKind, MailState
from hanoi_programmes.reminders.views import system
from tests.conftest import HANOI, TODAY, Cast
from tests.mail_server import Sink
from tests.mailed import make_mail

SATURDAY = TODAY + timedelta(days=5)
MINUTE = timedelta(minutes=1)


def clock(hour: int, minute: int, on: date = TODAY) -> datetime:
    """A moment of the day in Hanoi."""
    return datetime.combine(on, time(hour, minute), HANOI)


DONE = clock(7, 45)
WELL = Morning(
    at=DONE,
    is_working_day=True,
    is_planned=True,
    mails=1000,
    untried=0,
    put_back=0,
    last_run_at=DONE - MINUTE,
)


# The rule


def test_a_run_that_is_done_rings_nothing() -> None:
    assert alarms(WELL) == []


@pytest.mark.parametrize(("minute", "rings"), [(30, False), (44, False), (45, True), (59, True)])
def test_a_run_may_take_until_a_quarter_to_eight(minute: int, *, rings: bool) -> None:
    morning = replace(WELL, at=clock(7, minute), is_planned=False)
    assert alarms(morning) == ([Alarm.NOT_PLANNED] if rings else [])


def test_a_day_off_owes_no_run_and_no_job() -> None:
    assert alarms(replace(WELL, is_working_day=False, is_planned=False, last_run_at=None)) == []


def test_mails_that_nobody_takes_up_ring_also_on_a_day_off() -> None:
    assert alarms(replace(WELL, is_working_day=False, untried=1)) == [Alarm.NOT_SENT]


@pytest.mark.parametrize(
    ("put_back", "mails", "rings"),
    [(50, 1000, False), (51, 1000, True), (1, 20, False), (1, 1, True)],
)
def test_one_full_mailbox_is_no_alarm_a_silent_server_is(
    put_back: int, mails: int, *, rings: bool
) -> None:
    found = alarms(replace(WELL, put_back=put_back, mails=mails))
    assert found == ([Alarm.NOT_SENT] if rings else [])


@pytest.mark.parametrize(
    ("at", "silent_for", "rings"),
    [
        (clock(9, 0), 60, False),
        (clock(9, 0), 61, True),
        (clock(7, 29), 600, False),
        (clock(7, 30), 600, True),
        (clock(17, 30), 600, False),
    ],
)
def test_an_hour_without_any_job_rings_in_working_hours(
    at: datetime, silent_for: int, *, rings: bool
) -> None:
    morning = replace(WELL, at=at, last_run_at=at - silent_for * MINUTE)
    assert alarms(morning) == ([Alarm.STALLED] if rings else [])


def test_a_mail_is_late_after_a_quarter_of_an_hour_and_the_mornings_at_0745() -> None:
    assert late_before(clock(7, 44)) == clock(7, 29)
    assert late_before(clock(7, 45)) == clock(7, 45)
    assert late_before(clock(7, 50)) == clock(7, 45)
    assert late_before(clock(9, 0)) == clock(8, 45)
    assert late_before(clock(0, 5)) == clock(23, 50, TODAY - timedelta(days=1))


# What the database says of it


def ran(at: datetime, job: str = PLAN, **changes: Any) -> JobRun:
    """A run that took a minute."""
    return JobRun.objects.create(**{"job": job, "began_at": at, "ended_at": at + MINUTE} | changes)


def test_all_well(cast: Cast) -> None:
    ran(clock(7, 30))
    make_mail(cast.office, clock(7, 31), MailState.SENT)
    make_mail(cast.leader, clock(7, 31), MailState.FAILED)
    make_mail(cast.officer, clock(7, 31), MailState.DOUBTFUL)
    make_mail(cast.head, clock(7, 31), MailState.CANCELLED)
    assert alarms(morning_of(DONE)) == []


def test_a_day_with_nothing_to_tell_is_planned_all_the_same(cast: Cast) -> None:
    """The ledger has no row of the day: the run itself says that it was."""
    ran(clock(7, 30))
    assert morning_of(DONE).is_planned


@pytest.mark.parametrize(
    "changes",
    [
        {"began_at": clock(6, 0), "ended_at": clock(6, 1)},
        {"ended_at": None},
        {"error": "DatabaseError: away"},
    ],
    ids=["before its time", "killed", "failed"],
)
def test_a_run_that_did_not_come_to_its_end_is_none(cast: Cast, changes: dict[str, Any]) -> None:
    ran(clock(7, 30), **changes)
    assert Alarm.NOT_PLANNED in alarms(morning_of(DONE))


def test_the_worker_is_dead(cast: Cast) -> None:
    """Planned, and nobody carries the mails."""
    ran(clock(7, 30))
    make_mail(cast.office, clock(7, 31))
    assert alarms(morning_of(DONE)) == [Alarm.NOT_SENT]


def test_the_worker_died_with_a_mail(cast: Cast) -> None:
    ran(clock(7, 30))
    make_mail(cast.office, clock(7, 31), MailState.CLAIMED)
    assert alarms(morning_of(DONE)) == [Alarm.NOT_SENT]


def test_the_mail_server_is_down_at_half_past_seven(cast: Cast) -> None:
    ran(clock(7, 30))
    for user in (cast.office, cast.leader):
        make_mail(user, clock(7, 31), next_try_at=clock(7, 50))
    assert alarms(morning_of(DONE)) == [Alarm.NOT_SENT]


def test_yesterdays_full_mailbox_does_not_ring_today(cast: Cast) -> None:
    """It is weighed against the mails of its own day."""
    ran(clock(7, 30))
    yesterday = clock(7, 31) - timedelta(days=1)
    for _ in range(20):
        make_mail(cast.office, yesterday, MailState.SENT)
    make_mail(cast.leader, yesterday, next_try_at=clock(8, 0))
    assert alarms(morning_of(DONE)) == []


def test_the_broker_was_dead_all_night(cast: Cast) -> None:
    """Nothing was planned, nothing ran."""
    ran(clock(23, 0, TODAY - timedelta(days=1)), "reminders.jobs.deliver_waiting")
    assert alarms(morning_of(DONE)) == [Alarm.NOT_PLANNED, Alarm.STALLED]


def test_a_day_off_is_quiet(cast: Cast) -> None:
    assert alarms(morning_of(clock(9, 0, SATURDAY))) == []
    CalendarDay.objects.create(day=TODAY, is_working=False, name="Nghỉ")
    assert alarms(morning_of(clock(9, 0))) == []
    CalendarDay.objects.create(day=SATURDAY, is_working=True, name="Làm bù")
    assert Alarm.NOT_PLANNED in alarms(morning_of(clock(9, 0, SATURDAY)))


def test_the_alarms_own_mail_does_not_keep_it_ringing(cast: Cast) -> None:
    ran(clock(7, 30))
    ran(clock(8, 59))
    make_mail(cast.administrator, clock(7, 45), kind=MailKind.ALARM, text="Chưa xong")
    make_mail(cast.office, clock(7, 31), settled_by=cast.administrator)
    assert alarms(morning_of(clock(9, 0))) == []


# Whom it tells


def test_each_administrator_is_told_once_a_day(cast: Cast) -> None:
    assert watch(at=DONE) == watch(at=clock(8, 45)) == 1
    notice = Notice.objects.get()
    assert (notice.recipient, notice.headline, notice.task) == (cast.administrator, HEADLINE, None)
    mail = Mail.objects.get()
    assert (mail.kind, mail.recipient) == (MailKind.ALARM, cast.administrator)
    assert "Lúc 07:45 ngày 16/11/2026" in mail.text
    assert Alarm.NOT_PLANNED.label in mail.text
    watch(at=DONE + timedelta(days=1))
    assert Notice.objects.count() == Mail.objects.count() == 2


def test_nobody_is_told_when_all_is_well(cast: Cast) -> None:
    ran(clock(7, 30))
    assert watch(at=DONE) == 0
    assert not Notice.objects.exists()


def test_who_is_switched_off_or_has_no_address_gets_no_mail(cast: Cast) -> None:
    type(cast.administrator).objects.filter(pk=cast.administrator.pk).update(email="")
    assert watch(at=DONE) == 0
    assert Notice.objects.count() == 1
    type(cast.administrator).objects.filter(pk=cast.administrator.pk).update(is_active=False)
    watch(at=DONE + timedelta(days=1))
    assert Notice.objects.count() == 1


def test_the_job_says_what_it_did(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hanoi_programmes.reminders.jobs.localtime", lambda: DONE)
    rung: list[int] = []
    monkeypatch.setattr("hanoi_programmes.reminders.jobs.ring", rung.append)
    assert watch_job() == "báo động, 1 thư"
    assert rung == [1]


def test_the_alarm_arrives_by_mail(cast: Cast, sink: Sink) -> None:
    watch(at=DONE)
    mail = Mail.objects.get()
    assert deliver_one(mail.pk, on=TODAY, at=DONE) == MailState.SENT
    (arrived,) = sink.to(cast.administrator.email)
    assert arrived["Subject"] == HEADLINE
    for kind in ("plain", "html"):
        part = arrived.get_body(preferencelist=(kind,))
        assert part is not None
        assert Alarm.NOT_PLANNED.label in part.get_content()
        assert "/system/" in part.get_content()


# For who looks from outside


@pytest.fixture
def at_0745(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the edge stands still."""
    for module in (system, check_reminders):
        monkeypatch.setattr(module, "localtime", lambda: DONE)


def test_the_watchers_address_says_503_and_nothing_of_the_work(cast: Cast, at_0745: None) -> None:
    answer = Client().get("/health/reminders/")
    assert answer.status_code == 503
    words = f"{Alarm.NOT_PLANNED.label} {Alarm.STALLED.label}"
    assert answer.content.decode() == words
    assert not any(letter.isdigit() for letter in words.replace("07:30", ""))


def test_the_watchers_address_says_200_without_a_session(cast: Cast, at_0745: None) -> None:
    ran(clock(7, 30))
    answer = Client().get("/health/reminders/")
    assert (answer.status_code, answer.content.decode()) == (200, ALL_WELL)
    assert answer.cookies == {}


def test_a_database_that_is_away_is_503_too(
    db: None, at_0745: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_at: datetime) -> Morning:
        raise DatabaseError

    monkeypatch.setattr(system, "morning_of", gone)
    assert Client().get("/health/reminders/").status_code == 503


def test_the_command_ends_with_one_when_somebody_must_look(cast: Cast, at_0745: None) -> None:
    with pytest.raises(CommandError, match="chưa lập xong") as error:
        call_command("check_reminders")
    assert error.value.returncode == 1
    ran(clock(7, 30))
    out = StringIO()
    call_command("check_reminders", stdout=out)
    assert out.getvalue() == f"{ALL_WELL}\n"


def test_asking_costs_the_same_however_many_mails(cast: Cast) -> None:
    def asked(mails: int) -> int:
        for n in range(mails):
            make_mail(cast.office, clock(7, 31), next_try_at=clock(7, 50) + n * MINUTE)
        with CaptureQueriesContext(connection) as queries:
            morning_of(DONE)
        return len(queries)

    assert asked(1) == asked(30) <= 8
