"""Whose a rung is: the people of an audience, without anybody who may not see the task."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from hanoi_programmes.reminders.states import Audience, Subject


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
class Matter:
    """What waits for somebody beside the task itself: a direction, an obstacle, a request for time.

    It waits since `since`; `unit` has to answer or decide, without one the office has. `giver` gave
    the direction.
    """

    subject: Subject
    pk: int
    task_id: int
    since: date
    counted_from: date
    unit_id: int | None = None
    unit_path: str = ""
    superior_id: int | None = None
    giver_id: int | None = None


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


def recipients(
    facts: TaskFacts,
    audience: frozenset[Audience],
    people: People,
    matter: Matter | None = None,
) -> set[int]:
    """The people of an audience, without anybody who may not see the task (PRODUCT §9).

    Of a direction, officer, head and superior are those of the unit that has to answer.
    """
    meant = set[int]()
    for part in audience:
        meant |= _PARTS[part](facts, people, matter)
    return {person for person in meant if may_know(person, facts, people, matter)}


def may_know(person: int, facts: TaskFacts, people: People, matter: Matter | None = None) -> bool:
    """Whether the task is led at the person's place or below it, was given from there, or is
    asked about there."""
    place = people.places.get(person)
    if place is None:
        return False
    paths = (facts.unit_path, facts.above_path, matter.unit_path if matter else "")
    return place == "" or any(path.startswith(place) for path in paths if path)


def _asked(matter: Matter | None) -> Matter | None:
    """The matter when it is a question to a unit: a direction."""
    return matter if matter and matter.subject == Subject.DIRECTION else None


def _officers(facts: TaskFacts, people: People, matter: Matter | None) -> set[int]:
    """The task's own officer while they work there, else every officer of the unit."""
    asked = _asked(matter)
    unit = asked.unit_id if asked else facts.unit_id
    there = people.officers.get(unit or 0, frozenset())
    return {facts.officer_id} if facts.officer_id in there else set(there)


def _head(facts: TaskFacts, people: People, matter: Matter | None) -> set[int]:
    asked = _asked(matter)
    return _head_of(asked.unit_id if asked else facts.unit_id, people)


def _superior(facts: TaskFacts, people: People, matter: Matter | None) -> set[int]:
    asked = _asked(matter)
    return _head_of(asked.superior_id if asked else facts.superior_id, people)


def _head_of(unit: int | None, people: People) -> set[int]:
    head = people.heads.get(unit) if unit else None
    return {head} if head else set()


def _office(_facts: TaskFacts, people: People, _matter: Matter | None) -> set[int]:
    return set(people.office)


def _leader(facts: TaskFacts, people: People, _matter: Matter | None) -> set[int]:
    """Leaders answer for the city's own tasks; a ward's late part reaches them by its city task."""
    return set(people.leaders) if facts.is_citys else set()


def _verifier(facts: TaskFacts, people: People, _matter: Matter | None) -> set[int]:
    """The office for the city's tasks, the unit that gave the task for others; never one's own."""
    if facts.above_id is None or facts.above_id == facts.unit_id:
        return set(people.office)
    return _of_unit(facts.above_id, people)


def _decider(facts: TaskFacts, people: People, matter: Matter | None) -> set[int]:
    """Of a request for time who gave the task; of an obstacle the level that was named.

    A level without anybody here leaves it to the office.
    """
    if matter is None or matter.subject != Subject.OBSTACLE:
        return _verifier(facts, people, matter)
    there = _of_unit(matter.unit_id, people) if matter.unit_id else set()
    return there or set(people.office)


def _of_unit(unit: int, people: People) -> set[int]:
    return set(people.officers.get(unit, frozenset())) | _head_of(unit, people)


def _giver(_facts: TaskFacts, _people: People, matter: Matter | None) -> set[int]:
    return {matter.giver_id} if matter and matter.giver_id else set()


_PARTS = {
    Audience.OFFICER: _officers,
    Audience.HEAD: _head,
    Audience.SUPERIOR: _superior,
    Audience.OFFICE: _office,
    Audience.LEADER: _leader,
    Audience.VERIFIER: _verifier,
    Audience.DECIDER: _decider,
    Audience.GIVER: _giver,
}
