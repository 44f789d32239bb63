"""Carriers side by side, across midnight, under wrong clocks: each mail once, what holds, to whom.

Each guard has its control: the same without it, which must show the failure.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from django.db import connection, connections
from django.db.models import F
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.states import State
from hanoi_programmes.reminders.models import Mail, Reminder
from hanoi_programmes.reminders.querysets import MailQuerySet
from hanoi_programmes.reminders.services import deliver as delivery
from hanoi_programmes.reminders.services.deliver import deliver_one, deliveries
from hanoi_programmes.reminders.services.plan import plan
from hanoi_programmes.reminders.states import MailState
from tests import factories
from tests.chaos.town import write_mails
from tests.conftest import HANOI, TODAY, Cast
from tests.mail_server import Server, Sink

AT = datetime(TODAY.year, TODAY.month, TODAY.day, 7, 30, tzinfo=HANOI)
OFFICER = "ward_officer@thudo.example"


def together(work: Callable[[], None]) -> None:
    """Two threads, each with its own connection to the database."""

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)


def carry_all() -> None:
    """Everything that waits."""
    list(deliveries(on=TODAY, at=AT))


@pytest.mark.django_db(transaction=True)
def test_two_carriers_at_once_share_the_mails(smtp: Server) -> None:
    addresses = write_mails(30)
    together(carry_all)
    assert smtp.sink.copies() == dict.fromkeys(addresses, 1)


@pytest.mark.django_db(transaction=True)
def test_control_a_claim_that_looks_and_then_takes_doubles_mails(
    smtp: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_mails(5)
    both = Barrier(2, timeout=5)

    def look_then_take(free: MailQuerySet) -> Mail | None:
        mail = free.select_related("recipient__unit").order_by("on", "pk").first()
        with suppress(BrokenBarrierError):
            both.wait()
        if mail:
            mail.attempts += 1
            lease = Now() + delivery.LEASE
            Mail.objects.filter(pk=mail.pk).update(
                state=MailState.CLAIMED, lease_until=lease, attempts=mail.attempts
            )
        return mail

    monkeypatch.setattr(delivery, "_claim", look_then_take)
    together(carry_all)
    assert max(smtp.sink.copies().values()) == 2


# Between planning and sending


@pytest.fixture
def mail(cast: Cast) -> Mail:
    """The officer's mail."""
    factories.make_task(cast.programme, cast.ward, deadline=TODAY + timedelta(7))
    plan(on=TODAY, at=AT)
    return Mail.objects.get(recipient=cast.ward_officer)


CHANGES: list[Callable[[Cast], object]] = [
    lambda _: Task.objects.update(state=State.COMPLETED, completed_on=TODAY),
    lambda cast: Task.objects.update(lead_unit=cast.other_ward),
    lambda _: Task.objects.update(deadline=F("deadline") + timedelta(60)),
    lambda cast: User.objects.filter(pk=cast.ward_officer.pk).update(is_active=False),
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_after_the_planning_is_asked_again(
    cast: Cast, mail: Mail, sink: Sink, change: Callable[[Cast], object]
) -> None:
    """S17: closed, given to another unit, put off, its reader switched off."""
    change(cast)
    carry_all()
    assert sink.to(OFFICER) == []


@pytest.mark.parametrize("change", CHANGES[:3])
def test_control_without_asking_again_it_goes_out_wrong(
    cast: Cast,
    mail: Mail,
    sink: Sink,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Cast], object],
) -> None:
    def as_planned(mail: Mail, *_: object) -> list[Reminder]:
        return list(mail.reminders.select_related("task__lead_unit"))

    monkeypatch.setattr(delivery, "still_standing", as_planned)
    change(cast)
    carry_all()
    assert len(sink.to(OFFICER)) == 1


# Clocks


def test_planned_before_midnight_and_sent_after_it_is_sent_once_and_says_so(
    cast: Cast, mail: Mail, sink: Sink
) -> None:
    """23:59 and 00:01: the second day's planner finds the rung told, and tells no other."""
    plan(on=TODAY, at=AT.replace(hour=23, minute=59))
    after = AT.replace(hour=0, minute=1) + timedelta(1)
    list(deliveries(on=TODAY + timedelta(1), at=after))
    plan(on=TODAY + timedelta(1), at=after)
    list(deliveries(on=TODAY + timedelta(1), at=after))
    (told,) = sink.to(OFFICER)
    text = told.get_body(("plain",))
    assert text
    assert "Thư gửi chậm" in text.get_content()
    assert Reminder.objects.filter(recipient=cast.ward_officer).count() == 1


class GoneError(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("wrong", [timedelta(hours=-1), timedelta(hours=1), timedelta(days=1)])
def test_leases_run_by_the_databases_clock_whatever_ours_says(
    mail: Mail, sink: Sink, monkeypatch: pytest.MonkeyPatch, wrong: timedelta
) -> None:
    """S20: the machine's clock was stepped; nobody's claim ends sooner or later for it."""

    def gone(*_: object) -> Iterator[None]:
        raise GoneError

    monkeypatch.setattr(delivery, "_take_off", gone)
    with pytest.raises(GoneError):
        deliver_one(mail.pk, on=TODAY, at=AT + wrong)
    mail.refresh_from_db()
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        (theirs,) = cursor.fetchone()
    assert mail.lease_until
    assert abs(mail.lease_until - theirs - delivery.LEASE) < timedelta(seconds=30)
    assert list(Mail.objects.expired()) == []


# Weight


def test_a_mail_costs_as_many_queries_with_thirty_lines_as_with_one(cast: Cast, sink: Sink) -> None:
    for unit, lines in ((cast.ward, 1), (cast.department, 30)):
        for _ in range(lines):
            factories.make_task(cast.programme, unit, deadline=TODAY + timedelta(7))
    plan(on=TODAY, at=AT)
    costs = []
    for reader in (cast.ward_officer, cast.officer):
        mail = Mail.objects.get(recipient=reader)
        with CaptureQueriesContext(connection) as queries:
            assert deliver_one(mail.pk, on=TODAY, at=AT) == MailState.SENT
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 15
