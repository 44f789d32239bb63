"""One line of a mail: what is missing, by when, and who waits for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse

from hanoi_programmes.lib.dates import month_of
from hanoi_programmes.lib.text import cut, one_line
from hanoi_programmes.programmes.models import Direction, Extension, Obstacle, Task
from hanoi_programmes.reminders import policy
from hanoi_programmes.reminders.mail.known import Known
from hanoi_programmes.reminders.models import Reminder
from hanoi_programmes.reminders.states import Reply, Subject

_QUOTE = 160


@dataclass(frozen=True, slots=True)
class Line:
    """One task as a mail tells it; `replies` are the answers it offers, with their addresses."""

    title: str
    headline: str
    missing: str
    due: str
    waits: str
    code: str
    unit: str
    url: str
    answer_url: str = ""

    @property
    def replies(self) -> list[tuple[str, str]]:
        """The three answers, each opening the page on itself; none without a link."""
        if not self.answer_url:
            return []
        return [(reply.label, f"{self.answer_url}?tra-loi={reply.word}") for reply in Reply]


def line_of(reminder: Reminder, known: Known, on: date, answer_url: str = "") -> Line:
    """The line of a reminder on the day on which its mail leaves."""
    task = reminder.task
    path = reverse("programmes:task-page", args=[task.pk])
    missing, due, waits = _told(reminder, known, on)
    return Line(
        title=one_line(task.text),
        headline=policy.words(reminder.rung, reminder.deadline, on=on),
        missing=missing,
        due=due,
        waits=one_line(waits),
        code=task.code,
        unit=one_line(task.lead_unit.short_name) if task.lead_unit else "",
        url=f"{settings.SITE_URL}{path}",
        answer_url=answer_url,
    )


def _told(reminder: Reminder, known: Known, on: date) -> tuple[str, str, str]:
    """What is missing, by when, and who waits for it."""
    task, day = reminder.task, f"{reminder.deadline:%d/%m/%Y}"
    unit = task.lead_unit.short_name if task.lead_unit else ""
    subject = policy.subject_of(reminder.rung)
    match known.matters.get((subject, reminder.matter)):
        case Direction() as asked:
            missing = f"trả lời {asked.get_kind_display().lower()} {_quoted(asked.text)}"
            return missing, f"hạn trả lời {day}", asked.by.signature
        case Obstacle() as stuck:
            return f"quyết định về vướng mắc {_quoted(stuck.text)}", f"cần trước {day}", unit
        case Extension() as wish:
            missing = f"quyết định gia hạn đến {wish.wanted:%d/%m/%Y}, lý do {_quoted(wish.reason)}"
            return missing, f"đề nghị ngày {wish.asked_on:%d/%m/%Y}", unit
    if subject == Subject.VERIFY:
        return "xác nhận hoặc trả lại kết quả", f"trình ngày {day}", unit
    if subject == Subject.UPDATE:
        return f"cập nhật tháng {day[3:]}", f"chốt ngày {day}", known.waits[task.pk]
    due = f"hạn {task.deadline:%d/%m/%Y}" if task.deadline else "chưa có thời hạn"
    return ", ".join(_lacks(task, known, on)), due, known.waits[task.pk]


def _lacks(task: Task, known: Known, on: date) -> Iterator[str]:
    """What stands between the task and its end, in the order in which it is to be done."""
    if task.last_report_on is None or task.last_report_on < month_of(on).start:
        yield f"cập nhật tháng {on:%m/%Y}"
    if task.product:
        yield f"sản phẩm {_quoted(task.product)}"
    if task.pk not in known.proven:
        yield "văn bản minh chứng"
    else:
        yield "bước trình hoàn thành"


def _quoted(text: str) -> str:
    return f"“{cut(one_line(text), _QUOTE)}”"
