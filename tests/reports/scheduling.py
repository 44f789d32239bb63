"""Regular reports to play with: set up on a day, planned on another."""

from datetime import date, datetime, timedelta
from uuid import uuid4

from django.utils.timezone import now

from hanoi_programmes.people.models import Post, Unit, User
from hanoi_programmes.reports.models import Report, ReportSchedule
from hanoi_programmes.reports.services.planning import Ran, run_due
from hanoi_programmes.reports.services.schedules import Standing, create_schedule
from hanoi_programmes.reports.states import Issuer, Kind, Profile, Rhythm
from tests.conftest import HANOI, act

# A Monday; the week of the first schedule is that of 16 to 22 November 2026.
MONDAY = date(2026, 11, 16)
NEXT_MONDAY = date(2026, 11, 23)
WEEKLY = Standing(Kind.CITY, Rhythm.WEEK, Issuer.BOARD, Profile.PARTY)
OF_WARD = Standing(Kind.CITY, Rhythm.WEEK, Issuer.UNIT, Profile.PLAIN)


def at(on: date, hour: int = 5) -> datetime:
    """A moment of the day in Hanoi."""
    return datetime(on.year, on.month, on.day, hour, 20, tzinfo=HANOI)


def head_post(unit: Unit) -> Post:
    """The post of the unit's head."""
    return Post.objects.select_related("unit").get(unit=unit, is_head=True)


def set_up(by: User, wanted: Standing = WEEKLY, *, on: date = MONDAY) -> ReportSchedule:
    """A schedule as its form sets it up."""
    return create_schedule(wanted, act=act(by, on=on, form_key=uuid4()))


def run(on: date) -> Ran:
    """The planner early on the day."""
    return run_due(on=on, at=at(on))


def finish(report: Report, *, after: timedelta = timedelta(seconds=5)) -> None:
    """The report as the machine leaves it, without its file."""
    ended = max(report.requested_at + after, now() - timedelta(days=3000))
    Report.objects.filter(pk=report.pk).update(
        state="done", finished_at=ended, snapshot={}, sha256="0" * 64, size=1, pages=1
    )
