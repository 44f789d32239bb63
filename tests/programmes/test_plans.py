"""Entering and editing tasks: what does not fit is refused at its field, with nothing written."""

import threading
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import Unit
from hanoi_programmes.programmes.models import Event, Participant, Task
from hanoi_programmes.programmes.services.codes import next_code
from hanoi_programmes.programmes.services.plans import (
    Clashed,
    Misfit,
    Opened,
    change_task,
    create_task,
    values_of,
)
from tests import factories
from tests.conftest import TODAY, Cast, act
from tests.programmes.conftest import TYPED, plan
from tests.stored import stored

DAY = timedelta(days=1)


def test_a_new_task_is_a_draft_with_its_code_deadline_and_event(cast: Cast) -> None:
    task = create_task(cast.programme, plan(cast, partners=[cast.ward.pk]), act=act(cast.office))
    assert (task.state, task.code) == ("draft", "72-1.1")
    assert (task.deadline, task.precision) == (date(2026, 12, 31), "quarter")
    assert task.original_deadline == task.deadline
    assert [part.unit for part in task.participants.all()] == [cast.ward]
    assert [event.told for event in task.events.all()] == ["Soạn nhiệm vụ"]


@pytest.mark.parametrize(
    ("codes", "following"),
    [
        ([], "72-1.1"),
        (["72-1.4", "72-1.10", "khác"], "72-1.11"),
        (["NV007", "NV009"], "NV010"),
        (["A-1", "B-1", "B-2"], "B-3"),
    ],
)
def test_the_next_code_follows_the_programmes_own_scheme(
    cast: Cast, codes: list[str], following: str
) -> None:
    for code in codes:
        factories.make_task(cast.programme, cast.ward, code=code)
    assert next_code(cast.programme, cast.programme.groups.get().pk) == following


@pytest.mark.parametrize(
    ("text", "rhythm", "kept"),
    [
        ("Thường xuyên", "", "month"),
        ("Thường xuyên", "quarter", "quarter"),
        ("Hằng năm", "month", "year"),
        ("", "quarter", "quarter"),
        ("Năm 2026", "month", ""),
    ],
)
def test_a_recurring_task_has_a_rhythm_instead_of_a_day(
    cast: Cast, text: str, rhythm: str, kept: str
) -> None:
    values = plan(cast, deadline_text=text, rhythm=rhythm)
    task = create_task(cast.programme, values, act=act(cast.office))
    assert task.rhythm == kept
    assert (task.deadline is None) == bool(kept)


def refused(cast: Cast, task: Task, name: str, **changes: Any) -> str:
    """The sentence at the field, after making sure that nothing was written."""
    before = stored()
    with pytest.raises(Misfit) as caught:
        change_task(task, changes, act=act(cast.office))
    assert stored() == before
    assert list(caught.value.faults) == [name]
    return caught.value.faults[name]


def test_a_parent_below_the_task_is_refused_by_rule_and_by_database(
    cast: Cast, draft: Task
) -> None:
    child = factories.make_task(cast.programme, cast.ward, parent=draft, state="draft")
    below = factories.make_task(cast.programme, cast.ward, parent=child, state="draft")
    for circle in (draft, child, below):
        assert "không thể là cấp trên" in refused(cast, draft, "parent", parent=circle.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=draft.pk).update(parent=below, ancestors=[below.pk])


def test_a_childs_deadline_is_never_after_its_parents(cast: Cast, draft: Task) -> None:
    child = factories.make_task(
        cast.programme, cast.ward, parent=draft, state="draft", deadline=TODAY + 30 * DAY
    )
    said = refused(cast, child, "deadline_text", deadline_text="31/01/2027")
    assert "31/01/2027" in said
    assert "31/12/2026" in said
    said = refused(cast, draft, "deadline_text", deadline_text="01/12/2026")
    assert "16/12/2026" in said


def test_a_deadline_lies_after_the_start_and_not_in_the_past(cast: Cast, draft: Task) -> None:
    said = refused(cast, draft, "deadline_text", starts_on="2027-01-01")
    assert said.startswith("Thời hạn 31/12/2026 trước ngày bắt đầu 01/01/2027")
    assert "đã qua" in refused(cast, draft, "deadline_text", deadline_text="15/11/2026")
    assert "Ghi như văn bản" in refused(cast, draft, "deadline_text", deadline_text="sớm")
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=draft.pk).update(starts_on=date(2027, 1, 1))


def test_what_does_not_belong_together_is_refused(cast: Cast, draft: Task) -> None:
    other = factories.make_programme("hn71")
    far = factories.make_task(other, cast.ward)
    closed = factories.make_task(cast.programme, cast.ward, state="cancelled")
    assert "chương trình khác" in refused(cast, draft, "parent", parent=far.pk)
    assert "đã hủy" in refused(cast, draft, "parent", parent=closed.pk)
    assert "chương trình khác" in refused(
        cast, draft, "task_group", task_group=other.groups.get().pk
    )
    assert "đã có nhiệm vụ khác dùng" in refused(cast, draft, "code", code=far.code)
    assert "không thuộc đơn vị" in refused(cast, draft, "officer", officer=cast.ward_officer.pk)
    assert "đã là đơn vị chủ trì" in refused(cast, draft, "partners", partners=[cast.department.pk])
    assert "bỏ trống cả hai" in refused(cast, draft, "count_goal", count_goal=10)
    Participant.objects.create(task=draft, unit=cast.ward, part="co_lead")
    assert "đồng chủ trì" in refused(cast, draft, "partners", partners=[cast.ward.pk])
    Unit.objects.filter(pk=cast.other_ward.pk).update(is_active=False)
    assert "không còn hoạt động" in refused(cast, draft, "lead_unit", lead_unit=cast.other_ward.pk)


