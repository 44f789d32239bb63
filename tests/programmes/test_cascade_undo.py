"""A fan-out is taken back while nobody has acted on it, once, and keeps its history."""

from uuid import uuid4

import pytest

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import UnitGroup, User
from hanoi_programmes.programmes.models import Cascade, Task, TaskSpan
from hanoi_programmes.programmes.services import cascade
from hanoi_programmes.programmes.services.tasks import move
from tests.conftest import TODAY, Cast, act
from tests.programmes.fan_out import DAY, issue, order
from tests.stored import stored


@pytest.fixture
def issued(cast: Cast, parent: Task, group: UnitGroup, other_head: User) -> Cascade:
    """Both wards have their task."""
    made = issue(parent, order(group), cast.office).cascade
    assert made is not None
    return made


def test_a_fan_out_is_taken_back_with_its_history(
    cast: Cast, parent: Task, group: UnitGroup, issued: Cascade
) -> None:
    done = cascade.undo(issued, act=act(cast.office, TODAY + DAY), reason="Giao nhầm nhóm")
    assert (done.undone_on, done.undone_by) == (TODAY + DAY, cast.office)
    for child in issued.tasks.all():
        assert child.state == "cancelled"
        assert [event.kind for event in child.events.all()] == ["cancel", "issue"]
        assert child.events.all()[0].note == "Giao nhầm nhóm"
        spans = [(s.state, s.starts_on) for s in child.spans.order_by("starts_on")]
        assert spans == [("assigned", TODAY), ("cancelled", TODAY + DAY)]
    assert parent.events.all()[0].kind == "undo_cascade"
    # The codes stay with the cancelled ones.
    again = issue(parent, order(group), cast.office).cascade
    assert again is not None
    codes = again.tasks.order_by("code").values_list("code", flat=True)
    assert list(codes) == ["72-4.3.00001-2", "72-4.3.00002-2"]


def test_undoing_on_the_day_of_issue_leaves_one_span(cast: Cast, issued: Cascade) -> None:
    cascade.undo(issued, act=act(cast.office), reason="Giao nhầm")
    assert list(TaskSpan.objects.filter(task__cascade=issued).values_list("state", flat=True)) == [
        "cancelled",
        "cancelled",
    ]


def test_what_somebody_has_taken_on_is_not_taken_back(cast: Cast, issued: Cascade) -> None:
    child = issued.tasks.get(lead_unit=cast.ward)
    move(child, "acknowledge", act=act(cast.ward_officer))
    before = stored()
    with pytest.raises(Denied, match=r"Láng.* đã tiếp nhận"):
        cascade.undo(issued, act=act(cast.office), reason="Giao nhầm")
    assert stored() == before


def test_a_fan_out_is_taken_back_once_and_by_who_may(cast: Cast, issued: Cascade) -> None:
    before = stored()
    with pytest.raises(Denied, match="người đứng đầu đơn vị chủ trì"):
        cascade.undo(issued, act=act(cast.ward_head), reason="Không muốn làm")
    assert stored() == before
    key = uuid4()
    cascade.undo(issued, act=act(cast.head, form_key=key), reason="Giao nhầm")
    before = stored()
    cascade.undo(issued, act=act(cast.head, form_key=key), reason="Giao nhầm")
    with pytest.raises(Denied, match="đã được thu hồi ngày 16/11/2026"):
        cascade.undo(issued, act=act(cast.office), reason="Giao nhầm")
    assert stored() == before
