"""The list of what is to be urged and the form: its rows, numbers, readers, and what it sends."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.http import QueryDict
from django.utils.timezone import localdate, now

from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.reminders.figures import Why, pressed
from hanoi_programmes.reminders.filters import CARRIED, URGED, UrgingFilter
from hanoi_programmes.reminders.models import Mail, Reminder, Urging
from hanoi_programmes.reminders.services.urging import Wish, urge
from tests import factories
from tests.conftest import Cast, act, signed_in

HTMX = {"HX-Request": "true"}
Make = Callable[..., Task]


@pytest.fixture
def today() -> date:
    """Pages look at the clock."""
    return localdate()


@pytest.fixture
def make(cast: Cast, today: date) -> Make:
    """A city's task of the department that nobody needs to urge, unless it is changed."""

    def of(**changes: Any) -> Task:
        fields: dict[str, Any] = {
            "issued_on": today - timedelta(60),
            "deadline": today + timedelta(30),
            "last_report_on": today - timedelta(1),
        }
        unit = changes.pop("unit", cast.department)
        return factories.make_task(cast.programme, unit, **fields | changes)

    return of


def shown(user: User, query: str = "", **headers: str) -> str:
    """The list as it is read."""
    response = signed_in(user).get(f"/urging/{query}", headers=headers)
    assert response.status_code == 200
    return unescape(response.content.decode())


def rows(page: str) -> list[int]:
    """The keys of the rows, in order."""
    return [int(key) for key in re.findall(r'<tbody role="rowgroup" id="urging-(\d+)"', page)]


def number(page: str, label: str) -> int:
    """The number beside a view's name."""
    found = re.search(rf'{label} <span class="n">(\d+)</span>', page)
    assert found
    return int(found[1])


def tell(task: Task, rung: str, user: User) -> None:
    """The planner told a rung of the task's deadline."""
    on = localdate()
    Reminder.objects.create(
        task=task, recipient=user, rung=rung, deadline=task.deadline or on, due_on=on, planned_on=on
    )


def test_each_reason_has_its_rows_and_its_number(cast: Cast, make: Make, today: date) -> None:
    make()
    late = make(deadline=today - timedelta(3))
    latest = make(deadline=today - timedelta(40))
    silent = make(last_report_on=today - timedelta(30))
    fresh = make(state="assigned", issued_on=today - timedelta(2), last_report_on=None)
    untaken = make(state="assigned", issued_on=today - timedelta(9), last_report_on=None)
    asked = make()
    factories.make_direction(
        asked, cast.department, cast.leader, today - timedelta(9), answer_by=today - timedelta(2)
    )
    page = shown(cast.office)
    assert rows(page)[:2] == [latest.pk, late.pk]
    assert set(rows(page)) == {latest.pk, late.pk, silent.pk, untaken.pk, asked.pk}
    assert fresh.pk not in rows(page)
    for why, label, keys in (
        ("overdue", "Quá hạn", [latest.pk, late.pk]),
        ("silent", "Không cập nhật", [silent.pk]),
        ("unacknowledged", "Chưa tiếp nhận", [untaken.pk]),
        ("unanswered", "Chưa trả lời chỉ đạo", [asked.pk]),
    ):
        assert number(page, label) == len(keys)
        assert rows(shown(cast.office, f"?why={why}")) == keys
    assert number(page, "Tất cả") == 5


