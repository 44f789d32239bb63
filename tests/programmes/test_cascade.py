"""Fan-out: one act, many units; all or nothing, once, in time; undone until somebody acts."""

from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import Holding, Unit, UnitGroup, User
from hanoi_programmes.programmes.models import Cascade, Event, Task, TaskSpan
from hanoi_programmes.programmes.services import cascade
from hanoi_programmes.programmes.services.cascade_plan import Order, planned
from hanoi_programmes.programmes.services.tasks import Stale, move
from tests import factories
from tests.conftest import TODAY, Cast, act
from tests.programmes.fan_out import CHILD_DUE, DAY, DUE, issue, order
from tests.stored import stored

WARDS = 126
# Lock, look, write: it does not grow with the number of units.
ISSUE_QUERIES = 24


def test_each_unit_gets_its_own_task(
    cast: Cast, parent: Task, group: UnitGroup, other_head: User
) -> None:
    made = issue(parent, order(group), cast.office)
    assert made.cascade is not None
    first, second = Task.objects.filter(parent=parent).order_by("code")
    assert (first.code, second.code) == ("72-4.3.00001", "72-4.3.00002")
    assert first.text == "Khám sức khỏe tại phường Láng"
    assert first.product == f"Báo cáo của {cast.ward.short_name}"
    assert first.authority == cast.ward.short_name
    assert (first.deadline, first.original_deadline) == (CHILD_DUE, CHILD_DUE)
    assert (first.state, first.issued_on, first.ancestors) == ("assigned", TODAY, [parent.pk])
    assert (first.lead_unit, first.cascade) == (cast.ward, made.cascade)
    assert made.cascade.size == 2
    assert made.cascade.plan["groups"] == ["ubnd-xa"]
    span = TaskSpan.objects.get(task=first)
    assert (span.starts_on, span.state, span.deadline) == (TODAY, "assigned", CHILD_DUE)
    for child in (first, second):
        assert [event.kind for event in child.events.all()] == ["issue"]
    (event,) = parent.events.all()
    assert (event.kind, event.told) == ("cascade", "Giao xuống 2 đơn vị")
    assert "Cấp xã: 2, thời hạn 26/11/2026" in event.note
    # The life goes on along the ordinary table of moves.
    assert move(first, "acknowledge", act=act(cast.ward_officer)).state == "in_progress"


def test_exceptions_and_single_units_are_heeded(
    cast: Cast, parent: Task, group: UnitGroup, other_head: User
) -> None:
    asked = order(group, without=(cast.other_ward,), units=(cast.city,))
    plan = planned(parent, asked, by=cast.office, on=TODAY)
    assert [p.unit for p in plan.issued] == [cast.ward]
    # The city's own body has no head, and no date was given for its level.
    assert [p.unit for p in plan.left_out] == [cast.city]


def test_levels_have_dates_of_their_own(cast: Cast, group: UnitGroup, other_head: User) -> None:
    top = factories.make_task(cast.programme, cast.city, deadline=DUE)
    issue(top, order(group, units=(cast.department,)), cast.office)
    found = dict(Task.objects.filter(parent=top).values_list("lead_unit__code", "deadline"))
    assert found == {
        cast.department.code: CHILD_DUE - DAY,
        cast.ward.code: CHILD_DUE,
        cast.other_ward.code: CHILD_DUE,
    }


def test_a_recurring_task_hands_down_its_rhythm(
    cast: Cast, group: UnitGroup, other_head: User
) -> None:
    top = factories.make_task(cast.programme, cast.department, deadline=None, rhythm="quarter")
    issue(top, order(group, deadlines={}), cast.office)
    child = Task.objects.filter(parent=top)[0]
    assert (child.rhythm, child.deadline, child.deadline_text) == ("quarter", None, "Hằng quý")


# Who is passed over


def reasons(parent: Task, asked: Order, by: User) -> dict[str, str]:
    return {p.unit.code: p.reason for p in planned(parent, asked, by=by, on=TODAY).portions}


