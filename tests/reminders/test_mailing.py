"""Into which mail a reminder goes: one digest, a mail a task, nothing on quiet days."""

from datetime import date, timedelta

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.reminders.models import Mail, Notice, Preference, Reminder
from hanoi_programmes.reminders.services.plan import plan
from hanoi_programmes.reminders.states import Delivery, MailKind
from tests import factories
from tests.conftest import TODAY, Cast, act

AT = act(None).at


def due_in(cast: Cast, days: int) -> Task:
    """A task of the ward, reported on today."""
    deadline = TODAY + timedelta(days)
    return factories.make_task(
        cast.programme, cast.ward, deadline=deadline, last_report_on=date(2027, 6, 1)
    )


def prefer(user: User, **changes: object) -> None:
    """What the person has settled."""
    Preference.objects.create(user=user, **changes)


def kinds(user: User) -> list[str]:
    """The kinds of the person's mails."""
    return list(Mail.objects.filter(recipient=user).values_list("kind", flat=True))


def test_single_mails_are_one_a_task_and_only_once(cast: Cast) -> None:
    prefer(cast.ward_officer, delivery=Delivery.SINGLE)
    for days in (7, 0):
        due_in(cast, days)
    assert plan(on=TODAY, at=AT).mails == 3
    assert plan(on=TODAY, at=AT).mails == 0
    assert kinds(cast.ward_officer) == [MailKind.SINGLE] * 2
    assert kinds(cast.ward_head) == [MailKind.DIGEST]
    assert {mail.reminders.count() for mail in Mail.objects.filter(kind=MailKind.SINGLE)} == {1}


def test_a_quiet_day_has_no_mail_but_the_notice_and_the_next_mail_holds_it(cast: Cast) -> None:
    prefer(cast.ward_officer, quiet_weekdays=[TODAY.weekday()])
    due_in(cast, 7)
    plan(on=TODAY, at=AT)
    assert kinds(cast.ward_officer) == []
    assert Notice.objects.filter(recipient=cast.ward_officer).count() == 1
    tomorrow = TODAY + timedelta(1)
    plan(on=tomorrow, at=AT)
    assert Mail.objects.get(recipient=cast.ward_officer).on == tomorrow


def test_an_absence_is_quiet_from_its_first_to_its_last_day(cast: Cast) -> None:
    prefer(cast.ward_officer, quiet_from=TODAY, quiet_until=TODAY + timedelta(1))
    due_in(cast, 7)
    for days in range(2):
        plan(on=TODAY + timedelta(days), at=AT)
        assert kinds(cast.ward_officer) == []
    plan(on=TODAY + timedelta(2), at=AT)
    assert kinds(cast.ward_officer) == [MailKind.DIGEST]


def test_a_statutory_escalation_knows_no_quiet_day(cast: Cast) -> None:
    prefer(cast.ward_officer, quiet_weekdays=list(range(7)))
    late, soon = due_in(cast, -3), due_in(cast, 7)
    plan(on=TODAY, at=AT)
    mail = Mail.objects.get(recipient=cast.ward_officer)
    assert list(mail.reminders.values_list("task", flat=True)) == [late.pk]
    held_back = Reminder.objects.get(task=soon, recipient=cast.ward_officer)
    assert held_back.mail is None
