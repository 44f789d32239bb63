"""The table of PRODUCT §7: which rung on which day, and whose."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanoi_programmes.lib.dates import is_working_day, working_days_between
from hanoi_programmes.programmes.states import State
from hanoi_programmes.reminders import policy
from hanoi_programmes.reminders.policy import (
    CLOSED,
    MOVED,
    UPDATED,
    VERIFIED,
    People,
    TaskFacts,
    Window,
)
from hanoi_programmes.reminders.states import Audience, Subject, Urgency

NO_HOLIDAYS: dict[date, bool] = {}
# A Wednesday far from any day off that matters.
DEADLINE = date(2026, 6, 17)
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


def on_day(on: date) -> Window:
    """The rungs of exactly this day."""
    return Window(on - timedelta(days=1), on)


def deadline_rungs(
    deadline: date, days: Window, exceptions: dict[date, bool]
) -> Iterator[policy.Fallen]:
    """Those of a task's deadline."""
    return policy.fallen(Subject.DEADLINE, deadline, days, exceptions)


def update_rungs(days: Window, exceptions: dict[date, bool]) -> Iterator[policy.Fallen]:
    """Those of the month's update."""
    return policy.fallen(Subject.UPDATE, policy.period_end(days.on), days, exceptions)


def audience_of(rung: str) -> frozenset[Audience]:
    """Whose a rung of PRODUCT §7 is, by its name in the ledger."""
    found = policy.rung_named(rung, policy.DEFAULT)
    assert found
    return found.audience


@pytest.mark.parametrize(
    ("offset", "rung"),
    [
        (-30, "before_30"),
        (-14, "before_14"),
        (-7, "before_7"),
        (-1, "before_1"),
        (0, "on_day"),
        (1, "after_1"),
        (7, "after_7"),
        (14, "after_14"),
        (21, "after_21"),
        (364, "after_364"),
    ],
)
def test_each_rung_falls_on_its_day(offset: int, rung: str) -> None:
    fallen = deadline_rungs(DEADLINE, on_day(DEADLINE + timedelta(offset)), NO_HOLIDAYS)
    assert [step.rung for step in fallen] == [rung]


@pytest.mark.parametrize("offset", [-31, -29, -8, 2, 6, 8, 13, 15, 20])
def test_other_days_have_no_rung(offset: int) -> None:
    on = DEADLINE + timedelta(offset)
    assert not list(deadline_rungs(DEADLINE, on_day(on), NO_HOLIDAYS))


def test_rungs_of_a_weekend_fall_together_on_monday() -> None:
    sunday, monday = date(2026, 5, 31), date(2026, 6, 1)
    assert not list(deadline_rungs(sunday, on_day(sunday), NO_HOLIDAYS))
    fallen = deadline_rungs(sunday, on_day(monday), NO_HOLIDAYS)
    assert [step.rung for step in fallen] == ["before_1", "on_day", "after_1"]


def test_rungs_of_tet_fall_on_the_first_working_day() -> None:
    holidays = {date(2026, 2, day): False for day in range(16, 21)}
    fallen = list(deadline_rungs(date(2026, 2, 17), on_day(date(2026, 2, 23)), holidays))
    assert [step.rung for step in fallen] == [
        "before_3",
        "before_1",
        "on_day",
        "after_1",
        "after_3",
    ]
    assert {step.due_on for step in fallen} == {date(2026, 2, 23)}


def test_a_make_up_saturday_is_a_day_like_others() -> None:
    saturday = date(2026, 8, 22)
    fallen = deadline_rungs(saturday, on_day(saturday), {saturday: True})
    assert [step.rung for step in fallen] == ["on_day"]


