"""The deadline or text of all tasks below changes at once: history, originals, exceptions."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import UnitGroup, User
from hanoi_programmes.programmes.models import Cascade, Extension, Task
from hanoi_programmes.programmes.services.cascade_change import Change, change_below
from hanoi_programmes.programmes.services.tasks import Stale
from tests import factories
from tests.conftest import TODAY, Cast, act, signed_in
from tests.programmes.conftest import TYPED, text_of
from tests.programmes.fan_out import CHILD_DUE, DAY, DUE, issue, order
from tests.stored import stored

LATER = CHILD_DUE + 5 * DAY
EARLIER = CHILD_DUE - 5 * DAY
CHANGE_QUERIES = 24


@pytest.fixture
def issued(cast: Cast, parent: Task, group: UnitGroup, other_head: User) -> Cascade:
    """Both wards have their task."""
    made = issue(parent, order(group), cast.office).cascade
    assert made is not None
    return made


def change(parent: Task, by: User, **changes: Any) -> Any:  # noqa: ANN401 - what the service says
    fields: dict[str, Any] = {"reason": "Theo lịch mới", "deadlines": {"commune": LATER}} | changes
    return change_below(parent, Change(**fields), act=act(by, TODAY + DAY))


def test_all_open_tasks_below_change_with_their_history(
    cast: Cast, parent: Task, issued: Cascade
) -> None:
    done = change(parent, cast.head, text="Khám đợt 2 tại {địa bàn}")
    assert (len(done.tasks), done.left) == (2, [])
    for child in Task.objects.filter(parent=parent):
        assert (child.deadline, child.original_deadline) == (LATER, CHILD_DUE)
        assert child.text.startswith("Khám đợt 2 tại ")
        event = child.events.all()[0]
        assert (event.kind, event.told, event.note) == ("change", "Đổi thời hạn", "Theo lịch mới")
        assert event.changes["deadline"] == ["26/11/2026", "01/12/2026"]
        assert event.changes["text"][1] == child.text
        spans = list(child.spans.order_by("starts_on").values_list("starts_on", "deadline"))
        assert spans == [(TODAY, CHILD_DUE), (TODAY + DAY, LATER)]
    assert parent.events.all()[0].kind == "change_below"
    # Both levels say the same in the reader's list: nobody's version is the old one.
    assert set(Task.objects.filter(parent=parent).values_list("version", flat=True)) == {2}


def test_only_chosen_units_change(cast: Cast, parent: Task, issued: Cascade) -> None:
    change(parent, cast.office, units=(cast.ward,))
    found = dict(Task.objects.filter(parent=parent).values_list("lead_unit", "deadline"))
    assert found == {cast.ward.pk: LATER, cast.other_ward.pk: CHILD_DUE}


def test_an_extension_of_its_own_stays_and_is_named(
    cast: Cast, parent: Task, issued: Cascade
) -> None:
    child = issued.tasks.get(lead_unit=cast.ward)
    Extension.objects.create(
        task=child, by=cast.ward_head, asked_on=TODAY, reason="Mưa bão", deadline=CHILD_DUE,
        wanted=LATER + DAY, answer="agreed", granted=LATER + DAY, decided_by=cast.office,
        decided_on=TODAY,
    )  # fmt: skip
    Task.objects.filter(pk=child.pk).update(deadline=LATER + DAY)
    done = change(parent, cast.office)
    assert [(task.pk, why) for task, why in done.left] == [
        (child.pk, "đã được gia hạn riêng đến 02/12/2026")
    ]
    child.refresh_from_db()
    assert child.deadline == LATER + DAY


def test_a_task_is_not_shortened_below_those_under_it(
    cast: Cast, parent: Task, issued: Cascade
) -> None:
    child = issued.tasks.get(lead_unit=cast.ward)
    factories.make_task(cast.programme, cast.ward, parent=child)
    done = change(parent, cast.office, deadlines={"commune": EARLIER})
    assert [why for _task, why in done.left] == ["có nhiệm vụ cấp dưới đến 26/11/2026"]


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "after the parent's": ({"deadlines": {"commune": DUE + DAY}}, "sau thời hạn 06/12/2026"),
    "past": ({"deadlines": {"commune": TODAY}}, "đã qua"),
    "nothing new": ({"deadlines": {"commune": CHILD_DUE}}, "Không có nhiệm vụ thành phần nào"),
    "another level": ({"deadlines": {"department": LATER}}, "Không có nhiệm vụ thành phần nào"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_changed_changes_nothing(
    cast: Cast, parent: Task, issued: Cascade, case: str
) -> None:
    fields, sentence = BAD[case]
    before = stored()
    with pytest.raises(Denied, match=sentence):
        change(parent, cast.office, **fields)
    assert stored() == before


def test_who_may_not_and_who_is_late_change_nothing(
    cast: Cast, parent: Task, issued: Cascade
) -> None:
    before = stored()
    with pytest.raises(Denied, match="người đứng đầu đơn vị chủ trì"):
        change(parent, cast.ward_head)
    asked = Change("Muộn", {"commune": LATER})
    with pytest.raises(Stale):
        change_below(parent, asked, act=act(cast.office), version=parent.version)
    assert stored() == before


def test_many_ask_as_much_as_two(
    cast: Cast, parent: Task, group: UnitGroup, other_head: User
) -> None:
    factories.make_wards(cast.city, cast.ward_head, range(124))
    issue(parent, order(group), cast.office)
    with CaptureQueriesContext(connection) as asked:
        done = change(parent, cast.office)
    assert len(done.tasks) == 126
    assert len(asked) <= CHANGE_QUERIES


def test_the_page_changes_and_gives_a_mistake_back(
    cast: Cast, city_task: Task, ward_task: Task
) -> None:
    client: Client = signed_in(cast.head)
    url = f"/tasks/{city_task.pk}/fan-out/change/"
    assert "Đổi thời hạn" in text_of(client.get(url))
    sent = {"form_key": str(uuid4()), "version": city_task.version, "reason": TYPED}
    before = stored()
    response = client.post(url, sent)
    assert response.status_code == 422
    assert "Nhập thời hạn mới hoặc nội dung mới." in text_of(response)
    assert TYPED in text_of(response)
    assert client.post(url, sent | {"text": "Mới", "version": 0}).status_code == 409
    assert stored() == before
    assert client.post(url, sent | {"text": "Mới ở {địa bàn}"}).status_code == 302
    before = stored()
    assert client.post(url, sent | {"text": "Mới ở {địa bàn}"}).status_code == 302
    assert stored() == before
    ward_task.refresh_from_db()
    assert ward_task.text == "Mới ở phường Láng"
