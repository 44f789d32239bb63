"""The task groups of a programme's page: what needs a look first, the rest counted."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from hanoi_programmes.programmes.models import ActionProgramme, TaskGroup
from hanoi_programmes.programmes.querysets import TaskQuerySet
from hanoi_programmes.programmes.shapes.lines import Line, lines
from hanoi_programmes.programmes.timeliness import Group

# Of each group of tasks so many rows stand on the programme's page.
FIRST_OF_EACH = 6


@dataclass(frozen=True, slots=True)
class GroupBlock:
    """A group of tasks, how many tasks it has, how many of them are late, and the first rows."""

    group: TaskGroup
    total: int
    late: int
    lines: list[Line]

    @property
    def more(self) -> int:
        """Rows that are not shown."""
        return self.total - len(self.lines)


def group_blocks(programme: ActionProgramme, rows: TaskQuerySet, *, on: date) -> list[GroupBlock]:
    """Every group of the programme with its most urgent tasks; `rows` carry `group`, `due`, `lead`.

    Four queries, however many groups and tasks.
    """
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for pk, group, number in rows.count_by_task_group():
        counts[pk][group or ""] = number
    found: dict[int, list[Line]] = defaultdict(list)
    first = rows.first_of_each_group(FIRST_OF_EACH).select_related("lead_unit")
    for line in lines(first, on=on):
        found[line.task.task_group_id].append(line)
    return [
        GroupBlock(
            group,
            sum(counts[group.pk].values()),
            counts[group.pk].get(Group.OVERDUE, 0),
            found[group.pk],
        )
        for group in TaskGroup.objects.filter(programme=programme)
    ]