def test_later_rungs_reach_farther_and_leave_nobody_out() -> None:
    ladder = policy.about(Subject.DEADLINE, policy.DEFAULT)
    audiences = [rung.audience for rung in ladder]
    assert all(before <= after for before, after in pairwise(audiences))
    by_name = {rung.name: rung.audience for rung in ladder}
    assert by_name["after_1"] == {Audience.OFFICER, Audience.HEAD}
    assert by_name["after_3"] - by_name["after_1"] == {Audience.SUPERIOR}
    assert by_name["after_7"] - by_name["after_3"] == {Audience.OFFICE, Audience.LEADER}
    assert audience_of("after_21") == by_name["after_7"]


@given(deadline=DAYS, days_off=st.sets(DAYS, max_size=40), length=st.integers(1, 200))
def test_any_way_of_cutting_time_into_windows_gives_each_rung_once(
    deadline: date, days_off: set[date], length: int
) -> None:
    exceptions = dict.fromkeys(days_off, False)
    start, end = deadline - timedelta(40), deadline + timedelta(length)
    whole = list(deadline_rungs(deadline, Window(start, end), exceptions))
    daily = [
        step
        for n in range((end - start).days)
        for step in deadline_rungs(deadline, on_day(start + timedelta(n + 1)), exceptions)
    ]
    assert sorted(step.rung for step in whole) == sorted(step.rung for step in daily)
    assert len({step.rung for step in daily}) == len(daily)
    assert all(is_working_day(step.due_on, exceptions) for step in whole)


@given(on=DAYS, gap=st.integers(1, 31))
def test_no_day_is_left_out_when_the_planner_was_dead_for_up_to_a_month(on: date, gap: int) -> None:
    last = on - timedelta(gap)
    assert policy.window(on, last).after <= last


def test_an_update_is_asked_for_three_working_days_before_the_month_ends() -> None:
    # 30/11/2026 is a Monday, 24/11 the Day of Vietnamese Culture: 26, 27 and 30 follow the 25th.
    due_on = date(2026, 11, 25)
    (step,) = update_rungs(on_day(due_on), {date(2026, 11, 24): False})
    assert (step.rung, step.counted_from, step.due_on) == (
        "update_before_3",
        date(2026, 11, 30),
        due_on,
    )
    assert working_days_between(due_on, date(2026, 11, 30), NO_HOLIDAYS) == 3
    assert not list(update_rungs(on_day(due_on - timedelta(1)), NO_HOLIDAYS))
    assert not list(update_rungs(on_day(due_on + timedelta(1)), NO_HOLIDAYS))


def test_a_waiting_submission_is_the_verifiers_after_each_five_working_days() -> None:
    monday = date(2026, 6, 1)
    steps = list(
        policy.fallen(Subject.VERIFY, monday, Window(monday, date(2026, 6, 17)), NO_HOLIDAYS)
    )
    assert [(step.rung, step.due_on) for step in steps] == [
        ("verify_5", date(2026, 6, 8)),
        ("verify_10", date(2026, 6, 15)),
    ]


# Whose it is: unit 1 (/A/B/) under unit 2 (/A/); 11, 12 officers, 13 head there; 21 officer and 22
# head above; 31 office, 41 leader, 51 an outsider.

PEOPLE = People(
    officers={1: frozenset({11, 12}), 2: frozenset({21}), 5: frozenset({51})},
    heads={1: 13, 2: 22},
    office=frozenset({31}),
    leaders=frozenset({41}),
    places={11: "/A/B/", 12: "/A/B/", 13: "/A/B/", 21: "/A/", 22: "/A/", 31: "", 41: "", 51: "/C/"},
)


