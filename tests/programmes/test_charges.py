"""To whom a day of delay is charged (PRODUCT §6): each once, and together the whole delay."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate
from hypothesis import given
from hypothesis import strategies as st

from hanoi_programmes.programmes.models import Referral, Task, TaskSpan
from hanoi_programmes.programmes.rules.charges import Delay, delays_of, late_now, verifier_days
from hanoi_programmes.programmes.timeliness import Side, Wait, Waits, charges, verifier_from
from tests import factories
from tests.conftest import TODAY, Cast, signed_in

DAY = timedelta(days=1)
DUE = date(2026, 11, 2)


def split(waits: Waits, end: date = TODAY) -> dict[tuple[str, str], int]:
    parts = charges(DUE, end=end, waits=waits, exceptions={})
    return {(part.side, part.whom): part.days for part in parts}


def test_a_delay_that_waits_for_nobody_is_the_units() -> None:
    assert split(Waits()) == {("unit", ""): 14}


def test_the_days_from_the_request_to_the_answer_are_the_deciders() -> None:
    waits = Waits([Wait(DUE + 2 * DAY, DUE + 7 * DAY, "Sở Tài chính")])
    assert split(waits) == {("decider", "Sở Tài chính"): 5, ("unit", ""): 9}


def test_what_waited_before_the_deadline_counts_only_after_it() -> None:
    assert split(Waits([Wait(DUE - 9 * DAY, DUE + DAY, "A")])) == {
        ("decider", "A"): 1,
        ("unit", ""): 13,
    }


def test_of_two_that_wait_the_one_asked_first_has_the_day() -> None:
    waits = Waits([Wait(DUE + DAY, None, "B"), Wait(DUE, DUE + 4 * DAY, "A")])
    assert split(waits) == {("decider", "A"): 4, ("decider", "B"): 10}


def test_a_verifier_has_five_working_days_that_are_nobodys() -> None:
    # Submitted on the Monday of the deadline: Tuesday to Monday are the five, Tuesday is the sixth.
    assert verifier_from(DUE, {}) == DUE + 8 * DAY
    assert split(Waits(submissions=[Wait(DUE, None, "V")])) == {("verifier", "V"): 7}
    holiday = {DUE + DAY: False}
    assert verifier_from(DUE, holiday) == DUE + 9 * DAY


def test_the_five_days_are_the_units_once_the_work_was_sent_back() -> None:
    waits = Waits(submissions=[Wait(DUE, DUE + 10 * DAY, "V")])
    assert split(waits) == {("verifier", "V"): 3, ("unit", ""): 11}


spans = st.builds(
    lambda start, length, whom: Wait(
        DUE + start * DAY, None if length is None else DUE + (start + length) * DAY, whom
    ),
    st.integers(-40, 60),
    st.none() | st.integers(0, 40),
    st.sampled_from("ABC"),
)
calendars = st.dictionaries(st.dates(DUE - 50 * DAY, DUE + 90 * DAY), st.booleans(), max_size=20)


@given(st.lists(spans, max_size=6), st.lists(spans, max_size=3), st.integers(-5, 60), calendars)
def test_parts_add_up_and_no_day_is_charged_twice(
    decisions: list[Wait], submissions: list[Wait], late: int, exceptions: dict[date, bool]
) -> None:
    end = DUE + late * DAY
    closed = [wait for wait in submissions if wait.until]
    waits = Waits(decisions, closed)
    parts = charges(DUE, end=end, waits=waits, exceptions=exceptions)
    assert sum(part.days for part in parts) == max(late, 0)
    assert all(part.days > 0 for part in parts)
    assert len({(part.side, part.whom) for part in parts}) == len(parts)
    standing = charges(DUE, end=end, waits=Waits(decisions, submissions), exceptions=exceptions)
    assert sum(part.days for part in standing) <= max(late, 0)
    unit = sum(part.days for part in charges(DUE, end=end, waits=Waits(), exceptions=exceptions))
    assert unit == max(late, 0)


# From the rows


@pytest.fixture
def late(cast: Cast) -> Task:
    """The ward's task, fourteen days late."""
    city = factories.make_task(cast.programme, cast.department)
    return factories.make_task(cast.programme, cast.ward, parent=city, deadline=DUE)


