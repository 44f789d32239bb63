"""Illustrative requests for more time and leaders' questions, beside the lives of tasks. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models import Direction, Extension, Task

_ANSWERS = {"agreed": Extension.Answer.AGREED, "refused": Extension.Answer.REFUSED}
_TWO_DAYS = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Question:
    """What a leader asked of the lead unit of a task; days count from the day of loading."""

    kind: str
    text: str
    asked: int
    answer_by: int
    answer: str = ""
    answered: int | None = None
    closed: int | None = None


QUESTIONS = {
    "72-2.3": Question(
        "explanation",
        "Giải trình lý do hai lần gia hạn mà nhiệm vụ vẫn quá hạn; nêu rõ phần việc thuộc Sở.",
        -12,
        -5,
    ),
    "72-5.1": Question(
        "direction",
        "Tập trung hoàn thành trước kỳ họp cuối năm; báo cáo số phường, xã chưa triển khai.",
        -9,
        -2,
        "Sở đã rà soát, còn 9 xã chưa triển khai do chờ phần mềm dùng chung.",
        -3,
    ),
    "72-5.1.00199": Question(
        "direction",
        "Đôn đốc: nhập đủ sổ sức khỏe điện tử còn thiếu, báo cáo số đã lập.",
        -6,
        -4,
        "Phường đã phân công từng tổ dân phố, nhập tiếp trong tuần.",
        -5,
        -4,
    ),
    "71-4.1": Question(
        "direction", "Phối hợp với Sở Khoa học và Công nghệ, báo cáo phương án.", -3, 4
    ),
    "80-4.2": Question(
        "explanation",
        "Giải trình tiến độ số hóa di tích so với kế hoạch.",
        -20,
        -13,
        "Còn 212 di tích chưa đo vẽ do thiếu thiết bị quét ba chiều.",
        -14,
        -12,
    ),
}


def requests_of(
    task: Task, row: dict[str, Any], on: date, *, by: User, decider: User, extended_on: date | None
) -> Iterator[Extension]:
    """The requests of a city task as its data tell them; of a ward's the one that was agreed."""
    if task.parent_id is None:
        for index, asked in enumerate(row.get("extensions", [])):
            last = index == len(row["extensions"]) - 1
            yield _request(task, asked, on, by=by, decider=decider, last=last)
    elif extended_on and task.original_deadline and task.deadline and task.was_extended:
        asked_on = max(extended_on - _TWO_DAYS, task.issued_on or extended_on)
        yield Extension(
            task=task,
            by=by,
            asked_on=asked_on,
            reason="Chờ hướng dẫn và số liệu của đơn vị cấp trên.",
            deadline=task.original_deadline,
            wanted=task.deadline,
            answer=Extension.Answer.AGREED,
            granted=task.deadline,
            decided_by=decider,
            decided_on=extended_on,
        )


def _request(
    task: Task, row: dict[str, Any], on: date, *, by: User, decider: User, last: bool
) -> Extension:
    asked_on = on + timedelta(days=row["asked_offset_days"])
    wanted = on + timedelta(days=row["to_offset_days"])
    answer = _ANSWERS.get(row["decision"], Extension.Answer.WAITING)
    granted = answer == Extension.Answer.AGREED
    if granted and last and task.deadline:
        wanted = task.deadline
    request = Extension(
        task=task,
        by=by,
        asked_on=asked_on,
        reason=row["reason"],
        deadline=on + timedelta(days=row["from_offset_days"]),
        wanted=wanted,
        answer=answer,
        granted=wanted if granted else None,
    )
    if answer != Extension.Answer.WAITING:
        request.decided_by, request.decided_on = decider, min(asked_on + _TWO_DAYS, on)
    if answer == Extension.Answer.REFUSED:
        request.note = "Khối lượng còn lại ít; tập trung hoàn thành, không gia hạn."
    return request


def questions_of(task: Task, on: date, *, by: User, unit_user: User) -> Iterator[Direction]:
    """What a leader asked about the task."""
    asked = QUESTIONS.get(task.code)
    if asked is None or task.lead_unit is None:
        return
    answered, closed = _day(on, asked.answered), _day(on, asked.closed)
    yield Direction(
        task=task,
        unit=task.lead_unit,
        kind=asked.kind,
        by=by,
        on=on + timedelta(days=asked.asked),
        text=asked.text,
        answer_by=on + timedelta(days=asked.answer_by),
        answer=asked.answer,
        answered_by=unit_user if answered else None,
        answered_on=answered,
        closed_by=by if closed else None,
        closed_on=closed,
    )


def _day(on: date, days: int | None) -> date | None:
    return None if days is None else on + timedelta(days=days)
