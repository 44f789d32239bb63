"""The sweep: what the dead left is taken up, what is in doubt is settled by the server's record."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError
from django.db.models.functions import Now
from django.utils.timezone import now
from pytest_django import Settings

from hanoi_programmes.people.models import User
from hanoi_programmes.reminders import relay
from hanoi_programmes.reminders.models import Mail
from hanoi_programmes.reminders.relay import Record
from hanoi_programmes.reminders.services import deliver as delivery
from hanoi_programmes.reminders.services import sweep as sweeping
from hanoi_programmes.reminders.services.deliver import deliver_one, deliveries
from hanoi_programmes.reminders.services.plan import plan
from hanoi_programmes.reminders.services.sweep import MOST_CRASHES, Swept, sweep
from hanoi_programmes.reminders.states import MailState
from tests import factories
from tests.conftest import HANOI, TODAY, Cast
from tests.mail_server import Server, Sink

AT = datetime(TODAY.year, TODAY.month, TODAY.day, 7, 30, tzinfo=HANOI)
OFFICER = "ward_officer@thudo.example"


@pytest.fixture
def mail(cast: Cast) -> Mail:
    """The officer's mail, alone."""
    factories.make_task(cast.programme, cast.ward, deadline=TODAY + timedelta(7))
    User.objects.exclude(pk=cast.ward_officer.pk).update(is_active=False)
    plan(on=TODAY, at=AT)
    return Mail.objects.get()


