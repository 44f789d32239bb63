"""Escalations stand in the history of their task: once, by name, and in few queries."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hanoi_programmes.programmes.models import Event, Task
from hanoi_programmes.programmes.services.inspection import KINDS
from hanoi_programmes.reminders.models import Reminder
from hanoi_programmes.reminders.services.escalations import record_escalations
from hanoi_programmes.reminders.services.plan import plan
from hanoi_programmes.reminders.states import Escalation
from tests import factories
from tests.conftest import TODAY, Cast, act, signed_in

AT = act(None).at


def late(cast: Cast, days: int) -> Task:
    """A task of the ward, so many days late today."""
    return factories.make_task(cast.programme, cast.ward, deadline=TODAY - timedelta(days))


def told(task: Task) -> list[str]:
    """What its history says that the system did."""
    events = Event.objects.filter(task=task, kind="escalate", by=None)
    return [event.told for event in events]


@pytest.mark.parametrize(
    ("days", "level"),
    [(0, None), (1, 1), (2, 1), (3, 3), (6, 3), (7, 7), (13, 7), (14, 14), (70, 14)],
)
def test_the_level_is_the_last_one_whose_day_has_come(days: int, level: int | None) -> None:
    assert Escalation.of(days) == level


def test_what_is_told_above_the_unit_is_in_the_history(cast: Cast) -> None:
    own, above, top, weekly = (late(cast, days) for days in (1, 3, 7, 14))
    plan(on=TODAY, at=AT)
    record_escalations(on=TODAY, at=AT)
    assert told(own) == []
    assert told(above) == ["Tự động đôn đốc mức 2: người đứng đầu cấp trên"]
    assert told(top) == ["Tự động đôn đốc mức 3: Văn phòng và lãnh đạo phụ trách"]
    assert told(weekly) == ["Tự động đôn đốc mức 4: nhắc lại hằng tuần tới mọi cấp"]
    note = Event.objects.get(task=above, kind="escalate").note
    assert note.startswith("quá hạn 3 ngày (thời hạn 13/11/2026), đã nhắc ")


def test_it_is_written_down_once_however_often_it_is_asked(cast: Cast) -> None:
    task = late(cast, 7)
    plan(on=TODAY, at=AT)
    for _ in range(2):
        record_escalations(on=TODAY, at=AT)
    assert len(told(task)) == 1
    assert record_escalations(on=TODAY, at=AT) == 0


def test_many_cost_no_more_queries_than_one(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    tasks = [late(cast, 7) for _ in range(20)]
    days = {"deadline": TODAY - timedelta(7), "due_on": TODAY, "planned_on": TODAY}
    Reminder.objects.bulk_create(
        Reminder(task=task, recipient=cast.office, rung="after_7", **days) for task in tasks
    )
    with django_assert_max_num_queries(3):
        assert record_escalations(on=TODAY, at=AT) == 20


def test_its_kind_has_a_name_where_history_is_read(cast: Cast) -> None:
    assert {"urge", "escalate"} <= KINDS.keys()
    task = late(cast, 7)
    plan(on=TODAY, at=AT)
    record_escalations(on=TODAY, at=AT)
    client: Client = signed_in(cast.inspector)
    page = client.get("/history/?kind=escalate").content.decode()
    assert "Tự động đôn đốc vượt cấp" in page
    assert task.text in page
    assert "Tự động đôn đốc mức 3" in client.get(f"/tasks/{task.pk}/").content.decode()
