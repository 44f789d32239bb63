"""The six rõ of a task (PRODUCT §5): which it has, what to show, in what words one is asked for.

`querysets.clear` asks the same of the database; a property test holds the two together.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from hanoi_programmes.lib.verdict import ALLOWED, Verdict
from hanoi_programmes.people.models import Holding
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.rules.known import Known
from hanoi_programmes.programmes.states import Clarity


@dataclass(frozen=True, slots=True)
class Clear:
    """One of the six: key and name, whether the task has it, what to show."""

    key: Clarity
    name: str
    is_met: bool
    value: str
    detail: str = ""

    @property
    def asks(self) -> str:
        """The words of the link that fills it."""
        return _ASKS[self.key].format(product=settings.PRODUCT_LABEL.lower())


_ASKS = {
    Clarity.WHO: "Chọn đơn vị chủ trì",
    Clarity.WHAT: "Nhập nội dung việc",
    Clarity.WHEN: "Nhập thời hạn",
    Clarity.ANSWERABLE: "Chọn chuyên viên theo dõi",
    Clarity.PRODUCT: "Nhập {product}",
    Clarity.AUTHORITY: "Nhập thẩm quyền",
}


def clear_name(key: Clarity) -> str:
    """The name on the card; the fifth is called as the office has set it."""
    return {
        Clarity.WHO: "Rõ người",
        Clarity.WHAT: "Rõ việc",
        Clarity.WHEN: "Rõ thời gian",
        Clarity.ANSWERABLE: "Rõ trách nhiệm",
        Clarity.PRODUCT: f"Rõ {settings.PRODUCT_LABEL.lower()}",
        Clarity.AUTHORITY: "Rõ thẩm quyền",
    }[key]


def six_clear(task: Task, *, on: date, known: Known | None = None) -> list[Clear]:
    """The six rõ of one task, in the order of the card."""
    heads = (known or Known([task], on=on)).heads
    return _six(task, heads.get(task.lead_unit_id or 0))


def six_clear_many(tasks: Iterable[Task], *, on: date) -> dict[int, list[Clear]]:
    """The six rõ of each task by its id: one query, if lead units and officers came with them."""
    rows = list(tasks)
    known = Known(rows, on=on)
    return {task.pk: six_clear(task, on=on, known=known) for task in rows}


def _six(task: Task, head: Holding | None) -> list[Clear]:
    unit, officer = task.lead_unit, task.officer
    answerable = head.post if head else officer
    watched = f"Theo dõi: {officer}" if head and officer else ""
    vacant = "" if head else "chưa có người đứng đầu đương nhiệm"
    found = {
        Clarity.WHO: (head is not None, unit.short_name if unit else "", vacant if unit else ""),
        Clarity.WHAT: (bool(task.text), task.text, ""),
        Clarity.WHEN: (task.deadline is not None or task.is_recurring, _when(task), ""),
        Clarity.ANSWERABLE: (answerable is not None, str(answerable or ""), watched),
        Clarity.PRODUCT: (bool(task.product or _counted(task)), task.product or _counted(task), ""),
        Clarity.AUTHORITY: (bool(task.authority), task.authority, ""),
    }
    return [Clear(key, clear_name(key), *found[key]) for key in Clarity]


def _when(task: Task) -> str:
    """As printed; a text from which no date could be derived is shown beside the gap."""
    if task.deadline_text or task.deadline is None:
        return task.deadline_text or (task.get_rhythm_display() if task.is_recurring else "")
    return f"{task.deadline:%d/%m/%Y}"


def _counted(task: Task) -> str:
    """A countable product says what it is by itself."""
    if not (task.count_goal and task.count_label):
        return ""
    goal = f"{task.count_goal:,}".replace(",", ".")
    return f"{task.count_label}: {goal} {task.count_unit}".strip()


def ends_ahead(task: Task, *, on: date) -> Verdict:
    """No task is issued on a day after its deadline: it would be late before anybody knew of it."""
    if task.deadline is None or task.deadline >= on:
        return ALLOWED
    return Verdict(
        f"Thời hạn {task.deadline:%d/%m/%Y} trước ngày giao {on:%d/%m/%Y}. Sửa thời hạn rồi giao."
    )
