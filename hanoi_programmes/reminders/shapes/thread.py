"""The thread of a task: reminders, urgings, directions and answers in one order, newest first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from hanoi_programmes.programmes.models import Direction
from hanoi_programmes.reminders import policy
from hanoi_programmes.reminders.models import AnswerLink, Reminder, Urging
from hanoi_programmes.reminders.states import URGED, MailState, Reply

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(slots=True)
class Entry:
    """One thing that was said about a task on a day. `tone` is the colour class of the design.

    `ways`: what became of it (the notice in the app is always there) → who was told that way.
    `rank` orders what happened on one day.
    """

    on: date
    title: str
    tone: str
    text: str = ""
    who: str = ""
    rank: int = 0
    urging: int = 0
    ways: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """What a thread is made of, each already the reader's to see."""

    reminders: Iterable[Reminder]
    urgings: Iterable[Urging] = ()
    directions: Iterable[Direction] = ()
    answers: Iterable[AnswerLink] = ()


def thread(said: Said) -> list[Entry]:
    """Everything, newest first; of one day the reminders of the morning come last."""
    ways, entries = _reminded(said.reminders)
    entries += [_urged(row, ways.get(row.pk, {})) for row in said.urgings]
    entries += [entry for row in said.directions for entry in _directed(row)]
    entries += [_answered(row) for row in said.answers]
    return sorted(entries, key=lambda entry: (entry.on, entry.rank), reverse=True)


def _reminded(
    reminders: Iterable[Reminder],
) -> tuple[dict[int, dict[str, list[str]]], list[Entry]]:
    """Who was told of each urging; and one entry a day and rung for what the planner told."""
    urged: dict[int, dict[str, list[str]]] = {}
    entries: dict[tuple[date, str, int], Entry] = {}
    for reminder in reminders:
        if reminder.rung == URGED:
            ways = urged.setdefault(reminder.matter, {})
        else:
            key = (reminder.planned_on, reminder.rung, reminder.matter)
            ways = entries.setdefault(key, _entry(reminder)).ways
        ways.setdefault(_way(reminder), []).append(reminder.recipient.display_name)
    return urged, list(entries.values())


def _entry(reminder: Reminder) -> Entry:
    on, rung, counted_from = reminder.planned_on, reminder.rung, reminder.deadline
    urgency = policy.urgency(rung, counted_from, on=on)
    words = policy.words(rung, counted_from, on=on)
    return Entry(on, f"Tự động nhắc: {words[0].lower()}{words[1:]}", urgency.tone)


def _urged(urging: Urging, ways: dict[str, list[str]]) -> Entry:
    return Entry(
        urging.on,
        "Văn phòng Thành ủy đôn đốc",
        "late",
        text=urging.text,
        who=urging.by.signature,
        rank=2,
        urging=urging.pk,
        ways=ways,
    )


def _directed(row: Direction) -> Iterator[Entry]:
    to = f"gửi {row.unit.short_name}, trả lời chậm nhất {row.answer_by:%d/%m/%Y}"
    yield Entry(row.on, f"{row.get_kind_display()} {to}", "late", row.text, row.by.signature, 1)
    if row.answered_on:
        by = row.answered_by.signature if row.answered_by else row.unit.short_name
        title = f"Trả lời {row.get_kind_display().lower()}"
        yield Entry(row.answered_on, title, "done", row.answer, by, 3)
    if row.closed_on:
        by = row.closed_by.signature if row.closed_by else ""
        title = f"Kết thúc {row.get_kind_display().lower()}"
        yield Entry(row.closed_on, title, "none", row.closing, by, 4)


def _answered(link: AnswerLink) -> Entry:
    """An answer given straight from a mail."""
    title = f"Trả lời từ thư: {Reply(link.reply).label.lower()}"
    used = (link.used_at or link.made_at).astimezone(HANOI)
    return Entry(used.date(), title, "run", "", link.recipient.signature, 3)


def _way(reminder: Reminder) -> str:
    if reminder.mail is None:
        return "Trong ứng dụng"
    label = MailState(reminder.mail.state).label.lower()
    return f"Thư {label}"


@dataclass(slots=True)
class Reached:
    """One person whom an urging reached: about how many tasks, and how."""

    name: str
    way: str
    tasks: int = 0


def reached(reminders: Iterable[Reminder]) -> list[Reached]:
    """Rows of one urging, gathered by person."""
    found: dict[int, Reached] = {}
    for row in reminders:
        person = Reached(row.recipient.signature, _way(row))
        found.setdefault(row.recipient_id, person).tasks += 1
    return sorted(found.values(), key=lambda person: person.name)
