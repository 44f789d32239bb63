"""What a change of the working-day calendar would do to the reminders. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from hanoi_programmes.people.rules import calendar_exceptions
from hanoi_programmes.reminders.policy import LONGEST_CATCH_UP
from hanoi_programmes.reminders.services.ladder import current_rungs
from hanoi_programmes.reminders.services.preview import DAYS, Change, compare, foresee

# A holiday of a week moves a rung by less; working days of verifying reach back so far.
_MARGIN = timedelta(days=40)
# A day far ahead is looked at from a little before it.
_LEAD, _TAIL = timedelta(days=8), timedelta(days=21)

# A day → is it to be a working day; None: whatever its weekday says.
Changes = Mapping[date, bool | None]


@dataclass(frozen=True, slots=True)
class CalendarPreview:
    """Day by day what goes out now and with the change, from the day after `after` to `until`.

    A long span keeps only the days that would be different.
    """

    after: date
    until: date
    days: list[Change]
    is_long: bool

    @property
    def different(self) -> int:
        """How many days would be different."""
        return sum(day.is_changed for day in self.days)


def foresee_calendar(changes: Changes, *, on: date) -> CalendarPreview:
    """The reminders around the days that change, by the rungs in force and tasks as they stand."""
    after = max(on, min(changes) - _LEAD)
    length = max(timedelta(days=DAYS), max(changes) - after + _TAIL)
    until = after + length
    present = calendar_exceptions(after - LONGEST_CATCH_UP - _MARGIN, until + _MARGIN)
    kept = {day: status for day, status in present.items() if day not in changes}
    proposed = kept | {day: status for day, status in changes.items() if status is not None}
    rungs = current_rungs()
    before, later = (
        foresee(rungs=rungs, exceptions=exceptions, on=after, days=length.days)
        for exceptions in (present, proposed)
    )
    days = compare(before, later)
    is_long = length.days > 2 * DAYS
    shown = [day for day in days if day.is_changed] if is_long else days
    return CalendarPreview(after, until, shown, is_long)
