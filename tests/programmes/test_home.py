"""The first page: what stands on it and where, what one touch changes, and who begins elsewhere."""

from datetime import date, timedelta
from random import Random

import pytest
from django.urls import reverse

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models import ProgressReport, Task
from hanoi_programmes.programmes.services import directions
from hanoi_programmes.programmes.shapes.home import SHOWN, Deed, WorkList, work_list
from hanoi_programmes.programmes.shapes.news import news
from hanoi_programmes.programmes.states import State
from hanoi_programmes.programmes.timeliness import Group, group_of
from tests import factories
from tests.conftest import TODAY, Cast, act, signed_in
from tests.programmes.conftest import move_form, text_of, update_form

DAY = timedelta(days=1)
AT_HOME = {"hx-request": "true", "hx-current-url": "http://testserver/"}


def names(work: WorkList) -> dict[str, list[Task]]:
    return {s.key: [job.task for job in s.jobs] for s in work.sections}


# What stands where


def test_counts_and_rows_agree_with_a_plain_retelling(cast: Cast) -> None:
    """Three hundred tasks drawn at random, told again in Python task by task."""
    draw = Random(7)  # noqa: S311 - a drawing, no secret
    states = [state for state in State if state != State.DRAFT]
    rows = [
        {
            "state": draw.choice(states),
            "deadline": TODAY + draw.randint(-20, 20) * DAY,
            "original_deadline": TODAY,
            "completed_on": TODAY,
            "returned_on": draw.choice([None, TODAY]),
            "last_report_on": draw.choice([None, TODAY, TODAY - 40 * DAY]),
            "issued_on": TODAY - draw.randint(30, 60) * DAY,
        }
        for _ in range(300)
    ]
    tasks = factories.make_tasks(cast.programme, cast.ward, rows)
    issued = [task for task in tasks if task.state != State.CANCELLED]
    work = work_list(cast.ward_officer, on=TODAY)
    told = {
        "overdue": [t for t in issued if group_of(t.facts, on=TODAY) == Group.OVERDUE],
        "returned": [t for t in issued if t.is_returned],
        "due-soon": [t for t in issued if group_of(t.facts, on=TODAY) == Group.DUE_SOON],
        "unacknowledged": [t for t in issued if t.state == State.ASSIGNED],
        "verify": [],
    }
    assert {s.key: s.count for s in work.sections} == {k: len(v) for k, v in told.items()}
    busy = [t for t in issued if t.state == State.IN_PROGRESS]
    silent = [t for t in busy if not t.last_report_on or t.last_report_on < TODAY.replace(day=1)]
    assert (work.period.in_progress, work.period.silent) == (len(busy), len(silent))
    assert work.own == len(issued)
    assert {t.pk for t in work.period.rows} <= {t.pk for t in silent}
    shown = [job.task for job in work.jobs]
    assert len(shown) == len({t.pk for t in shown})
    for section in work.sections:
        rows_of = told[section.key]
        assert {j.task.pk for j in section.jobs} <= {t.pk for t in rows_of}
        assert len(section.jobs) <= SHOWN
        on_page = sum(t in shown for t in rows_of)
        assert section.beyond == len(rows_of) - on_page


def test_each_task_stands_once_where_it_presses_most(cast: Cast) -> None:
    def make(**facts: object) -> Task:
        return factories.make_task(cast.programme, cast.ward, **facts)

    late = make(deadline=TODAY - 3 * DAY)
    later = make(deadline=TODAY - DAY)
    back = make(deadline=TODAY - 9 * DAY, returned_on=TODAY - DAY)
    soon = make(deadline=TODAY + DAY)
    new_and_late = make(deadline=TODAY - 2 * DAY, state="assigned")
    new = make(deadline=TODAY + 60 * DAY, state="assigned")
    make(deadline=TODAY + 60 * DAY)
    work = work_list(cast.ward_officer, on=TODAY)
    assert names(work) == {
        "overdue": [late, new_and_late, later],
        "returned": [back],
        "due-soon": [soon],
        "unacknowledged": [new],
        "verify": [],
    }
    deeds = {job.task: job.deed for job in work.jobs}
    assert deeds[new_and_late] == deeds[new] == Deed.ACKNOWLEDGE
    assert deeds[late] == deeds[back] == Deed.REPORT
    assert all(section.beyond == 0 for section in work.sections)
    elsewhere = {s.key: s.elsewhere for s in work.sections if s.elsewhere}
    assert elsewhere == {"overdue": 1, "unacknowledged": 1}


