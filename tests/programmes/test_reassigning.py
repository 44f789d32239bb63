"""A task given to another unit, and tasks below that follow when one above is stopped."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import Holding, Unit
from hanoi_programmes.people.roles import Role
from hanoi_programmes.programmes.models import FOREVER, Event, Task
from hanoi_programmes.programmes.rules import Given
from hanoi_programmes.programmes.services.following import followers_of
from hanoi_programmes.programmes.services.tasks import move
from hanoi_programmes.programmes.states import MOVES
from tests import factories
from tests.conftest import TODAY, Cast, act
from tests.stored import stored

DAY = timedelta(days=1)
DECIDED = Given(document="118-QĐ/TU", with_children=True)


def to(unit: Unit | None, reason: str = "Không đúng địa bàn") -> Given:
    return Given(reason=reason, lead_unit=unit)


@pytest.fixture
def heads(cast: Cast) -> Cast:
    """The other ward has a head too, so that it can be given work."""
    factories.make_head("other_head", cast.other_ward, since=TODAY - 99 * DAY)
    return cast


@pytest.mark.parametrize("state", ["assigned", "in_progress", "refused"])
def test_another_unit_begins_afresh_and_the_clock_goes_on(heads: Cast, state: str) -> None:
    deadline = date(2026, 10, 1)
    task = factories.make_task(
        heads.programme, heads.ward, state=state, officer=heads.ward_officer, deadline=deadline,
        returned_on=TODAY - DAY, return_reason="Thiếu biểu 2",
    )  # fmt: skip
    moved = move(task, "reassign", act=act(heads.office), given=to(heads.other_ward))
    stored_task = Task.objects.get(pk=task.pk)
    assert moved.state == stored_task.state == "assigned"
    assert (stored_task.lead_unit, stored_task.officer) == (heads.other_ward, None)
    assert (stored_task.deadline, stored_task.original_deadline) == (deadline, deadline)
    assert stored_task.issued_on == task.issued_on
    assert not stored_task.is_returned
    event = Event.objects.get()
    assert (event.kind, event.note) == ("reassign", "Không đúng địa bàn")
    assert event.changes["lead_unit"] == [str(heads.ward), str(heads.other_ward)]


def test_past_days_stay_with_the_unit_that_led_then(heads: Cast) -> None:
    task = factories.make_task(heads.programme, heads.ward, state="assigned")
    move(task, "reassign", act=act(heads.office), given=to(heads.other_ward))
    spans = task.spans.order_by("starts_on").values_list("lead_unit", "ends_on")
    assert list(spans) == [(heads.ward.pk, TODAY), (heads.other_ward.pk, FOREVER)]


def ended(unit: Unit) -> None:
    Unit.objects.filter(pk=unit.pk).update(ends_on=TODAY - DAY, starts_on=TODAY - 99 * DAY)


def switched_off(unit: Unit) -> None:
    Unit.objects.filter(pk=unit.pk).update(is_active=False)


def headless(unit: Unit) -> None:
    Holding.objects.filter(post__unit=unit).update(ends_on=TODAY - DAY)


UNFIT: dict[str, tuple[Any, str]] = {
    "a unit that ended": (ended, "Suối Hai không còn hoạt động. Chọn đơn vị khác."),
    "a unit switched off": (switched_off, "không còn hoạt động"),
    "a unit without a head": (headless, "Suối Hai chưa có người đứng đầu đương nhiệm."),
}


@pytest.mark.parametrize("case", UNFIT)
def test_a_unit_that_cannot_answer_is_given_nothing(heads: Cast, case: str) -> None:
    change, words = UNFIT[case]
    task = factories.make_task(heads.programme, heads.ward, state="refused")
    change(heads.other_ward)
    before = stored()
    with pytest.raises(Denied, match=words):
        move(task, "reassign", act=act(heads.office), given=to(heads.other_ward))
    assert stored() == before


def test_the_same_unit_no_unit_and_no_reason_are_refused(heads: Cast) -> None:
    task = factories.make_task(heads.programme, heads.ward, state="refused")
    before = stored()
    for given, words in (
        (to(heads.ward), "đang chủ trì nhiệm vụ này"),
        (to(None), "Chọn đơn vị chủ trì mới"),
        (to(heads.other_ward, reason=""), "Ghi lý do"),
    ):
        with pytest.raises(Denied, match=words):
            move(task, "reassign", act=act(heads.office), given=given)
    assert stored() == before


# Tasks below that follow

STATES = ("draft", "assigned", "in_progress", "refused", "awaiting", "suspended", "completed",
          "cancelled")  # fmt: skip


def family(cast: Cast) -> tuple[Task, dict[str, Task]]:
    """A task with one child in each state, and a grandchild in progress."""
    top = factories.make_task(cast.programme, cast.department)
    children = {
        state: factories.make_task(
            cast.programme, cast.ward, state=state, parent=top,
            submitted_on=TODAY if state == "awaiting" else None,
            completed_on=TODAY if state == "completed" else None,
        )
        for state in STATES
    }  # fmt: skip
    children["below"] = factories.make_task(
        cast.programme, cast.other_ward, parent=children["awaiting"]
    )
    return top, children


FOLLOW = {
    "suspend": {"assigned", "in_progress", "refused", "below"},
    "cancel": {"assigned", "in_progress", "refused", "below"},
    "resume": {"suspended"},
}


@pytest.mark.parametrize("name", FOLLOW)
def test_tasks_below_follow_only_when_asked(cast: Cast, name: str) -> None:
    top, children = family(cast)
    Task.objects.filter(pk=top.pk).update(state="suspended" if name == "resume" else "in_progress")
    before = dict(Task.objects.filter(parent__isnull=False).values_list("pk", "state"))
    alone = Given(document="118-QĐ/TU")
    followers = {task.pk for task in followers_of(top, MOVES[name])}
    assert followers == {children[key].pk for key in FOLLOW[name]}
    if name != "cancel":
        move(top, name, act=act(cast.office), given=alone)
        assert dict(Task.objects.filter(parent__isnull=False).values_list("pk", "state")) == before
        assert Event.objects.count() == 1


@pytest.mark.parametrize("name", FOLLOW)
def test_those_who_follow_have_each_their_event_span_and_version(cast: Cast, name: str) -> None:
    top, children = family(cast)
    Task.objects.filter(pk=top.pk).update(state="suspended" if name == "resume" else "in_progress")
    move(top, name, act=act(cast.office), given=DECIDED)
    target = MOVES[name].target.value
    for key, child in children.items():
        row = Task.objects.get(pk=child.pk)
        follows = key in FOLLOW[name]
        assert row.state == (target if follows else child.state), key
        assert row.version == child.version + follows
        assert row.spans.get(ends_on=FOREVER).state == row.state
        told = [(e.kind, e.told, e.note) for e in row.events.all()]
        words = f"{MOVES[name].told} theo {top.code}"
        assert told == ([(name, words, "118-QĐ/TU")] if follows else [])
    count = len(FOLLOW[name])
    assert f"kể cả {count} nhiệm vụ thành phần" in Event.objects.get(task=top).told


def test_a_move_that_carries_nobody_leaves_the_tasks_below(cast: Cast) -> None:
    top, children = family(cast)
    Task.objects.filter(pk=top.pk).update(state="completed", completed_on=TODAY)
    reopen = Given(reason="Sai số liệu", with_children=True)
    move(top, "reopen", act=act(cast.office), given=reopen)
    assert Task.objects.get(pk=children["completed"].pk).state == "completed"


def test_only_the_office_stops_a_task_with_all_below(cast: Cast) -> None:
    top, _ = family(cast)
    before = stored()
    for user in (cast.head, factories.make_user("other", Role.OFFICER, cast.department)):
        with pytest.raises(Denied, match="Văn phòng Thành ủy"):
            move(top, "suspend", act=act(user), given=DECIDED)
    assert {k: v for k, v in stored().items() if k.startswith("programmes")} == {
        k: v for k, v in before.items() if k.startswith("programmes")
    }


def test_126_follow_in_as_many_queries_as_six(cast: Cast) -> None:
    def stop(children: int) -> int:
        top = factories.make_task(cast.programme, cast.department)
        below = {"parent": top, "ancestors": [top.pk], "state": "assigned"}
        factories.make_spans(factories.make_tasks(cast.programme, cast.ward, [below] * children))
        with CaptureQueriesContext(connection) as asked:
            move(top, "suspend", act=act(cast.office), given=DECIDED)
        assert Task.objects.filter(parent=top, state="suspended").count() == children
        return len(asked)

    assert stop(6) == stop(126) <= 18