def test_the_numbers_of_the_page_are_those_of_its_rows(cast: Cast, make: Make, today: date) -> None:
    tasks = [make(deadline=today - timedelta(days)) for days in (1, 2, 5, 9, 16, 40)]
    make(last_report_on=today - timedelta(30))
    make(state="assigned", issued_on=today - timedelta(30), last_report_on=None)
    rungs = ("after_1", "after_3", "after_7", "after_14", "after_35")
    for task, rung in zip(tasks[1:], rungs, strict=True):
        tell(task, rung, cast.head)
    urging = Urging.objects.create(by=cast.office, on=today, at=now(), text="Làm ngay")
    urging.tasks.add(*tasks[:3])
    whole = Task.objects.visible_to(cast.office)
    alone = [("why", why) for why in Why.values] + [("carried", key) for key in CARRIED]
    for name, value in [*alone, *(("urged", key) for key in URGED), ("q", "")]:
        asked = UrgingFilter.read(QueryDict(urlencode({name: value})), today=today)
        numbers = pressed(asked.whole.base(whole, cast.office), today, 8)
        assert asked.number_of(numbers) == asked.apply(whole, cast.office).count(), (name, value)
    two = UrgingFilter.read(QueryDict("why=overdue&carried=3"), today=today)
    assert two.number_of(pressed(whole, today, 8)) is None


def test_it_says_how_far_a_task_was_carried(cast: Cast, make: Make, today: date) -> None:
    second = make(deadline=today - timedelta(5))
    weekly = make(deadline=today - timedelta(30))
    none = make(deadline=today - timedelta(1))
    for rung in ("after_1", "after_3"):
        tell(second, rung, cast.head)
    tell(weekly, "after_28", cast.head)
    page = shown(cast.office)
    assert "Tự động: mức 2" in page
    assert "Tự động: mức 4" in page
    for carried, task in (("3", second), ("14", weekly), ("no", none)):
        assert rows(shown(cast.office, f"?carried={carried}")) == [task.pk]
    # Another deadline begins anew.
    Task.objects.filter(pk=second.pk).update(deadline=today - timedelta(2))
    assert rows(shown(cast.office, "?carried=3")) == []


def test_it_says_when_and_by_whom_it_was_last_urged(cast: Cast, make: Make, today: date) -> None:
    urged, never = (make(deadline=today - timedelta(n)) for n in (9, 3))
    for _ in range(2):
        urge([urged], Wish("Làm ngay"), act=act(cast.office, on=today))
    page = shown(cast.office)
    assert f'Đôn đốc {today:%d/%m/%Y}</a><span class="meta nowrap">, lần 2</span>' in page
    assert ">Chưa đôn đốc lần nào</span>" in page
    assert number(page, "Chưa đôn đốc lần nào") == 1
    assert rows(shown(cast.office, "?urged=never")) == [never.pk]
    assert rows(shown(cast.office, "?urged=once")) == [urged.pk]


def test_it_says_for_whom_a_task_waits(cast: Cast, make: Make, today: date) -> None:
    refused, stuck, asking, own = (make(deadline=today - timedelta(n)) for n in (9, 8, 7, 6))
    Task.objects.filter(pk=refused.pk).update(state="refused")
    factories.make_obstacle(stuck, cast.officer, today - timedelta(4), decider=cast.city)
    factories.make_extension(asking, cast.officer, today - timedelta(8))
    page = shown(cast.office)
    assert "giao lại hoặc giao đơn vị khác" in page
    assert "quyết định vướng mắc, đã 4 ngày" in page
    assert "trả lời đề nghị gia hạn, đã 8 ngày" in page
    assert rows(page) == [refused.pk, stuck.pk, asking.pk, own.pk]


def test_filters_are_chips_and_stay_in_the_address(cast: Cast, make: Make, today: date) -> None:
    late = make(deadline=today - timedelta(3), text="Lập danh mục")
    make(deadline=today - timedelta(3), unit=cast.city)
    page = shown(cast.office, f"?unit={cast.department.code}&q=danh+muc&why=overdue")
    assert rows(page) == [late.pk]
    for words in ("Sở Y tế", "Từ khóa: danh muc", "Quá hạn"):
        assert f'<span class="vh">Bỏ điều kiện </span>{words}' in page
    assert 'type="hidden" name="why" value="overdue"' in page
    empty = signed_in(cast.office).get("/urging/?q=&unit=&carried=3")
    assert (empty.status_code, empty["Location"]) == (302, "/urging/?carried=3")
    assert "Không có việc nào khớp bộ lọc" in shown(cast.office, "?q=khong-co-gi")
    nonsense = "?why=x&carried=-1&urged=1&level=9&unit=%22&page=zz&programme=%27"
    assert signed_in(cast.office).get(f"/urging/{nonsense}").status_code == 200


