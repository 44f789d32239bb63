"""What is foreseen is what the planner does when those days come."""

from collections import Counter
from datetime import date, timedelta

from django.db import transaction

from hanoi_programmes.people.models import CalendarDay
from hanoi_programmes.programmes.states import State
from hanoi_programmes.reminders.models import Reminder
from hanoi_programmes.reminders.policy import DEFAULT
from hanoi_programmes.reminders.services.plan import exceptions_around, plan
from hanoi_programmes.reminders.services.preview import compare, foresee
from hanoi_programmes.reminders.states import Subject
from tests import factories
from tests.conftest import TODAY, Cast, act

AT = act(None).at
Days = dict[date, dict[str, int]]


def planned(days: int) -> Days:
    """The planner runs each day; which rungs of how many matters are new on each."""
    found: Days = {}
    with transaction.atomic():
        for n in range(days + 1):
            on = TODAY + timedelta(n)
            plan(on=on, at=AT)
            rows = Reminder.objects.filter(planned_on=on).values_list("task", "rung", "matter")
            if n and rows:
                found[on] = dict(Counter(rung for _, rung, _ in set(rows)))
        transaction.set_rollback(True)
    return found


def test_the_foreseen_days_are_those_on_which_the_planner_tells(cast: Cast) -> None:
    # A Monday off in the middle: what falls on it falls on Tuesday.
    CalendarDay.objects.create(day=TODAY + timedelta(7), is_working=False, name="Nghỉ")
    for days in (-40, -9, -1, 0, 1, 2, 6, 7, 8, 14, 30, 45):
        factories.make_task(
            cast.programme, cast.ward, deadline=TODAY + timedelta(days), last_report_on=TODAY
        )
    silent = factories.make_task(cast.programme, cast.ward, deadline=TODAY + timedelta(300))
    waiting = {"state": State.AWAITING, "submitted_on": TODAY - timedelta(3)}
    factories.make_task(cast.programme, cast.department, submitted_by=cast.officer, **waiting)
    factories.make_direction(silent, cast.ward, cast.leader, TODAY, answer_by=TODAY + timedelta(4))
    factories.make_obstacle(silent, cast.ward_officer, TODAY, wanted_by=TODAY + timedelta(5))
    exceptions = exceptions_around(TODAY)
    # To the end of the month: the next one's updates are not known yet.
    foreseen = foresee(rungs=DEFAULT, exceptions=exceptions, on=TODAY, days=14)
    assert {day.on: dict(day.rungs) for day in foreseen} == planned(14)


def test_a_change_is_told_day_by_day(cast: Cast) -> None:
    factories.make_task(
        cast.programme, cast.ward, deadline=TODAY + timedelta(8), last_report_on=TODAY
    )
    fewer = [r for r in DEFAULT if (r.subject, r.offset) != (Subject.DEADLINE, -7)]
    before, after = (
        foresee(rungs=rungs, exceptions={}, on=TODAY, days=3) for rungs in (DEFAULT, fewer)
    )
    (change,) = compare(before, after)
    assert (change.on, change.before, change.after) == (TODAY + timedelta(1), 1, 0)
    assert change.rungs == [("Trước thời hạn 7 ngày", 1, 0)]
    assert not any(day.is_changed for day in compare(before, before))