def test_a_heading_says_that_some_of_its_number_stand_elsewhere(cast: Cast, clock: date) -> None:
    """The number on top counts two late ones, the heading shows one: nobody has to wonder."""
    factories.make_task(cast.programme, cast.ward, deadline=clock - 3 * DAY)
    back = factories.make_task(
        cast.programme, cast.ward, deadline=clock - 9 * DAY, returned_on=clock - DAY
    )
    client = signed_in(cast.ward_officer)
    assert "làm trước · thêm 1 việc ở mục khác" in text_of(client.get("/"))
    Task.objects.filter(pk=back.pk).update(returned_on=None)
    assert "mục khác" not in text_of(client.get("/"))


def test_what_was_told_today_makes_room_for_the_next(cast: Cast) -> None:
    first = factories.make_task(cast.programme, cast.ward, deadline=TODAY - 9 * DAY)
    second = factories.make_task(cast.programme, cast.ward, deadline=TODAY - 2 * DAY)
    opened = work_list(cast.ward_officer, on=TODAY).first
    assert opened is not None
    assert opened.task == first
    Task.objects.filter(pk=first.pk).update(last_report_on=TODAY)
    opened = work_list(cast.ward_officer, on=TODAY).first
    assert opened is not None
    assert opened.task == second


@pytest.mark.parametrize("name", ["ward_officer", "ward_head", "officer", "outsider", "office"])
def test_the_work_list_is_a_part_of_what_its_reader_may_see(cast: Cast, name: str) -> None:
    user: User = getattr(cast, name)
    city = factories.make_task(cast.programme, cast.department)
    for unit in (cast.ward, cast.other_ward):
        for state in ("in_progress", "assigned", "awaiting", "cancelled"):
            factories.make_task(cast.programme, unit, parent=city, state=state)
    factories.make_task(cast.programme, cast.ward, state="draft", issued_on=None)
    own = set(Task.objects.worked_by(user))
    assert own
    assert own <= set(Task.objects.visible_to(user).issued())
    verify = set(Task.objects.to_be_verified_by(user))
    assert verify <= set(Task.objects.visible_to(user))


def test_who_may_not_work_has_no_list(cast: Cast) -> None:
    factories.make_task(cast.programme, cast.ward)
    assert not Task.objects.worked_by(cast.administrator).exists()


@pytest.mark.parametrize(("name", "offered"), [("ward_head", True), ("ward_officer", False)])
def test_only_the_head_may_ask_for_another_unit(cast: Cast, name: str, *, offered: bool) -> None:
    task = factories.make_task(cast.programme, cast.ward, state="assigned")
    page = text_of(signed_in(getattr(cast, name)).get("/"))
    assert (reverse("programmes:move", args=[task.pk, "refuse"]) in page) is offered
    assert "Tiếp nhận" in page


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("leader", "/dashboard/"),
        ("inspector", "/dashboard/"),
        ("administrator", "/system/"),
    ],
)
def test_who_has_no_work_list_begins_elsewhere(cast: Cast, name: str, place: str) -> None:
    answer = signed_in(getattr(cast, name)).get("/")
    assert (answer.status_code, answer["Location"]) == (302, place)


# One touch


@pytest.fixture
def late(cast: Cast, clock: date) -> Task:
    """The ward's task, overdue."""
    return factories.make_task(
        cast.programme, cast.ward, deadline=clock - 3 * DAY, issued_on=clock - 40 * DAY
    )