def test_nothing_to_urge_is_said_kindly(cast: Cast) -> None:
    assert "Không có việc nào cần đôn đốc" in shown(cast.office)


def test_who_sees_all_begins_with_the_citys_tasks(cast: Cast, make: Make, today: date) -> None:
    top = make(deadline=today - timedelta(2))
    below = make(parent=top, unit=cast.ward, deadline=today - timedelta(5))
    assert rows(shown(cast.office)) == [top.pk]
    assert rows(shown(cast.inspector, "?level=commune")) == [below.pk]
    assert rows(shown(cast.leader, "?level=all")) == [below.pk, top.pk]


def test_a_head_follows_the_units_below_and_what_was_given(
    cast: Cast, make: Make, today: date
) -> None:
    own = make(deadline=today - timedelta(2))
    given = make(parent=own, unit=cast.ward, deadline=today - timedelta(5))
    make(unit=cast.other_ward, deadline=today - timedelta(5))
    assert rows(shown(cast.head)) == [given.pk]
    assert rows(shown(cast.ward_head)) == []
    mayor = factories.make_head("mayor", cast.city)
    assert len(rows(shown(mayor))) == 3
    assert 'name="task"' not in shown(mayor)


def test_officers_and_administrators_are_told_why_not(cast: Cast) -> None:
    for user in (cast.officer, cast.administrator):
        assert signed_in(user).get("/urging/").status_code == 403


# The form


def send(user: User, **data: object) -> Any:  # noqa: ANN401 - as the test client answers
    """Send the form as a browser does."""
    return signed_in(user).post("/urging/send/", {"form_key": str(uuid4())} | data)


def test_one_task_is_urged_from_its_row(cast: Cast, make: Make, today: date) -> None:
    task = make(deadline=today - timedelta(3))
    client = signed_in(cast.office)
    assert f"/urging/send/?task={task.pk}" in shown(cast.office)
    form = client.get(f"/urging/send/?task={task.pk}&from=urging?why=overdue", headers=HTMX)
    words = unescape(form.content.decode())
    assert words.lstrip().startswith('<div class="form stack" id="urge-form"')
    assert "Nhiệm vụ quá hạn 3 ngày, còn thiếu: Báo cáo kết quả. Đề nghị hoàn thành" in words
    assert "officer, Sở Y tế" in words
    response = send(
        cast.office, task=str(task.pk), text="Làm ngay", **{"from": "urging?why=overdue"}
    )
    assert (response.status_code, response.headers["Location"]) == (302, "/urging/?why=overdue")
    assert Urging.objects.get().text == "Làm ngay"
    assert Mail.objects.filter(kind="urging").count() == 2


def test_from_the_task_one_comes_back_to_the_task(cast: Cast, make: Make) -> None:
    task = make()
    panel = signed_in(cast.office).get(f"/tasks/{task.pk}/reminders/").content.decode()
    assert f"/urging/send/?task={task.pk}&amp;from=task-{task.pk}" in panel
    assert (
        "/urging/send/"
        not in signed_in(cast.head).get(f"/tasks/{task.pk}/reminders/").content.decode()
    )
    response = send(cast.office, task=str(task.pk), text="Làm ngay", **{"from": f"task-{task.pk}"})
    assert response.headers["Location"] == f"/tasks/{task.pk}/"
    panel = signed_in(cast.head).get(f"/tasks/{task.pk}/reminders/").content.decode()
    assert "Văn phòng Thành ủy đôn đốc" in panel
    assert "Làm ngay" in panel
    assert "Thư chờ gửi: " in panel


