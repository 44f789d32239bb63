"""Which rung falls on which day, and whose it is: PRODUCT §7 as one table and pure functions of it.

A rung counts from a day (a deadline, the end of a period, a submission) and falls on a working day;
one that would fall on a day off falls on the next working day. When several rungs of one task fall
together, or before a planner ran, only the newest is told: it says more, and its audience holds
that of those before it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from hanoi_programmes.lib.dates import (
    ONE_DAY,
    is_working_day,
    month_of,
    next_working_day,
    working_day_before,
)
from hanoi_programmes.programmes.states import OPEN, State
from hanoi_programmes.programmes.timeliness import DUE_SOON, VERIFIER_WORKING_DAYS
from hanoi_programmes.reminders.states import UPDATE_DUE, VERIFY, Audience, Urgency

Exceptions = Mapping[date, bool]

WEEK = 7
# A rung is planned up to so long after it fell; longer when the planner was dead longer.
CATCH_UP = timedelta(days=7)
LONGEST_CATCH_UP = timedelta(days=31)
UPDATE_WORKING_DAYS = 3


TEAM = frozenset({Audience.OFFICER, Audience.HEAD})
WITH_SUPERIOR = TEAM | {Audience.SUPERIOR}
EVERYBODY = WITH_SUPERIOR | {Audience.OFFICE, Audience.LEADER}


@dataclass(frozen=True, slots=True)
class Rung:
    """So many days after the deadline (before it when negative), this audience is told."""

    name: str
    offset: int
    audience: frozenset[Audience]


LADDER = (
    Rung("before_30", -30, TEAM),
    Rung("before_14", -14, TEAM),
    Rung("before_7", -7, TEAM),
    Rung("before_3", -3, TEAM),
    Rung("before_1", -1, TEAM),
    Rung("on_day", 0, TEAM),
    Rung("after_1", 1, TEAM),
    Rung("after_3", 3, WITH_SUPERIOR),
    Rung("after_7", 7, EVERYBODY),
)
_LAST = LADDER[-1]
# The farthest deadline that the ladder looks at.
HORIZON = timedelta(days=-LADDER[0].offset)


@dataclass(frozen=True, slots=True)
class Window:
    """The days whose rungs are planned now: after `after`, up to and including `on`."""

    after: date
    on: date

    def __contains__(self, day: date) -> bool:
        return self.after < day <= self.on


def window(on: date, last_planned: date | None) -> Window:
    """A week back, so that who came late is told too; farther when no planner ran for longer.

    An empty ledger looks back a month: the first digest of all holds whatever stands.
    """
    last = last_planned or on - LONGEST_CATCH_UP
    return Window(max(min(last, on - CATCH_UP), on - LONGEST_CATCH_UP), on)


@dataclass(frozen=True, slots=True)
class Fallen:
    """A rung that has fallen: what it counts from and the working day it fell on."""

    rung: str
    counted_from: date
    due_on: date
    audience: frozenset[Audience]


# The three ladders. Each yields oldest first.


def deadline_rungs(deadline: date, days: Window, exceptions: Exceptions) -> Iterator[Fallen]:
    """Rungs before, on and after a deadline that fell inside the window."""
    for rung in (*LADDER, *_weekly(deadline, days)):
        due_on = next_working_day(deadline + timedelta(days=rung.offset), exceptions)
        if due_on in days:
            yield Fallen(rung.name, deadline, due_on, rung.audience)


def _weekly(deadline: date, days: Window) -> Iterator[Rung]:
    """after_14, after_21 …: those whose own day lies near the window; a holiday may move it."""
    first = max(2, (days.after - LONGEST_CATCH_UP - deadline).days // WEEK)
    for week in range(first, (days.on - deadline).days // WEEK + 1):
        yield Rung(f"after_{week * WEEK}", week * WEEK, _LAST.audience)


def update_rungs(days: Window, exceptions: Exceptions) -> Iterator[Fallen]:
    """The month's update is missing three working days before its cut-off, the end of the month."""
    end = month_of(days.on).end
    due_on = working_day_before(end, UPDATE_WORKING_DAYS, exceptions)
    if due_on in days:
        yield Fallen(UPDATE_DUE, end, due_on, TEAM)


def verify_rungs(submitted_on: date, days: Window, exceptions: Exceptions) -> Iterator[Fallen]:
    """A submission waits 5, 10, 15 … working days: the delay is the verifier's (PRODUCT §6)."""
    waited, day = 0, submitted_on
    while day < days.on:
        day += ONE_DAY
        waited += is_working_day(day, exceptions)
        full = is_working_day(day, exceptions) and waited % VERIFIER_WORKING_DAYS == 0
        if full and day in days:
            yield Fallen(f"{VERIFY}{waited}", submitted_on, day, frozenset({Audience.VERIFIER}))


def audience_of(rung: str) -> frozenset[Audience]:
    """Whose a rung is, by its name as the ledger keeps it."""
    if rung.startswith(VERIFY):
        return frozenset({Audience.VERIFIER})
    if rung == UPDATE_DUE:
        return TEAM
    return next((step.audience for step in LADDER if step.name == rung), _LAST.audience)


