"""A page of the worst rows, found without sorting all the others."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import overload

from hanoi_programmes.programmes.querysets import TaskQuerySet
from hanoi_programmes.programmes.timeliness import Group

# With fewer rows one question is quicker than two.
MANY = 1_000


class WorstFirst(Sequence[int]):
    """Keys of rows that are in the order of every screen: what is overdue stands before all else.

    A page that the overdue ones fill is found by their index; the state of a hundred thousand
    others need not be judged to say that they come later.
    """

    def __init__(self, rows: TaskQuerySet) -> None:
        self._rows = rows

    @overload
    def __getitem__(self, place: int) -> int: ...

    @overload
    def __getitem__(self, place: slice) -> list[int]: ...

    def __getitem__(self, place: int | slice) -> int | list[int]:
        if isinstance(place, int):
            return self[place : place + 1][0]
        if self._number > MANY:
            late = self._rows.in_groups(Group.OVERDUE).values_list("pk", flat=True)[place]
            found = list(late)
            if len(found) == place.stop - place.start:
                return found
        return list(self._rows.values_list("pk", flat=True)[place])

    def __len__(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[int]:
        return iter(self._rows.values_list("pk", flat=True))

    @cached_property
    def _number(self) -> int:
        return self._rows.count()
