"""The pages of a fan-out: choose, look, confirm; a mistake gives everything back."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from hanoi_programmes.people.models import Unit, UnitGroup
from hanoi_programmes.programmes.models import Cascade, Task
from tests import factories
from tests.conftest import Cast, signed_in
from tests.programmes.conftest import TYPED, text_of
from tests.stored import stored

DAY = timedelta(days=1)
# The form, the plan, the session and the user; not one more for each of 126.
PREVIEW_QUERIES = 16


@pytest.fixture
def group(cast: Cast) -> UnitGroup:
    factories.make_head("other_head", cast.other_ward)
    return UnitGroup.objects.create(
        key="ubnd-xa", name="UBND các xã, phường", axis=cast.ward.axis, level="commune"
    )


def fields(task: Task, group: UnitGroup, due: date, **changes: Any) -> dict[str, Any]:
    """What the form sends."""
    return {
        "form_key": str(uuid4()), "version": task.version, "step": "preview",
        "groups": [group.pk], "text": f"{TYPED} {{địa bàn}}", "product": "Báo cáo",
        "authority": "{đơn vị}", "deadline_commune": due.isoformat(),
    } | changes  # fmt: skip


def carried(page: str) -> dict[str, list[str]]:
    """The hidden fields of the confirmation."""
    found: dict[str, list[str]] = {}
    form = page[page.index("<main") :]
    for name, value in re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', form):
        found.setdefault(name, []).append(value)
    return found


def test_what_the_preview_shows_is_what_is_issued(
    cast: Cast, city_task: Task, group: UnitGroup, clock: date
) -> None:
    client, url = signed_in(cast.head), f"/tasks/{city_task.pk}/fan-out/"
    shown = client.get(url)
    assert "UBND các xã, phường (2)" in text_of(shown)
    before = stored()
    preview = client.post(url, fields(city_task, group, clock + 10 * DAY))
    assert preview.status_code == 200
    assert "Giao cho 2 đơn vị" in text_of(preview)
    assert f"{TYPED} phường Láng" in text_of(preview)
    assert stored() == before
    sent = carried(preview.content.decode()) | {"step": ["issue"]}
    assert client.post(url, sent)["Location"] == f"/tasks/{city_task.pk}/"
    before = stored()
    assert client.post(url, sent)["Location"] == f"/tasks/{city_task.pk}/"
    assert stored() == before
    children = Task.objects.filter(parent=city_task)
    assert {task.text for task in children} == {f"{TYPED} phường Láng", f"{TYPED} xã Suối Hai"}
    cascade = Cascade.objects.get()
    undo = f"{url}{cascade.pk}/undo/"
    assert "Thu hồi việc giao 2 đơn vị?" in text_of(client.get(undo))
    data = {"form_key": str(uuid4()), "reason": "Giao nhầm nhóm"}
    assert client.post(undo, data)["Location"] == f"/tasks/{city_task.pk}/"
    assert set(children.values_list("state", flat=True)) == {"cancelled"}


def test_a_department_is_offered_the_groups_that_it_may_task_and_the_office_all(
    cast: Cast, city_task: Task, group: UnitGroup
) -> None:
    party = factories.make_axis("dang")
    other = UnitGroup.objects.create(
        key="dang-uy-xa", name="Đảng ủy các xã", axis=party, level="commune"
    )
    equals = UnitGroup.objects.create(key="so", name="Các sở", axis=group.axis, level="department")
    url = f"/tasks/{city_task.pk}/fan-out/"
    own = text_of(signed_in(cast.head).get(url))
    assert group.name in own
    assert other.name not in own
    assert equals.name not in own
    everything = text_of(signed_in(cast.office).get(url))
    assert all(one.name in everything for one in (group, other, equals))


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "nobody": ({"groups": []}, "Chọn ít nhất một nhóm hoặc một đơn vị"),
    "no date": ({"deadline_commune": ""}, "Nhập thời hạn: có 2 đơn vị ở cấp này."),
    "a blank": ({"product": "Báo cáo {tên xã}"}, "Chưa hiểu “{tên xã}”"),
    "a secret": ({"product": "Báo cáo TỐI MẬT"}, "Không đưa nội dung mật lên hệ thống"),
    "a number of nothing": ({"count_goal": "12"}, "Ghi đếm cái gì"),
    "no group": ({"groups": ["x"]}, "Lựa chọn"),
    "no key": ({"form_key": ""}, "Tải lại trang rồi gửi lại."),
}


@pytest.mark.parametrize("case", BAD)
def test_a_mistake_gives_everything_back(
    cast: Cast, city_task: Task, group: UnitGroup, clock: date, case: str
) -> None:
    change, sentence = BAD[case]
    client, url = signed_in(cast.office), f"/tasks/{city_task.pk}/fan-out/"
    before = stored()
    response = client.post(url, fields(city_task, group, clock + 10 * DAY, **change))
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert TYPED in text_of(response)
    assert stored() == before


def test_dates_outside_are_refused_with_both_days(
    cast: Cast, city_task: Task, group: UnitGroup, clock: date
) -> None:
    client, url = signed_in(cast.office), f"/tasks/{city_task.pk}/fan-out/"
    for due, sentence in ((clock + 31 * DAY, "sau thời hạn"), (clock - DAY, "đã qua (hôm nay")):
        response = client.post(url, fields(city_task, group, due))
        assert response.status_code == 422
        assert sentence in text_of(response)
        assert f"{due:%d/%m/%Y}" in text_of(response)


def test_a_unit_that_ends_while_one_looks_is_shown_again(
    cast: Cast, city_task: Task, group: UnitGroup, clock: date
) -> None:
    client, url = signed_in(cast.office), f"/tasks/{city_task.pk}/fan-out/"
    preview = client.post(url, fields(city_task, group, clock + 10 * DAY))
    Unit.objects.filter(pk=cast.other_ward.pk).update(ends_on=clock - DAY)
    before = stored()
    sent = carried(preview.content.decode()) | {"step": ["issue"]}
    response = client.post(url, sent)
    assert response.status_code == 409
    assert "Danh sách nhận việc vừa thay đổi, chưa giao cho ai" in text_of(response)
    assert "Giao cho 1 đơn vị" in text_of(response)
    assert stored() == before
    again = carried(response.content.decode()) | {"step": ["issue"]}
    assert client.post(url, again).status_code == 302
    assert Task.objects.get(parent=city_task).lead_unit == cast.ward


def test_a_look_back_keeps_what_was_typed(
    cast: Cast, city_task: Task, group: UnitGroup, clock: date
) -> None:
    client, url = signed_in(cast.office), f"/tasks/{city_task.pk}/fan-out/"
    sent = fields(city_task, group, clock + 10 * DAY, step="edit")
    response = client.post(url, sent)
    assert response.status_code == 200
    assert TYPED in text_of(response)


def test_the_preview_of_126_asks_as_much_as_that_of_two(
    cast: Cast, city_task: Task, group: UnitGroup, clock: date,
    django_assert_max_num_queries: Any,  # noqa: ANN401 - pytest-django has no public type
) -> None:  # fmt: skip
    factories.make_wards(cast.city, cast.ward_head, range(124))
    client, url = signed_in(cast.office), f"/tasks/{city_task.pk}/fan-out/"
    with django_assert_max_num_queries(PREVIEW_QUERIES):
        response = client.post(url, fields(city_task, group, clock + 10 * DAY))
    assert "Giao cho 126 đơn vị" in text_of(response)
