"""The calendar changes after a plan (S19): planned anew, and nothing told is told again."""

from datetime import date, timedelta
from random import Random

from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from hanoi_programmes.lib.dates import is_working_day, working_days_between
from hanoi_programmes.people.models import CalendarDay
from hanoi_programmes.people.rules import calendar_exceptions
from hanoi_programmes.people.services.calendar import DayEntry, remove_day, set_day
from hanoi_programmes.programmes.states import State
from hanoi_programmes.reminders.models import Mail, Notice, Reminder
from hanoi_programmes.reminders.services.plan import Planned
from tests.conftest import TODAY, Cast, act
from tests.reminders.test_plan import due_in, run, told

DAY = timedelta(days=1)
TUESDAY, WEDNESDAY, SATURDAY = TODAY + DAY, TODAY + 2 * DAY, TODAY + 5 * DAY


def declare(cast: Cast, day: date, *, on: date, is_working: bool = False) -> None:
    """The office writes a day into the calendar."""
    entry = DayEntry(day, is_working=is_working, name="Theo thông báo", source="minh họa")
    set_day(entry, reason="thông báo muộn", act=act(cast.office, on))


def flip(cast: Cast, day: date, *, on: date) -> None:
    """The office turns a day into what it was not."""
    if CalendarDay.objects.filter(day=day).exists():
        remove_day(day, reason="thông báo mới", act=act(cast.office, on))
    else:
        declare(cast, day, on=on, is_working=not is_working_day(day, {}))


def rungs_told(user: str = "ward_officer") -> list[tuple[date, str]]:
    """Rungs and the days on which they were told, in their order."""
    rows = Reminder.objects.filter(recipient__username=user).order_by("planned_on", "pk")
    return list(rows.values_list("planned_on", "rung"))


def test_a_day_that_becomes_a_day_off_moves_its_rung_to_the_next(cast: Cast) -> None:
    due_in(cast, 4)  # before_3 falls on Tuesday
    run(TODAY)
    declare(cast, TUESDAY, on=TODAY)
    assert run(TUESDAY) == Planned()
    run(WEDNESDAY)
    assert (WEDNESDAY, "before_3") in rungs_told()


def test_what_was_told_on_a_day_that_is_then_declared_off_is_not_told_again(cast: Cast) -> None:
    due_in(cast, 4)
    run(TODAY)
    run(TUESDAY)
    assert (TUESDAY, "before_3") in rungs_told()
    before = set(Reminder.objects.values_list("pk", "mail", "due_on"))
    declare(cast, TUESDAY, on=WEDNESDAY)
    run(WEDNESDAY)
    assert set(Reminder.objects.values_list("pk", "mail", "due_on")) == before


def test_control_without_the_ledger_the_same_change_tells_twice(cast: Cast) -> None:
    """A planner without a memory would repeat it: the rung now falls on Wednesday."""
    due_in(cast, 4)
    run(TUESDAY)
    forget()
    declare(cast, TUESDAY, on=WEDNESDAY)
    run(WEDNESDAY)
    assert (WEDNESDAY, "before_3") in rungs_told()


def forget() -> None:
    """As if nothing had ever been told."""
    Notice.objects.all().delete()
    Reminder.objects.all().delete()
    Mail.objects.all().delete()


def test_a_make_up_day_sends_what_falls_on_it(cast: Cast) -> None:
    due_in(cast, 8)  # before_3 is Saturday's
    assert run(SATURDAY) == Planned()
    declare(cast, SATURDAY, on=TODAY, is_working=True)
    run(SATURDAY)
    assert (SATURDAY, "before_3") in rungs_told()
    remove_day(SATURDAY, reason="ghi nhầm", act=act(cast.office, SATURDAY + 2 * DAY))
    # On Monday the rung before_1 is due, and before_3 stays told.
    run(SATURDAY + 2 * DAY)
    assert Reminder.objects.filter(rung="before_3").count() == 2


def test_a_wait_counted_anew_names_the_verifier_once(cast: Cast) -> None:
    """Five working days of waiting were told; then one of them turns out to have been off."""
    due_in(cast, 90, state=State.AWAITING, submitted_on=TODAY)
    days = [TODAY + n * DAY for n in range(1, 12)]
    for day in days[:7]:
        run(day)
    first = list(Reminder.objects.filter(rung="verify_5").values_list("pk", "planned_on"))
    assert {planned for _, planned in first} == {TODAY + 7 * DAY}
    declare(cast, WEDNESDAY, on=TODAY + 7 * DAY)
    for day in days[7:]:
        run(day)
    again = Reminder.objects.filter(rung="verify_5")
    assert list(again.values_list("pk", "planned_on")) == first


flips = st.lists(st.tuples(st.integers(0, 24), st.integers(0, 24)), max_size=8)


@settings(max_examples=6)
@given(flips)
def test_whatever_the_office_changes_when_nothing_is_doubled_or_lost(
    cast: Cast, changes: list[tuple[int, int]]
) -> None:
    """On a day (first) another one (second) is flipped, past or to come; planners run each day."""
    with transaction.atomic():
        due_in(cast, 20)
        due_in(cast, 3)
        due_in(cast, 90, state=State.AWAITING, submitted_on=TODAY)
        for number in range(26):
            on = TODAY + number * DAY
            for _, other in (pair for pair in changes if pair[0] == number):
                flip(cast, TODAY + other * DAY, on=on)
            run(on)
        rows = list(Reminder.objects.values_list("task", "recipient", "rung", "deadline", "matter"))
        assert len(rows) == len(set(rows)) == Notice.objects.count()
        mails = list(Mail.objects.values_list("recipient", "on"))
        assert len(mails) == len(set(mails))
        # Three weeks late: the rung that reaches everybody is told, whatever the calendar said.
        assert ("ward_officer", "after_7") in told()
        transaction.set_rollback(True)


def test_working_days_are_right_on_1500_days_of_a_calendar_that_changes(cast: Cast) -> None:
    """Held against a count by hand of each day, after each of sixty changes."""
    chance, start = Random(19), date(2026, 1, 1)  # noqa: S311 - a test's dice
    wrong = 0
    for _ in range(60):
        flip(cast, start + chance.randrange(400) * DAY, on=TODAY)
        known = calendar_exceptions(start, start + 500 * DAY)
        for _ in range(25):
            first = start + chance.randrange(400) * DAY
            last = first + chance.randrange(60) * DAY
            by_hand, day = 0, first
            while day < last:
                day += DAY
                by_hand += known[day] if day in known else day.weekday() not in {5, 6}
            wrong += working_days_between(first, last, known) != by_hand
    assert wrong == 0
