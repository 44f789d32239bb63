"""How many tasks stand in each of the nine groups, and the on-time rate (PRODUCT §6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from hanoi_programmes.programmes.timeliness import COME_DUE, Group


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole` tasks."""

    part: int
    whole: int

    @property
    def rate(self) -> float | None:
        """Between 0 and 1; None when there is nothing to divide by: shown as "—", never 0 %."""
        return self.part / self.whole if self.whole else None

    def points_since(self, before: "Share") -> float | None:
        """Change in percentage points; None when either rate does not exist."""
        if self.rate is None or before.rate is None:
            return None
        return 100 * (self.rate - before.rate)


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of tasks by group, judged against the current deadline; the nine add up to `total`.

    The two `original_` counts are judged against the deadline that was given first.
    """

    overdue: int = 0
    due_soon: int = 0
    awaiting: int = 0
    suspended: int = 0
    no_deadline: int = 0
    in_term: int = 0
    ongoing: int = 0
    completed_late: int = 0
    completed_on_time: int = 0
    original_on_time: int = 0
    original_due: int = 0

    @classmethod
    def of(cls, counts: Mapping[str, int], originals: Mapping[str, int]) -> "Tally":
        """From numbers by group, against the current and against the original deadline."""
        return cls(
            **{group.value: counts.get(group, 0) for group in Group},
            original_on_time=originals.get(Group.COMPLETED_ON_TIME, 0),
            original_due=sum(originals.get(group, 0) for group in COME_DUE),
        )

    @classmethod
    def sum(cls, tallies: Iterable["Tally"]) -> "Tally":
        """One tally of many."""
        rows = list(tallies)
        return cls(**{f.name: sum(getattr(row, f.name) for row in rows) for f in fields(cls)})

    @property
    def total(self) -> int:
        """All tasks counted."""
        return sum(number for _group, number in self.groups)

    @property
    def completed(self) -> int:
        """Accepted as done, in time or late."""
        return self.completed_on_time + self.completed_late

    @property
    def due(self) -> int:
        """What has come due: the denominator of the on-time rate."""
        return self.completed + self.overdue

    @property
    def on_time(self) -> Share:
        """On-time rate against the current deadline."""
        return Share(self.completed_on_time, self.due)

    @property
    def on_time_original(self) -> Share:
        """On-time rate against the original deadline."""
        return Share(self.original_on_time, self.original_due)

    @property
    def late(self) -> Share:
        """Overdue among what has come due: fair between units of any size."""
        return Share(self.overdue, self.due)

    @property
    def groups(self) -> list[tuple[Group, int]]:
        """The nine groups in the order of every screen."""
        return [(group, getattr(self, group.value)) for group in Group]
