"""Hand-over between heads: what the sheet holds, who may make and confirm it, when it is locked."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import Holding, PlaceEvent, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.programmes.models import Direction, Extension, Handover
from hanoi_programmes.programmes.querysets.handovers import ending_holdings
from hanoi_programmes.programmes.services import handover as service
from tests import factories
from tests.conftest import TODAY, Cast, act, signed_in
from tests.programmes.conftest import TYPED, text_of
from tests.stored import stored

DAY = timedelta(days=1)


@pytest.fixture
def left(cast: Cast) -> Holding:
    """The ward's head leaves at the end of the day."""
    holding = Holding.objects.get(user=cast.ward_head)
    holding.ends_on = TODAY
    holding.save()
    return holding


@pytest.fixture
def newcomer(cast: Cast, left: Holding) -> User:
    """Takes the post the day after."""
    user = factories.make_user("newcomer", Role.HEAD, cast.ward)
    Holding.objects.create(post=left.post, user=user, starts_on=TODAY + DAY)
    return user


@pytest.fixture
def handover(cast: Cast, left: Holding, newcomer: User) -> Handover:
    """The sheet, made by who leaves."""
    return service.open_sheet(left, act=act(cast.ward_head))


def test_the_sheet_holds_open_work_obstacles_and_promises(cast: Cast, left: Holding) -> None:
    task = factories.make_task(
        cast.programme, cast.ward, deadline=TODAY - 3 * DAY, original_deadline=TODAY - 9 * DAY
    )
    factories.make_task(cast.programme, cast.ward, state="completed", completed_on=TODAY)
    factories.make_task(cast.programme, cast.other_ward)
    factories.make_report(task, cast.ward_officer, TODAY, text="Xong một nửa", next_step="Họp dân")
    factories.make_obstacle(task, cast.ward_officer, TODAY - 5 * DAY, decider=cast.department)
    factories.make_obstacle(task, cast.ward_officer, TODAY - 5 * DAY, resolved_on=TODAY)
    common = {"task": task, "asked_on": TODAY, "reason": "Chờ vốn", "deadline": TODAY}
    for days, answer in ((9, "waiting"), (8, "agreed"), (7, "refused")):
        decided = {} if answer == "waiting" else {"decided_on": TODAY}
        granted = {"granted": TODAY + 8 * DAY} if answer == "agreed" else {}
        Extension.objects.create(
            wanted=TODAY + days * DAY, answer=answer, **common, **decided, **granted
        )
    for closed in (None, TODAY):
        Direction.objects.create(
            task=task, unit=cast.ward, kind="direction", by=cast.leader, on=TODAY, text="Báo cáo",
            answer_by=TODAY + DAY, closed_on=closed,
        )  # fmt: skip
    sheet = service.open_sheet(left, act=act(cast.ward_head)).sheet
    row = sheet["tasks"][0]
    assert [item["code"] for item in sheet["tasks"]] == [task.code]
    assert (row["group"], row["days"]) == ("overdue", 3)
    assert (row["deadline"], row["original"]) == ("13/11/2026", "07/11/2026")
    assert (row["report"], row["next_step"]) == ("Xong một nửa", "Họp dân")
    assert [(item["decider"], item["waits"]) for item in sheet["obstacles"]] == [("Sở Y tế", 5)]
    assert {item["day"] for item in sheet["extensions"]} == {"25/11/2026", "24/11/2026"}
    assert [item["answer_by"] for item in sheet["directions"]] == ["17/11/2026"]


def test_the_sheet_is_frozen(cast: Cast, handover: Handover, left: Holding) -> None:
    factories.make_task(cast.programme, cast.ward)
    again = service.open_sheet(left, act=act(cast.office))
    assert again == handover
    assert again.sheet["tasks"] == []


def test_both_confirm_in_either_order_and_then_nothing_changes(
    cast: Cast, handover: Handover, newcomer: User
) -> None:
    service.confirm(handover, "incoming", act=act(newcomer))
    service.add_note(handover, "Hồ sơ ở văn thư", act=act(cast.ward_head))
    service.confirm(handover, "outgoing", act=act(cast.ward_head))
    handover.refresh_from_db()
    assert handover.is_confirmed
    before = stored()
    for user, side in ((cast.ward_head, "outgoing"), (newcomer, "incoming")):
        with pytest.raises(Denied, match="hai bên xác nhận"):
            service.confirm(handover, side, act=act(user))
    with pytest.raises(Denied, match="hai bên xác nhận"):
        service.add_note(handover, "Thêm", act=act(cast.ward_head))
    assert stored() == before
    kinds = PlaceEvent.objects.filter(unit=cast.ward).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["handover", "handover_confirm", "handover_note", "handover_confirm"]


def test_nobody_confirms_for_another(cast: Cast, handover: Handover, newcomer: User) -> None:
    before = stored()
    for user, side in (
        (cast.ward_head, "incoming"), (newcomer, "outgoing"), (cast.leader, "outgoing"),
    ):  # fmt: skip
        with pytest.raises(Denied, match="phần của mình"):
            service.confirm(handover, side, act=act(user))
    with pytest.raises(Denied, match="biên bản giấy"):
        service.confirm(handover, "outgoing", act=act(cast.office))
    assert stored() == before
    service.confirm(handover, "outgoing", act=act(cast.office), document="12/BB")
    handover.refresh_from_db()
    assert handover.outgoing_confirmed_at


