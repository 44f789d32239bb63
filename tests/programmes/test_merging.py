"""Merging with open work: what moves, what stays, what an open form meets, who may."""

from datetime import date
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.utils.timezone import localdate

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import Area, Unit, User
from hanoi_programmes.programmes.models import (
    FOREVER,
    Direction,
    Event,
    Obstacle,
    Participant,
    ProgressReport,
    Situation,
    Task,
    TaskSpan,
)
from hanoi_programmes.programmes.services import progress
from hanoi_programmes.programmes.services.merging import merge_areas, merge_units, preview
from tests import factories
from tests.conftest import TODAY, Cast, act, signed_in
from tests.programmes.conftest import DAY, TYPED, move_form, text_of, update_form
from tests.stored import stored

PAPER = "Nghị quyết 12/NQ-HĐND"


@pytest.fixture(autouse=True)
def other_head(cast: Cast) -> User:
    """The head of the ward that takes over."""
    return factories.make_head("other_head", cast.other_ward)


def merge(cast: Cast, on: date = TODAY, **changes: Any) -> int:
    """The ward becomes part of the other one."""
    return merge_units(
        unit=cast.ward, into=cast.other_ward, on=on, document=PAPER,
        act=act(cast.office, on, **changes),
    )  # fmt: skip


def test_open_tasks_move_and_the_past_stays(cast: Cast) -> None:
    states = ["draft", "assigned", "in_progress", "awaiting", "suspended", "refused"]
    running = [factories.make_task(cast.programme, cast.ward, state=state) for state in states]
    over = [
        factories.make_task(cast.programme, cast.ward, state="cancelled"),
        factories.make_task(cast.programme, cast.ward, state="completed", completed_on=TODAY),
    ]
    versions = {task.pk: task.version for task in running}
    assert merge(cast) == len(running)
    for task in running:
        task.refresh_from_db()
        assert (task.lead_unit, task.version) == (cast.other_ward, versions[task.pk] + 1)
        event = task.events.get()
        assert event.told == "Chuyển đơn vị chủ trì do sắp xếp đơn vị"
        assert event.note == PAPER
        assert "Láng" in event.changes["lead_unit"][0]
        spans = task.spans.order_by("starts_on").values_list("lead_unit", "ends_on")
        assert list(spans) == [(cast.ward.pk, TODAY), (cast.other_ward.pk, FOREVER)]
    for task in over:
        task.refresh_from_db()
        assert task.lead_unit == cast.ward
        assert not task.events.exists()


def test_an_officer_who_moved_along_keeps_the_task_another_does_not(cast: Cast) -> None:
    kept = factories.make_task(cast.programme, cast.ward, officer=cast.ward_officer)
    lost = factories.make_task(cast.programme, cast.ward, officer=cast.officer)
    merge(cast)
    officers = dict(Task.objects.values_list("pk", "officer"))
    assert officers == {kept.pk: cast.ward_officer.pk, lost.pk: None}
    assert lost.events.get().changes["officer"] == ["officer", ""]


def test_both_parts_of_one_task_stay_and_the_preview_says_so(cast: Cast) -> None:
    top = factories.make_task(cast.programme, cast.department)
    parts = [
        factories.make_task(cast.programme, unit, parent=top)
        for unit in (cast.ward, cast.other_ward)
    ]
    seen = preview(cast.ward, cast.other_ward)
    assert (seen.tasks, seen.twice, seen.accounts) == (1, 1, 2)
    merge(cast)
    assert set(Task.objects.filter(lead_unit=cast.other_ward)) == set(parts)


