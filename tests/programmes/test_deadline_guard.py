"""A child never ends after its parent and no task is above itself: the rule and the database."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.rules import Given, fits_parent, holds_children
from hanoi_programmes.programmes.services.tasks import move
from tests import factories
from tests.conftest import TODAY, Cast, act
from tests.stored import stored

DAY = timedelta(days=1)


def test_the_rule_names_both_days(city_task: Task, clock: date) -> None:
    last = clock + 30 * DAY
    assert fits_parent(last, city_task)
    assert fits_parent(None, city_task)
    assert fits_parent(last + DAY, None)
    assert fits_parent(last + DAY, Task(deadline=None))
    reason = fits_parent(last + DAY, city_task).reason
    assert f"{last + DAY:%d/%m/%Y}" in reason
    assert f"không muộn hơn {last:%d/%m/%Y}" in reason


def test_a_parent_is_not_shortened_below_open_children(ward_task: Task, clock: date) -> None:
    parent = ward_task.parent
    assert parent
    assert holds_children(clock + 10 * DAY, parent)
    assert holds_children(None, parent)
    reason = holds_children(clock + 9 * DAY, parent).reason
    assert "Còn 1 nhiệm vụ thành phần" in reason
    assert ward_task.code in reason
    Task.objects.filter(pk=ward_task.pk).update(state="cancelled")
    assert holds_children(clock + 9 * DAY, parent)


def test_the_database_refuses_a_deadline_after_the_parents(
    cast: Cast, city_task: Task, ward_task: Task, clock: date
) -> None:
    late = clock + 31 * DAY
    with pytest.raises(IntegrityError, match="after its parent"), transaction.atomic():
        Task.objects.filter(pk=ward_task.pk).update(deadline=late)
    with pytest.raises(IntegrityError, match="after its parent"), transaction.atomic():
        factories.make_task(cast.programme, cast.ward, parent=city_task, deadline=late)
    alone = factories.make_task(cast.programme, cast.ward, deadline=late)
    with pytest.raises(IntegrityError, match="after its parent"), transaction.atomic():
        Task.objects.filter(pk=alone.pk).update(parent=city_task, ancestors=[city_task.pk])
    ward_task.refresh_from_db()
    assert ward_task.deadline == clock + 10 * DAY


def test_the_database_refuses_a_parent_shorter_than_its_child(
    city_task: Task, ward_task: Task, clock: date
) -> None:
    with pytest.raises(IntegrityError, match="before a child"), transaction.atomic():
        Task.objects.filter(pk=city_task.pk).update(deadline=clock + 9 * DAY)
    Task.objects.filter(pk=ward_task.pk).update(state="cancelled")
    Task.objects.filter(pk=city_task.pk).update(deadline=clock + 9 * DAY)
    # What is unchanged is not judged again: a closed task may be written to after that.
    Task.objects.filter(pk=ward_task.pk).update(text="Khác", deadline=ward_task.deadline)


def test_the_database_refuses_a_circle(city_task: Task, ward_task: Task) -> None:
    with pytest.raises(IntegrityError, match="above itself"), transaction.atomic():
        Task.objects.filter(pk=city_task.pk).update(parent=city_task, ancestors=[city_task.pk])
    circle = {"parent": ward_task, "ancestors": [city_task.pk, ward_task.pk], "deadline": None}
    with pytest.raises(IntegrityError, match="above itself"), transaction.atomic():
        Task.objects.filter(pk=city_task.pk).update(**circle)


def test_a_completed_task_below_is_not_reopened_past_the_deadline_above(cast: Cast) -> None:
    above = factories.make_task(cast.programme, cast.department, deadline=TODAY + 10 * DAY)
    task = factories.make_task(
        cast.programme, cast.ward, parent=above, deadline=TODAY + 5 * DAY, state="completed",
        completed_on=TODAY,
    )  # fmt: skip
    Task.objects.filter(pk=above.pk).update(deadline=TODAY + 3 * DAY)
    before, given = stored(), Given(reason="Phát hiện sai số liệu", document="118-QĐ/TU")
    with pytest.raises(Denied, match="Gia hạn nhiệm vụ cấp trên rồi mở lại"):
        move(task, "reopen", act=act(cast.office), given=given)
    assert stored() == before
    Task.objects.filter(pk=above.pk).update(deadline=TODAY + 5 * DAY)
    assert move(task, "reopen", act=act(cast.office), given=given).state == "in_progress"
