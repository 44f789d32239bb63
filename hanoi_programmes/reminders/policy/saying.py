"""What a reminder says on the day it is read, and whether it still holds."""

from datetime import date

from hanoi_programmes.lib.dates import month_of
from hanoi_programmes.programmes.states import OPEN, State
from hanoi_programmes.programmes.timeliness import DUE_SOON
from hanoi_programmes.reminders.policy.people import Matter, TaskFacts
from hanoi_programmes.reminders.states import URGED, Subject, Urgency

_URGENCIES = {
    Subject.UPDATE: Urgency.UPDATE,
    Subject.VERIFY: Urgency.VERIFY,
    Subject.DIRECTION: Urgency.ANSWER,
    Subject.OBSTACLE: Urgency.DECIDE,
    Subject.EXTENSION: Urgency.DECIDE,
}


def subject_of(rung: str) -> Subject:
    """What a rung is about, by its name as the ledger keeps it."""
    prefix = rung.partition("_")[0]
    return Subject(prefix) if prefix in Subject.values else Subject.DEADLINE


def urgency(rung: str, counted_from: date, *, on: date) -> Urgency:
    """The group of the digest in which a rung stands on a day, however late it is read."""
    if rung == URGED:
        return Urgency.URGED
    if (subject := subject_of(rung)) in _URGENCIES:
        return _URGENCIES[subject]
    if on > counted_from:
        return Urgency.OVERDUE
    if on == counted_from:
        return Urgency.TODAY
    # Far rungs are no alarm: PRODUCT §6 says from when a deadline is near.
    return Urgency.SOON if counted_from - on <= DUE_SOON else Urgency.AHEAD


# Of a day so far away or so long past; the month of a period; the day since when it waits.
_WORDS = {
    Subject.DEADLINE: "{distance}",
    Subject.UPDATE: "chưa cập nhật trong tháng {day:%m/%Y}",
    Subject.VERIFY: "chờ xác nhận từ ngày {day:%d/%m/%Y}",
    Subject.DIRECTION: "trả lời ý kiến chỉ đạo: {distance}",
    Subject.OBSTACLE: "quyết định vướng mắc: {distance}",
    Subject.EXTENSION: "đề nghị gia hạn chờ quyết định từ ngày {day:%d/%m/%Y}",
}


def words(rung: str, counted_from: date, *, on: date) -> str:
    """How late, not only that it is late."""
    if rung == URGED:
        return "Văn phòng Thành ủy đôn đốc"
    pattern = _WORDS[subject_of(rung)]
    told = pattern.format(day=counted_from, distance=_distance(counted_from, on))
    return told[0].upper() + told[1:]


def _distance(day: date, on: date) -> str:
    if on == day:
        return "hết hạn hôm nay"
    return f"quá hạn {(on - day).days} ngày" if on > day else f"còn {(day - on).days} ngày"


_COUNTED_FROM = {
    Subject.DEADLINE: "thời hạn",
    Subject.UPDATE: "cuối tháng",
    Subject.DIRECTION: "hạn trả lời",
    Subject.OBSTACLE: "hạn quyết định",
}


def rung_words(rung: str) -> str:
    """A rung as the office reads it: "Quá thời hạn 3 ngày"."""
    if rung == URGED:
        return "Đôn đốc trực tiếp"
    subject, number = subject_of(rung), rung.rpartition("_")[2]
    if subject not in _COUNTED_FROM:
        return f"Chờ {number} ngày làm việc"
    what = _COUNTED_FROM[subject]
    if rung.endswith("on_day"):
        return f"Đúng ngày {what}" if subject != Subject.UPDATE else "Ngày làm việc cuối tháng"
    unit = "ngày làm việc" if subject == Subject.UPDATE else "ngày"
    return f"{'Trước' if 'before_' in rung else 'Quá'} {what} {number} {unit}"


CLOSED = "Nhiệm vụ không còn phải thực hiện khi gửi"
MOVED = "Thời hạn đã đổi trước khi gửi"
UPDATED = "Đã cập nhật trước khi gửi"
VERIFIED = "Đã xác nhận hoặc trả lại trước khi gửi"
ANSWERED = "Đã trả lời hoặc kết thúc trước khi gửi"
DECIDED = "Đã quyết định hoặc rút trước khi gửi"
REMOVED = "Nấc nhắc này đã được bỏ trước khi gửi"


def reason_to_drop(
    rung: str, counted_from: date, facts: TaskFacts, matter: Matter | None = None
) -> str:
    """Why a planned reminder no longer holds; empty while it does.

    `matter` is what the reminder is about as it still waits; None when it does not any more.
    """
    match subject_of(rung):
        case Subject.VERIFY:
            waits = facts.state == State.AWAITING and facts.submitted_on == counted_from
            return "" if waits else VERIFIED
        case Subject.UPDATE:
            updated = facts.last_report_on and facts.last_report_on >= month_of(counted_from).start
            holds = facts.state == State.IN_PROGRESS and not updated
            return "" if holds else UPDATED
        case Subject.DIRECTION:
            return "" if matter and matter.counted_from == counted_from else ANSWERED
        case Subject.OBSTACLE | Subject.EXTENSION:
            return "" if matter and matter.counted_from == counted_from else DECIDED
    if facts.state not in OPEN:
        return CLOSED
    return "" if rung == URGED or facts.deadline == counted_from else MOVED
