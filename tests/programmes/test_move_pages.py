"""The moves at their addresses: who gets which answer, and pages that are no longer true."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models import Event, Task
from hanoi_programmes.programmes.rules import Given
from hanoi_programmes.programmes.services.tasks import move
from hanoi_programmes.programmes.states import MOVES
from tests import factories
from tests.conftest import Cast, act, signed_in
from tests.programmes.conftest import TYPED, move_form, text_of

# By hand from PRODUCT §5 and §9, for a ward's task below the department's: 302 the move was made,
# 403 seen but not theirs, 404 not seen. Officers and heads of the ward and of the department above,
# an officer of another ward, the office, a leader, an inspector, an administrator.
PEOPLE = ("ward_officer", "ward_head", "officer", "head", "outsider", "office", "leader",
          "inspector", "administrator")  # fmt: skip
ANSWERS: dict[str, tuple[str, str]] = {
    "issue": ("draft", "            404 404 404 404 404 302 403 403 403"),
    "acknowledge": ("assigned", "   302 302 403 403 404 403 403 403 403"),
    "refuse": ("assigned", "        403 302 403 403 404 403 403 403 403"),
    "insist": ("refused", "         403 403 403 403 404 302 403 403 403"),
    "reassign": ("refused", "       403 403 403 403 404 302 403 403 403"),
    "accept": ("awaiting", "        403 403 302 302 404 302 403 403 403"),
    "return": ("awaiting", "        403 403 302 302 404 302 403 403 403"),
    "suspend": ("in_progress", "    403 403 403 403 404 302 403 403 403"),
    "resume": ("suspended", "       403 403 403 403 404 302 403 403 403"),
    "cancel": ("in_progress", "     403 403 403 403 404 302 403 403 403"),
    "reopen": ("completed", "       403 403 403 403 404 302 403 403 403"),
}


@pytest.fixture
def task(cast: Cast, ward_task: Task, clock: date) -> Task:
    """The ward's task with a submission behind it; the other ward can take it over."""
    day = clock - timedelta(days=1)
    Task.objects.filter(pk=ward_task.pk).update(submitted_on=day, submitted_by=cast.ward_officer)
    factories.make_paper(factories.make_report(ward_task, cast.ward_officer, day), day)
    factories.make_head("other_head", cast.other_ward)
    return ward_task


def in_state(task: Task, state: str, on: date) -> Task:
    done = on if state == "completed" else None
    Task.objects.filter(pk=task.pk).update(state=state, completed_on=done)
    return Task.objects.get(pk=task.pk)


def everything(cast: Cast, task: Task) -> dict[str, Any]:
    """A form that lacks nothing, whichever the move."""
    return move_form(
        task, reason=TYPED, document="118-QĐ/TU", quality="good", lead_unit=cast.other_ward.pk
    )


def test_every_move_but_submission_has_its_answers() -> None:
    assert set(ANSWERS) == set(MOVES) - {"submit"}


@pytest.mark.parametrize("name", ANSWERS)
def test_each_role_gets_the_answer_of_the_product(
    cast: Cast, task: Task, clock: date, name: str
) -> None:
    state, expected = ANSWERS[name]
    found = []
    for person in PEOPLE:
        now = in_state(task, state, clock)
        row, events = Task.objects.filter(pk=task.pk).values().get(), Event.objects.count()
        user: User = getattr(cast, person)
        url = f"/tasks/{task.pk}/moves/{name}/"
        response = signed_in(user).post(url, everything(cast, now))
        found.append(response.status_code)
        if response.status_code == 403:
            assert re.search(r"Việc này do|chính đơn vị mình|Tài khoản", text_of(response)), person
        if response.status_code != 302:
            assert Task.objects.filter(pk=task.pk).values().get() == row
            assert Event.objects.count() == events
        Task.objects.filter(pk=task.pk).update(lead_unit=cast.ward, submitted_by=cast.ward_officer)
    assert found == list(map(int, expected.split()))


