"""What a task waited for and was told, as its page shows it, with what the reader may do there."""

from dataclasses import dataclass
from datetime import date

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models import Direction, Extension, Obstacle, Referral, Task
from hanoi_programmes.programmes.rules import decisions
from hanoi_programmes.programmes.rules.charges import Delay, delays_of, late_now
from hanoi_programmes.programmes.timeliness import Facts, Group, days_late, group_of


@dataclass(frozen=True, slots=True)
class ShownObstacle:
    """An obstacle, the levels it came from, the days it waited, and what its reader may do."""

    obstacle: Obstacle
    referrals: list[Referral]
    waited: int
    late: int
    may_decide: bool
    may_pass_on: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class ShownExtension:
    """A request for another deadline and what its reader may do."""

    extension: Extension
    waited: int
    may_answer: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class ShownDirection:
    """A direction, how late its answer is (or was), and what its reader may do."""

    direction: Direction
    late: int
    left: int | None
    may_answer: bool
    may_close: bool
    may_ask_again: bool


@dataclass(frozen=True, slots=True)
class Thread:
    """All of it. `two_deadlines` says how the task stands by each, where the two differ."""

    obstacles: list[ShownObstacle]
    extensions: list[ShownExtension]
    directions: list[ShownDirection]
    delay: Delay | None
    two_deadlines: str
    granted: int
    may_ask: bool
    may_direct: bool


def thread_of(task: Task, user: User, *, on: date) -> Thread:
    """What the page of the task shows of decisions; seven queries at most."""
    extensions = [_extension(row, task, user, on) for row in _extensions(task)]
    directions = task.directions.select_related("unit", "by__unit", "answered_by__unit")
    return Thread(
        obstacles=[_obstacle(row, task, user, on) for row in _obstacles(task)],
        extensions=extensions,
        directions=[_direction(row, user, on) for row in directions],
        delay=_delay(task, on),
        two_deadlines=two_deadlines(task, on=on),
        granted=sum(row.extension.granted is not None for row in extensions),
        may_ask=bool(decisions.may_ask(user, task)),
        may_direct=bool(decisions.may_direct(user, task)),
    )


def _delay(task: Task, on: date) -> Delay | None:
    """None too when all days are the verifier's own term, which are nobody's delay."""
    late = late_now(task, on=on)
    delay = delays_of([late], on=on)[task.pk] if late else None
    return delay if delay and delay.days else None


def two_deadlines(task: Task, *, on: date) -> str:
    """ "đúng hạn theo thời hạn hiện tại; quá hạn 12 ngày so với thời hạn gốc"; "" where they agree.

    A task that is not yet late is within the deadline; one that waits is judged by its submission.
    """
    if task.deadline is None or task.deadline == task.original_deadline:
        return ""
    if group_of(task.facts, on=on) in {None, Group.SUSPENDED}:
        return ""
    now, first = (_standing(task, day, on) for day in (task.deadline, task.original_deadline))
    return f"{now} theo thời hạn hiện tại; {first} so với thời hạn gốc".capitalize()


def _standing(task: Task, deadline: date | None, on: date) -> str:
    done = task.completed_on or (task.submitted_on if not task.is_open else None)
    late = days_late(deadline, on=done or on)
    if late:
        return f"quá hạn {late} ngày"
    facts = Facts(task.state, deadline, task.completed_on, task.is_recurring)
    return "đúng hạn" if done or group_of(facts, on=on) is None else "còn trong hạn"


def _obstacles(task: Task) -> list[Obstacle]:
    rows = task.obstacles.select_related("decider", "by__unit", "decided_by__unit")
    return list(rows.prefetch_related("referrals"))


def _extensions(task: Task) -> list[Extension]:
    return list(task.extensions.select_related("by__unit", "decided_by__unit"))


def _obstacle(row: Obstacle, task: Task, user: User, on: date) -> ShownObstacle:
    open_late = row.wanted_by and row.resolved_on is None
    return ShownObstacle(
        obstacle=row,
        referrals=list(row.referrals.all()),
        waited=((row.resolved_on or on) - row.raised_on).days,
        late=days_late(row.wanted_by, on=on) if open_late else 0,
        may_decide=bool(decisions.may_decide(user, row, task)),
        may_pass_on=bool(decisions.may_pass_on(user, row, task)),
        may_withdraw=bool(decisions.may_withdraw_obstacle(user, row, task)),
    )


def _extension(row: Extension, task: Task, user: User, on: date) -> ShownExtension:
    return ShownExtension(
        extension=row,
        waited=((row.decided_on or on) - row.asked_on).days,
        may_answer=bool(decisions.may_answer_extension(user, row, task)),
        may_withdraw=bool(decisions.may_withdraw_extension(user, row, task)),
    )


def _direction(row: Direction, user: User, on: date) -> ShownDirection:
    answered = row.answered_on or row.closed_on
    return ShownDirection(
        direction=row,
        late=days_late(row.answer_by, on=row.answered_on or on)
        if row.answered_on or not row.closed_on
        else 0,
        left=(row.answer_by - on).days if not answered and row.answer_by >= on else None,
        may_answer=bool(decisions.may_answer_direction(user, row)),
        may_close=bool(decisions.may_close(user, row)),
        may_ask_again=bool(decisions.may_ask_again(user, row)),
    )