def delay(task: Task, on: date = TODAY) -> Delay:
    found = late_now(task, on=on)
    assert found
    return delays_of([found], on=on)[task.pk]


def by_whom(task: Task) -> dict[str, int]:
    return {part.whom or part.side: part.days for part in delay(task).charges}


def test_each_level_answers_for_its_own_days(cast: Cast, late: Task) -> None:
    obstacle = factories.make_obstacle(
        late, cast.ward_officer, DUE, decider=cast.city, decider_text="UBND Thành phố"
    )
    Referral.objects.create(
        obstacle=obstacle, on=DUE + 3 * DAY, unit=cast.department, unit_text="Sở Y tế"
    )
    assert by_whom(late) == {"Sở Y tế": 3, "UBND Thành phố": 11}
    assert delay(late).days == 14
    assert delay(late).elsewhere == 14


def test_what_the_unit_took_back_charges_nobody_else(cast: Cast, late: Task) -> None:
    withdrawn = {"is_withdrawn": True, "resolved_on": TODAY}
    factories.make_obstacle(late, cast.ward_officer, DUE, decider=cast.city, **withdrawn)
    answer = {"answer": "withdrawn", "decided_on": TODAY}
    factories.make_extension(late, cast.ward_officer, DUE, **answer)
    assert by_whom(late) == {Side.UNIT: 14}


def test_an_obstacle_that_the_unit_itself_decides_is_its_own(cast: Cast, late: Task) -> None:
    factories.make_obstacle(late, cast.ward_officer, DUE, decider=cast.ward)
    assert by_whom(late) == {Side.UNIT: 14}


def test_only_a_request_in_time_charges_who_answers_it(cast: Cast, late: Task) -> None:
    asked = factories.make_extension(late, cast.ward_officer, DUE - DAY)
    assert by_whom(late) == {"Sở Y tế": 14}
    asked.answer, asked.decided_on = "refused", DUE + 5 * DAY
    asked.save()
    assert by_whom(late) == {"Sở Y tế": 5, Side.UNIT: 9}
    asked.asked_on = DUE + DAY
    asked.save()
    assert by_whom(late) == {Side.UNIT: 14}


def test_a_city_task_waits_for_the_office(cast: Cast) -> None:
    task = factories.make_task(cast.programme, cast.department, deadline=DUE)
    factories.make_extension(task, cast.officer, DUE)
    assert by_whom(task) == {"Văn phòng Thành ủy": 14}


def test_a_slow_verifier_is_charged_and_the_unit_is_not(cast: Cast, late: Task) -> None:
    TaskSpan.objects.filter(task=late).update(ends_on=DUE)
    TaskSpan.objects.create(task=late, starts_on=DUE, state="awaiting", deadline=DUE)
    Task.objects.filter(pk=late.pk).update(state="awaiting", submitted_on=DUE)
    late.refresh_from_db()
    assert by_whom(late) == {"Sở Y tế": 7}


def test_nothing_is_charged_for_what_is_not_late(cast: Cast) -> None:
    assert late_now(factories.make_task(cast.programme, cast.ward), on=TODAY) is None
    for state in ("suspended", "cancelled", "draft"):
        task = factories.make_task(cast.programme, cast.ward, deadline=DUE, state=state)
        assert late_now(task, on=TODAY) is None


def test_the_home_list_tells_the_verifier_of_the_days_that_are_theirs(cast: Cast) -> None:
    today = localdate()
    dates = {"deadline": today - 30 * DAY, "submitted_on": today - 30 * DAY}
    task = factories.make_task(cast.programme, cast.department, state="awaiting", **dates)
    days = verifier_days([task], on=today)[task.pk]
    assert days == (today - verifier_from(today - 30 * DAY, {})).days + 1
    page = signed_in(cast.office).get("/").content.decode()
    assert f"nơi xác nhận chậm {days} ngày" in page
