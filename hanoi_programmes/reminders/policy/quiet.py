"""Whether a person gets no mail on a day."""

from datetime import date

from hanoi_programmes.reminders.models import Preference


def is_quiet(preference: Preference, on: date) -> bool:
    """A weekday on which the person wants no mail, or a day of an absence, both ends included."""
    if on.weekday() in preference.quiet_weekdays:
        return True
    start, end = preference.quiet_from, preference.quiet_until
    return start is not None and end is not None and start <= on <= end