# Whose it is


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """All that reminders look at in a task. `above` is the parent task's lead unit."""

    pk: int
    state: str
    deadline: date | None
    issued_on: date | None
    submitted_on: date | None
    last_report_on: date | None
    officer_id: int | None
    unit_id: int
    unit_path: str
    superior_id: int | None
    above_id: int | None
    above_path: str
    is_citys: bool


@dataclass(frozen=True, slots=True)
class People:
    """Everybody who may be told today, by id; who left or is switched off is not in it.

    `places` maps a person to the path of their unit, or to "" when they see everything.
    """

    officers: Mapping[int, frozenset[int]]
    heads: Mapping[int, int]
    office: frozenset[int]
    leaders: frozenset[int]
    places: Mapping[int, str]


def recipients(facts: TaskFacts, audience: frozenset[Audience], people: People) -> set[int]:
    """The people of an audience, without anybody who may not see the task (PRODUCT §9)."""
    meant = set[int]()
    for part in audience:
        meant |= _PARTS[part](facts, people)
    return {person for person in meant if may_know(person, facts, people)}


def may_know(person: int, facts: TaskFacts, people: People) -> bool:
    """Whether the task is led at the person's place or below it, or was given from there."""
    place = people.places.get(person)
    if place is None:
        return False
    return facts.unit_path.startswith(place) or (
        bool(facts.above_path) and facts.above_path.startswith(place)
    )


def _officers(facts: TaskFacts, people: People) -> set[int]:
    """The task's own officer while they work there, else every officer of the lead unit."""
    there = people.officers.get(facts.unit_id, frozenset())
    return {facts.officer_id} if facts.officer_id in there else set(there)


def _head(facts: TaskFacts, people: People) -> set[int]:
    return _head_of(facts.unit_id, people)


def _superior(facts: TaskFacts, people: People) -> set[int]:
    return _head_of(facts.superior_id, people)


def _head_of(unit: int | None, people: People) -> set[int]:
    head = people.heads.get(unit) if unit else None
    return {head} if head else set()


def _office(_facts: TaskFacts, people: People) -> set[int]:
    return set(people.office)


def _leader(facts: TaskFacts, people: People) -> set[int]:
    """Leaders answer for the city's own tasks; a ward's late part reaches them by its city task."""
    return set(people.leaders) if facts.is_citys else set()


def _verifier(facts: TaskFacts, people: People) -> set[int]:
    """The office for the city's tasks, the unit that gave the task for others; never one's own."""
    if facts.above_id is None or facts.above_id == facts.unit_id:
        return set(people.office)
    officers = people.officers.get(facts.above_id, frozenset())
    return set(officers) | _head_of(facts.above_id, people)


_PARTS = {
    Audience.OFFICER: _officers,
    Audience.HEAD: _head,
    Audience.SUPERIOR: _superior,
    Audience.OFFICE: _office,
    Audience.LEADER: _leader,
    Audience.VERIFIER: _verifier,
}


# What is said, and whether it still holds


def urgency(rung: str, counted_from: date, *, on: date) -> Urgency:
    """The group of the digest in which a rung stands on a day, however late it is read."""
    if rung == UPDATE_DUE:
        return Urgency.UPDATE
    if rung.startswith(VERIFY):
        return Urgency.VERIFY
    if on > counted_from:
        return Urgency.OVERDUE
    if on == counted_from:
        return Urgency.TODAY
    # Far rungs are no alarm: PRODUCT §6 says from when a deadline is near.
    return Urgency.SOON if counted_from - on <= DUE_SOON else Urgency.AHEAD


def words(rung: str, counted_from: date, *, on: date) -> str:
    """How late, not only that it is late."""
    match urgency(rung, counted_from, on=on):
        case Urgency.UPDATE:
            return f"Chưa cập nhật trong tháng {counted_from:%m/%Y}"
        case Urgency.VERIFY:
            return f"Chờ xác nhận từ ngày {counted_from:%d/%m/%Y}"
        case Urgency.OVERDUE:
            return f"Quá hạn {(on - counted_from).days} ngày"
        case Urgency.TODAY:
            return "Hết hạn hôm nay"
        case _:
            return f"Còn {(counted_from - on).days} ngày"


CLOSED = "Nhiệm vụ không còn phải thực hiện khi gửi"
MOVED = "Thời hạn đã đổi trước khi gửi"
UPDATED = "Đã cập nhật trước khi gửi"
VERIFIED = "Đã xác nhận hoặc trả lại trước khi gửi"


def reason_to_drop(rung: str, counted_from: date, facts: TaskFacts) -> str:
    """Why a planned reminder no longer holds; empty while it does."""
    if rung.startswith(VERIFY):
        waits = facts.state == State.AWAITING and facts.submitted_on == counted_from
        return "" if waits else VERIFIED
    if rung == UPDATE_DUE:
        updated = facts.last_report_on and facts.last_report_on >= month_of(counted_from).start
        holds = facts.state == State.IN_PROGRESS and not updated
        return "" if holds else UPDATED
    if facts.state not in OPEN:
        return CLOSED
    return "" if facts.deadline == counted_from else MOVED