def test_a_unit_without_a_head_is_left_out_by_name(
    cast: Cast, parent: Task, group: UnitGroup
) -> None:
    made = issue(parent, order(group), cast.office)
    assert [p.unit for p in made.plan.left_out] == [cast.other_ward]
    assert "chưa có người đứng đầu" in made.plan.left_out[0].reason
    assert [child.lead_unit for child in Task.objects.filter(parent=parent)] == [cast.ward]
    assert cast.other_ward.short_name in parent.events.get().note


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ends_on": TODAY - DAY}, "đã kết thúc hoạt động từ 15/11/2026"),
        ({"starts_on": TODAY + DAY}, "hoạt động từ 17/11/2026"),
        ({"is_active": False}, "chưa được kích hoạt"),
    ],
)
def test_a_unit_that_does_not_exist_today_gets_nothing(
    cast: Cast, parent: Task, group: UnitGroup, change: dict[str, Any], sentence: str
) -> None:
    Unit.objects.filter(pk=cast.ward.pk).update(**change)
    assert sentence in reasons(parent, order(group), cast.office)[cast.ward.code]
    before = stored()
    with pytest.raises(Denied, match="Không có đơn vị nào giao được"):
        issue(parent, order(units=(cast.ward,)), cast.office)
    assert stored() == before


def test_a_unit_that_ends_after_the_preview_stops_the_whole_act(
    cast: Cast, parent: Task, group: UnitGroup, other_head: User
) -> None:
    shown = {cast.ward.pk, cast.other_ward.pk}
    Unit.objects.filter(pk=cast.ward.pk).update(ends_on=TODAY - DAY)
    before = stored()
    with pytest.raises(Denied, match=r"chưa giao cho ai.*Láng.*đã kết thúc"):
        issue(parent, order(group), cast.office, agreed=shown)
    assert stored() == before


def test_a_head_found_after_the_preview_is_shown_first(
    cast: Cast, parent: Task, group: UnitGroup, other_head: User
) -> None:
    before = stored()
    with pytest.raises(Denied, match=r"thêm: .*Suối Hai"):
        issue(parent, order(group), cast.office, agreed={cast.ward.pk})
    assert stored() == before


def test_a_department_gives_only_to_those_below_it_on_its_axis(
    cast: Cast, parent: Task, group: UnitGroup
) -> None:
    party = factories.make_ward("00001", parent=cast.city, name="Đảng ủy phường", axis="dang")
    factories.make_head("party_head", party)
    found = reasons(parent, order(group, units=(party, cast.city)), cast.head)
    assert found[cast.ward.code] == ""
    assert "không phải cấp dưới cùng trục" in found[party.code]
    assert "không phải cấp dưới cùng trục" in found[cast.city.code]
    assert reasons(parent, order(units=(party,)), cast.office)[party.code] == ""
    assert "chính là" in reasons(parent, order(units=(cast.department,)), cast.office)["UBND-SYT"]


# Refusals: a sentence, and nothing written


@pytest.mark.parametrize("name", ["officer", "ward_head", "ward_officer", "leader", "inspector"])
def test_only_the_office_and_the_head_of_the_lead_issue_further_down(
    cast: Cast, parent: Task, group: UnitGroup, name: str
) -> None:
    before = stored()
    with pytest.raises(Denied, match="người đứng đầu đơn vị chủ trì"):
        issue(parent, order(group), getattr(cast, name), agreed={cast.ward.pk})
    assert stored() == before


@pytest.mark.parametrize("state", ["draft", "awaiting", "completed", "suspended", "cancelled"])
def test_only_a_running_task_is_issued_further_down(
    cast: Cast, group: UnitGroup, state: str
) -> None:
    task = factories.make_task(
        cast.programme, cast.department, state=state, completed_on=TODAY, submitted_on=TODAY
    )
    before = stored()
    with pytest.raises(Denied, match="chưa giao xuống cấp dưới được"):
        issue(task, order(group), cast.office)
    assert stored() == before


BAD_DATES = {
    "after the parent's": ({"commune": DUE + DAY}, r"07/12/2026 sau thời hạn 06/12/2026"),
    "past": ({"commune": TODAY - DAY}, r"15/11/2026 đã qua \(hôm nay 16/11/2026\)"),
    "missing": ({"department": CHILD_DUE}, "Chưa có thời hạn cho"),
}


@pytest.mark.parametrize("case", BAD_DATES)
def test_bad_dates_are_refused(cast: Cast, parent: Task, group: UnitGroup, case: str) -> None:
    deadlines, sentence = BAD_DATES[case]
    before = stored()
    with pytest.raises(Denied, match=sentence):
        issue(parent, order(group, deadlines=deadlines), cast.office)
    assert stored() == before


