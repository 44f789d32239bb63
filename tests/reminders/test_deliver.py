"""Delivery by real SMTP: once, what still holds, to who is still meant; and after each failure."""

from datetime import date, datetime, timedelta
from email.message import EmailMessage

import pytest
from django.db.models.functions import Now
from django.utils.timezone import now

from hanoi_programmes.people.models import Holding, User
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.states import State
from hanoi_programmes.reminders.models import Mail, Reminder
from hanoi_programmes.reminders.policy import CLOSED, MOVED
from hanoi_programmes.reminders.services import deliver as delivery
from hanoi_programmes.reminders.services.deliver import deliver_one, deliveries, waiting
from hanoi_programmes.reminders.services.plan import plan
from hanoi_programmes.reminders.services.standing import NOT_THEIRS
from hanoi_programmes.reminders.services.sweep import take_back_expired
from hanoi_programmes.reminders.states import MailState
from tests import factories
from tests.conftest import HANOI, TODAY, Cast
from tests.mail_server import Server, Sink

AT = datetime(TODAY.year, TODAY.month, TODAY.day, 7, 30, tzinfo=HANOI)
OFFICER = "ward_officer@thudo.example"


@pytest.fixture
def task(cast: Cast) -> Task:
    """A task of the ward, planned for officer and head."""
    task = factories.make_task(cast.programme, cast.ward, deadline=TODAY + timedelta(7))
    plan(on=TODAY, at=AT)
    return task


@pytest.fixture
def mail(task: Task, cast: Cast) -> Mail:
    """The officer's mail."""
    return Mail.objects.get(recipient=cast.ward_officer)


def send(mail: Mail, on: date = TODAY) -> MailState | None:
    """One delivery; the row is read again."""
    state = deliver_one(mail.pk, on=on, at=AT)
    mail.refresh_from_db()
    return state


def lease_is_over(mail: Mail) -> None:
    """As five minutes after the carrier's death."""
    Mail.objects.filter(pk=mail.pk).update(lease_until=Now() - timedelta(seconds=1))


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    """The plain or the html part."""
    part = message.get_body(preferencelist=(kind,))
    assert part is not None
    return str(part.get_content())


def test_a_mail_arrives_once_however_often_it_is_delivered(mail: Mail, sink: Sink) -> None:
    assert send(mail) == MailState.SENT
    assert send(mail) is None
    assert len(sink.to(OFFICER)) == 1
    assert (mail.state, mail.address) == (MailState.SENT, OFFICER)
    assert mail.sent_at
    assert mail.handed_at
    assert mail.sent_at >= mail.handed_at
    assert mail.subject == "1 việc sắp đến hạn – ngày 16/11/2026"


def test_headers_are_the_ledgers(mail: Mail, sink: Sink) -> None:
    send(mail)
    (message,) = sink.mails
    assert message["Message-ID"] == mail.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Subject"].strip() == mail.subject


def test_all_waiting_mails_go_out(task: Task, sink: Sink) -> None:
    for mail_id in waiting(limit=10):
        deliver_one(mail_id, on=TODAY, at=AT)
    assert {message["To"] for message in sink.mails} == {OFFICER, "ward_head@thudo.example"}
    assert waiting(limit=10) == []


# Asked again before sending


def drop(task: Task, **changes: object) -> None:
    """The task changes between planning and sending."""
    Task.objects.filter(pk=task.pk).update(**changes)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"state": State.COMPLETED, "completed_on": TODAY},
            CLOSED,
        ),
        ({"deadline": TODAY + timedelta(60)}, MOVED),
    ],
)
def test_what_no_longer_holds_is_not_sent(
    task: Task, mail: Mail, sink: Sink, changes: dict[str, object], reason: str
) -> None:
    drop(task, **changes)
    assert send(mail) == MailState.CANCELLED
    assert mail.reason == delivery.NOTHING_LEFT
    assert mail.reminders.get().left_out == reason
    assert sink.mails == []


def test_one_line_is_struck_off_and_the_others_go(cast: Cast, sink: Sink) -> None:
    kept, closed = (
        factories.make_task(cast.programme, cast.ward, deadline=TODAY + timedelta(7))
        for _ in range(2)
    )
    plan(on=TODAY, at=AT)
    drop(closed, state=State.SUSPENDED)
    assert send(Mail.objects.get(recipient=cast.ward_officer)) == MailState.SENT
    assert kept.text in text_of(sink.mails[0])
    assert closed.text not in text_of(sink.mails[0])


def test_who_was_switched_off_gets_nothing(cast: Cast, mail: Mail, sink: Sink) -> None:
    User.objects.filter(pk=cast.ward_officer.pk).update(is_active=False)
    assert send(mail) == MailState.CANCELLED
    assert mail.reason == delivery.NO_LONGER_ACTIVE
    assert sink.mails == []


def test_a_head_who_left_the_post_gets_nothing(cast: Cast, task: Task, sink: Sink) -> None:
    mail = Mail.objects.get(recipient=cast.ward_head)
    Holding.objects.filter(user=cast.ward_head).update(ends_on=TODAY - timedelta(1))
    assert send(mail) == MailState.CANCELLED
    assert mail.reminders.get().left_out == NOT_THEIRS
    assert sink.mails == []


