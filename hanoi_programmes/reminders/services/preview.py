"""What would go out when, by a ladder and a calendar that need not be the ones in force.

Tasks are taken as they stand today: what will be done, moved or reported until then is not known.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, F

from hanoi_programmes.programmes.models import Task
from hanoi_programmes.reminders import policy
from hanoi_programmes.reminders.policy import Exceptions, Rung, Window
from hanoi_programmes.reminders.services import matters
from hanoi_programmes.reminders.states import Subject

DAYS = 30
# What a day of the preview is cut into.
COLUMNS = (
    "Trước hạn",
    "Đến hạn, quá hạn",
    "Thiếu cập nhật",
    "Chờ xác nhận",
    "Chỉ đạo",
    "Vướng mắc, gia hạn",
)
_COLUMN_OF = {
    Subject.UPDATE: COLUMNS[2],
    Subject.VERIFY: COLUMNS[3],
    Subject.DIRECTION: COLUMNS[4],
    Subject.OBSTACLE: COLUMNS[5],
    Subject.EXTENSION: COLUMNS[5],
}
_MATTERS = (Subject.DIRECTION, Subject.OBSTACLE, Subject.EXTENSION)


@dataclass(slots=True)
class ForeseenDay:
    """How many matters are told of by each rung of a working day."""

    on: date
    rungs: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """All of the day."""
        return self.rungs.total()

    @property
    def columns(self) -> list[tuple[str, int]]:
        """Each of `COLUMNS` with how many fall into it."""
        return [
            (column, sum(n for name, n in self.rungs.items() if _column(name) == column))
            for column in COLUMNS
        ]


def _column(rung: str) -> str:
    ahead = COLUMNS[0] if rung.startswith("before_") else COLUMNS[1]
    return _COLUMN_OF.get(policy.subject_of(rung), ahead)


def foresee(
    *, rungs: Sequence[Rung], exceptions: Exceptions, on: date, days: int = DAYS
) -> list[ForeseenDay]:
    """The days after `on` on which something falls, the next one first.

    Of rungs of one matter that fall on one day the newest is told, as the planner does. A fixed
    number of queries; time grows with the number of different deadlines, not of tasks.
    """
    window = Window(on, on + timedelta(days=days))
    found: dict[date, ForeseenDay] = {}
    for subject, day, count in _standing(window):
        # Oldest first, so that the newest of a day stays.
        fallen = policy.fallen(subject, day, window, exceptions, rungs)
        newest = {step.due_on: step.rung for step in fallen}
        for due_on, rung in newest.items():
            found.setdefault(due_on, ForeseenDay(due_on)).rungs[rung] += count
    return [found[day] for day in sorted(found)]


@dataclass(frozen=True, slots=True)
class Change:
    """A day before and after: the rungs that would be told more or less often."""

    on: date
    before: int
    after: int
    # What the rung is, before, after; those that stay alike are left out.
    rungs: list[tuple[str, int, int]]

    @property
    def is_changed(self) -> bool:
        """Something of the day would be different."""
        return bool(self.rungs)


def compare(before: Iterable[ForeseenDay], after: Iterable[ForeseenDay]) -> list[Change]:
    """Day by day, what a change of ladder or calendar would do."""
    days: defaultdict[date, list[Counter[str]]] = defaultdict(lambda: [Counter(), Counter()])
    for place, side in enumerate((before, after)):
        for day in side:
            days[day.on][place] = day.rungs
    return [
        Change(
            on,
            old.total(),
            new.total(),
            [
                (policy.rung_words(name), old[name], new[name])
                for name in sorted(old | new)
                if old[name] != new[name]
            ],
        )
        for on, (old, new) in sorted(days.items())
    ]


def _standing(window: Window) -> Iterator[tuple[Subject, date, int]]:
    """What stands on the ladders today: the day each counts from, and how many share it."""
    for subject, rows in (
        (Subject.DEADLINE, Task.objects.open().values(day=F("deadline"))),
        (Subject.VERIFY, Task.objects.awaiting().values(day=F("submitted_on"))),
    ):
        led = rows.filter(lead_unit__isnull=False).order_by().annotate(count=Count("pk"))
        for day, count in led.values_list("day", "count"):
            if day:
                yield subject, day, count
    silent = Task.objects.not_updated(window.after).filter(lead_unit__isnull=False).count()
    yield Subject.UPDATE, policy.period_end(window.after), silent
    for subject in _MATTERS:
        for matter in matters.waiting(subject):
            yield subject, matter.counted_from, 1
