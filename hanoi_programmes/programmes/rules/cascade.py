"""Fan-out: who may issue a task further down, to whom, and until which day."""

from datetime import date

from hanoi_programmes.lib.verdict import ALLOWED, Verdict
from hanoi_programmes.programmes.models import Task


def fits_parent(deadline: date | None, parent: Task | None) -> Verdict:
    """A child's deadline is never after its parent's; the database holds the same rule.

    A parent without a deadline (recurring, say) sets no limit.
    """
    limit = parent.deadline if parent else None
    if deadline is None or limit is None or deadline <= limit:
        return ALLOWED
    code = parent.code if parent else ""
    return Verdict(
        f"Thời hạn {deadline:%d/%m/%Y} sau thời hạn {limit:%d/%m/%Y} của nhiệm vụ cấp trên {code}. "
        f"Chọn ngày không muộn hơn {limit:%d/%m/%Y}."
    )


def holds_children(deadline: date | None, task: Task) -> Verdict:
    """Whether no open child ends after the deadline that its parent is about to get."""
    if deadline is None:
        return ALLOWED
    beyond = Task.objects.open_below(task).filter(deadline__gt=deadline).order_by("-deadline")
    last, count = beyond.first(), beyond.count()
    if last is None or last.deadline is None:
        return ALLOWED
    return Verdict(
        f"Còn {count} nhiệm vụ thành phần có thời hạn sau {deadline:%d/%m/%Y}, "
        f"muộn nhất {last.deadline:%d/%m/%Y} ({last.code}). Rút thời hạn của các nhiệm vụ đó trước."
    )
