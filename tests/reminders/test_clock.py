"""The planner's job around midnight, in another zone's day, and rung by several beats."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hanoi_programmes.reminders import jobs
from hanoi_programmes.reminders.models import Mail, Notice, Reminder
from tests import factories
from tests.conftest import HANOI, TODAY, Cast

LAST_MINUTE = datetime(2026, 11, 16, 23, 59, tzinfo=HANOI)
FIRST_MINUTE = datetime(2026, 11, 17, 0, 1, tzinfo=HANOI)


@pytest.fixture
def rung_at(monkeypatch: pytest.MonkeyPatch) -> "Ring":
    """Runs the job as a worker does whose clock stands at a moment; nobody carries the mails."""
    monkeypatch.setattr(jobs, "ring", lambda _count: None)
    return Ring(monkeypatch)


class Ring:
    """One run of the job at a moment."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def __call__(self, moment: datetime) -> None:
        """Set the clocks, run the job."""
        for name in ("django.utils.timezone.now", "hanoi_programmes.reminders.jobs.now"):
            self._monkeypatch.setattr(name, lambda: moment)
        jobs.plan_reminders()


def told() -> set[tuple[str, date]]:
    """Which rung was written down on which day."""
    return set(Reminder.objects.values_list("rung", "planned_on"))


def task_due(cast: Cast, days: int, issued_on: date = factories.ISSUED) -> None:
    """A task of the ward, reported on."""
    factories.make_task(
        cast.programme,
        cast.ward,
        deadline=TODAY + timedelta(days),
        issued_on=issued_on,
        last_report_on=TODAY,
    )


def test_a_minute_before_and_after_midnight_are_two_days(cast: Cast, rung_at: Ring) -> None:
    # Issued today: no earlier rung is made up for.
    for days in (7, 8):
        task_due(cast, days, issued_on=TODAY)
    rung_at(LAST_MINUTE)
    assert told() == {("before_7", TODAY)}
    rung_at(FIRST_MINUTE)
    tomorrow = TODAY + timedelta(1)
    assert told() == {("before_7", TODAY), ("before_7", tomorrow)}
    assert Reminder.objects.count() == Notice.objects.count() == 4
    assert sorted(Mail.objects.values_list("on", flat=True).distinct()) == [TODAY, tomorrow]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 16, 16, 59, 59, tzinfo=UTC), TODAY),
        (datetime(2026, 11, 16, 17, 0, 0, tzinfo=UTC), TODAY + timedelta(1)),
        (datetime(2026, 11, 16, 23, 30, 0, tzinfo=UTC), TODAY + timedelta(1)),
    ],
)
def test_the_day_is_hanois_whatever_the_server_calls_it(
    cast: Cast, rung_at: Ring, moment: datetime, day: date
) -> None:
    task_due(cast, 0)
    rung_at(moment)
    assert {on for _, on in told()} == {day}


def test_two_beats_whose_clocks_differ_plan_a_day_once(cast: Cast, rung_at: Ring) -> None:
    task_due(cast, 7)
    half_past_seven = datetime(2026, 11, 16, 7, 30, tzinfo=HANOI)
    for seconds in (0, 90, -90, 3600):
        rung_at(half_past_seven + timedelta(seconds=seconds))
    assert Reminder.objects.count() == Notice.objects.count() == Mail.objects.count() == 2


def test_a_beat_that_was_dead_for_a_day_makes_up_for_it_without_a_flood(
    cast: Cast, rung_at: Ring
) -> None:
    """One mail a person, which holds what was missed and what falls today, each once."""
    for days in (-1, 0, 1, 3, 7, 8, 14):
        task_due(cast, days)
    rung_at(datetime(2026, 11, 13, 7, 30, tzinfo=HANOI))
    before = Reminder.objects.count()
    # The Monday is missed; the Tuesday finds it.
    rung_at(datetime(2026, 11, 17, 9, 30, tzinfo=HANOI))
    new = Reminder.objects.filter(planned_on=date(2026, 11, 17))
    assert new.count() == Reminder.objects.count() - before
    assert new.filter(is_late=True, due_on=TODAY).exists()
    per_task = new.filter(recipient=cast.ward_officer).values_list("task", flat=True)
    assert len(per_task) == len(set(per_task))
    mails = Mail.objects.filter(on=date(2026, 11, 17), recipient=cast.ward_officer)
    assert mails.count() == 1
