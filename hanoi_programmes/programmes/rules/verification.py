"""Whether a submission may be concluded: every item of evidence judged, and one of them good."""

from collections.abc import Mapping
from dataclasses import dataclass

from hanoi_programmes.lib.verdict import ALLOWED, Verdict
from hanoi_programmes.programmes.models import Evidence, Task


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the verifier said of one item; what is returned carries a note of what is wrong."""

    is_accepted: bool
    note: str = ""


def may_conclude(task: Task, judged: Mapping[int, Judgement], *, accept: bool) -> Verdict:
    """Whether these verdicts on the task's waiting items carry the outcome.

    To accept, each item is judged and at least one proves the result; to return, what was not
    judged goes back with the rest. Raises nothing; items of other tasks count as unknown.
    """
    items = task.evidence.exclude(verdict=Evidence.Verdict.RETURNED)
    kinds = dict(items.values_list("pk", "verdict"))
    waiting = {pk for pk, kind in kinds.items() if kind == Evidence.Verdict.WAITING}
    if not judged.keys() <= waiting:
        return Verdict("Danh mục minh chứng đã thay đổi. Tải lại trang rồi xem xét lại.")
    if not accept:
        return ALLOWED
    if left := waiting - judged.keys():
        return Verdict(f"Còn {len(left)} minh chứng chưa xem xét. Chọn “Đạt” hoặc “Trả lại”.")
    good = len(kinds) - len(waiting) + sum(item.is_accepted for item in judged.values())
    if not good:
        return Verdict("Không có minh chứng nào đạt. Dùng “Trả lại” để đơn vị bổ sung.")
    return ALLOWED
