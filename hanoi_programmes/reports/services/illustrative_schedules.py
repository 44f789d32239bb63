"""Illustrative regular reports: one of the office that has run, a ward's, one that rests."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction

from hanoi_programmes.lib.dates import ONE_DAY, next_working_day, week_of
from hanoi_programmes.people.models import Post, Unit, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.rules import calendar_exceptions
from hanoi_programmes.people.services.history import Act
from hanoi_programmes.reports import rules
from hanoi_programmes.reports.models import ReportSchedule
from hanoi_programmes.reports.services.planning import run_due
from hanoi_programmes.reports.services.schedules import Standing, create_schedule, pause_schedule
from hanoi_programmes.reports.states import Kind, Rhythm

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
# The forms' keys come from here: loaded again, nothing is set up twice.
_KEYS = UUID("7d2f64a6-3f0f-4f0e-9a55-6c5f4d0e2b11")
WARD, DEPARTMENT = "00199-UBND", "UBND-SYT"


@dataclass(frozen=True, slots=True)
class _Story:
    """Whose regular report about which unit, how often, to which post besides."""

    key: str
    kind: Kind
    by: User
    rhythm: Rhythm
    unit: Unit | None
    post: Post | None = None
    rests: bool = False


@transaction.atomic
def load_illustrative_schedules(*, on: date) -> int:
    """Set up what is not there, and let the weekly one run once; how many there are."""
    # The last one that is over: what is made then was made before today.
    monday = week_of(on - ONE_DAY).start
    for story in _stories():
        _tell(story, monday)
    day = next_working_day(monday, calendar_exceptions(monday, on))
    if day < on:
        run_due(on=day, at=datetime.combine(day, time(5, 20), HANOI))
    return ReportSchedule.objects.count()


def _stories() -> list[_Story]:
    made_up = User.objects.filter(is_illustrative=True, is_active=True).order_by("pk")
    office = made_up.filter(role=Role.OFFICE)[0]
    ward = made_up.filter(unit__code=WARD, role=Role.HEAD)[0]
    department = made_up.filter(unit__code=DEPARTMENT, role=Role.OFFICER)[0]
    heads = Post.objects.select_related("unit").filter(is_head=True)
    return [
        _Story("city", Kind.EXCEPTIONS, office, Rhythm.WEEK, department.unit,
               heads.filter(unit=department.unit).first()),
        _Story("ward", Kind.UNIT, ward, Rhythm.MONTH, ward.unit,
               heads.filter(unit=ward.unit).first()),
        _Story("department", Kind.UNIT, department, Rhythm.QUARTER, department.unit, rests=True),
    ]  # fmt: skip


def _tell(story: _Story, monday: date) -> None:
    by, key = story.by, uuid5(_KEYS, story.key)
    if ReportSchedule.objects.filter(form_key=key).exists():
        return
    issuer = rules.issuers_for(by)[-1]
    wanted = Standing(
        kind=story.kind,
        subject=story.unit,
        rhythm=story.rhythm,
        issuer=issuer,
        profile=rules.profile_for(issuer, by.unit),
        posts=(story.post,) if story.post else (),
    )
    # In the week before: it is the first that is told.
    on = monday - timedelta(days=6)
    schedule = create_schedule(wanted, act=_act(by, on, key))
    if story.rests:
        pause_schedule(schedule, act=_act(by, on, uuid5(key, "pause")))


def _act(by: User, on: date, key: UUID) -> Act:
    return Act(by=by, at=datetime.combine(on, time(9), HANOI), on=on, form_key=key)
