"""Whether a person gets no mail on a day, and on which day the next one may come."""

from datetime import date, timedelta

from hanoi_programmes.lib.dates import ONE_DAY, is_working_day
from hanoi_programmes.reminders.models import Preference
from hanoi_programmes.reminders.policy.rungs import Exceptions


def is_quiet(preference: Preference, on: date) -> bool:
    """A weekday on which the person wants no mail, or a day of an absence, both ends included."""
    if on.weekday() in preference.quiet_weekdays:
        return True
    start, end = preference.quiet_from, preference.quiet_until
    return start is not None and end is not None and start <= on <= end


# No absence is longer, and no run of holidays: farther nobody need look.
LOOK_AHEAD = timedelta(days=150)


def next_mail_day(preference: Preference, after: date, exceptions: Exceptions) -> date | None:
    """The first working day after the day on which a mail would come; None when there is none."""
    day = after
    while day < after + LOOK_AHEAD:
        day += ONE_DAY
        if is_working_day(day, exceptions) and not is_quiet(preference, day):
            return day
    return None
