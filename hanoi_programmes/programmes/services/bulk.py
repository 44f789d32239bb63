"""One move on many tasks: all that may be done is done, the rest is named with the reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hanoi_programmes.lib.verdict import ALLOWED, Denied, Verdict
from hanoi_programmes.people.models import User
from hanoi_programmes.people.services.history import Act
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.rules import Given, Known
from hanoi_programmes.programmes.services.following import followers_of_all
from hanoi_programmes.programmes.services.tasks import Stale, move
from hanoi_programmes.programmes.states import Move

# One act waits for its answer; more than this is done in several.
MOST = 500


@dataclass(frozen=True, slots=True)
class Unable:
    """Tasks that cannot be moved, for one and the same reason."""

    reason: str
    tasks: list[Task]


@dataclass(frozen=True, slots=True)
class Sorting:
    """Tasks that can be moved, or were; the others by reason, the commonest reason first.

    `following` is how many tasks below could go along, if the move carries any.
    """

    able: list[Task]
    unable: list[Unable]
    following: int = 0

    @property
    def unable_count(self) -> int:
        """How many cannot be moved, for whatever reason."""
        return sum(len(group.tasks) for group in self.unable)


def preview(tasks: Iterable[Task], step: Move, *, by: User, on: date) -> Sorting:
    """Which of the tasks could be moved now, before anything is typed; writes nothing.

    As many queries for many tasks as for one, when they come with `lead_unit` and
    `parent__lead_unit`.
    """
    rows = list(tasks)
    known = Known(rows, on=on)

    def verdict(task: Task) -> Verdict:
        may = rules.may_move(by, task, step, on=on, known=known)
        return may and rules.is_ready(task, step, on=on, known=known)

    verdicts = [(task, verdict(task)) for task in rows]
    able = [task for task, verdict in verdicts if verdict]
    return _sorted(verdicts, followers_of_all(able, step).count() if step.carries else 0)


def move_many(rows: list[tuple[Task, int]], step: Move, *, act: Act, given: Given) -> Sorting:
    """Make the move on each task that is still at the version seen.

    Each is a transaction and an event of its own, under its own part of the form's key: one
    refusal stops no other, and the same form sent twice is carried out once. The tasks furthest
    below go first, so that those who follow a task above are not moved before their own turn.
    """
    verdicts: dict[int, Verdict] = {}
    for task, version in sorted(rows, key=lambda row: -len(row[0].ancestors)):
        try:
            move(task, step.name, act=act.for_part(task.pk), given=given, version=version)
        except (Denied, Stale) as refusal:
            verdicts[task.pk] = Verdict(refusal.reason)
        else:
            verdicts[task.pk] = ALLOWED
    return _sorted([(task, verdicts[task.pk]) for task, _ in rows])


def _sorted(verdicts: list[tuple[Task, Verdict]], following: int = 0) -> Sorting:
    reasons: dict[str, list[Task]] = {}
    for task, verdict in verdicts:
        if not verdict:
            reasons.setdefault(verdict.reason, []).append(task)
    unable = [Unable(reason, tasks) for reason, tasks in reasons.items()]
    return Sorting(
        able=[task for task, verdict in verdicts if verdict],
        unable=sorted(unable, key=lambda group: -len(group.tasks)),
        following=following,
    )
