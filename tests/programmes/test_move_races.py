"""Two moves at the same moment, in real threads: one is made, the other is refused in words."""

from collections.abc import Callable
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.programmes.models import Event, Task
from hanoi_programmes.programmes.rules import Given
from hanoi_programmes.programmes.services.bulk import move_many
from hanoi_programmes.programmes.services.tasks import Stale, move
from hanoi_programmes.programmes.states import MOVES
from tests import factories
from tests.conftest import TODAY, Cast, act

pytestmark = pytest.mark.django_db(transaction=True)
GIVEN = Given(reason="Lý do", document="118-QĐ/TU", quality="good")


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act returned or raised, all begun at the same moment on their own connections."""
    start, ends = Barrier(len(acts)), dict[int, object]()

    def run(place: int, act_: Callable[[], object]) -> None:
        try:
            start.wait(timeout=20)
            ends[place] = act_()
        except (Denied, Stale) as refusal:
            ends[place] = refusal
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return [ends[place] for place in range(len(acts))]


def one_wins(task: Task, *moves: tuple[str, User]) -> Task:
    """Begin the moves at once; exactly one leaves its event, the others a sentence."""

    def attempt(name: str, by: User) -> Callable[[], object]:
        return lambda: move(task, name, act=act(by), given=GIVEN)

    ends = at_once(*(attempt(name, by) for name, by in moves))
    refusals = [end for end in ends if isinstance(end, Denied)]
    assert len(refusals) == len(moves) - 1
    assert all(refusal.reason.endswith(".") for refusal in refusals)
    assert Event.objects.filter(task=task).count() == 1
    stored = Task.objects.get(pk=task.pk)
    assert stored.version == task.version + 1
    assert task.spans.filter(ends_on__year=9999).get().state == stored.state
    return stored


def submitted(cast: Cast) -> Task:
    task = factories.make_task(
        cast.programme, cast.ward, state="awaiting", submitted_on=TODAY,
        submitted_by=cast.ward_officer,
    )  # fmt: skip
    factories.make_paper(factories.make_report(task, cast.ward_officer, TODAY), TODAY)
    return task


def test_a_task_is_issued_once(cast: Cast) -> None:
    task = factories.make_task(cast.programme, cast.ward, state="draft", issued_on=None)
    second = factories.make_user("office2", Role.OFFICE, cast.office.unit)
    issued = one_wins(task, ("issue", cast.office), ("issue", second), ("issue", cast.office))
    assert issued.state == "assigned"


def test_a_task_is_acknowledged_once(cast: Cast) -> None:
    task = factories.make_task(cast.programme, cast.ward, state="assigned")
    one_wins(task, ("acknowledge", cast.ward_officer), ("acknowledge", cast.ward_head))


def test_acknowledged_or_refused_but_not_both(cast: Cast) -> None:
    task = factories.make_task(cast.programme, cast.ward, state="assigned")
    one_wins(task, ("acknowledge", cast.ward_officer), ("refuse", cast.ward_head))


def test_accepted_or_returned_but_not_both(cast: Cast) -> None:
    task = submitted(cast)
    second = factories.make_user("office2", Role.OFFICE, cast.office.unit)
    ended = one_wins(task, ("accept", cast.office), ("return", second))
    verdict = {"completed": "accepted", "in_progress": "returned"}[ended.state]
    assert [item.verdict for item in task.evidence.all()] == [verdict]


def test_of_two_verifiers_one_accepts(cast: Cast) -> None:
    second = factories.make_user("office2", Role.OFFICE, cast.office.unit)
    assert one_wins(submitted(cast), ("accept", cast.office), ("accept", second)).quality == "good"


def test_the_old_unit_cannot_move_a_task_that_was_just_given_to_another(cast: Cast) -> None:
    factories.make_head("other_head", cast.other_ward)
    task = factories.make_task(cast.programme, cast.ward, state="assigned")
    seen = task.version
    given = Given(reason="Không đúng địa bàn", lead_unit=cast.other_ward)
    move(task, "reassign", act=act(cast.office), given=given, version=seen)
    with pytest.raises(Stale, match="Giao đơn vị khác chủ trì"):
        move(task, "acknowledge", act=act(cast.ward_officer), version=seen)
    with pytest.raises(Denied, match="Xã Suối Hai"):
        move(task, "acknowledge", act=act(cast.ward_officer))
    assert Event.objects.count() == 1


def test_given_to_another_and_acknowledged_at_once_leaves_one_story(cast: Cast) -> None:
    """Either order is possible; in both, who took the task on led it at that moment."""
    factories.make_head("other_head", cast.other_ward)
    task = factories.make_task(cast.programme, cast.ward, state="assigned")
    given = Given(reason="Không đúng địa bàn", lead_unit=cast.other_ward)
    given_away, taken = at_once(
        lambda: move(task, "reassign", act=act(cast.office), given=given),
        lambda: move(task, "acknowledge", act=act(cast.ward_officer)),
    )
    stored = Task.objects.get(pk=task.pk)
    assert isinstance(given_away, Task)
    assert (stored.state, stored.lead_unit) == ("assigned", cast.other_ward)
    assert Event.objects.count() == (1 if isinstance(taken, Denied) else 2)


def test_one_bulk_form_sent_twice_at_once_moves_each_task_once(cast: Cast) -> None:
    tasks = [factories.make_task(cast.programme, cast.ward, state="assigned") for _ in range(12)]
    click = act(cast.ward_officer, form_key=uuid4())

    def send() -> object:
        rows = [(task, task.version) for task in tasks]
        return move_many(rows, MOVES["acknowledge"], act=click, given=Given()).able

    assert at_once(send, send) == [tasks, tasks]
    assert Event.objects.count() == len(tasks)
