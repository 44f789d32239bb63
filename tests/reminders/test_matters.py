"""Rungs of what waits beside the task: a direction, an obstacle, a request for more time."""

from datetime import date, timedelta

import pytest

from hanoi_programmes.programmes.models import Direction, Extension, Obstacle, Task
from hanoi_programmes.reminders.models import Ladder, Mail, Notice, Reminder
from hanoi_programmes.reminders.policy import ANSWERED, DECIDED, DEFAULT, REMOVED
from hanoi_programmes.reminders.services.plan import plan
from hanoi_programmes.reminders.services.standing import still_standing
from hanoi_programmes.reminders.states import Subject, Urgency
from tests import factories
from tests.conftest import TODAY, Cast, act

AT = act(None).at
Told = set[tuple[str, str, int]]


@pytest.fixture
def quiet_task(cast: Cast) -> Task:
    """A ward's part of a department's task, with nothing due and nothing to report."""
    far = {"deadline": TODAY + timedelta(200), "last_report_on": TODAY}
    above = factories.make_task(cast.programme, cast.department, **far)
    return factories.make_task(cast.programme, cast.ward, parent=above, **far)


def told() -> Told:
    """Whom a run of the planner told of what."""
    rows = Reminder.objects.values_list("recipient__username", "rung", "matter")
    return set(rows)


def run(on: date = TODAY) -> Told:
    """One run of the planner, and whom the ledger names then."""
    plan(on=on, at=AT)
    return told()


def direct(task: Task, cast: Cast, answer_by: date, **changes: object) -> Direction:
    """A leader asks the ward's unit."""
    fields = {"unit": cast.ward, "by": cast.leader, "on": TODAY - timedelta(20)} | changes
    return Direction.objects.create(
        task=task, kind="direction", text="Báo cáo rõ", answer_by=answer_by, **fields
    )


def test_an_unanswered_direction_reminds_the_unit_that_was_asked(
    cast: Cast, quiet_task: Task
) -> None:
    asked = direct(quiet_task, cast, TODAY)
    assert run() == {
        ("ward_officer", "direction_on_day", asked.pk),
        ("ward_head", "direction_on_day", asked.pk),
    }
    notice = Notice.objects.get(recipient=cast.ward_head)
    assert (notice.kind, notice.headline) == (
        Urgency.ANSWER,
        "Trả lời ý kiến chỉ đạo: hết hạn hôm nay",
    )


def test_three_days_late_it_also_reaches_who_gave_it_and_the_superior(
    cast: Cast, quiet_task: Task
) -> None:
    factories.make_head("city_head", cast.city)
    asked = direct(quiet_task, cast, TODAY - timedelta(3))
    rung = ("direction_after_3", asked.pk)
    names = ("ward_officer", "ward_head", "city_head", "leader")
    assert run() == {(name, *rung) for name in names}


def test_two_directions_with_one_day_are_two_reminders(cast: Cast, quiet_task: Task) -> None:
    one, other = (direct(quiet_task, cast, TODAY) for _ in range(2))
    assert {matter for _, _, matter in run()} == {one.pk, other.pk}
    assert Mail.objects.filter(recipient=cast.ward_officer).count() == 1


@pytest.mark.parametrize("field", ["answered_on", "closed_on"])
def test_an_answered_or_closed_direction_reminds_nobody(
    cast: Cast, quiet_task: Task, field: str
) -> None:
    answer = {"answer": "Đã làm"} if field == "answered_on" else {}
    direct(quiet_task, cast, TODAY, **{field: TODAY}, **answer)
    assert run() == set()


def obstacle(task: Task, cast: Cast, **changes: object) -> Obstacle:
    """The ward is stuck and the department must decide."""
    fields = {"decider": cast.department, "decider_text": "Sở Y tế"} | changes
    return Obstacle.objects.create(task=task, by=cast.ward_officer, text="Thiếu mẫu", **fields)


def test_an_undecided_obstacle_reminds_the_level_that_must_decide(
    cast: Cast, quiet_task: Task
) -> None:
    row = obstacle(quiet_task, cast, raised_on=TODAY - timedelta(9), wanted_by=TODAY + timedelta(1))
    assert run() == {
        ("officer", "obstacle_before_1", row.pk),
        ("head", "obstacle_before_1", row.pk),
    }


def test_an_obstacle_without_a_day_is_expected_to_be_decided_in_a_week(
    cast: Cast, quiet_task: Task
) -> None:
    obstacle(quiet_task, cast, raised_on=TODAY - timedelta(10))
    run()
    assert set(Reminder.objects.values_list("rung", "deadline")) == {
        ("obstacle_after_3", TODAY - timedelta(3))
    }
    assert "office" in {name for name, _, _ in told()}


def test_an_obstacle_before_a_level_without_people_is_the_offices(
    cast: Cast, quiet_task: Task
) -> None:
    days = {"raised_on": TODAY - timedelta(9), "wanted_by": TODAY + timedelta(1)}
    obstacle(quiet_task, cast, decider=None, decider_text="Chính phủ", **days)
    assert {name for name, _, _ in run()} == {"office"}


def ask_for_time(task: Task, cast: Cast, asked_on: date) -> Extension:
    """The ward asks its department."""
    assert task.deadline
    return Extension.objects.create(
        task=task,
        by=cast.ward_officer,
        asked_on=asked_on,
        reason="Chờ kinh phí",
        deadline=task.deadline,
        wanted=task.deadline + timedelta(30),
    )


def test_a_request_for_time_reminds_who_gave_the_task_after_three_working_days(
    cast: Cast, quiet_task: Task
) -> None:
    # Wednesday; Thursday, Friday and Monday are the three.
    row = ask_for_time(quiet_task, cast, TODAY - timedelta(5))
    assert run() == {("officer", "extension_3", row.pk), ("head", "extension_3", row.pk)}


# Between planning and sending


def standing(cast: Cast) -> int:
    """How many lines the department's head still gets."""
    return len(still_standing(Mail.objects.get(recipient=cast.head), TODAY))


def test_what_is_decided_before_sending_is_not_sent(cast: Cast, quiet_task: Task) -> None:
    row = ask_for_time(quiet_task, cast, TODAY - timedelta(5))
    run()
    assert standing(cast) == 1
    Extension.objects.filter(pk=row.pk).update(answer="refused", decided_on=TODAY)
    assert standing(cast) == 0
    assert Reminder.objects.get(recipient=cast.head).left_out == DECIDED


def test_a_direction_with_another_day_is_another_reminder(cast: Cast, quiet_task: Task) -> None:
    row = direct(quiet_task, cast, TODAY, unit=cast.department)
    run()
    assert standing(cast) == 1
    Direction.objects.filter(pk=row.pk).update(answer_by=TODAY + timedelta(9))
    assert standing(cast) == 0
    assert Reminder.objects.get(recipient=cast.head).left_out == ANSWERED


def test_a_rung_that_the_office_took_away_before_sending_is_not_sent(
    cast: Cast, quiet_task: Task
) -> None:
    direct(quiet_task, cast, TODAY, unit=cast.department)
    run()
    kept = [r.as_json() for r in DEFAULT if (r.subject, r.offset) != (Subject.DIRECTION, 0)]
    Ladder.objects.create(at=AT, by=cast.office, rungs=kept)
    assert standing(cast) == 0
    assert Reminder.objects.get(recipient=cast.head).left_out == REMOVED
