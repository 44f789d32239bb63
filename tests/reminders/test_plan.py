"""The planner: the ledger, its notices and mails, on any days and however often it runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from hanoi_programmes.people.models import CalendarDay, Holding, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.states import State
from hanoi_programmes.reminders import policy
from hanoi_programmes.reminders.models import Mail, Notice, Reminder
from hanoi_programmes.reminders.policy import Window
from hanoi_programmes.reminders.services.drafting import Draft, Row
from hanoi_programmes.reminders.services.plan import Planned, is_planned, plan
from hanoi_programmes.reminders.states import MailState, Subject, Urgency
from tests import factories
from tests.conftest import HANOI, TODAY, Cast

SATURDAY = date(2026, 11, 21)


def half_past_seven(on: date) -> datetime:
    """When beat rings."""
    return datetime(on.year, on.month, on.day, 7, 30, tzinfo=HANOI)


def run(on: date = TODAY) -> Planned:
    """One run of the planner."""
    return plan(on=on, at=half_past_seven(on))


def told() -> set[tuple[str, str]]:
    """Who was told of which rung."""
    return set(Reminder.objects.told().values_list("recipient__username", "rung"))


def due_in(cast: Cast, days: int, **changes: object) -> Task:
    """A task of the ward with its deadline so many days from today."""
    return factories.make_task(
        cast.programme, cast.ward, deadline=TODAY + timedelta(days), **changes
    )


def test_a_rung_writes_the_ledger_a_notice_and_a_mail_for_each_person(cast: Cast) -> None:
    task = due_in(cast, 7)
    assert run() == Planned(reminders=2, mails=2, nobody=0)
    assert told() == {("ward_officer", "before_7"), ("ward_head", "before_7")}
    notice = Notice.objects.get(recipient=cast.ward_officer)
    assert (notice.headline, notice.text, notice.task) == ("Còn 7 ngày", task.text, task)
    assert notice.kind == Urgency.SOON
    mail = Mail.objects.get(recipient=cast.ward_officer)
    assert mail.state == MailState.QUEUED
    assert mail.reminders.get().notice == notice
    assert mail.message_id.endswith("@thudo.example>")


def test_a_second_run_adds_nothing(cast: Cast) -> None:
    due_in(cast, 7)
    due_in(cast, -3)
    first = run()
    rows = set(Reminder.objects.values_list("pk", "mail"))
    assert run() == Planned(0, 0, first.nobody)
    assert set(Reminder.objects.values_list("pk", "mail")) == rows
    assert Notice.objects.count() == first.reminders


def test_the_ledger_refuses_the_second_copy(cast: Cast) -> None:
    due_in(cast, 7)
    run()
    row = Reminder.objects.first()
    assert row is not None
    row.pk = None
    with pytest.raises(IntegrityError, match="each_rung_once"), transaction.atomic():
        row.save()


def test_nothing_is_planned_on_a_day_off(cast: Cast) -> None:
    due_in(cast, 5)
    CalendarDay.objects.create(day=date(2026, 11, 20), is_working=False, name="Nghỉ")
    assert run(SATURDAY) == run(date(2026, 11, 20)) == Planned()
    assert not is_planned(SATURDAY)


def test_of_rungs_that_fall_together_the_newest_is_told(cast: Cast) -> None:
    # The deadline is a Sunday: a day before, on the day and a day after all fall on this Monday.
    due_in(cast, -1)
    run()
    assert told() == {("ward_officer", "after_1"), ("ward_head", "after_1")}
    assert Notice.objects.count() == 2


def test_a_late_task_climbs_to_the_superior_and_to_the_office(cast: Cast) -> None:
    city_head = factories.make_head("city_head", cast.city)
    due_in(cast, -3)
    run()
    assert ("city_head", "after_3") in told()
    assert ("office", "after_3") not in told()
    due_in(cast, -7)
    run()
    assert {("office", "after_7"), ("leader", "after_7")} <= told()
    assert not Reminder.objects.filter(recipient__in=[cast.inspector, cast.outsider]).exists()
    assert Mail.objects.filter(recipient=city_head).count() == 1


def test_closed_waiting_and_suspended_tasks_have_no_deadline_rungs(cast: Cast) -> None:
    done = {"state": State.COMPLETED, "completed_on": TODAY - timedelta(30)}
    due_in(cast, -14, **done)
    due_in(cast, -14, state=State.SUSPENDED)
    due_in(cast, -14, state=State.AWAITING, submitted_on=TODAY)
    assert run() == Planned()


def test_a_rung_before_the_task_was_issued_is_not_told(cast: Cast) -> None:
    due_in(cast, 4, issued_on=TODAY - timedelta(1))
    assert run() == Planned()


def test_a_missing_update_is_asked_for_once_a_month(cast: Cast) -> None:
    silent = due_in(cast, 200)
    reported = due_in(cast, 200, last_report_on=date(2026, 11, 2))
    for day in range(16, 31):
        run(date(2026, 11, day))
    rows = Reminder.objects.filter(rung="update_before_3")
    assert set(rows.values_list("task", "recipient__username", "deadline", "due_on")) == {
        (silent.pk, "ward_officer", date(2026, 11, 30), date(2026, 11, 25)),
        (silent.pk, "ward_head", date(2026, 11, 30), date(2026, 11, 25)),
    }
    assert not rows.filter(task=reported).exists()


def test_a_waiting_submission_reminds_the_side_that_verifies(cast: Cast) -> None:
    factories.make_task(
        cast.programme,
        cast.department,
        state=State.AWAITING,
        submitted_on=date(2026, 11, 9),
        submitted_by=cast.officer,
    )
    run()
    assert told() == {("office", "verify_5")}


def test_who_is_switched_off_or_has_left_the_post_is_not_told(cast: Cast) -> None:
    due_in(cast, 7)
    Holding.objects.filter(user=cast.ward_head).update(ends_on=TODAY - timedelta(1))
    User.objects.filter(pk=cast.ward_officer.pk).update(is_active=False)
    successor = factories.make_head("successor", cast.ward, since=TODAY)
    run()
    assert told() == {(successor.username, "before_7")}


def test_rungs_without_anybody_to_tell_are_counted(cast: Cast) -> None:
    empty = factories.make_ward("00003", parent=cast.city, name="Xã Trống")
    factories.make_task(cast.programme, empty, deadline=TODAY + timedelta(7))
    assert run() == Planned(nobody=1)


def test_who_has_no_address_finds_the_notice_in_the_app(cast: Cast) -> None:
    due_in(cast, 7)
    User.objects.filter(pk=cast.ward_head.pk).update(email="")
    assert run() == Planned(reminders=2, mails=1)
    assert Notice.objects.filter(recipient=cast.ward_head).count() == 1


def test_nobody_is_told_of_a_task_that_they_may_not_see(cast: Cast) -> None:
    parent = factories.make_task(cast.programme, cast.department, deadline=TODAY - timedelta(8))
    for unit in (cast.ward, cast.other_ward):
        factories.make_task(cast.programme, unit, parent=parent, deadline=TODAY - timedelta(8))
        factories.make_task(
            cast.programme,
            unit,
            parent=parent,
            state=State.AWAITING,
            submitted_on=TODAY - timedelta(10),
        )
    run()
    rows = Reminder.objects.select_related("recipient__unit")
    assert rows.count() > 6
    for row in rows:
        assert Task.objects.visible_to(row.recipient).filter(pk=row.task_id).exists(), row


# Days on which no planner ran


def test_a_day_that_was_missed_is_made_up_for_once_and_marked_late(cast: Cast) -> None:
    due_in(cast, 40)
    due_in(cast, 8)
    run(TODAY - timedelta(3))
    due_in(cast, 7)
    thursday = TODAY + timedelta(3)
    assert run(thursday).mails == 2
    late = Reminder.objects.filter(planned_on=thursday, is_late=True)
    assert {(row.rung, row.due_on) for row in late} == {
        ("before_7", TODAY),
        ("before_7", TODAY + timedelta(1)),
    }
    assert run(thursday) == Planned()


def test_a_mail_that_never_left_is_taken_into_todays(cast: Cast) -> None:
    due_in(cast, 7)
    run()
    due_in(cast, 8)
    run(TODAY + timedelta(1))
    old, new = Mail.objects.filter(recipient=cast.ward_officer).order_by("on")
    assert (old.state, old.reason) == (MailState.CANCELLED, "Gộp vào thư ngày 17/11/2026")
    assert new.reminders.count() == 2
    assert not old.reminders.exists()


def test_what_comes_after_the_days_mail_has_left_waits_for_the_next_one(cast: Cast) -> None:
    due_in(cast, 7)
    run()
    Mail.objects.update(state=MailState.SENT, sent_at=half_past_seven(TODAY))
    later = due_in(cast, 0)
    run()
    row = Reminder.objects.get(task=later, recipient=cast.ward_officer)
    assert row.mail is None
    assert row.notice.on == TODAY
    run(TODAY + timedelta(1))
    carried = Mail.objects.get(reminders=row)
    assert carried.on == TODAY + timedelta(1)
    assert Mail.objects.filter(recipient=cast.ward_officer).count() == 2


def test_a_new_head_is_told_of_this_weeks_rungs(cast: Cast) -> None:
    due_in(cast, 7)
    run()
    Holding.objects.filter(user=cast.ward_head).update(ends_on=TODAY)
    factories.make_head("successor", cast.ward, since=TODAY + timedelta(1))
    run(TODAY + timedelta(1))
    assert ("successor", "before_7") in told()
    assert not Reminder.objects.get(recipient__username="successor").is_late


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(gaps=st.lists(st.integers(0, 12), min_size=1, max_size=5), due=st.integers(-40, 45))
def test_each_rung_is_planned_once_whatever_days_the_planner_runs(
    cast: Cast, gaps: list[int], due: int
) -> None:
    """Runs on any days, some twice: never a second copy, and what stands today is always told."""
    with transaction.atomic():
        deadline = due_in(cast, due, last_report_on=date(2027, 6, 1)).deadline
        assert deadline
        day = TODAY
        for gap in [0, *gaps]:
            day += timedelta(gap)
            run(day)
            if day.weekday() < 5:
                month = Window(day - timedelta(31), day)
                newest = [
                    step.rung for step in policy.fallen(Subject.DEADLINE, deadline, month, {})
                ][-1:]
                wanted = {("ward_officer", rung) for rung in newest}
                assert wanted <= told(), day
        keys = list(Reminder.objects.values_list("task", "recipient", "rung", "deadline"))
        assert len(keys) == len(set(keys)) == Notice.objects.count()
        mails = list(Mail.objects.values_list("recipient", "on"))
        assert len(mails) == len(set(mails))
        assert not Reminder.objects.without_mail().exists()
        transaction.set_rollback(True)


def test_lines_of_a_mail_that_did_not_leave_for_a_month_are_never_without_one(cast: Cast) -> None:
    due_in(cast, 0, last_report_on=date(2027, 6, 1))
    for days in (0, 7, 19, 31):
        run(TODAY + timedelta(days))
    assert not Reminder.objects.without_mail().exists()


# Two planners at once


@contextmanager
def without_the_key() -> Iterator[None]:
    """The control: the ledger as it would be without its unique key."""
    key = next(c for c in Reminder._meta.constraints if c.name == "each_rung_once")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Reminder, key)
    try:
        yield
    finally:
        Notice.objects.all().delete()
        Reminder.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Reminder, key)


def two_planners(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have made up their minds before either writes."""
    barrier = Barrier(2, timeout=20)
    draft = Draft.rows

    def rows(self: Draft) -> Iterator[Row]:
        found = list(draft(self))
        barrier.wait()
        return iter(found)

    monkeypatch.setattr(Draft, "rows", rows)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            run()
        except BaseException as error:
            failures.append(error)
            raise
        finally:
            connections.close_all()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not failures


