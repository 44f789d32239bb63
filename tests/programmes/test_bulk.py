"""One move on many tasks: all that may be done is done, the rest is named with the reason."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models import Event, Task
from hanoi_programmes.programmes.rules import Given
from hanoi_programmes.programmes.services.bulk import move_many, preview
from hanoi_programmes.programmes.services.tasks import move
from hanoi_programmes.programmes.states import MOVES
from tests import factories
from tests.conftest import TODAY, Cast, act, signed_in
from tests.programmes.conftest import DAY, TYPED, text_of
from tests.stored import stored

URL = "/tasks/bulk/"


def make(cast: Cast, *states: str, **changes: Any) -> list[Task]:
    """A task of the ward in each of the states."""
    return [factories.make_task(cast.programme, cast.ward, state=s, **changes) for s in states]


def states(tasks: list[Task]) -> list[str]:
    rows = dict(Task.objects.values_list("pk", "state"))
    return [rows[task.pk] for task in tasks]


def form(name: str, tasks: list[Task], **fields: Any) -> dict[str, Any]:
    """What the preview sends."""
    seen = ",".join(f"{task.pk}.{task.version}" for task in tasks)
    return {"form_key": str(uuid4()), "move": name, "seen": seen, "back": ""} | fields


# The service


def test_what_may_be_done_is_done_and_what_may_not_is_named(cast: Cast) -> None:
    tasks = make(cast, "assigned", "in_progress", "assigned", "draft", "in_progress")
    foreign = factories.make_task(cast.programme, cast.other_ward, state="assigned")
    rows = [(task, task.version) for task in [*tasks, foreign]]
    done = move_many(rows, MOVES["acknowledge"], act=act(cast.ward_officer), given=Given())
    assert done.able == [tasks[0], tasks[2]]
    assert done.unable_count == 4
    assert [group.tasks for group in done.unable] == [[tasks[1], tasks[4]], [tasks[3]], [foreign]]
    assert "“Đang thực hiện”" in done.unable[0].reason
    assert "Xã Suối Hai" in done.unable[2].reason
    assert set(states([tasks[0], tasks[2]])) == {"in_progress"}
    assert states([foreign]) == ["assigned"]
    assert sorted(Event.objects.values_list("task", "kind")) == [
        (tasks[0].pk, "acknowledge"), (tasks[2].pk, "acknowledge"),
    ]  # fmt: skip


def test_the_preview_says_what_the_act_then_does(cast: Cast) -> None:
    """Every bulk move on a task in each state; typed needs are given, facts are as they are."""
    factories.make_head("other_head", cast.other_ward)
    given = Given("Lý do", "118-QĐ/TU", "good", cast.other_ward)
    for name, step in MOVES.items():
        tasks = make(cast, "draft", "assigned", "in_progress", "suspended")
        tasks += make(cast, "awaiting", submitted_on=TODAY, submitted_by=cast.ward_officer)
        tasks += make(cast, "completed", completed_on=TODAY) + make(cast, "refused", "cancelled")
        tasks += make(cast, "draft", product="")
        for by in (cast.office, cast.ward_officer, cast.ward_head, cast.leader):
            rows = list(Task.objects.filter(pk__in=[task.pk for task in tasks]))
            before = preview(rows, step, by=by, on=TODAY)
            after = move_many([(r, r.version) for r in rows], step, act=act(by), given=given)
            assert before.able == after.able, (name, by)
            assert before.unable == after.unable, (name, by)


def test_a_task_that_changed_since_the_preview_is_left_and_says_by_whom(cast: Cast) -> None:
    tasks = make(cast, "in_progress", "in_progress")
    seen = [(task, task.version) for task in tasks]
    move(tasks[0], "suspend", act=act(cast.office), given=Given(document="1-QĐ/TU"))
    move(tasks[0], "resume", act=act(cast.office), given=Given(document="2-QĐ/TU"))
    cancel = {"act": act(cast.office), "given": Given(document="118-QĐ/TU")}
    done = move_many(seen, MOVES["cancel"], **cancel)  # type: ignore[arg-type]
    assert done.able == [tasks[1]]
    assert "Tiếp tục thực hiện (office, TU, 09:00 ngày 16/11/2026)" in done.unable[0].reason
    assert states(tasks) == ["in_progress", "cancelled"]


def test_the_same_form_sent_twice_moves_each_task_once(cast: Cast) -> None:
    tasks = make(cast, "assigned", "assigned")
    key = uuid4()
    for _ in range(2):
        done = move_many(
            [(task, 1) for task in tasks],
            MOVES["acknowledge"],
            act=act(cast.ward_officer, form_key=key),
            given=Given(),
        )
        assert done.able == tasks
        assert Event.objects.count() == 2


def test_tasks_below_that_are_ticked_too_have_their_own_turn(cast: Cast) -> None:
    parent = factories.make_task(cast.programme, cast.department)
    child = make(cast, "in_progress", parent=parent)[0]
    left = make(cast, "assigned", parent=parent)[0]
    given = Given(document="118-QĐ/TU", with_children=True)
    rows = [(task, task.version) for task in (parent, child)]
    done = move_many(rows, MOVES["suspend"], act=act(cast.office), given=given)
    assert done.able == [parent, child]
    assert states([parent, child, left]) == ["suspended"] * 3
    assert Event.objects.filter(task=child).count() == 1
    assert Event.objects.get(task=left).told == f"Tạm dừng theo {parent.code}"


def queries_of(act_: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as asked:
        act_()
    return len(asked)


@pytest.mark.parametrize("name", ["issue", "acknowledge", "refuse", "accept", "cancel"])
def test_the_preview_asks_no_more_for_many_tasks_than_for_few(cast: Cast, name: str) -> None:
    parent = factories.make_task(cast.programme, cast.department)
    make(cast, *("draft", "assigned", "awaiting", "in_progress") * 2, parent=parent)

    def look(user: User = cast.office) -> None:
        rows = Task.objects.select_related("lead_unit", "parent__lead_unit", "officer")
        preview(rows, MOVES[name], by=user, on=TODAY)

    few = queries_of(look)
    make(cast, *("draft", "assigned", "awaiting", "in_progress") * 10, parent=parent)
    assert queries_of(look) == few <= 4


# The pages


def test_an_officer_ticks_two_previews_and_acknowledges(cast: Cast, clock: date) -> None:
    tasks = make(cast, "assigned", "assigned", "in_progress", deadline=clock + 9 * DAY)
    client = signed_in(cast.ward_officer)
    page = text_of(client.get("/tasks/"))
    assert page.count('name="task"') == 3
    assert 'name="move" value="acknowledge"' in page
    query: dict[str, Any] = {"move": "acknowledge", "task": [task.pk for task in tasks]}
    asked = client.get(URL, query)
    shown = text_of(asked)
    assert "Làm được 2 nhiệm vụ" in shown
    assert "chỉ làm được khi “Đã giao, chưa tiếp nhận”" in shown
    assert states(tasks) == ["assigned", "assigned", "in_progress"]
    hidden = dict(re.findall(r'name="(form_key|move|seen|back)" value="([^"]*)"', shown))
    result = text_of(client.post(URL, hidden))
    assert "Đã làm 2 nhiệm vụ, còn 1 nhiệm vụ không làm được" in result
    assert all(f'href="/tasks/{task.pk}/"' in result for task in tasks)
    before = stored()
    assert "Đã làm 2 nhiệm vụ" in text_of(client.post(URL, hidden))
    assert stored() == before


def test_who_gave_no_work_to_others_is_not_offered_to_confirm_it(cast: Cast, clock: date) -> None:
    """To a ward's officer "Xác nhận hoàn thành" would look like a way to finish the own work."""
    [own] = make(cast, "in_progress", deadline=clock + 9 * DAY)
    client = signed_in(cast.ward_officer)
    offered = re.findall(r'name="move" value="(\w+)"', text_of(client.get("/tasks/")))
    assert offered == ["acknowledge"]
    factories.make_task(cast.programme, cast.other_ward, parent=own, deadline=clock + 9 * DAY)
    offered = re.findall(r'name="move" value="(\w+)"', text_of(client.get("/tasks/")))
    assert offered == ["acknowledge", "accept", "return"]