def test_a_stale_page_issues_nothing(cast: Cast, parent: Task, group: UnitGroup) -> None:
    before = stored()
    with pytest.raises(Stale):
        issue(parent, order(group), cast.office, version=parent.version - 1)
    assert stored() == before


def test_an_error_in_the_middle_leaves_nothing(
    cast: Cast, parent: Task, group: UnitGroup, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(cascade, "record", fail)
    before = stored()
    with pytest.raises(RuntimeError):
        issue(parent, order(group), cast.office)
    assert stored() == before


# Twice, and at once


def test_the_same_form_issues_once(cast: Cast, parent: Task, group: UnitGroup) -> None:
    key = uuid4()
    issue(parent, order(group), cast.office, act=act(cast.office, form_key=key))
    before = stored()
    again = issue(
        parent, order(group), cast.office, act=act(cast.office, form_key=key), agreed={cast.ward.pk}
    )
    assert again.cascade is None
    assert stored() == before


def test_a_unit_is_not_given_the_same_task_twice(
    cast: Cast, parent: Task, group: UnitGroup, other_head: User
) -> None:
    issue(parent, order(units=(cast.ward,)), cast.office)
    made = issue(parent, order(group), cast.office)
    assert [p.unit for p in made.plan.skipped] == [cast.ward]
    assert [p.unit for p in made.plan.issued] == [cast.other_ward]
    assert Task.objects.filter(parent=parent).count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same_form", [True, False])
def test_two_officials_at_once_issue_once(cast: Cast, same_form: bool) -> None:  # noqa: FBT001
    parent = factories.make_task(cast.programme, cast.department, deadline=DUE)
    asked, key, gate = order(units=(cast.ward,)), uuid4(), Barrier(2)
    said: list[str] = []

    def run() -> None:
        form_key = key if same_form else uuid4()
        gate.wait()
        try:
            made = cascade.issue(
                parent, asked, act=act(cast.office, form_key=form_key), agreed={cast.ward.pk}
            )
            said.append("issued" if made.cascade else "replayed")
        except Denied as refusal:
            said.append(refusal.reason)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Task.objects.filter(parent=parent).count() == 1
    assert Cascade.objects.count() == 1
    assert "issued" in said
    (other,) = set(said) - {"issued"}
    assert other == "replayed" if same_form else "đã có nhiệm vụ" in other


# Codes


def test_codes_stay_unique(cast: Cast, parent: Task, group: UnitGroup) -> None:
    factories.make_task(cast.programme, cast.ward, code="72-4.3.00001")
    party = factories.make_ward("00001", parent=cast.city, name="Đảng ủy phường", axis="dang")
    factories.make_head("party_head", party)
    issue(parent, order(units=(cast.ward,)), cast.office)
    assert Task.objects.get(parent=parent).code == "72-4.3.00001-2"
    top = factories.make_task(cast.programme, cast.city, code="X" * 40, deadline=DUE)
    issue(top, order(units=(cast.ward, party)), cast.office)
    codes = set(Task.objects.filter(parent=top).values_list("code", flat=True))
    assert codes == {"X" * 29 + ".00001-DANG", "X" * 29 + ".00001-UBND"}


# All 126


def test_issuing_to_all_wards_asks_as_much_as_issuing_to_two(
    cast: Cast, parent: Task, group: UnitGroup, other_head: User
) -> None:
    factories.make_wards(cast.city, cast.ward_head, range(WARDS - 2))
    shown = {p.unit.pk for p in planned(parent, order(group), by=cast.office, on=TODAY).issued}
    with CaptureQueriesContext(connection) as asked:
        made = cascade.issue(parent, order(group), act=act(cast.office), agreed=shown)
    assert len(made.plan.issued) == WARDS == Task.objects.filter(parent=parent).count()
    assert Event.objects.count() == WARDS + 1
    assert len(asked) <= ISSUE_QUERIES
    assert made.cascade is not None
    with CaptureQueriesContext(connection) as asked:
        cascade.undo(made.cascade, act=act(cast.office), reason="Giao nhầm")
    assert len(asked) <= ISSUE_QUERIES


def test_a_vacant_post_is_judged_on_the_day(cast: Cast, parent: Task, group: UnitGroup) -> None:
    Holding.objects.filter(user=cast.ward_head).update(ends_on=TODAY - DAY)
    assert "chưa có người đứng đầu" in reasons(parent, order(group), cast.office)[cast.ward.code]