def late_tasks(cast: Cast) -> int:
    """Fifty tasks, each a rung for officer and head."""
    for _ in range(50):
        due_in(cast, 7)
    return 100


@pytest.mark.django_db(transaction=True)
def test_two_planners_at_once_write_each_rung_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = late_tasks(cast)
    two_planners(monkeypatch)
    assert Reminder.objects.count() == Notice.objects.count() == wanted
    assert Mail.objects.count() == 2
    assert not Reminder.objects.without_mail().exists()


@pytest.mark.django_db(transaction=True)
def test_control_without_the_unique_key_two_planners_write_twice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = late_tasks(cast)
    with without_the_key():
        two_planners(monkeypatch)
        assert Reminder.objects.count() == Notice.objects.count() == 2 * wanted


# Speed


def test_the_number_of_queries_does_not_grow_with_the_tasks(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(60):
        due_in(cast, n - 30)
    with django_assert_max_num_queries(26):
        run()
    assert Reminder.objects.count() > 60


def test_roles_that_may_be_told_are_the_policys(cast: Cast) -> None:
    """An administrator has no programme content, an inspector is nobody's audience."""
    due_in(cast, -70)
    run()
    roles = set(Reminder.objects.values_list("recipient__role", flat=True))
    assert roles == {Role.OFFICER, Role.HEAD, Role.OFFICE, Role.LEADER}


def test_of_one_morning_the_most_urgent_notice_stands_first(cast: Cast) -> None:
    for days in (7, -3, 30, 0, -14):
        due_in(cast, days)
    run()
    mine = Notice.objects.filter(recipient=cast.ward_officer)
    assert [notice.headline for notice in mine] == [
        "Quá hạn 14 ngày",
        "Quá hạn 3 ngày",
        "Hết hạn hôm nay",
        "Còn 7 ngày",
        "Còn 30 ngày",
    ]
