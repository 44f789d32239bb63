"""More time, obstacles, directions: who may, when, once; a refusal writes nothing."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.services.history import Act
from hanoi_programmes.programmes.models import Direction, Event, Extension, Obstacle, Task
from hanoi_programmes.programmes.services import directions, extensions, obstacles
from hanoi_programmes.programmes.services.directions import Wish
from hanoi_programmes.programmes.services.extensions import Reply, Request
from hanoi_programmes.programmes.services.tasks import Stale
from hanoi_programmes.programmes.shapes.decisions import items, pending
from hanoi_programmes.programmes.shapes.thread import two_deadlines
from tests import factories
from tests.conftest import TODAY, Cast, act, signed_in
from tests.stored import stored

DAY = timedelta(days=1)
DUE = TODAY + 10 * DAY
EVERYBODY = (
    "officer", "head", "ward_officer", "ward_head", "outsider", "office", "leader", "inspector",
    "administrator",
)  # fmt: skip


@pytest.fixture
def task(cast: Cast) -> Task:
    """The ward's, ten days left, below the department's."""
    city = factories.make_task(cast.programme, cast.department, deadline=TODAY + 60 * DAY)
    return factories.make_task(cast.programme, cast.ward, parent=city, deadline=DUE)


def ask(task: Task, act: Act) -> None:
    extensions.ask(task, Request(DUE + 20 * DAY, "Chờ số liệu"), act=act)


def agree(task: Task, act: Act) -> None:
    extensions.reply(task.extensions.get(), Reply("agreed"), act=act)


def take_back_request(task: Task, act: Act) -> None:
    extensions.withdraw(task.extensions.get(), act=act)


def decide(task: Task, act: Act) -> None:
    obstacles.decide(task.obstacles.get(), "Bố trí vốn", document="12-KL/TU", act=act)


def take_back_obstacle(task: Task, act: Act) -> None:
    obstacles.withdraw(task.obstacles.get(), act=act)


def give(task: Task, act: Act) -> None:
    assert task.lead_unit
    directions.give(task, Wish("direction", task.lead_unit, "Làm rõ", DUE), act=act)


def answer(task: Task, act: Act) -> None:
    directions.answer(task.directions.get(), "Đã làm", act=act)


def close(task: Task, act: Act) -> None:
    directions.close(task.directions.get(), act=act)


WARD, ABOVE = {"ward_officer", "ward_head"}, {"officer", "head"}
# What is done, on what it needs, and who may.
ACTS: dict[str, tuple[Callable[[Task, Act], None], str, set[str]]] = {
    "ask": (ask, "", WARD),
    "agree": (agree, "extension", ABOVE),
    "take back a request": (take_back_request, "extension", WARD),
    "decide": (decide, "obstacle", {*ABOVE, "office"}),
    "take back an obstacle": (take_back_obstacle, "obstacle", WARD),
    "direct": (give, "", {"leader", "office"}),
    "answer": (answer, "direction", WARD),
    "close": (close, "direction", {"leader", "office"}),
}


def prepare(cast: Cast, task: Task, what: str) -> None:
    """One of what the act is about."""
    if what == "extension":
        factories.make_extension(task, cast.ward_officer, TODAY, wanted=DUE + 20 * DAY)
    if what == "obstacle":
        factories.make_obstacle(task, cast.ward_officer, TODAY, decider=cast.department)
    if what == "direction":
        factories.make_direction(task, cast.ward, cast.leader, TODAY)


def refused(do: Callable[[Task, Act], None], task: Task, by: User) -> str:
    """The reason; nothing was written."""
    before = stored()
    with pytest.raises(Denied) as refusal:
        do(task, act(by))
    assert stored() == before
    return refusal.value.reason


@pytest.mark.parametrize("name", EVERYBODY)
@pytest.mark.parametrize("case", ACTS)
def test_each_act_is_for_its_own_people(cast: Cast, task: Task, case: str, name: str) -> None:
    do, what, allowed = ACTS[case]
    prepare(cast, task, what)
    user: User = getattr(cast, name)
    if name not in allowed:
        assert refused(do, task, user)
        return
    before = Event.objects.count()
    do(task, act(user))
    assert Event.objects.count() == before + 1


@pytest.mark.parametrize("case", ["agree", "take back a request", "decide", "answer", "close"])
def test_what_is_done_is_not_done_again(cast: Cast, task: Task, case: str) -> None:
    do, what, allowed = ACTS[case]
    prepare(cast, task, what)
    user: User = getattr(cast, sorted(allowed)[0])
    do(task, act(user))
    assert refused(do, task, user)


@pytest.mark.parametrize("case", ACTS)
def test_a_form_sent_twice_is_carried_out_once(cast: Cast, task: Task, case: str) -> None:
    do, what, allowed = ACTS[case]
    prepare(cast, task, what)
    user: User = getattr(cast, sorted(allowed)[0])
    key = uuid4()
    do(task, act(user, form_key=key))
    before = stored()
    do(task, act(user, form_key=key))
    assert stored() == before


# Extension


@pytest.mark.parametrize("state", ["awaiting", "suspended", "completed", "cancelled", "refused"])
def test_more_time_is_asked_for_only_while_working(cast: Cast, task: Task, state: str) -> None:
    Task.objects.filter(pk=task.pk).update(state=state, completed_on=TODAY)
    assert "không đề nghị gia hạn được" in refused(ask, task, cast.ward_officer)


def test_one_request_waits_at_a_time(cast: Cast, task: Task) -> None:
    ask(task, act(cast.ward_officer))
    assert "đang chờ quyết định" in refused(ask, task, cast.ward_head)


BAD_DAYS = {
    "the deadline itself": (DUE, "Chọn ngày sau thời hạn hiện tại"),
    "after the parent's": (TODAY + 61 * DAY, "nhiệm vụ cấp trên"),
}


@pytest.mark.parametrize("case", BAD_DAYS)
def test_a_day_that_cannot_be_is_refused(cast: Cast, task: Task, case: str) -> None:
    day, words = BAD_DAYS[case]
    reason = refused(
        lambda task, act: extensions.ask(task, Request(day, "Chờ"), act=act), task, cast.ward_head
    )
    assert words in reason


def test_agreeing_moves_the_deadline_and_keeps_the_first(cast: Cast, task: Task) -> None:
    prepare(cast, task, "extension")
    agree(task, act(cast.head))
    task.refresh_from_db()
    day = DUE + 20 * DAY
    assert (task.deadline, task.original_deadline, task.version) == (day, DUE, 2)
    assert (task.deadline_text, task.precision) == (f"{day:%d/%m/%Y}", "day")
    event = task.events.get()
    assert (event.kind, event.changes["deadline"][1]) == ("extend", f"{day:%d/%m/%Y}")
    assert task.spans.get(ends_on__year=9999).deadline == day
    late = DUE + 5 * DAY
    assert two_deadlines(task, on=late) == (
        "Còn trong hạn theo thời hạn hiện tại; quá hạn 5 ngày so với thời hạn gốc"
    )


def test_another_date_or_none_is_an_answer_too(cast: Cast, task: Task) -> None:
    prepare(cast, task, "extension")
    row = task.extensions.get()
    extensions.reply(row, Reply("other_date", DUE + DAY, "Đến hết tuần"), act=act(cast.officer))
    task.refresh_from_db()
    assert task.deadline == DUE + DAY
    again = factories.make_extension(task, cast.ward_officer, TODAY)
    extensions.reply(again, Reply("refused", None, "Không"), act=act(cast.officer))
    task.refresh_from_db()
    assert (task.deadline, task.original_deadline) == (DUE + DAY, DUE)


def test_a_request_about_an_older_deadline_is_not_granted(cast: Cast, task: Task) -> None:
    prepare(cast, task, "extension")
    Task.objects.filter(pk=task.pk).update(deadline=DUE + DAY)
    assert "đã đổi" in refused(agree, task, cast.head)


def test_a_stale_page_writes_nothing(cast: Cast, task: Task) -> None:
    prepare(cast, task, "extension")
    before = stored()
    with pytest.raises(Stale):
        extensions.reply(task.extensions.get(), Reply("agreed"), act=act(cast.head), version=9)
    assert stored() == before


def test_who_asked_and_moved_up_does_not_decide(cast: Cast, task: Task) -> None:
    prepare(cast, task, "extension")
    User.objects.filter(pk=cast.ward_officer.pk).update(unit=cast.department)
    moved = User.objects.get(pk=cast.ward_officer.pk)
    assert "do mình gửi" in refused(agree, task, moved)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_one_is_told(cast: Cast, task: Task) -> None:
    prepare(cast, task, "extension")
    barrier, told = Barrier(2), []

    def run(user: User, reply: Reply) -> None:
        barrier.wait()
        try:
            extensions.reply(Extension.objects.get(), reply, act=act(user))
        except Denied as refusal:
            told.append(refusal.reason)
        finally:
            connection.close()

    threads = [
        Thread(target=run, args=(cast.head, Reply("agreed"))),
        Thread(target=run, args=(cast.officer, Reply("refused", None, "Không"))),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1
    assert "đã có kết quả" in told[0]
    assert Event.objects.filter(kind__startswith="extend").count() == 1


# Obstacle


def test_a_decision_answers_the_unit(cast: Cast, task: Task) -> None:
    prepare(cast, task, "obstacle")
    decide(task, act(cast.head))
    row = task.obstacles.get()
    assert (row.decision, row.decision_document, row.resolved_on) == (
        "Bố trí vốn",
        "12-KL/TU",
        TODAY,
    )
    assert row.decided_by == cast.head
    assert "12-KL/TU" in task.events.get().note


def test_passing_on_hands_the_decision_to_another_level(cast: Cast, task: Task) -> None:
    prepare(cast, task, "obstacle")
    row = task.obstacles.get()
    obstacles.pass_on(row, cast.city, act=act(cast.head), note="Vượt thẩm quyền")
    row = Obstacle.objects.get()
    assert (row.decider, row.resolved_on) == (cast.city, None)
    assert row.referrals.get().unit == cast.department
    assert refused(decide, task, cast.head)
    # Who passed it on still sees what becomes of it.
    assert Task.objects.visible_to(cast.head).filter(pk=task.pk).exists()
    decide(task, act(cast.leader))


def test_it_is_not_passed_to_itself_or_back(cast: Cast, task: Task) -> None:
    prepare(cast, task, "obstacle")
    row = task.obstacles.get()
    for unit in (cast.department, cast.ward):
        with pytest.raises(Denied):
            obstacles.pass_on(row, unit, act=act(cast.head))
    assert (Obstacle.objects.get().decider, Event.objects.count()) == (cast.department, 0)


# Direction


def test_an_answer_that_is_not_enough_is_asked_again_and_kept(cast: Cast, task: Task) -> None:
    prepare(cast, task, "direction")
    row = task.directions.get()

    def again(task: Task, act: Act) -> None:
        directions.ask_again(row, "Nêu rõ số liệu", DUE, act=act)

    assert "chưa trả lời" in refused(again, task, cast.leader)
    answer(task, act(cast.ward_officer))
    again(task, act(cast.leader))
    first, second = Direction.objects.order_by("pk")
    assert (first.answer, first.closed_on) == ("Đã làm", TODAY)
    assert (second.text, second.unit, second.closed_on) == ("Nêu rõ số liệu", cast.ward, None)


# Who sees, and the list


def test_who_is_asked_sees_the_task_and_its_thread_but_not_its_sisters(cast: Cast) -> None:
    city = factories.make_task(cast.programme, cast.department)
    task = factories.make_task(cast.programme, cast.ward, parent=city)
    sister = factories.make_task(cast.programme, cast.other_ward, parent=city)
    finance = factories.make_unit("UBND-STC", parent=cast.city)
    clerk = factories.make_user("clerk", Role.OFFICER, finance)
    assert not Task.objects.visible_to(clerk).exists()
    factories.make_obstacle(task, cast.ward_officer, TODAY, decider=finance)
    assert set(Task.objects.visible_to(clerk)) == {task, city}
    factories.make_direction(sister, finance, cast.leader, TODAY)
    assert set(Task.objects.visible_to(clerk)) == {task, city, sister}


KINDS: dict[str, list[str]] = {
    "head": ["obstacle", "extension"],
    "ward_officer": ["answer"],
    "leader": ["close"],
    "office": ["close"],
    "outsider": [],
    "inspector": [],
    "administrator": [],
}


@pytest.mark.parametrize("name", KINDS)
def test_the_list_holds_what_waits_for_its_reader(cast: Cast, task: Task, name: str) -> None:
    for what in ("extension", "obstacle", "direction"):
        prepare(cast, task, what)
    rows = items(pending(getattr(cast, name)), on=TODAY)
    assert sorted(item.kind for item in rows) == sorted(KINDS[name])


def test_the_most_pressing_day_is_first(cast: Cast, task: Task) -> None:
    for days in (9, 1, 4):
        row = {"decider": cast.department, "wanted_by": TODAY + days * DAY}
        factories.make_obstacle(task, cast.ward_officer, TODAY, **row)
    rows = items(pending(cast.head), on=TODAY + 2 * DAY)
    assert [(item.late, item.left) for item in rows] == [(1, None), (0, 2), (0, 7)]


# The edge


def form(task: Task, **fields: Any) -> dict[str, Any]:
    return {"form_key": str(uuid4()), "version": task.version} | fields


def test_a_decision_made_meanwhile_gives_the_text_back(cast: Cast, task: Task) -> None:
    prepare(cast, task, "obstacle")
    row = task.obstacles.get()
    decide(task, act(cast.office))
    client, before = signed_in(cast.head), stored()
    response = client.post(f"/obstacles/{row.pk}/", form(task, decision="Giao Sở chủ trì"))
    assert response.status_code == 409
    assert "Giao Sở chủ trì" in response.content.decode()
    assert "đã được quyết định" in response.content.decode()
    assert stored() == before


def test_one_touch_agrees_from_the_list(cast: Cast, task: Task) -> None:
    prepare(cast, task, "extension")
    row = task.extensions.get()
    data = form(task, answer="agreed", **{"from": "decisions"})
    response = signed_in(cast.head).post(f"/extensions/{row.pk}/", data)
    assert response["Location"] == "/decisions/"
    task.refresh_from_db()
    assert task.deadline == DUE + 20 * DAY


BAD_REPLIES = {
    "no reason": ({"answer": "refused"}, "Ghi lý do không đồng ý"),
    "no date": ({"answer": "other_date"}, "Chọn thời hạn mới."),
    "nothing": ({}, "Chọn đồng ý, không đồng ý"),
    "secret": ({"answer": "agreed", "note": "TỐI MẬT"}, "Không đưa nội dung mật"),
}


@pytest.mark.parametrize("case", BAD_REPLIES)
def test_a_reply_that_lacks_something_says_what(cast: Cast, task: Task, case: str) -> None:
    fields, words = BAD_REPLIES[case]
    prepare(cast, task, "extension")
    client, before = signed_in(cast.head), stored()
    response = client.post(f"/extensions/{task.extensions.get().pk}/", form(task, **fields))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert stored() == before


def test_the_page_of_the_task_shows_the_whole_story(cast: Cast, task: Task) -> None:
    for what in ("extension", "obstacle", "direction"):
        prepare(cast, task, what)
    for user in (cast.ward_officer, cast.head, cast.leader, cast.office, cast.inspector):
        page = signed_in(user).get(f"/tasks/{task.pk}/").content.decode()
        assert all(f'id="{part}"' in page for part in ("extensions", "obstacles", "directions"))
