"""The planner: writes the day's rungs into the ledger, with notices and mails, in one transaction.

Any number of planners may run, any number of times: the ledger's unique key lets each row in once,
and a row brings its notice and its place in a mail with it, or none of the three is there.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from hanoi_programmes.lib.dates import is_working_day
from hanoi_programmes.people.rules import calendar_exceptions
from hanoi_programmes.reminders import policy
from hanoi_programmes.reminders.models import Reminder
from hanoi_programmes.reminders.policy import Exceptions
from hanoi_programmes.reminders.services.drafting import Draft
from hanoi_programmes.reminders.services.escalations import record_escalations
from hanoi_programmes.reminders.services.ladder import current_rungs
from hanoi_programmes.reminders.services.ledger import stage, write
from hanoi_programmes.reminders.services.mailing import fill_mails, mail_domain, readers_on
from hanoi_programmes.reminders.services.roster import people_on
from hanoi_programmes.reminders.states import URGED

# The calendar is read so far around the window: holidays move a rung by less.
_MARGIN = timedelta(days=40)


@dataclass(frozen=True, slots=True)
class Planned:
    """What a run of the planner added; `nobody` counts rungs that have nobody to tell."""

    reminders: int = 0
    mails: int = 0
    nobody: int = 0


def is_planned(on: date) -> bool:
    """Whether a planner has already written something on the day; urging by hand is no planning."""
    return Reminder.objects.filter(planned_on=on).exclude(rung=URGED).exists()


def exceptions_around(on: date) -> Exceptions:
    """The calendar as far as the planner of a day looks at it."""
    return calendar_exceptions(on - policy.LONGEST_CATCH_UP - _MARGIN, on + _MARGIN)


def plan(*, on: date, at: datetime) -> Planned:
    """Write down what falls today and what fell while no planner ran; nothing on a day off."""
    exceptions = exceptions_around(on)
    if not is_working_day(on, exceptions):
        return Planned()
    with transaction.atomic():
        _be_patient()
        rungs = current_rungs()
        draft = Draft(on, rungs=rungs, exceptions=exceptions, people=people_on(on))
        stage(draft.rows(), on=on, at=at)
        readers = readers_on(on, rungs)
        written = write(readers, on=on, domain=mail_domain())
        record_escalations(on=on, at=at)
        mails = written.digests + fill_mails(on, readers)
        return Planned(written.reminders, mails, draft.nobody)


def _be_patient() -> None:
    """A second planner waits for the first one's rows instead of failing after the usual 3 s."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '120s'")
        cursor.execute("SET LOCAL statement_timeout = '120s'")