def test_many_are_urged_and_what_became_of_it_is_shown(cast: Cast, make: Make, today: date) -> None:
    tasks = [make(deadline=today - timedelta(n)) for n in (3, 4)]
    Task.objects.filter(pk=tasks[1].pk).update(state="refused")
    third = make(deadline=today - timedelta(5))
    keys = [task.pk for task in [*tasks, third]]
    preview = signed_in(cast.office).get("/urging/send/", {"task": keys})
    words = unescape(preview.content.decode())
    assert "2 nhiệm vụ dưới đây chưa hoàn thành, trong đó 2 nhiệm vụ đã quá hạn." in words
    assert "Không đôn đốc được 1 nhiệm vụ" in words
    seen = re.search(r'name="task" value="([\d,]+)"', words)
    assert seen
    response = send(cast.office, task=seen[1], text="Làm ngay")
    urging = Urging.objects.get()
    assert response.headers["Location"] == f"/urging/{urging.pk}/"
    page = signed_in(cast.office).get(f"/urging/{urging.pk}/").content.decode()
    assert "2 nhiệm vụ, tình trạng hôm nay" in page
    assert "officer, Sở Y tế" in page


def test_all_that_match_are_urged_up_to_a_ceiling(
    cast: Cast, make: Make, today: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(26):
        make(deadline=today - timedelta(3))
    assert "Cả 26 nhiệm vụ khớp bộ lọc" in shown(cast.office)
    preview = signed_in(cast.office).get("/urging/send/?all=1&why=overdue")
    assert "Đôn đốc 26 nhiệm vụ" in preview.content.decode()
    monkeypatch.setattr("hanoi_programmes.reminders.views.urging.MOST", 25)
    refused = signed_in(cast.office).get("/urging/send/?all=1&why=overdue")
    assert (refused.status_code, refused["Location"]) == (302, "/urging/?why=overdue")
    assert "Lọc còn tối đa 25 nhiệm vụ" in shown(cast.office)


def test_bad_input_keeps_what_was_typed(cast: Cast, make: Make) -> None:
    task = make()
    empty = send(cast.office, task=str(task.pk), text="")
    assert empty.status_code == 422
    assert "Ghi nội dung cần đơn vị làm ngay" in unescape(empty.content.decode())
    secret = send(cast.office, task=str(task.pk), text="Văn bản MẬT số 12")
    assert secret.status_code == 422
    assert "Văn bản MẬT số 12" in unescape(secret.content.decode())
    Task.objects.filter(pk=task.pk).update(state="refused")
    late = send(cast.office, task=str(task.pk), text="Đã gõ nhiều chữ")
    assert late.status_code == 409
    assert not Urging.objects.exists()
    for nothing in ("", "x", "1,,x", "9" * 30):
        assert send(cast.office, task=nothing, text="x").status_code == 302


def test_the_form_sent_twice_urges_once(cast: Cast, make: Make) -> None:
    task, key = make(), str(uuid4())
    for _ in range(2):
        assert send(cast.office, task=str(task.pk), text="x", form_key=key).status_code == 302
    assert Urging.objects.count() == 1


def test_others_read_an_urging_as_far_as_they_see_its_tasks(cast: Cast, make: Make) -> None:
    here, there = make(), make(unit=cast.ward)
    urging = urge([here, there], Wish("Làm ngay"), act=act(cast.office, on=localdate()))
    page = signed_in(cast.officer).get(f"/urging/{urging.pk}/").content.decode()
    assert here.text in page
    assert there.text not in page
    assert "ward_head" not in page
    assert signed_in(cast.outsider).get(f"/urging/{urging.pk}/").status_code == 404


def test_the_unit_that_has_ended_is_named(cast: Cast, make: Make, today: date) -> None:
    task = make()
    Unit.objects.filter(pk=cast.department.pk).update(ends_on=today - timedelta(1))
    preview = signed_in(cast.office).get(f"/urging/send/?task={task.pk}").content.decode()
    assert "Không gửi được hết: đơn vị đã kết thúc hoạt động – Sở Y tế" in unescape(preview)