def test_taking_part_deciding_and_answering_move_too(cast: Cast) -> None:
    joined = factories.make_task(cast.programme, cast.department)
    shared = factories.make_task(cast.programme, cast.department)
    led = factories.make_task(cast.programme, cast.other_ward)
    for task, unit, part in (
        (joined, cast.ward, "partner"),
        (shared, cast.ward, "co_lead"),
        (shared, cast.other_ward, "partner"),
        (led, cast.ward, "partner"),
    ):
        Participant.objects.create(task=task, unit=unit, part=part)
    waits = factories.make_obstacle(joined, cast.officer, TODAY, decider=cast.ward)
    over = factories.make_obstacle(
        joined, cast.officer, TODAY, decider=cast.ward, resolved_on=TODAY
    )
    asked = Direction.objects.create(
        task=joined, unit=cast.ward, kind="direction", by=cast.leader, on=TODAY, text="Báo cáo",
        answer_by=TODAY,
    )  # fmt: skip
    merge(cast)
    found = set(Participant.objects.values_list("task", "unit", "part"))
    other = cast.other_ward.pk
    assert found == {(joined.pk, other, "partner"), (shared.pk, other, "co_lead")}
    assert Obstacle.objects.get(pk=waits.pk).decider == cast.other_ward
    assert Obstacle.objects.get(pk=over.pk).decider == cast.ward
    assert Direction.objects.get(pk=asked.pk).unit == cast.other_ward
    assert Event.objects.filter(task__in=[joined, shared, led]).count() == 3


def test_areas_merge_with_the_work_of_every_axis(cast: Cast) -> None:
    pairs = [
        (
            factories.make_ward("00001", parent=cast.city, name="Phường Láng", axis="dang"),
            factories.make_ward("00002", parent=cast.city, name="Xã Suối Hai", axis="dang"),
        ),
        (cast.ward, cast.other_ward),
    ]
    tasks = {factories.make_task(cast.programme, old): new for old, new in pairs}
    old, new = (Area.objects.get(code=code) for code in ("00001", "00002"))
    assert merge_areas(area=old, into=new, on=TODAY, document=PAPER, act=act(cast.office)) == 2
    for task, unit in tasks.items():
        task.refresh_from_db()
        assert task.lead_unit == unit


def test_the_same_form_twice_moves_once(cast: Cast) -> None:
    task = factories.make_task(cast.programme, cast.ward)
    key = uuid4()
    assert merge(cast, form_key=key) == 1
    before = stored()
    assert merge(cast, form_key=key) == 0
    assert stored() == before
    assert task.events.count() == 1


@pytest.mark.parametrize("name", ["administrator", "leader", "ward_head", "inspector"])
def test_only_the_office_moves_work(cast: Cast, name: str) -> None:
    factories.make_task(cast.programme, cast.ward)
    before = stored()
    with pytest.raises(Denied):
        merge_units(
            unit=cast.ward, into=cast.other_ward, on=TODAY, document=PAPER,
            act=act(getattr(cast, name)),
        )  # fmt: skip
    assert stored() == before


def test_a_refused_merging_moves_nothing(cast: Cast) -> None:
    factories.make_task(cast.programme, cast.ward)
    before = stored()
    with pytest.raises(Denied, match="cùng cấp"):
        merge_units(
            unit=cast.ward, into=cast.department, on=TODAY, document=PAPER, act=act(cast.office)
        )
    assert stored() == before


# A form that was open while its unit was merged


def test_the_officers_open_update_form_still_works(cast: Cast, ward_task: Task) -> None:
    client = signed_in(cast.ward_officer)
    client.get(f"/tasks/{ward_task.pk}/report/")
    merge(cast, on=localdate())
    response = client.post(f"/tasks/{ward_task.pk}/report/", update_form(text=TYPED))
    assert response.status_code == 302
    assert ProgressReport.objects.get(task=ward_task).text == TYPED


def test_an_update_that_raced_with_the_merging_is_refused(cast: Cast, ward_task: Task) -> None:
    """The officer as the request read them before, the task as it is since."""
    officer = User.objects.select_related("unit").get(pk=cast.ward_officer.pk)
    merge(cast, on=localdate())
    before = stored()
    update = progress.Update(Situation.DOING, text=TYPED)
    with pytest.raises(Denied, match="đơn vị chủ trì"):
        progress.report(ward_task, update, act=act(officer, localdate()))
    assert stored() == before


