"""Illustrative lives of tasks: a story and its days become dated steps. Pure; no database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random

from hanoi_programmes.programmes.states import State

_REPORT_EVERY = 30
_SILENT_FOR = 45


class Kind(StrEnum):
    """What happens in a step; moves carry the names of the table of moves."""

    ISSUE = "issue"
    ACKNOWLEDGE = "acknowledge"
    REPORT = "report"
    SUBMIT = "submit"
    RETURN = "return"
    ACCEPT = "accept"
    SUSPEND = "suspend"


_TARGETS = {
    Kind.ISSUE: State.ASSIGNED,
    Kind.ACKNOWLEDGE: State.IN_PROGRESS,
    Kind.REPORT: State.IN_PROGRESS,
    Kind.SUBMIT: State.AWAITING,
    Kind.RETURN: State.IN_PROGRESS,
    Kind.ACCEPT: State.COMPLETED,
    Kind.SUSPEND: State.SUSPENDED,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened on a day."""

    day: date
    kind: Kind

    @property
    def state(self) -> State:
        """The state after the step."""
        return _TARGETS[self.kind]


@dataclass(frozen=True, slots=True)
class Story:
    """Where a task stands on the day of loading (`on`), and the days that led there."""

    key: str
    on: date
    issued_on: date
    done_on: date | None = None
    suspended_on: date | None = None


def steps_of(story: Story, random: Random) -> list[Step]:
    """The steps of a story in order of time, none before the issue or after the day of loading."""
    if story.key == "draft":
        return []
    steps = [Step(story.issued_on, Kind.ISSUE)]
    if story.key == "not_acknowledged":
        return steps
    taken = min(story.issued_on + timedelta(days=random.randint(1, 4)), story.on)
    steps.append(Step(taken, Kind.ACKNOWLEDGE))
    steps += (Step(day, Kind.REPORT) for day in _report_days(story, taken, random))
    return [*steps, *_ending(story, random)]


def _report_days(story: Story, taken: date, random: Random) -> Iterator[date]:
    """About once a month, until the work is done; a silent task falls silent."""
    end = min(day for day in (story.done_on, story.suspended_on, story.on) if day)
    if story.key == "silent":
        end -= timedelta(days=_SILENT_FOR)
    day = taken + timedelta(days=random.randint(12, 26))
    while day < end:
        yield day
        day += timedelta(days=_REPORT_EVERY + random.randint(-4, 4))


def _ending(story: Story, random: Random) -> Iterator[Step]:
    if story.suspended_on:
        yield Step(story.suspended_on, Kind.SUSPEND)
    if not story.done_on:
        return
    yield Step(story.done_on, Kind.SUBMIT)
    answered = min(story.done_on + timedelta(days=random.randint(1, 4)), story.on)
    if story.key == "returned":
        yield Step(answered, Kind.RETURN)
    elif story.key.startswith("completed"):
        yield Step(answered, Kind.ACCEPT)


def child_days(
    key: str, deadline: date | None, *, limit: date | None, story: Story, random: Random
) -> tuple[date | None, date | None]:
    """Deadline and day of submission of a ward's task, so that its own story holds on the day.

    `deadline` is the common one of the fan-out, `limit` the parent's, which none may exceed,
    `story` the life of the parent's task. A story that needs another deadline (a ward with an
    extension, say) gets one that fits.
    """
    on = story.on
    if key in {"ongoing", "no_deadline"}:
        return None, None
    due = _fitting_deadline(key, deadline or on, on, random)
    due = min(due, limit) if limit else due
    if key == "completed_late":
        return due, min(due + timedelta(days=random.randint(2, 12)), on)
    if key == "awaiting_late":
        return due, on - timedelta(days=random.randint(0, 2))
    if key in {"completed_on_time", "awaiting_on_time", "returned"}:
        back = random.randint(1, 20) if key == "completed_on_time" else random.randint(2, 5)
        done = min(due, on) - timedelta(days=back)
        return due, max(done, story.issued_on + timedelta(days=6))
    return due, None


def _fitting_deadline(key: str, due: date, on: date, random: Random) -> date:
    windows = {
        "late_long": (-60, -30),
        "late": (-29, -8),
        "late_short": (-7, -1),
        "due_soon": (0, 7),
        "awaiting_late": (-20, -4),
    }
    ahead = {"in_term", "not_acknowledged"}
    low, high = windows.get(key, (None, None))
    if low is not None and high is not None and not low <= (due - on).days <= high:
        return on + timedelta(days=random.randint(low, high))
    if key in ahead and (due - on).days < 8:
        return on + timedelta(days=random.randint(9, 40))
    if key == "completed_late" and due >= on:
        return on - timedelta(days=random.randint(5, 25))
    return due