@pytest.fixture(autouse=True)
def no_time_to_settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server of these tests has made up its mind as soon as it was asked."""
    monkeypatch.setattr(relay, "SETTLING", timedelta())


def send(mail: Mail) -> MailState | None:
    """One delivery; the row is read again."""
    state = deliver_one(mail.pk, on=TODAY, at=AT)
    mail.refresh_from_db()
    return state


def sweep_later(mail: Mail) -> Swept:
    """As five minutes later: leases and times to settle are over."""
    earlier = Now() - timedelta(seconds=1)
    Mail.objects.filter(state=MailState.CLAIMED).update(lease_until=earlier)
    Mail.objects.filter(state=MailState.DOUBTFUL).update(next_try_at=earlier)
    swept = sweep(most=100)
    mail.refresh_from_db()
    return swept


class PowerCutError(BaseException):
    """The process is gone: no handler runs."""


def die(*_args: object, **_fields: object) -> MailState:
    """In the place of a step that is never reached."""
    raise PowerCutError


@pytest.fixture
def dies_before(monkeypatch: pytest.MonkeyPatch, mail: Mail) -> Callable[[str], None]:
    """A delivery that ends just before this step."""

    def run(step: str) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(delivery, step, die)
            with pytest.raises(PowerCutError):
                send(mail)
        mail.refresh_from_db()
        assert mail.state == MailState.CLAIMED

    return run


Dies = Callable[[str], None]


def test_a_crash_before_the_mail_was_handed_over_is_made_good(
    mail: Mail, sink: Sink, dies_before: Dies
) -> None:
    dies_before("_take_off")
    assert send(mail) is None
    assert sweep_later(mail) == Swept(waiting=1, taken_back=1)
    assert (mail.state, mail.crashes) == (MailState.QUEUED, 1)
    assert send(mail) == MailState.SENT
    assert len(sink.to(OFFICER)) == 1


def test_a_crash_between_sending_and_commit_is_settled_by_the_servers_record(
    mail: Mail, sink: Sink, dies_before: Dies
) -> None:
    dies_before("_settle")
    assert mail.handed_at
    assert sweep(most=100) == Swept()
    assert sweep_later(mail) == Swept(taken_back=1, found_sent=1)
    assert (mail.state, mail.sent_at, mail.reason) == (MailState.SENT, mail.handed_at, "")
    assert send(mail) is None
    assert len(sink.to(OFFICER)) == 1


def test_control_without_asking_the_same_crash_doubles_the_mail(
    mail: Mail, sink: Sink, dies_before: Dies, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "ask_all", ask_nobody)
    dies_before("_settle")
    sweep_later(mail)
    assert send(mail) == MailState.SENT
    assert len(sink.to(OFFICER)) == 2


def ask_nobody(handed: dict[str, datetime]) -> dict[str, Record]:
    """What is not known to be sent is sent again: the usual way."""
    return dict.fromkeys(handed, Record.NOT_TAKEN)


def test_a_crash_before_the_server_took_the_mail_sends_it_once(
    mail: Mail, sink: Sink, dies_before: Dies
) -> None:
    """Handed over in our book, and the line never reached the server."""
    dies_before("_send")
    assert mail.handed_at
    assert sweep_later(mail) == Swept(waiting=1, taken_back=1, found_unsent=1)
    assert mail.state == MailState.QUEUED
    assert send(mail) == MailState.SENT
    assert len(sink.to(OFFICER)) == 1


def test_what_nobody_can_tell_is_parked_and_asked_about_again(
    mail: Mail, smtp: Server, dies_before: Dies, settings: Settings
) -> None:
    """S05: the log cannot be read; nothing is sent by itself."""
    settings.MAIL_RELAY_LOG = ""
    dies_before("_settle")
    for _ in range(3):
        assert sweep_later(mail).doubtful == 1
        assert (mail.state, mail.reason) == (MailState.DOUBTFUL, delivery.UNKNOWN)
        assert send(mail) is None
        assert list(deliveries(on=TODAY, at=AT)) == []
    assert len(smtp.sink.mails) == 1
    settings.MAIL_RELAY_LOG = str(smtp.log.path)
    assert sweep_later(mail).found_sent == 1
    assert mail.state == MailState.SENT


def test_after_two_rotations_only_a_person_can_tell(
    mail: Mail, sink: Sink, dies_before: Dies
) -> None:
    dies_before("_settle")
    Mail.objects.update(handed_at=Now() - timedelta(days=15))
    assert sweep_later(mail) == Swept(taken_back=1)
    assert mail.state == MailState.DOUBTFUL


# A line that breaks, an answer that comes too late (RFC 1047)


def test_a_line_that_broke_after_the_mail_was_taken_leads_to_no_second_copy(
    mail: Mail, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink.answer = ""
    monkeypatch.setattr(relay, "SETTLING", timedelta(minutes=5))
    assert send(mail) == MailState.DOUBTFUL
    assert mail.next_try_at
    assert mail.next_try_at > now() + timedelta(minutes=4)
    assert sweep(most=100) == Swept()
    monkeypatch.setattr(relay, "SETTLING", timedelta())
    assert sweep_later(mail).found_sent == 1
    assert len(sink.to(OFFICER)) == 1


def test_an_answer_after_we_have_gone_leads_to_no_second_copy(
    mail: Mail, sink: Sink, settings: Settings
) -> None:
    settings.MAIL_REPLY_SECONDS = 0.2
    sink.answers_after = 1
    assert send(mail) == MailState.DOUBTFUL
    assert sweep_later(mail).found_sent == 1
    assert send(mail) is None
    assert len(sink.to(OFFICER)) == 1


def test_control_without_asking_a_slow_server_gets_a_copy_each_time(
    mail: Mail, sink: Sink, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "ask_all", ask_nobody)
    settings.MAIL_REPLY_SECONDS = 0.2
    sink.answers_after = 1
    for _ in range(3):
        assert send(mail) == MailState.DOUBTFUL
        sweep_later(mail)
    assert len(sink.to(OFFICER)) == 3


# Poison


def test_a_mail_that_kills_its_carrier_is_not_given_to_a_sixth(
    mail: Mail, sink: Sink, dies_before: Dies
) -> None:
    for crash in range(1, MOST_CRASHES + 1):
        dies_before("_take_off")
        sweep_later(mail)
        assert mail.crashes == crash
    assert (mail.state, mail.reason) == (MailState.FAILED, sweeping.POISON)


def test_nor_is_one_that_kills_it_while_sending(mail: Mail, sink: Sink, dies_before: Dies) -> None:
    for _ in range(MOST_CRASHES):
        dies_before("_send")
        sweep_later(mail)
    assert (mail.state, mail.reason) == (MailState.FAILED, sweeping.POISON)
    assert mail.handed_at is None


def test_tries_are_not_crashes(mail: Mail, sink: Sink) -> None:
    """A server that is busy for an hour kills nobody."""
    sink.answer = "451 Try again later"
    for _ in range(MOST_CRASHES + 2):
        send(mail)
        Mail.objects.update(next_try_at=Now())
    assert (mail.state, mail.attempts, mail.crashes) == (MailState.QUEUED, 7, 0)


# The server is away


def test_nobody_is_rung_while_the_server_is_away(mail: Mail, smtp: Server) -> None:
    smtp.down()
    swept = sweep_later(mail)
    assert swept.waiting == 0
    assert "refused" in swept.server
    assert mail.failing_since
    assert "refused" in mail.error
    since = mail.failing_since
    sweep_later(mail)
    assert mail.failing_since == since
    smtp.up()
    assert sweep_later(mail) == Swept(waiting=1)
    assert send(mail) == MailState.SENT


@pytest.mark.parametrize(("hours", "state"), [(23.9, MailState.QUEUED), (24.1, MailState.FAILED)])
def test_after_a_day_of_it_a_person_must_look(
    mail: Mail, smtp: Server, hours: float, state: MailState
) -> None:
    smtp.down()
    Mail.objects.update(failing_since=Now() - timedelta(hours=hours))
    sweep_later(mail)
    assert mail.state == state
    smtp.up()


def test_a_mail_that_waited_for_a_worker_all_weekend_is_not_given_up_at_the_first_trouble(
    mail: Mail, smtp: Server
) -> None:
    """After a power cut the workers may be there before the mail server."""
    Mail.objects.update(queued_at=Now() - timedelta(days=3))
    smtp.down()
    sweep_later(mail)
    assert mail.state == MailState.QUEUED
    smtp.up()


# What the database refuses


def test_a_mail_in_the_queue_is_not_with_the_server(mail: Mail) -> None:
    with pytest.raises(IntegrityError, match="queued_mails_are_not_handed"):
        Mail.objects.update(handed_at=Now())


def test_a_carrier_that_slept_through_all_this_does_not_send(
    mail: Mail, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped between claim and hand-over for longer than its lease; another one was quicker."""
    take_off = delivery._take_off

    def sleepy(*given: object) -> bool:
        monkeypatch.setattr(delivery, "_take_off", take_off)
        sweep_later(mail)
        assert send(mail) == MailState.SENT
        return take_off(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(delivery, "_take_off", sleepy)
    assert send(mail) is None
    assert mail.state == MailState.SENT
    assert len(sink.to(OFFICER)) == 1