def test_moving_a_task_takes_along_everything_below(cast: Cast, draft: Task) -> None:
    top = factories.make_task(cast.programme, cast.city, state="draft")
    child = factories.make_task(cast.programme, cast.ward, parent=draft, state="draft")
    below = factories.make_task(cast.programme, cast.ward, parent=child, state="draft")
    change_task(draft, {"parent": top.pk}, act=act(cast.office))
    below.refresh_from_db()
    assert below.ancestors == [top.pk, draft.pk, child.pk]
    change_task(draft, {"parent": None}, act=act(cast.office))
    below.refresh_from_db()
    assert below.ancestors == [draft.pk, child.pk]


def test_an_issued_task_changes_only_in_what_issue_left_open(cast: Cast) -> None:
    task = factories.make_task(cast.programme, cast.department)
    for name, value in (
        ("deadline_text", "30/11/2026"),
        ("lead_unit", cast.ward.pk),
        ("code", "X"),
    ):
        assert "gia hạn" in refused(cast, task, name, **{name: value})
    changed = change_task(task, {"product": "Đề án", "is_hard": True}, act=act(cast.office))
    assert set(changed.written) == {"product", "is_hard"}
    [event] = task.events.all()
    assert event.told == "Sửa nhiệm vụ: sản phẩm, việc khó"
    assert event.changes == {
        "product": ["Báo cáo kết quả", "Đề án"],
        "is_hard": ["không", "có"],
    }


@pytest.mark.parametrize("who", ["ward_officer", "head", "leader", "inspector", "administrator"])
def test_only_the_office_plans(cast: Cast, draft: Task, who: str) -> None:
    before = stored()
    with pytest.raises(Denied):
        create_task(cast.programme, plan(cast), act=act(getattr(cast, who)))
    with pytest.raises(Denied):
        change_task(draft, {"product": "x"}, act=act(getattr(cast, who)))
    assert stored() == before


def test_a_closed_task_is_not_edited(cast: Cast) -> None:
    task = factories.make_task(cast.programme, cast.ward, state="completed", completed_on=TODAY)
    with pytest.raises(Denied, match="mở lại"):
        change_task(task, {"product": "x"}, act=act(cast.office))


def test_a_form_sent_twice_is_carried_out_once(cast: Cast, draft: Task) -> None:
    key = uuid4()
    once = create_task(cast.programme, plan(cast), act=act(cast.office, form_key=key))
    again = create_task(cast.programme, plan(cast), act=act(cast.office, form_key=key))
    assert once.pk == again.pk
    key = uuid4()
    change_task(draft, {"product": "Đề án"}, act=act(cast.office, form_key=key))
    before = stored()
    change_task(draft, {"product": "Đề án khác"}, act=act(cast.office, form_key=key))
    assert stored() == before


def test_nothing_changed_writes_nothing(cast: Cast, draft: Task) -> None:
    before = stored()
    assert change_task(draft, values_of(draft), act=act(cast.office)).written == ()
    assert stored() == before


def test_two_people_in_different_fields_are_both_kept_and_it_is_told(
    cast: Cast, draft: Task
) -> None:
    opened = Opened(draft.version, values_of(draft))
    change_task(draft, {"product": "Đề án"}, act=act(cast.office))
    mine = {**opened.values, "authority": "HĐND Thành phố"}
    changed = change_task(draft, mine, act=act(cast.office), opened=opened)
    assert (changed.written, changed.kept) == (("authority",), ("product",))
    draft.refresh_from_db()
    assert (draft.product, draft.authority) == ("Đề án", "HĐND Thành phố")


def test_two_people_in_one_field_are_asked_and_nothing_is_written(cast: Cast, draft: Task) -> None:
    opened = Opened(draft.version, values_of(draft))
    change_task(draft, {"product": "Đề án"}, act=act(cast.office))
    before = stored()
    with pytest.raises(Clashed) as caught:
        change_task(draft, {**opened.values, "product": TYPED}, act=act(cast.office), opened=opened)
    [clash] = caught.value.merge.clashes
    assert (clash.theirs, clash.mine) == ("Đề án", TYPED)
    assert stored() == before


@pytest.mark.django_db(transaction=True)
def test_two_who_hang_tasks_below_each_other_at_once_make_no_circle(cast: Cast) -> None:
    one, two = (
        factories.make_task(cast.programme, cast.ward, state="draft", issued_on=None)
        for _ in range(2)
    )
    said: list[str] = []
    barrier = threading.Barrier(2)

    def hang(task: Task, parent: Task) -> None:
        barrier.wait()
        try:
            change_task(task, {"parent": parent.pk}, act=act(cast.office))
        except Misfit as misfit:
            said.append(misfit.faults["parent"])
        finally:
            connection.close()

    threads = [threading.Thread(target=hang, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 1
    assert Task.objects.filter(parent__isnull=False).count() == 1
    assert Event.objects.count() == 1
