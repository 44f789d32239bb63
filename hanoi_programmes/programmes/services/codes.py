"""The next free code in a programme's own scheme."""

import re
from collections import Counter

from hanoi_programmes.programmes.models import ActionProgramme, Task, TaskGroup

_ENDS_IN_NUMBER = re.compile(r"(.*?)(\d{1,9})")


def next_code(programme: ActionProgramme, group: int) -> str:
    """After "72-2.4" comes "72-2.5": the commonest beginning in the group, its highest number + 1.

    A group without tasks begins "<number of the resolution>-<number of the group>.1".
    """
    codes = Task.objects.filter(task_group=group, parent=None).values_list("code", flat=True)
    found = [match.groups() for code in codes if (match := _ENDS_IN_NUMBER.fullmatch(code))]
    if found:
        (begins, _), *_rest = Counter(begins for begins, _ in found).most_common(1)
        last = max((end for begin, end in found if begin == begins), key=int)
    else:
        number = TaskGroup.objects.get(pk=group).number
        begins, last = f"{programme.resolution.number.split('-')[0]}-{number}.", "0"
    return _free(begins, int(last) + 1, len(last) if last.startswith("0") else 1)


def _free(begins: str, number: int, width: int) -> str:
    """The first from the number on that no task has."""
    taken = set(Task.objects.filter(code__startswith=begins).values_list("code", flat=True))
    while (code := f"{begins}{number:0{width}d}") in taken:
        number += 1
    return code