@pytest.mark.parametrize("name", ANSWERS)
def test_a_stale_page_says_what_changed_and_by_whom_and_keeps_the_words(
    cast: Cast, task: Task, clock: date, name: str
) -> None:
    seen = in_state(task, "in_progress", clock)
    suspended = Given(document="9-QĐ/TU", reason="Chờ nghị quyết")
    move(seen, "suspend", act=act(cast.office, clock), given=suspended)
    now = in_state(task, ANSWERS[name][0], clock)
    events = Event.objects.count()
    people = dict(zip(PEOPLE, ANSWERS[name][1].split(), strict=True))
    by: User = getattr(cast, next(person for person in people if people[person] == "302"))
    form = everything(cast, now) | {"version": seen.version}
    response = signed_in(by).post(f"/tasks/{task.pk}/moves/{name}/", form)
    assert response.status_code == 409
    shown = text_of(response)
    assert "Nhiệm vụ vừa có thay đổi sau khi trang này mở: Tạm dừng (office, TU, 09:00" in shown
    assert "Chưa ghi gì" in shown
    if "reason" in {need.value for need in MOVES[name].needs}:
        assert TYPED in shown
    assert Event.objects.count() == events
    assert Task.objects.get(pk=task.pk).version == now.version


def test_a_stale_page_whose_move_is_no_longer_possible_says_that_too(
    cast: Cast, ward_task: Task, clock: date
) -> None:
    seen = ward_task.version
    move(ward_task, "suspend", act=act(cast.office, clock), given=Given(document="9-QĐ/TU"))
    form = move_form(ward_task, version=seen, document="118-QĐ/TU")
    response = signed_in(cast.office).post(f"/tasks/{ward_task.pk}/moves/cancel/", form)
    assert response.status_code == 409
    assert "“Tạm dừng” nên không thể hủy nhiệm vụ; chỉ làm được khi" in text_of(response)


def test_the_form_of_a_parent_offers_to_take_its_children_along(
    cast: Cast, city_task: Task, ward_task: Task
) -> None:
    client, url = signed_in(cast.office), f"/tasks/{city_task.pk}/moves/suspend/"
    shown = text_of(client.get(url))
    assert "Kể cả 1 nhiệm vụ thành phần đang mở" in shown
    assert "Không đánh dấu thì các nhiệm vụ này giữ nguyên." in shown
    client.post(url, move_form(city_task, document="118-QĐ/TU", with_children="on"))
    states = set(Task.objects.values_list("state", flat=True))
    assert states == {"suspended"}
    assert "thành phần đang mở" not in text_of(client.get(f"/tasks/{ward_task.pk}/moves/resume/"))


def test_a_unit_is_found_by_its_name_and_takes_the_task_over(
    cast: Cast, task: Task, clock: date
) -> None:
    refused = in_state(task, "refused", clock)
    client, url = signed_in(cast.office), f"/tasks/{task.pk}/moves/reassign/"
    form = move_form(refused, reason=TYPED) | {"lead_unit-q": "suoi hai"}
    assert client.post(url, form).status_code == 302
    assert Task.objects.get(pk=task.pk).lead_unit == cast.other_ward
    assert "Giao đơn vị khác chủ trì" in text_of(client.get(f"/tasks/{task.pk}/"))


@pytest.mark.parametrize("state", [state for state, _ in ANSWERS.values()])
def test_the_page_of_a_task_leads_to_every_move_that_is_its_readers(
    cast: Cast, task: Task, clock: date, state: str
) -> None:
    in_state(task, state, clock)
    for position, person in enumerate(PEOPLE[:-1]):
        open_moves = {
            name for name, (at, answers) in ANSWERS.items()
            if at == state and answers.split()[position] == "302"
        }  # fmt: skip
        shown = text_of(signed_in(getattr(cast, person)).get(f"/tasks/{task.pk}/"))
        linked = set(re.findall(rf"/tasks/{task.pk}/moves/([a-z]+)/", shown))
        if f"/tasks/{task.pk}/verify/" in shown:
            linked |= {"accept", "return"}
        assert open_moves <= linked, person
        assert not linked - set(MOVES)