def test_all_rows_of_the_filter_are_chosen_at_once(cast: Cast, clock: date) -> None:
    make(cast, *["assigned"] * 30, deadline=clock + 3 * DAY)
    make(cast, *["assigned"] * 2, deadline=clock + 60 * DAY)
    client = signed_in(cast.office)
    listed = text_of(client.get("/tasks/?level=all&group=due_soon"))
    assert "Cả 30 nhiệm vụ khớp bộ lọc" in listed
    assert '<input type="hidden" name="group" value="due_soon">' in listed
    query: dict[str, Any] = {"move": "suspend", "all": "1", "level": "all", "group": "due_soon"}
    shown = text_of(client.get(URL, query))
    assert "Làm được 30 nhiệm vụ" in shown
    assert "/tasks/?level=all&amp;group=due_soon" in shown or "group=due_soon" in shown


def test_the_page_can_be_ticked_without_script(cast: Cast, clock: date) -> None:
    make(cast, *["assigned"] * 3, deadline=clock + 3 * DAY)
    client = signed_in(cast.office)
    assert " checked" not in text_of(client.get("/tasks/?level=all")).partition("<table")[2]
    ticked = text_of(client.get("/tasks/?level=all&ticked=1")).partition("<table")[2]
    assert ticked.count(" checked") == 3
    assert "Bỏ chọn" in ticked


