"""Decisions after their task, their people or their units have moved on."""

from datetime import timedelta

import pytest

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import Unit
from hanoi_programmes.programmes.models import Task, TaskSpan
from hanoi_programmes.programmes.rules import Given
from hanoi_programmes.programmes.rules.charges import delays_of, late_now
from hanoi_programmes.programmes.services import directions, extensions, obstacles, tasks
from hanoi_programmes.programmes.services.directions import Wish
from hanoi_programmes.programmes.services.extensions import Reply
from hanoi_programmes.programmes.shapes.thread import thread_of
from tests import factories
from tests.conftest import TODAY, Cast, act
from tests.stored import stored

DAY = timedelta(days=1)
DUE = TODAY + 10 * DAY


@pytest.fixture
def task(cast: Cast) -> Task:
    """The ward's, ten days left, below the department's."""
    city = factories.make_task(cast.programme, cast.department, deadline=TODAY + 60 * DAY)
    return factories.make_task(cast.programme, cast.ward, parent=city, deadline=DUE)


def test_the_unit_that_got_the_task_does_not_decide_for_itself(cast: Cast, task: Task) -> None:
    row = factories.make_obstacle(task, cast.ward_officer, TODAY, decider=cast.department)
    Task.objects.filter(pk=task.pk).update(lead_unit=cast.department)
    before = stored()
    with pytest.raises(Denied) as refusal:
        obstacles.decide(row, "Đồng ý", act=act(cast.head))
    assert "chính đơn vị mình" in refusal.value.reason
    assert stored() == before
    obstacles.pass_on(row, cast.city, act=act(cast.head))


def test_who_asked_and_moved_does_not_decide_the_obstacle(cast: Cast, task: Task) -> None:
    row = factories.make_obstacle(task, cast.ward_officer, TODAY, decider=cast.department)
    cast.ward_officer.unit = cast.department
    cast.ward_officer.save()
    before = stored()
    with pytest.raises(Denied):
        obstacles.decide(row, "Đồng ý", act=act(cast.ward_officer))
    assert stored() == before


def test_the_unit_that_asked_does_not_answer_after_the_task_was_given_away(cast: Cast) -> None:
    city = factories.make_task(cast.programme, cast.department, deadline=TODAY + 60 * DAY)
    task = factories.make_task(cast.programme, cast.department, parent=city, deadline=DUE)
    row = factories.make_extension(task, cast.officer, TODAY, wanted=DUE + DAY)
    Task.objects.filter(pk=task.pk).update(lead_unit=cast.ward)
    before = stored()
    with pytest.raises(Denied):
        extensions.reply(row, Reply("agreed"), act=act(cast.head))
    assert stored() == before


@pytest.fixture
def ended(cast: Cast) -> Unit:
    """A department that ended yesterday."""
    return factories.make_unit("UBND-CU", parent=cast.city, ends_on=TODAY - DAY)


def test_nobody_is_asked_who_is_no_longer_there(cast: Cast, task: Task, ended: Unit) -> None:
    row = factories.make_obstacle(task, cast.ward_officer, TODAY, decider=cast.department)
    before = stored()
    with pytest.raises(Denied):
        directions.give(task, Wish("direction", ended, "Làm rõ", DUE), act=act(cast.leader))
    with pytest.raises(Denied):
        obstacles.pass_on(row, ended, act=act(cast.head))
    assert stored() == before


def test_a_submission_sent_again_on_the_day_of_its_return_is_a_new_wait(cast: Cast) -> None:
    city = factories.make_task(cast.programme, cast.department)
    start = TODAY - 14 * DAY
    task = factories.make_task(
        cast.programme, cast.ward, parent=city, deadline=start - DAY, issued_on=start - 30 * DAY
    )
    for on in (start, start + 7 * DAY):
        if on != start:
            back = Given(reason="Thiếu biểu")
            tasks.move(task, "return", act=act(cast.head, on=on), given=back)
        factories.make_paper(factories.make_report(task, cast.ward_officer, on), on)
        tasks.move(task, "submit", act=act(cast.ward_officer, on=on), given=Given())
    task.refresh_from_db()
    found = late_now(task, on=TODAY)
    assert found
    assert not [c for c in delays_of([found], on=TODAY)[task.pk].charges if c.side == "verifier"]


def test_days_that_are_nobodys_are_not_told_as_a_delay_of_no_days(cast: Cast, task: Task) -> None:
    Task.objects.filter(pk=task.pk).update(
        deadline=TODAY - DAY, state="awaiting", submitted_on=TODAY - DAY
    )
    TaskSpan.objects.filter(task=task).update(ends_on=TODAY - DAY)
    TaskSpan.objects.create(task=task, starts_on=TODAY - DAY, state="awaiting", deadline=TODAY)
    task.refresh_from_db()
    assert late_now(task, on=TODAY)
    assert thread_of(task, cast.head, on=TODAY).delay is None
