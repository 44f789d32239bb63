"""The writers of the working-day calendar: a day by hand, a day taken out, proposals of a year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people import rules
from hanoi_programmes.people.models import CalendarDay, PlaceEvent
from hanoi_programmes.people.roles import Confidence
from hanoi_programmes.people.services.history import Act, Told, place_was_changed, record_place

# Kinds of the events. Their `changes` name the days: what was ever decided by hand stays so.
SET, REMOVE, PROPOSALS = "calendar-set", "calendar-remove", "calendar-add"
NOTHING = "như thường lệ"


@dataclass(frozen=True, slots=True)
class DayEntry:
    """A day as it shall stand in the calendar."""

    day: date
    is_working: bool
    name: str
    source: str
    confidence: Confidence = Confidence.CONFIRMED


@transaction.atomic
def set_day(entry: DayEntry, *, reason: str = "", act: Act) -> None:
    """Put a day into the calendar, or change what is said of it; `Denied` when it is ordinary."""
    _lock()
    if place_was_changed(act):
        return
    _require_keeper(act)
    require(rules.may_set_day(entry.day, is_working=entry.is_working, reason=reason, today=act.on))
    before = CalendarDay.objects.filter(day=entry.day).first()
    after = _write(entry)
    words = f"Lịch làm việc: {entry.day:%d/%m/%Y} là {_said(after)}"
    changes = {entry.day.isoformat(): [_said(before), _said(after)]}
    record_place(act, Told(SET, words[:300], _note(entry.source, reason), changes))


@transaction.atomic
def remove_day(day: date, *, reason: str = "", act: Act) -> None:
    """The day is again what its weekday says; the event keeps what it was."""
    _lock()
    if place_was_changed(act):
        return
    _require_keeper(act)
    require(rules.may_touch(day, reason=reason, today=act.on))
    before = CalendarDay.objects.filter(day=day).first()
    if before is None:
        raise Denied(f"Ngày {day:%d/%m/%Y} không còn trong lịch. Tải lại trang để xem.")
    before.delete()
    words = f"Lịch làm việc: {day:%d/%m/%Y} trở lại như thường lệ, không còn là {_said(before)}"
    changes = {day.isoformat(): [_said(before), NOTHING]}
    record_place(act, Told(REMOVE, words[:300], reason, changes))


@transaction.atomic
def add_days(entries: Sequence[DayEntry], *, act: Act) -> int:
    """Take over proposals, in one event; a day that is in the calendar already stays as it is."""
    _lock()
    if place_was_changed(act):
        return 0
    _require_keeper(act)
    there = set(
        CalendarDay.objects.filter(day__in=[entry.day for entry in entries]).values_list(
            "day", flat=True
        )
    )
    new = [entry for entry in entries if entry.day not in there]
    if not new:
        raise Denied("Các ngày đã chọn đều có trong lịch rồi. Chọn ngày khác.")
    for entry in new:
        require(rules.may_set_day(entry.day, is_working=entry.is_working, reason="", today=act.on))
    changes = {entry.day.isoformat(): [NOTHING, _said(_write(entry))] for entry in new}
    named = ", ".join(f"{entry.day:%d/%m/%Y}" for entry in new)
    words = f"Lịch làm việc: nhận {len(new)} ngày đề xuất ({named})"
    record_place(act, Told(PROPOSALS, _short(words), new[0].source, changes))
    return len(new)


def decided_by_hand() -> set[date]:
    """Days about which somebody decided, be it to take them out; data files keep off them."""
    told = PlaceEvent.objects.filter(kind__in=(SET, REMOVE, PROPOSALS), by__isnull=False)
    return {date.fromisoformat(day) for changes in told.values_list("changes", flat=True)
            for day in changes}  # fmt: skip


def _lock() -> None:
    """One change at a time to the calendar; who only reads it does not wait."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE people_calendarday IN SHARE ROW EXCLUSIVE MODE")


def _require_keeper(act: Act) -> None:
    if act.by is not None:
        require(rules.may_keep_calendar(act.by))


def _write(entry: DayEntry) -> CalendarDay:
    said = {
        "is_working": entry.is_working,
        "name": entry.name,
        "source": entry.source,
        "confidence": entry.confidence,
    }
    return CalendarDay.objects.update_or_create(day=entry.day, defaults=said)[0]


def _said(day: CalendarDay | None) -> str:
    if day is None:
        return NOTHING
    return f"{'ngày làm việc' if day.is_working else 'ngày nghỉ'} ({day.name})"


def _note(source: str, reason: str) -> str:
    parts = (f"Căn cứ: {source}" if source else "", f"Lý do: {reason}" if reason else "")
    return ". ".join(part for part in parts if part)


def _short(words: str) -> str:
    return words if len(words) <= 300 else f"{words[:299]}…"