def test_a_task_that_went_to_another_unit_is_told_there_and_only_there(
    cast: Cast, task: Task, mail: Mail, sink: Sink
) -> None:
    drop(task, lead_unit=cast.other_ward)
    assert send(mail) == MailState.CANCELLED
    plan(on=TODAY, at=AT)
    for mail_id in waiting(limit=10):
        deliver_one(mail_id, on=TODAY, at=AT)
    assert [message["To"] for message in sink.mails] == ["outsider@thudo.example"]


def test_a_mail_holds_no_task_of_others(cast: Cast, sink: Sink) -> None:
    texts = {}
    for unit in (cast.ward, cast.other_ward, cast.department):
        texts[unit.pk] = f"cnr-{unit.code}"
        factories.make_task(
            cast.programme, unit, deadline=TODAY - timedelta(7), text=texts[unit.pk]
        )
    plan(on=TODAY, at=AT)
    for mail_id in waiting(limit=20):
        deliver_one(mail_id, on=TODAY, at=AT)
    own = {OFFICER: {cast.ward.pk}, "outsider@thudo.example": {cast.other_ward.pk}}
    own["office@thudo.example"] = set(texts)
    for address, units in own.items():
        (message,) = sink.to(address)
        for pk, text in texts.items():
            for kind in ("plain", "html"):
                assert (text in text_of(message, kind)) is (pk in units), (address, text)


# Failures


def test_a_server_that_is_away_costs_a_mail_nothing(mail: Mail, smtp: Server) -> None:
    smtp.down()
    assert send(mail) is None
    assert list(deliveries(on=TODAY, at=AT)) == []
    assert (mail.state, mail.attempts, mail.next_try_at) == (MailState.QUEUED, 0, None)
    smtp.up()
    assert send(mail) == MailState.SENT
    assert len(smtp.sink.to(OFFICER)) == 1


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("451 Try again later", MailState.QUEUED),
        ("452 Out of space", MailState.QUEUED),
        ("554 No thanks", MailState.FAILED),
        ("552 Too big", MailState.FAILED),
    ],
)
def test_refusals_for_now_and_for_ever(
    mail: Mail, sink: Sink, answer: str, state: MailState
) -> None:
    sink.answer = answer
    assert send(mail) == state
    assert answer[:3] in mail.error
    assert sink.mails == []


def test_who_is_put_off_waits_longer_each_time(mail: Mail, sink: Sink) -> None:
    sink.answer = "451 Try again later"
    waits = []
    for _ in range(8):
        assert send(mail) == MailState.QUEUED
        assert mail.next_try_at
        waits.append(round((mail.next_try_at - now()).total_seconds() / 60))
        assert send(mail) is None
        Mail.objects.filter(pk=mail.pk).update(next_try_at=Now())
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert (mail.attempts, mail.handed_at) == (8, None)


@pytest.mark.parametrize(("hours", "state"), [(23.9, MailState.QUEUED), (24.1, MailState.FAILED)])
def test_nobody_is_put_off_for_ever(mail: Mail, sink: Sink, hours: float, state: MailState) -> None:
    """Patience is a matter of age, not of tries: a busy hour has many of them."""
    sink.answer = "451 Try again later"
    Mail.objects.filter(pk=mail.pk).update(
        attempts=500, failing_since=Now() - timedelta(hours=hours)
    )
    assert send(mail) == state
    assert mail.reason == (delivery.GAVE_UP if state == MailState.FAILED else "")


def test_an_address_that_cannot_be_written_is_refused(cast: Cast, mail: Mail, sink: Sink) -> None:
    User.objects.filter(pk=cast.ward_officer.pk).update(email="a@b.example\nBcc: c@d.example")
    assert send(mail) == MailState.FAILED
    assert sink.mails == []


def test_a_line_that_breaks_after_the_mail_was_taken_is_not_followed_by_a_second_copy(
    mail: Mail, sink: Sink
) -> None:
    sink.answer = ""
    assert send(mail) == MailState.DOUBTFUL
    assert mail.reason == delivery.UNKNOWN
    sink.answer = "250 OK"
    take_back_expired()
    assert send(mail) is None
    assert len(sink.to(OFFICER)) == 1


def test_a_carrier_whose_lease_is_over_does_not_send(
    mail: Mail, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It slept through its lease: somebody else may have the mail by now."""
    monkeypatch.setattr(delivery, "LEASE", timedelta(seconds=-1))
    assert send(mail) is None
    assert sink.mails == []


def test_a_mail_that_left_late_says_so(cast: Cast, mail: Mail, sink: Sink) -> None:
    tomorrow = TODAY + timedelta(1)
    assert send(mail, on=tomorrow) == MailState.SENT
    text = text_of(sink.mails[0])
    assert "Thư gửi chậm: phần nhắc lẽ ra gửi từ ngày 16/11/2026" in text
    assert "Còn 6 ngày" in text
    assert Reminder.objects.told().filter(mail=mail).count() == 1
