"""Which rung falls on which day: the table of PRODUCT §7 as a value, and pure functions of the day.

A rung counts from a day (a deadline, the end of a period, a submission) and falls on a working day;
one that would fall on a day off falls on the next working day. When several rungs of one matter
fall together, or before a planner ran, only the newest is told: it says more, and its audience
holds that of those before it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hanoi_programmes.lib.dates import (
    ONE_DAY,
    is_working_day,
    month_of,
    next_working_day,
    working_day_before,
)
from hanoi_programmes.programmes.timeliness import VERIFIER_WORKING_DAYS
from hanoi_programmes.reminders.policy.saying import rung_words
from hanoi_programmes.reminders.states import URGED, Audience, Subject

Exceptions = Mapping[date, bool]

# A rung is planned up to so long after it fell; longer when the planner was dead longer.
CATCH_UP = timedelta(days=7)
LONGEST_CATCH_UP = timedelta(days=31)
# An obstacle that names no day is expected to be decided a week after it was raised.
DECISION_TIME = timedelta(days=7)

TEAM = frozenset({Audience.OFFICER, Audience.HEAD})
WITH_SUPERIOR = TEAM | {Audience.SUPERIOR}
EVERYBODY = WITH_SUPERIOR | {Audience.OFFICE, Audience.LEADER}
_VERIFIER = frozenset({Audience.VERIFIER})
_DECIDER = frozenset({Audience.DECIDER})

# These count working days after the day; the others calendar days before and after it, but updates,
# whose working days lie before the end of the period.
COUNT_WORKING_DAYS = frozenset({Subject.VERIFY, Subject.EXTENSION})


@dataclass(frozen=True, slots=True)
class Rung:
    """So many days after the day counted from (before it when negative), this audience is told.

    `repeats`: again every so many days after that; 0 means once. A statutory rung reaches its
    audience whatever a person prefers, and the office may widen it but not take it away.
    """

    subject: Subject
    offset: int
    audience: frozenset[Audience]
    repeats: int = 0
    is_statutory: bool = False

    @property
    def name(self) -> str:
        """As the ledger keeps it."""
        return rung_name(self.subject, self.offset)

    @property
    def words(self) -> str:
        """As people read it."""
        return rung_words(self.name)

    @property
    def told(self) -> list[str]:
        """Whom it tells, in the order of the offices."""
        return [part.label for part in Audience if part in self.audience]

    def as_json(self) -> dict[str, Any]:
        """For the edition of a ladder; `rung_from` reads it."""
        return {
            "subject": self.subject.value,
            "offset": self.offset,
            "audience": sorted(part.value for part in self.audience),
            "repeats": self.repeats,
            "is_statutory": self.is_statutory,
        }


def rung_from(stored: Mapping[str, Any]) -> Rung:
    """The rung that `as_json` wrote; raises `ValueError` or `KeyError` for anything else."""
    return Rung(
        subject=Subject(stored["subject"]),
        offset=int(stored["offset"]),
        audience=frozenset(Audience(part) for part in stored["audience"]),
        repeats=int(stored["repeats"]),
        is_statutory=bool(stored["is_statutory"]),
    )


def rung_name(subject: Subject, offset: int) -> str:
    """before_7, on_day, after_14; update_before_3; verify_10; direction_after_1."""
    if subject in COUNT_WORKING_DAYS:
        return f"{subject}_{offset}"
    prefix = "" if subject == Subject.DEADLINE else f"{subject}_"
    if offset == 0:
        return f"{prefix}on_day"
    return f"{prefix}{'after' if offset > 0 else 'before'}_{abs(offset)}"


DEFAULT: tuple[Rung, ...] = (
    *(Rung(Subject.DEADLINE, -days, TEAM) for days in (30, 14, 7, 3, 1, 0)),
    Rung(Subject.DEADLINE, 1, TEAM, is_statutory=True),
    Rung(Subject.DEADLINE, 3, WITH_SUPERIOR, is_statutory=True),
    Rung(Subject.DEADLINE, 7, EVERYBODY, repeats=7, is_statutory=True),
    Rung(Subject.UPDATE, -3, TEAM),
    Rung(Subject.VERIFY, VERIFIER_WORKING_DAYS, _VERIFIER, repeats=VERIFIER_WORKING_DAYS),
    *(Rung(Subject.DIRECTION, days, TEAM) for days in (-1, 0)),
    Rung(Subject.DIRECTION, 1, TEAM, is_statutory=True),
    Rung(Subject.DIRECTION, 3, WITH_SUPERIOR | {Audience.GIVER}, repeats=7, is_statutory=True),
    *(Rung(Subject.OBSTACLE, days, _DECIDER) for days in (-1, 1)),
    Rung(Subject.OBSTACLE, 3, _DECIDER | {Audience.OFFICE}, repeats=7),
    Rung(Subject.EXTENSION, 3, _DECIDER),
    Rung(Subject.EXTENSION, 5, _DECIDER | {Audience.OFFICE}, repeats=5),
)


def about(subject: Subject, rungs: Sequence[Rung]) -> list[Rung]:
    """The rungs of a subject, the earliest first."""
    return sorted((rung for rung in rungs if rung.subject == subject), key=lambda r: r.offset)


def rung_named(name: str, rungs: Sequence[Rung]) -> Rung | None:
    """The rung that a row of the ledger stands on, repetitions included; None if it is gone.

    Urging by hand stands on no ladder: it is told to the unit and whom the office named.
    """
    if name == URGED:
        return Rung(Subject.DEADLINE, 0, WITH_SUPERIOR, is_statutory=True)
    by_name = {rung.name: rung for rung in rungs}
    return by_name.get(name) or next((rung for rung in rungs if _repeats_as(rung, name)), None)


def _repeats_as(rung: Rung, name: str) -> bool:
    stem, _, number = name.rpartition("_")
    if not rung.repeats or not number.isdigit() or rung.name.rpartition("_")[0] != stem:
        return False
    return _falls(rung, int(number))


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


def fallen(
    subject: Subject,
    counted_from: date,
    days: Window,
    exceptions: Exceptions,
    rungs: Sequence[Rung] = DEFAULT,
) -> Iterator[Fallen]:
    """The rungs of a subject that fell inside the window, oldest first."""
    ladder = about(subject, rungs)
    if subject in COUNT_WORKING_DAYS:
        yield from _after_working_days(counted_from, days, exceptions, ladder)
        return
    for rung, offset in _offsets(ladder, (days.on - counted_from).days):
        if subject == Subject.UPDATE:
            due_on = working_day_before(counted_from, -offset, exceptions)
        else:
            due_on = next_working_day(counted_from + timedelta(days=offset), exceptions)
        if due_on in days:
            yield Fallen(rung_name(subject, offset), counted_from, due_on, rung.audience)


def _offsets(ladder: Sequence[Rung], until: int) -> list[tuple[Rung, int]]:
    """Every rung with its repetitions whose own day is not after the window's end."""
    found = [(rung, rung.offset) for rung in ladder]
    for rung in ladder:
        if rung.repeats:
            again = range(rung.offset + rung.repeats, until + 1, rung.repeats)
            found += [(rung, offset) for offset in again]
    return sorted(found, key=lambda pair: pair[1])


def _after_working_days(
    since: date, days: Window, exceptions: Exceptions, ladder: Sequence[Rung]
) -> Iterator[Fallen]:
    """A matter waits 5, 10, 15 … working days: the delay is whom it waits for (PRODUCT §6)."""
    waited, day = 0, since
    while day < days.on:
        day += ONE_DAY
        if not is_working_day(day, exceptions):
            continue
        waited += 1
        for rung in ladder:
            if day in days and _falls(rung, waited):
                yield Fallen(rung_name(rung.subject, waited), since, day, rung.audience)


def _falls(rung: Rung, waited: int) -> bool:
    beyond = waited - rung.offset
    return beyond == 0 or bool(rung.repeats and beyond > 0 and beyond % rung.repeats == 0)


def period_end(on: date) -> date:
    """The end of the period whose update is asked for on the day: the calendar month."""
    return month_of(on).end


def horizon(rungs: Sequence[Rung]) -> timedelta:
    """How far ahead the farthest deadline lies that has a rung today."""
    return timedelta(days=max((-r.offset for r in about(Subject.DEADLINE, rungs)), default=0))