def test_a_move_on_a_page_from_before_is_stale_and_keeps_its_text(cast: Cast, clock: date) -> None:
    task = factories.make_task(
        cast.programme, cast.ward, state="suspended", issued_on=clock - DAY, deadline=clock + DAY
    )
    form = move_form(task, reason=TYPED, document="118-QĐ/TU")
    merge(cast, on=clock)
    response = signed_in(cast.office).post(f"/tasks/{task.pk}/moves/resume/", form)
    assert response.status_code == 409
    assert "118-QĐ/TU" in text_of(response)
    task.refresh_from_db()
    assert task.state == "suspended"


# The page


def form(cast: Cast, **changes: Any) -> dict[str, Any]:
    """What the page sends."""
    return {
        "form_key": str(uuid4()), "old": cast.ward.pk, "into": cast.other_ward.pk,
        "on": localdate().isoformat(), "document": PAPER,
    } | changes  # fmt: skip


def test_the_page_shows_what_will_move_and_then_moves_it(cast: Cast, ward_task: Task) -> None:
    client = signed_in(cast.office)
    shown = text_of(client.get("/merge/units/", form(cast)))
    assert "1 nhiệm vụ đang mở" in shown
    assert Unit.objects.get(pk=cast.ward.pk).ends_on is None
    assert client.post("/merge/units/", form(cast)).status_code == 302
    ward_task.refresh_from_db()
    assert ward_task.lead_unit == cast.other_ward
    assert TaskSpan.objects.filter(task=ward_task, ends_on=FOREVER).get().lead_unit_id


def test_what_cannot_be_merged_is_said_before_and_after(cast: Cast) -> None:
    client, before = signed_in(cast.office), stored()
    asked = form(cast, into=cast.department.pk)
    shown = client.get("/merge/units/", asked)
    assert "không cùng cấp" in text_of(shown)
    assert 'method="post" action="/merge' not in text_of(shown)
    answer = client.post("/merge/units/", asked)
    assert answer.status_code == 409
    assert "không cùng cấp" in text_of(answer)
    assert PAPER in text_of(answer)
    assert {k: v for k, v in stored().items() if k != "django_session"} == {
        k: v for k, v in before.items() if k != "django_session"
    }


def test_two_areas_are_previewed_axis_by_axis(cast: Cast) -> None:
    old, new = (Area.objects.get(code=code) for code in ("00001", "00002"))
    page = signed_in(cast.office).get("/merge/areas/", form(cast, old=old.pk, into=new.pk))
    assert page.status_code == 200
    assert "Xem trước: Phường Láng vào Xã Suối Hai" in text_of(page)


@pytest.mark.django_db(transaction=True)
def test_merging_and_an_update_at_once_leave_nothing_half_done(cast: Cast, ward_task: Task) -> None:
    """Whichever comes first: the task is the new unit's, and the update is there or refused."""
    day, start, refused = localdate(), Barrier(2), []

    def update() -> None:
        start.wait()
        try:
            told = progress.Update(Situation.DOING, text=TYPED)
            progress.report(ward_task, told, act=act(cast.ward_officer, day))
        except Denied as refusal:
            refused.append(refusal.reason)
        finally:
            connections.close_all()

    def unite() -> None:
        start.wait()
        try:
            merge(cast, on=day)
        finally:
            connections.close_all()

    threads = [Thread(target=target) for target in (update, unite)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ward_task.refresh_from_db()
    assert ward_task.lead_unit == cast.other_ward
    assert ProgressReport.objects.filter(task=ward_task).count() == 1 - len(refused)
    assert ward_task.events.count() == 2 - len(refused)
    assert ward_task.spans.filter(ends_on=FOREVER).get().lead_unit == cast.other_ward
