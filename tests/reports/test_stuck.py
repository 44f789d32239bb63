"""Where late work lies and whose its days are: against a plain retelling, and their rows."""

import sys
from collections import Counter
from datetime import date, timedelta

import pytest

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models import Extension, Referral
from hanoi_programmes.programmes.rules.charges import Late, delays_of
from hanoi_programmes.programmes.timeliness import Group, Side
from hanoi_programmes.reports.figures import Scope, Stuck, stuck
from hanoi_programmes.reports.figures import stuck as figure
from tests import factories
from tests.conftest import TODAY, Cast
from tests.reports.conftest import City, MakeCity, Told
from tests.reports.test_links import rows_behind

DAYS = [TODAY, TODAY - timedelta(days=15), TODAY - timedelta(days=70)]


def side_of(row: Told, on: date) -> Side | None:
    """Where the task lies on the day, told without SQL; None when it is not late."""
    facts = row.facts(on)
    if facts is None or facts.deadline is None or facts.deadline >= on:
        return None
    group = row.group(on)
    if group == Group.AWAITING:
        return Side.VERIFIER
    if group != Group.OVERDUE:
        return None
    requests = [
        request
        for request in Extension.objects.filter(task=row.task)
        if request.asked_on <= min(on, request.deadline)
        and request.answer != Extension.Answer.WITHDRAWN
        and (request.decided_on is None or request.decided_on > on)
    ]
    return Side.DECIDER if requests or row.waits_since(on) else Side.UNIT


def ask_for_time(city: City) -> None:
    """Some late tasks had asked for more time: in time, too late, or taken back."""
    late = [row for row in city.rows if side_of(row, TODAY) == Side.UNIT]
    assert len(late) >= 3
    for number, row in enumerate(late):
        facts = row.facts(TODAY)
        assert facts is not None
        assert facts.deadline is not None
        due = facts.deadline
        asked = due + timedelta(days=3 if number % 4 == 1 else -3)
        changes: dict[str, object] = {"deadline": due, "wanted": due + timedelta(days=30)}
        if number % 4 == 2:
            changes |= {"answer": Extension.Answer.WITHDRAWN, "decided_on": asked}
        if number % 4 != 3:
            factories.make_extension(row.task, city.cast.officer, asked, **changes)


@pytest.mark.parametrize("reader", ["leader", "officer", "ward_officer"])
def test_places_and_days_equal_the_mirror(make_city: MakeCity, reader: str) -> None:
    city = make_city(21, TODAY)
    ask_for_time(city)
    user: User = getattr(city.cast, reader)
    for on in DAYS:
        check_places(city, user, on)


def check_places(city: City, user: User, on: date) -> None:
    """One day's places: their numbers, their days, their rows."""
    found = figure(Scope(user, on, TODAY))
    told = [(row, side) for row in city.counted(user, on) if (side := side_of(row, on))]
    numbers = Counter(side for _row, side in told)
    days: Counter[Side] = Counter()
    for row, _side in told:
        late = Late(row.task.pk, row.facts(on).deadline, on)  # type: ignore[union-attr,arg-type]
        for charge in delays_of([late], on=on)[row.task.pk].charges:
            days[charge.side] += charge.days
    for place in found.places:
        assert place.number == numbers[place.side], place.side
        assert place.days == days[place.side], place.side
        assert rows_behind(place.query, user, TODAY) == place.number, place.query
    assert found.number == len(told)


def test_unit_and_decision_add_up_to_what_is_overdue(make_city: MakeCity) -> None:
    city = make_city(22, TODAY)
    ask_for_time(city)
    leader = city.cast.leader
    overdue = [row for row in city.counted(leader, TODAY) if row.group(TODAY) == Group.OVERDUE]
    places = numbers_of(stuck(Scope(leader, TODAY, TODAY)))
    assert places[Side.UNIT] + places[Side.DECIDER] == len(overdue) > 0
    assert places[Side.DECIDER] > 0


def place_of(cast: Cast, on: date) -> Side:
    """Where the only late task lies."""
    worst = stuck(Scope(cast.leader, on, TODAY)).worst
    assert worst is not None
    return worst.side


def test_what_the_unit_has_to_decide_itself_lies_with_the_unit(cast: Cast) -> None:
    late = TODAY - timedelta(days=20)
    task = factories.make_task(cast.programme, cast.department, deadline=late)
    own = factories.make_obstacle(task, cast.officer, late, decider=cast.department)
    assert place_of(cast, TODAY) == Side.UNIT
    own.decider = cast.city
    own.save()
    assert place_of(cast, TODAY) == Side.DECIDER


def test_what_was_passed_on_lay_with_whom_it_was_passed_on_by(cast: Cast) -> None:
    """The unit had its own obstacle until it passed it on: a day before, it lay with the unit."""
    late, passed = TODAY - timedelta(days=20), TODAY - timedelta(days=5)
    task = factories.make_task(
        cast.programme, cast.department, deadline=late, issued_on=factories.ISSUED
    )
    facts = {"state": "in_progress", "deadline": late, "completed_on": None}
    factories.make_history(task, (factories.ISSUED, facts))
    obstacle = factories.make_obstacle(task, cast.officer, late, decider=cast.city)
    Referral.objects.create(
        obstacle=obstacle, on=passed, by=cast.officer, unit=cast.department, unit_text="Sở"
    )
    assert place_of(cast, TODAY) == Side.DECIDER
    assert place_of(cast, passed - timedelta(days=1)) == Side.UNIT


def numbers_of(found: Stuck) -> dict[Side, int]:
    """How many tasks lie in each place."""
    return {place.side: place.number for place in found.places}


def test_more_tasks_than_can_be_split_are_counted_without_days(
    make_city: MakeCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = make_city(21, TODAY)
    ask_for_time(city)
    split = [stuck(Scope(city.cast.leader, on, TODAY)) for on in DAYS]
    # The package has a function of the module's name.
    module = sys.modules["hanoi_programmes.reports.figures.stuck"]
    monkeypatch.setattr(module, "TASKS_SPLIT", 1)
    for on, known in zip(DAYS, split, strict=True):
        counted = stuck(Scope(city.cast.leader, on, TODAY))
        assert numbers_of(counted) == numbers_of(known)
    found = stuck(Scope(city.cast.leader, TODAY, TODAY))
    assert all(numbers_of(found).values())
    assert {place.days for place in found.places} == {None}
    assert found.days is None