def facts(**changes: object) -> TaskFacts:
    """A city task of unit 1."""
    fields: dict[str, object] = {
        "pk": 1,
        "state": State.IN_PROGRESS,
        "deadline": DEADLINE,
        "issued_on": date(2026, 1, 5),
        "submitted_on": None,
        "last_report_on": None,
        "officer_id": None,
        "unit_id": 1,
        "unit_path": "/A/B/",
        "superior_id": 2,
        "above_id": None,
        "above_path": "",
        "is_citys": True,
    }
    return TaskFacts(**(fields | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rung", "told"),
    [
        ("before_7", {11, 12, 13}),
        ("after_1", {11, 12, 13}),
        ("after_3", {11, 12, 13, 22}),
        ("after_7", {11, 12, 13, 22, 31, 41}),
        ("update_before_3", {11, 12, 13}),
        ("verify_5", {31}),
    ],
)
def test_whom_a_rung_reaches(rung: str, told: set[int]) -> None:
    assert policy.recipients(facts(), audience_of(rung), PEOPLE) == told


def test_a_named_officer_is_told_alone_while_they_work_there() -> None:
    team = audience_of("before_7")
    assert policy.recipients(facts(officer_id=11), team, PEOPLE) == {11, 13}
    assert policy.recipients(facts(officer_id=51), team, PEOPLE) == {11, 12, 13}


def test_a_wards_task_is_verified_by_the_unit_that_gave_it() -> None:
    below = facts(above_id=2, above_path="/A/", is_citys=False)
    assert policy.recipients(below, audience_of("verify_5"), PEOPLE) == {21, 22}
    assert 41 not in policy.recipients(below, audience_of("after_7"), PEOPLE)


def test_nobody_verifies_the_work_of_the_own_unit() -> None:
    own = facts(above_id=1, above_path="/A/B/", is_citys=False)
    assert policy.recipients(own, audience_of("verify_5"), PEOPLE) == {31}


def test_a_head_whose_place_does_not_show_the_task_is_not_told() -> None:
    elsewhere = People({}, {1: 51}, frozenset(), frozenset(), {51: "/C/"})
    assert policy.recipients(facts(), policy.TEAM, elsewhere) == set()


@pytest.mark.parametrize(
    ("rung", "days", "words", "urgency"),
    [
        ("before_14", -8, "Còn 8 ngày", Urgency.AHEAD),
        ("before_7", -7, "Còn 7 ngày", Urgency.SOON),
        ("before_1", 0, "Hết hạn hôm nay", Urgency.TODAY),
        ("on_day", 1, "Quá hạn 1 ngày", Urgency.OVERDUE),
        ("update_before_3", -3, "Chưa cập nhật trong tháng 06/2026", Urgency.UPDATE),
        ("verify_5", 7, "Chờ xác nhận từ ngày 17/06/2026", Urgency.VERIFY),
    ],
)
def test_words_are_true_on_the_day_they_are_read(
    rung: str, days: int, words: str, urgency: Urgency
) -> None:
    on = DEADLINE + timedelta(days)
    assert policy.words(rung, DEADLINE, on=on) == words
    assert policy.urgency(rung, DEADLINE, on=on) == urgency


@pytest.mark.parametrize(
    ("rung", "counted_from", "changes", "reason"),
    [
        ("after_1", DEADLINE, {}, ""),
        ("after_1", DEADLINE, {"state": State.AWAITING}, CLOSED),
        ("after_1", DEADLINE, {"deadline": DEADLINE + timedelta(30)}, MOVED),
        ("update_before_3", date(2026, 6, 30), {}, ""),
        ("update_before_3", date(2026, 6, 30), {"last_report_on": date(2026, 5, 31)}, ""),
        ("update_before_3", date(2026, 6, 30), {"last_report_on": date(2026, 6, 1)}, UPDATED),
        ("update_before_3", date(2026, 6, 30), {"state": State.SUSPENDED}, UPDATED),
        ("verify_5", DEADLINE, {"state": State.AWAITING, "submitted_on": DEADLINE}, ""),
        ("verify_5", DEADLINE, {"state": State.COMPLETED, "submitted_on": DEADLINE}, VERIFIED),
    ],
)
def test_what_changed_before_sending_is_not_sent(
    rung: str, counted_from: date, changes: dict[str, object], reason: str
) -> None:
    assert policy.reason_to_drop(rung, counted_from, facts(**changes)) == reason