def test_without_a_successor_nobody_receives(cast: Cast, left: Holding) -> None:
    handover = service.open_sheet(left, act=act(cast.ward_head))
    assert handover.incoming is None
    before = stored()
    with pytest.raises(Denied, match="Chưa có người nhận"):
        service.confirm(handover, "incoming", act=act(cast.office), document="12/BB")
    assert stored() == before


def test_a_note_ends_with_the_confirmation(cast: Cast, handover: Handover) -> None:
    service.confirm(handover, "outgoing", act=act(cast.ward_head))
    with pytest.raises(Denied, match="đã xác nhận"):
        service.add_note(handover, "Thêm", act=act(cast.ward_head))


def test_the_same_form_twice_confirms_once(cast: Cast, handover: Handover) -> None:
    key = uuid4()
    for _ in range(2):
        service.confirm(handover, "outgoing", act=act(cast.ward_head, form_key=key))
    assert PlaceEvent.objects.filter(kind="handover_confirm").count() == 1


def test_no_sheet_for_who_stays_nor_by_others(cast: Cast) -> None:
    holding, before = Holding.objects.get(user=cast.ward_head), stored()
    with pytest.raises(Denied, match="ngày thôi giữ"):
        service.open_sheet(holding, act=act(cast.ward_head))
    with pytest.raises(Denied, match="Văn phòng"):
        service.open_sheet(holding, act=act(cast.ward_officer))
    assert stored() == before


def test_who_hears_of_a_missing_sheet(cast: Cast, left: Holding, newcomer: User) -> None:
    for user, seen in (
        (cast.ward_head, True), (newcomer, True), (cast.office, True), (cast.inspector, True),
        (cast.outsider, False), (cast.ward_officer, False), (cast.administrator, False),
    ):  # fmt: skip
        assert ending_holdings(user, TODAY).filter(pk=left.pk).exists() == seen, user
    assert not ending_holdings(cast.office, TODAY - 31 * DAY).exists()
    assert ending_holdings(cast.office, TODAY - 30 * DAY).exists()


def test_the_pages_from_notice_to_confirmation(cast: Cast) -> None:
    today = localdate()
    factories.make_task(cast.programme, cast.ward, deadline=today + DAY, text="Khám sức khỏe")
    holding = Holding.objects.get(user=cast.ward_head)
    Holding.objects.filter(pk=holding.pk).update(ends_on=today)
    client = signed_in(cast.ward_head)
    assert "/handovers/" in text_of(client.get("/"))
    assert "Bàn giao còn thiếu" in text_of(client.get("/handovers/"))
    made = client.post(f"/handovers/open/{holding.pk}/", {"form_key": str(uuid4())})
    page = made["Location"]
    assert "Khám sức khỏe" in text_of(client.get(page))
    client.post(f"{page}note/", {"form_key": str(uuid4()), "note": TYPED})
    assert TYPED in text_of(client.get(page))
    client.post(f"{page}confirm/", {"form_key": str(uuid4()), "side": "outgoing"})
    handover = Handover.objects.get()
    assert handover.outgoing_confirmed_at
    refused = client.post(f"{page}note/", {"form_key": str(uuid4()), "note": "Ghi sau khi ký"})
    assert refused.status_code == 409
    assert "Ghi sau khi ký" in text_of(refused)
    assert signed_in(cast.outsider).get(page).status_code == 404


def test_list_and_sheet_ask_as_much_for_many_as_for_few(cast: Cast, left: Holding) -> None:
    client, unit, counts = signed_in(cast.office), left.post.unit, []
    for number in (1, 5):
        for n in range(number):
            since = TODAY - (1 + n + number) * 100 * DAY - 365 * DAY
            factories.make_handover(cast.ward, cast.ward_officer, since)
            factories.make_left_holding(cast.other_ward, cast.outsider, since)
            task = factories.make_task(cast.programme, cast.ward)
            factories.make_obstacle(task, cast.ward_officer, TODAY)
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/handovers/").status_code == 200
        with CaptureQueriesContext(connection) as frozen:
            service.sheet_of(unit, on=TODAY)
        counts.append((len(asked), len(frozen)))
    assert counts[0] == counts[1]
    assert counts[1][0] <= 9
    assert counts[1][1] <= 5


def test_a_completed_task_names_who_headed_the_unit_then(cast: Cast) -> None:
    today = localdate()
    left = factories.make_left_holding(cast.ward, cast.outsider, factories.ISSUED - 99 * DAY)
    tasks = [
        factories.make_task(
            cast.programme, cast.ward, state="completed", completed_on=day,
            issued_on=left.starts_on,
        )
        for day in (left.ends_on, today)
    ]  # fmt: skip
    pages = [text_of(signed_in(cast.leader).get(f"/tasks/{task.pk}/")) for task in tasks]
    words = "Người đứng đầu ngày hoàn thành: outsider"
    assert [words in page for page in pages] == [True, False]