def test_more_than_the_limit_is_refused_in_words(
    cast: Cast, clock: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hanoi_programmes.programmes.views.bulk.MOST", 3)
    make(cast, *["assigned"] * 4, deadline=clock + 3 * DAY)
    client = signed_in(cast.office)
    before = stored()
    query: dict[str, Any] = {"move": "suspend", "all": "1", "level": "all"}
    response = client.get(URL, query, follow=True)
    assert response.redirect_chain == [("/tasks/?level=all", 302)]
    assert "Mỗi lần làm được tối đa" in text_of(response)
    assert stored() == before


NOTHING: dict[str, dict[str, Any]] = {
    "no move": {"task": 1},
    "no task": {"move": "cancel"},
    "rubbish as a task": {"move": "cancel", "task": "x"},
    "a number that no row has": {"move": "cancel", "task": "9" * 30},
}


@pytest.mark.parametrize("case", NOTHING)
def test_nothing_chosen_leads_back_with_what_to_do(cast: Cast, case: str) -> None:
    response = signed_in(cast.office).get(URL, NOTHING[case] | {"q": "a"}, follow=True)
    assert response.redirect_chain == [("/tasks/?q=a", 302)]
    assert "Đánh dấu nhiệm vụ rồi chọn việc." in text_of(response)


@pytest.mark.parametrize("seen", ["", "x", "1", "1.x", "1.2,", "²." * 2, "1.1," * 600, "9" * 40])
def test_a_form_that_names_no_tasks_writes_nothing(cast: Cast, seen: str) -> None:
    make(cast, "assigned")
    client, before = signed_in(cast.office), stored()
    sent = form("cancel", [], seen=seen, document="118-QĐ/TU")
    assert client.post(URL, sent).status_code == 302
    assert stored() == before


def test_without_what_the_move_needs_the_text_and_the_tasks_stay(cast: Cast) -> None:
    factories.make_head("other_head", cast.other_ward)
    tasks = make(cast, "refused", "in_progress")
    client, before = signed_in(cast.office), stored()
    response = client.post(URL, form("reassign", tasks, reason=TYPED))
    assert response.status_code == 422
    shown = text_of(response)
    assert "Chọn đơn vị chủ trì mới." in shown
    assert TYPED in shown
    assert form("", tasks)["seen"] in shown
    assert stored() == before
    sent = form("reassign", tasks, reason=TYPED, lead_unit=cast.other_ward.pk)
    assert "Đã làm 2 nhiệm vụ" in text_of(client.post(URL, sent))
    assert set(Task.objects.values_list("lead_unit", "state")) == {(cast.other_ward.pk, "assigned")}


def test_a_secret_reason_is_refused_for_all(cast: Cast) -> None:
    tasks = make(cast, "refused", "refused")
    client, before = signed_in(cast.office), stored()
    response = client.post(URL, form("insist", tasks, reason=f"{TYPED} TUYỆT MẬT"))
    assert response.status_code == 422
    assert stored() == before


def test_what_one_may_not_see_is_neither_shown_nor_moved(cast: Cast) -> None:
    tasks = make(cast, "assigned")
    client, before = signed_in(cast.outsider), stored()
    query: dict[str, Any] = {"move": "acknowledge", "task": tasks[0].pk}
    assert client.get(URL, query).status_code == 302
    assert client.post(URL, form("acknowledge", tasks)).status_code == 302
    assert stored() == before


OTHERS_WORK = [("leader", "cancel"), ("inspector", "acknowledge"), ("ward_officer", "issue"),
               ("office", "acknowledge"), ("administrator", "cancel")]  # fmt: skip


@pytest.mark.parametrize(("person", "name"), OTHERS_WORK)
def test_who_could_never_make_the_move_is_told_why(cast: Cast, person: str, name: str) -> None:
    tasks = make(cast, "assigned")
    client = signed_in(getattr(cast, person))
    answers: list[Any] = [
        client.get(f"{URL}?move={name}&task={tasks[0].pk}"),
        client.post(URL, form(name, tasks, document="1-QĐ/TU")),
    ]
    for response in answers:
        assert response.status_code == 403
        assert re.search(r"Việc này do|Tài khoản quản trị", text_of(response))
    assert states(tasks) == ["assigned"]
    assert not Event.objects.exists()


@pytest.mark.parametrize("name", ["submit", "delete", "issue2"])
def test_an_unknown_bulk_move_does_not_exist(cast: Cast, name: str) -> None:
    client: Client = signed_in(cast.office)
    assert client.get(URL, {"move": name}).status_code == 404
    assert client.post(URL, {"move": name}).status_code == 404


@pytest.mark.parametrize("person", ["leader", "inspector"])
def test_who_only_reads_has_nothing_to_tick(cast: Cast, clock: date, person: str) -> None:
    make(cast, "assigned", deadline=clock + 3 * DAY)
    shown = text_of(signed_in(getattr(cast, person)).get("/tasks/?level=all"))
    assert 'name="task"' not in shown
    assert "bulk" not in shown.partition("<main")[2]


def test_rows_of_a_past_day_cannot_be_ticked(cast: Cast, clock: date) -> None:
    make(cast, "assigned", deadline=clock + 3 * DAY, issued_on=clock - 30 * DAY)
    shown = text_of(signed_in(cast.office).get(f"/tasks/?level=all&on={clock - 3 * DAY}"))
    assert 'name="task"' not in shown
