"""A small city with a past: random tasks whose every figure can be told again in plain Python."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

import pytest
from django.utils.timezone import localdate

from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.people.roles import Level
from hanoi_programmes.programmes.models import ActionProgramme, Task
from hanoi_programmes.programmes.states import OPEN, State
from hanoi_programmes.programmes.timeliness import Facts, Group, group_of
from tests import factories
from tests.conftest import Cast
from tests.fanned import make_fan

# What may follow the work, and how often.
ENDS = (
    [State.COMPLETED] * 5
    + [State.IN_PROGRESS] * 7
    + [State.AWAITING, State.SUSPENDED, State.CANCELLED, State.REFUSED, State.ASSIGNED]
)


@dataclass
class Told:
    """One task with all that happened to it."""

    task: Task
    spans: list[tuple[date, Facts]]
    reports: list[date] = field(default_factory=list)
    obstacles: list[tuple[date, date | None]] = field(default_factory=list)
    returns: list[date] = field(default_factory=list)

    def facts(self, on: date) -> Facts | None:
        """What was true at the end of the day."""
        held = [facts for start, facts in self.spans if start <= on]
        return held[-1] if held else None

    def group(self, on: date, *, original: bool = False) -> Group | None:
        """The group on the day, by the mirror of the SQL expression."""
        facts = self.facts(on)
        if facts is None:
            return None
        if original:
            deadline = self.task.original_deadline
            facts = Facts(facts.state, deadline, facts.completed_on, facts.is_recurring)
        return group_of(facts, on=on)

    def is_open(self, on: date) -> bool:
        """The clock ran on the day."""
        facts = self.facts(on)
        return facts is not None and facts.state in OPEN

    def waits_since(self, on: date) -> date | None:
        """The day of its oldest obstacle that waited on the day."""
        waiting = [a for a, b in self.obstacles if a <= on and (b is None or b > on)]
        return min(waiting, default=None)


@dataclass
class City:
    """The tasks, and whose they are."""

    cast: Cast
    rows: list[Told]

    def counted(self, user: User, on: date) -> list[Told]:
        """What figures count for the reader on the day: told without SQL."""
        rows = [row for row in self.rows if row.group(on) is not None]
        if user.sees_all:
            return [row for row in rows if row.task.parent_id is None]
        assert user.unit is not None
        return [row for row in rows if _lead(row).path.startswith(user.unit.path)]

    def of_communes(self, on: date) -> list[Told]:
        """All tasks that wards lead."""
        rows = [row for row in self.rows if row.group(on) is not None]
        return [row for row in rows if _lead(row).level == Level.COMMUNE]


def _lead(row: Told) -> Unit:
    assert row.task.lead_unit is not None
    return row.task.lead_unit


@dataclass
class Story:
    """What a task's life is made of: chance, the present day, the people."""

    random: Random
    today: date
    cast: Cast


MakeCity = Callable[[int, date], City]


@pytest.fixture
def make_city(cast: Cast) -> MakeCity:
    """Makes the city of a seed, whose present is the given day."""

    def make(seed: int, today: date) -> City:
        random = Random(seed)  # noqa: S311 - a story to be told twice, no secret
        programmes = [cast.programme, factories.make_programme("hn71")]
        top = [
            _task(
                Story(random, today, cast), random.choice(programmes), random.choice(_leads(cast))
            )
            for _ in range(40)
        ]
        below = [
            _task(
                Story(random, today, cast),
                row.task.programme,
                random.choice(_wards(cast)),
                row.task,
            )
            for row in top[:12]
            for _ in range(3)
        ]
        return City(cast, top + below)

    return make


def _leads(cast: Cast) -> list[Unit]:
    return [cast.department, cast.city, cast.department, cast.ward]


def _wards(cast: Cast) -> list[Unit]:
    return [cast.ward, cast.other_ward]


def _task(story: Story, programme: ActionProgramme, lead: Unit, parent: Task | None = None) -> Told:
    random, today = story.random, story.today
    issued = today - timedelta(days=random.randint(30, 250))
    first = random.choice([None, issued + timedelta(days=random.randint(5, 300))])
    due = first + timedelta(days=random.choice([0, 0, 30])) if first else None
    if due and parent and parent.deadline:
        due = min(due, parent.deadline)
    rhythm = random.choice(["", "quarter"]) if first is None else ""
    end = random.choice(ENDS)
    done = min(issued + timedelta(days=random.randint(3, 200)), today)
    closed = done if end == State.COMPLETED else None
    state = State.IN_PROGRESS if end == State.IN_PROGRESS else end
    task = factories.make_task(
        programme,
        lead,
        parent=parent,
        issued_on=issued,
        deadline=due,
        original_deadline=first,
        rhythm=rhythm,
        state=state,
        completed_on=closed,
    )
    spans = [(issued, Facts(State.ASSIGNED, first, None, bool(rhythm)))]
    began = issued + timedelta(days=2)
    spans.append((began, Facts(State.IN_PROGRESS, due, None, bool(rhythm))))
    if end != State.IN_PROGRESS:
        changed = max(done, began + timedelta(days=1))
        spans.append((changed, Facts(state, due, closed, bool(rhythm))))
    factories.make_history(
        task,
        *(
            (
                start,
                {"state": f.state, "deadline": f.deadline, "completed_on": f.completed_on},
            )
            for start, f in spans
        ),
    )
    return _lived(story, Told(task, spans))


def _lived(story: Story, row: Told) -> Told:
    random, today, cast = story.random, story.today, story.cast
    issued = row.spans[0][0]
    days = [issued + timedelta(days=n) for n in range(5, (today - issued).days, 25)]
    row.reports = [day for day in days if random.random() < 0.6]
    for day in row.reports:
        factories.make_report(row.task, cast.officer, day)
    # As the service that takes a report keeps it.
    Task.objects.filter(pk=row.task.pk).update(last_report_on=max(row.reports, default=None))
    if random.random() < 0.4:
        raised = today - timedelta(days=random.randint(1, 90))
        resolved = raised + timedelta(days=random.randint(1, 60))
        end = resolved if resolved < today and random.random() < 0.5 else None
        row.obstacles = [(raised, end)]
        factories.make_obstacle(row.task, cast.officer, raised, resolved_on=end)
    return row


@pytest.fixture
def fan(cast: Cast) -> list[Task]:
    """Three of the city's tasks, given to both wards and to ten more."""
    wards = [
        cast.ward,
        cast.other_ward,
        *factories.make_wards(cast.city, cast.ward_head, range(10)),
    ]
    return make_fan(cast.programme, cast.city, wards, 3, localdate())