def test_an_update_changes_its_job_and_the_numbers_in_place(cast: Cast, late: Task) -> None:
    form = update_form(**{"from": "home", "text": "Đã xong 2 tổ"})
    answer = signed_in(cast.ward_officer).post(f"/tasks/{late.pk}/report/", form, headers=AT_HOME)
    page = text_of(answer)
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == (f"#job-{late.pk}", "outerHTML")
    assert "Đã cập nhật hôm nay" in page
    assert 'id="home-kpis" hx-swap-oob="true"' in page
    assert "Đã cập nhật <b>1/1</b>" in page
    assert "Đã ghi cập nhật." in page
    assert "autofocus" in page
    assert "<html" not in page
    assert ProgressReport.objects.get().text == "Đã xong 2 tổ"


def test_what_is_done_leaves_with_its_new_state(cast: Cast, late: Task, clock: date) -> None:
    form = update_form(
        **{"from": "home", "document_number": "12/BC", "document_date": clock},
        situation="done",
    )
    page = text_of(
        signed_in(cast.ward_officer).post(f"/tasks/{late.pk}/report/", form, headers=AT_HOME)
    )
    assert "Chờ xác nhận" in page
    assert f'hx-target="#quick-{late.pk}"' not in page
    late.refresh_from_db()
    assert late.state == State.AWAITING


def test_a_mistake_gives_the_form_back_in_its_place(cast: Cast, late: Task) -> None:
    form = update_form(**{"from": "home"}, situation="done", text="Gõ rồi")
    answer = signed_in(cast.ward_officer).post(f"/tasks/{late.pk}/report/", form, headers=AT_HOME)
    assert answer.status_code == 422
    assert "HX-Retarget" not in answer
    assert "Gõ rồi" in text_of(answer)


def test_on_its_own_page_the_form_goes_back_to_the_list(cast: Cast, late: Task) -> None:
    """The same form, opened at its own address from the list, has no job to change."""
    path = f"/tasks/{late.pk}/report/"
    there = AT_HOME | {"hx-current-url": f"http://testserver{path}?from=home"}
    form = update_form(**{"from": "home"})
    answer = signed_in(cast.ward_officer).post(path, form, headers=there)
    assert answer["HX-Redirect"] == "/"


def test_a_task_is_taken_on_in_place(cast: Cast, clock: date) -> None:
    task = factories.make_task(
        cast.programme, cast.ward, state="assigned", deadline=clock + 60 * DAY
    )
    path = f"/tasks/{task.pk}/moves/acknowledge/"
    client = signed_in(cast.ward_officer)
    form = move_form(task, **{"from": "home"})
    page = text_of(client.post(path, form, headers=AT_HOME))
    assert f'id="job-{task.pk}"' in page
    assert "Đã tiếp nhận" in page
    assert "Tiếp nhận<" not in page
    assert f'hx-target="#quick-{task.pk}"' in page
    task.refresh_from_db()
    assert task.state == State.IN_PROGRESS
    # A page that has grown old says so, and swaps nothing.
    stale = client.post(path, move_form(task, **{"from": "home"}), headers=AT_HOME)
    assert (stale.status_code, stale["HX-Reswap"]) == (403, "none")


def test_without_htmx_a_task_taken_on_leads_back_to_the_list(cast: Cast) -> None:
    task = factories.make_task(cast.programme, cast.ward, state="assigned")
    answer = signed_in(cast.ward_officer).post(
        f"/tasks/{task.pk}/moves/acknowledge/", move_form(task, **{"from": "home"}), follow=True
    )
    assert answer.redirect_chain == [("/", 302)]
    assert "Đã tiếp nhận" in text_of(answer)


# What others did


def test_news_are_what_others_did_lately_with_ones_own_tasks(cast: Cast) -> None:
    own = factories.make_task(cast.programme, cast.ward)
    foreign = factories.make_task(cast.programme, cast.other_ward)
    for task in (own, foreign):
        directions.give(
            task,
            directions.Wish("direction", task.lead_unit or cast.ward, "Làm ngay", TODAY + DAY),
            act=act(cast.leader),
        )
    seen = Task.objects.visible_to(cast.ward_officer)
    found = news(seen, cast.ward_officer, on=TODAY, limit=9)
    assert [(tone, event.task) for tone, event in found] == [("late", own)]
    assert news(seen, cast.ward_officer, on=TODAY + 90 * DAY, limit=9) == []
    assert news(Task.objects.all(), cast.office, on=TODAY, limit=9) == []
