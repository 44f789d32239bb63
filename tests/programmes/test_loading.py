"""Reference and illustrative data as loaded: complete, repeatable, and true to their stories."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F, Max, Q
from pytest_django import DjangoDbBlocker

from hanoi_programmes.people.models import Area, Axis, Holding, Post, Unit, User
from hanoi_programmes.people.services.reference import load_illustrative_people, load_organisations
from hanoi_programmes.programmes.models import (
    ActionProgramme,
    Event,
    Evidence,
    Obstacle,
    ProgressReport,
    Target,
    Task,
    TaskSpan,
)
from hanoi_programmes.programmes.services import illustrative
from hanoi_programmes.programmes.services.illustrative import load_illustrative_tasks
from hanoi_programmes.programmes.services.reference import load_programmes, read
from hanoi_programmes.programmes.services.telling import Life
from hanoi_programmes.programmes.shapes import submitted_late
from hanoi_programmes.programmes.states import MOVES, OPEN, State
from hanoi_programmes.programmes.timeliness import Group, days_late, group_of
from tests.conftest import TODAY
from tests.stored import stored

SINCE = date(2025, 7, 1)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Everything loaded once for this module, as of TODAY; forgotten with it."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_all(TODAY)
        yield
        transaction.set_rollback(True)


def load_all(on: date) -> None:
    load_organisations()
    load_programmes()
    load_illustrative_people(password="minh-hoa-2026", since=SINCE)
    load_illustrative_tasks(on=on)


# Each test has its own savepoint inside the module's transaction.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


# Reference data


def test_the_reference_is_complete() -> None:
    kinds = Counter(Area.objects.values_list("kind", flat=True))
    assert kinds == {"ward": 51, "commune": 75}
    assert Axis.objects.count() == 4
    assert Unit.objects.count() == 568
    assert ActionProgramme.objects.count() == 4
    levels = Counter(Unit.objects.values_list("level", flat=True))
    assert (levels["commune"], levels["city"] + levels["department"]) == (504, 64)


def test_each_area_has_a_unit_on_each_axis_under_its_citys_body() -> None:
    communes = Unit.objects.filter(level="commune")
    per_area = Counter(communes.values_list("area", flat=True))
    assert set(per_area.values()) == {4}
    assert len(per_area) == 126
    assert set(communes.values_list("axis__code", "parent__code")) == {
        ("dang", "TU"), ("hdnd", "HDND"), ("ubnd", "UBND"), ("mttq", "MTTQ"),
    }  # fmt: skip


def test_only_confirmed_bodies_of_the_city_are_switched_on() -> None:
    bodies = Unit.objects.exclude(level="commune")
    assert set(bodies.filter(is_active=True)) == set(bodies.filter(confidence="confirmed"))
    assert bodies.filter(is_active=True).count() == 31


def test_each_record_names_its_source() -> None:
    for model in (Axis, Area, Unit, ActionProgramme, Target, Task):
        assert not model._default_manager.filter(source="").exists(), model


def test_each_path_leads_from_the_top() -> None:
    for unit in Unit.objects.select_related("parent"):
        assert unit.path == f"{unit.parent.path if unit.parent else '/'}{unit.code}/"


def test_each_unit_has_one_head_post() -> None:
    assert Post.objects.filter(is_head=True).count() == Unit.objects.count()


def test_every_active_unit_has_a_head_in_office() -> None:
    held = Holding.objects.of_heads().held(TODAY).values("post__unit")
    assert not Unit.objects.filter(is_active=True).exclude(pk__in=held).exists()


def test_national_targets_belong_to_no_programme_of_the_city() -> None:
    assert not Target.objects.filter(resolution__isnull=False, programme__isnull=False).exists()
    assert Target.objects.filter(resolution__isnull=False).exists()


def test_known_tasks_stay_drafts_outside_every_figure() -> None:
    known = Task.objects.exclude(confidence="illustrative")
    assert known.exists()
    assert set(known.values_list("state", flat=True)) == {State.DRAFT}


def test_loading_again_changes_nothing() -> None:
    before = stored()
    load_all(TODAY + DAY)
    assert stored() == before


def test_what_the_office_decided_survives_another_loading() -> None:
    body = Unit.objects.exclude(level="commune").filter(is_active=False)[0]
    Unit.objects.filter(pk=body.pk).update(is_active=True)
    known = Task.objects.exclude(confidence="illustrative").filter(lead_unit__isnull=False)[0]
    Task.objects.filter(pk=known.pk).update(state="assigned", issued_on=TODAY, text="Đã sửa")
    load_all(TODAY)
    assert Unit.objects.get(pk=body.pk).is_active
    known.refresh_from_db()
    assert (known.state, known.text) == (State.ASSIGNED, "Đã sửa")


# Illustrative accounts


def test_there_is_an_account_of_each_role_and_holders_cannot_sign_in() -> None:
    able = User.objects.exclude(password__startswith="!")
    assert set(able.values_list("role", flat=True)) == {
        "officer", "head", "office", "leader", "inspector", "administrator",
    }  # fmt: skip
    assert not User.objects.filter(is_illustrative=False).exists()
    assert set(User.objects.exclude(email="").values_list("email", flat=True)) == {
        address for address in able.values_list("email", flat=True) if address
    }
    assert all(email.endswith(".example") for email in able.values_list("email", flat=True))


def test_made_up_data_is_refused_where_it_is_not_wanted() -> None:
    assert settings.ILLUSTRATIVE is False
    before = stored()
    with pytest.raises(CommandError, match="ILLUSTRATIVE"):
        call_command("load_illustrative")
    assert stored() == before


# Illustrative tasks: each in the state that its story says, whatever the day of loading

LATE = {"late_long": (30, 60), "late": (8, 29), "late_short": (1, 7)}
GROUPS = {
    "due_soon": Group.DUE_SOON,
    "in_term": Group.IN_TERM,
    "awaiting_on_time": Group.AWAITING,
    "awaiting_late": Group.AWAITING,
    "completed_on_time": Group.COMPLETED_ON_TIME,
    "completed_late": Group.COMPLETED_LATE,
    "suspended": Group.SUSPENDED,
    "ongoing": Group.ONGOING,
    "no_deadline": Group.NO_DEADLINE,
} | dict.fromkeys(LATE, Group.OVERDUE)
TRUTHS: dict[str, Callable[[Life, Task, date], bool]] = {
    "awaiting_on_time": lambda _life, task, _on: not submitted_late(task),
    "awaiting_late": lambda _life, task, _on: submitted_late(task),
    "returned": lambda _life, task, _on: task.is_returned and bool(task.return_reason),
    "blocked": lambda life, task, _on: task.state in OPEN and bool(life.row["obstacles"]),
    "not_acknowledged": lambda _life, task, _on: task.state == State.ASSIGNED,
    "silent": lambda _life, task, on: (
        task.state == State.IN_PROGRESS
        and on - (task.last_report_on or task.issued_on or on)
        > timedelta(days=settings.SILENT_DAYS)
    ),
    "draft": lambda _life, task, _on: task.state == State.DRAFT and task.issued_on is None,
}


def is_true(life: Life, on: date) -> bool:
    """Whether the task is what its story says on the day of loading."""
    task, key = life.task, life.story.key
    if key in GROUPS and group_of(task.facts, on=on) != GROUPS[key]:
        return False
    low, high = LATE.get(key, (0, 0))
    if high and not low <= days_late(task.deadline, on=on) <= high:
        return False
    return key not in TRUTHS or TRUTHS[key](life, task, on)


def lives(on: date) -> list[Life]:
    """What would be stored on the day, without storing it."""
    data: dict[str, Any] = read("illustrative.json")
    stage = illustrative._stage(on)
    tops = [illustrative._city_life(row, stage) for row in data["tasks"]]
    return [*tops, *(c for top in tops for c in illustrative._child_lives(top, data, stage))]


DAYS = [TODAY, date(2026, 11, 23), date(2026, 12, 31), date(2027, 1, 1), date(2027, 2, 28)]
DAYS += [date(2028, 2, 29), date(2027, 6, 30), date(2027, 9, 5)]


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_every_task_is_where_its_story_says(on: date) -> None:
    told = lives(on)
    assert len(told) > 1_500
    assert {life.story.key for life in told} == {*GROUPS, *TRUTHS}
    wrong = [life for life in told if not is_true(life, on)]
    assert [(life.task.code, life.story.key, life.task.facts) for life in wrong] == []


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_no_life_runs_ahead_of_the_day_of_loading_or_backwards(on: date) -> None:
    for life in lives(on):
        days = [step.day for step in life.steps]
        assert days == sorted(days), life.task.code
        assert all(day <= on for day in days), life.task.code
        task = life.task
        assert task.completed_on is None or (task.issued_on or on) <= task.completed_on <= on


# What was stored of them


def test_there_are_eighty_of_the_city_and_a_dozen_in_every_area() -> None:
    made_up = Task.objects.filter(confidence="illustrative")
    assert made_up.filter(parent__isnull=True).count() == 80
    fans = Counter(made_up.filter(parent__isnull=False).values_list("parent", flat=True))
    assert len(fans) == 12
    assert set(fans.values()) == {126}


def test_each_group_and_each_matter_for_attention_has_something_to_show() -> None:
    tally = Task.objects.issued().with_group(TODAY).tally("group")
    assert set(tally) == set(Group)
    assert Task.objects.blocked().exists()
    assert Task.objects.returned().exists()
    assert Task.objects.unacknowledged().exists()
    assert Task.objects.silent(TODAY - timedelta(days=settings.SILENT_DAYS)).exists()


def test_spans_agree_with_the_facts_of_the_day_for_every_task() -> None:
    groups = ("pk", "group", "original_group")
    now = set(Task.objects.with_group(TODAY).in_figures().values_list(*groups))
    then = set(Task.objects.with_group_then(TODAY).in_figures().values_list(*groups))
    assert now == then
    assert len(now) > 1_500


def test_one_span_follows_the_other_from_the_issue_on() -> None:
    spans = TaskSpan.objects.order_by("task", "starts_on").values_list(
        "task", "starts_on", "ends_on", "task__issued_on", "task__state", "state"
    )
    last: dict[int, date] = {}
    for task, start, end, issued, state, held in spans:
        assert start == last.get(task, issued)
        last[task] = end
        if end.year == 9999:
            assert held == state
    assert {end.year for end in last.values()} == {9999}
    assert set(last) == set(Task.objects.exclude(state="draft").values_list("pk", flat=True))


def test_the_last_event_of_a_life_led_to_where_the_task_stands() -> None:
    moves = Event.objects.filter(kind__in=MOVES).order_by("task", "at", "pk")
    last = {event.task_id: event.kind for event in moves}
    for task in Task.objects.filter(pk__in=last):
        assert MOVES[last[task.pk]].target == task.state, task.code


def test_nothing_lies_ahead_of_the_day_of_loading() -> None:
    for model, field in (
        (Event, "on"),
        (ProgressReport, "on"),
        (Evidence, "document_date"),
        (Obstacle, "raised_on"),
        (Obstacle, "resolved_on"),
    ):
        newest = model._default_manager.aggregate(newest=Max(field))["newest"]
        assert newest is None or newest <= TODAY, (model, field)


def test_what_is_completed_was_proven_and_graded() -> None:
    completed = Task.objects.filter(state="completed")
    assert not completed.filter(quality="").exists()
    proven = Evidence.objects.filter(verdict="accepted").values("task")
    assert not completed.exclude(pk__in=proven).exists()
    assert not completed.filter(completed_on__gt=F("submitted_on")).exists()


def test_nobody_accepted_their_own_work() -> None:
    verdicts = Event.objects.filter(kind__in=["accept", "return"])
    own = verdicts.filter(Q(by__unit=F("task__lead_unit")) & Q(by__role__in=["officer", "head"]))
    assert own.count() == 0
