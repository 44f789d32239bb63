"""What a formal letter of urging says: the unit's late tasks on a day, and the sentences around."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.people.rules import heads_of
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.querysets import TaskQuerySet
from hanoi_programmes.programmes.timeliness import days_late

# The heads of the letter's table, in the PDF and in the Word file.
HEADS = ("TT", "Nhiệm vụ (văn bản giao)", "Sản phẩm còn thiếu", "Thời hạn", "Quá hạn (ngày)")


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One late task as the letter's table prints it."""

    code: str
    text: str
    product: str
    source: str
    due: date | None
    late: int
    last_word: date | None
    pk: int = 0


@dataclass(frozen=True, slots=True)
class UrgingLetter:
    """The frozen content: the PDF, the Word file and the page of the code print it alike."""

    unit: str
    head: str
    on: date
    answer_by: date
    closing: str
    rows: tuple[LetterRow, ...]
    illustrative: bool = False

    @property
    def subject(self) -> str:
        """After "V/v"."""
        return f"đôn đốc thực hiện {len(self.rows)} nhiệm vụ quá hạn"

    @property
    def worst(self) -> int:
        """The longest delay, in days."""
        return max((row.late for row in self.rows), default=0)

    @property
    def opening(self) -> tuple[str, ...]:
        """The paragraphs before the table."""
        return (
            "Thực hiện các chương trình hành động của Thành ủy triển khai nghị quyết của Bộ Chính "
            f"trị, qua theo dõi đến hết ngày {self.on:%d/%m/%Y}, {len(self.rows)} nhiệm vụ sau do "
            f"{self.unit} chủ trì đã quá thời hạn, chậm nhất {self.worst} ngày:",
        )

    @property
    def request(self) -> tuple[str, ...]:
        """The paragraphs after the table; the office's own words come last."""
        asked = (
            f"Đề nghị {self.unit} tập trung hoàn thành các nhiệm vụ nêu trên, gửi sản phẩm và minh "
            "chứng; với nhiệm vụ chưa hoàn thành, báo cáo rõ nguyên nhân, khó khăn, vướng mắc, cấp "
            "có thẩm quyền giải quyết, thời gian hoàn thành và trách nhiệm của người đứng đầu. Báo "
            f"cáo gửi về Văn phòng Thành ủy trước ngày {self.answer_by:%d/%m/%Y}.",
        )
        return (*asked, *filter(None, map(str.strip, self.closing.splitlines())))


def late_of(tasks: TaskQuerySet, unit: Unit, on: date) -> TaskQuerySet:
    """Those of the tasks that exactly this unit leads and that are overdue, the longest first."""
    return tasks.led_by(unit).overdue(on).order_by("deadline", "code")


def units_late(user: User, on: date) -> list[tuple[str, str, int]]:
    """Code, name and number of late tasks of each unit that has any, the most first."""
    rows = Task.objects.visible_to(user).overdue(on).order_by()
    tally = rows.tally("lead_unit")
    units = Unit.objects.in_bulk(tally)
    found = [(units[pk].code, units[pk].short_name, number) for pk, number in tally.items()]
    return sorted(found, key=lambda row: (-row[2], row[1]))


@dataclass(frozen=True, slots=True)
class LetterAsked:
    """What a letter is asked with: to whom, about which tasks, until when, in which words."""

    unit: Unit
    tasks: Sequence[int]
    answer_by: date
    closing: str


def urging_letter(asked: LetterAsked, *, by: User, on: date) -> UrgingLetter:
    """The content as it stands on the day: what is no longer late is left out."""
    tasks = late_of(Task.objects.visible_to(by), asked.unit, on).filter(pk__in=asked.tasks)
    rows = list(tasks.select_related("programme"))
    held = heads_of({asked.unit.pk}, on=on).get(asked.unit.pk)
    return UrgingLetter(
        unit=asked.unit.name,
        head=str(held.post) if held else "",
        on=on,
        answer_by=asked.answer_by,
        closing=asked.closing,
        rows=tuple(_row(task, on) for task in rows),
        illustrative=any(task.is_illustrative for task in rows),
    )


def _row(task: Task, on: date) -> LetterRow:
    source = ", ".join(filter(None, [task.source_document or task.programme.number, task.clause]))
    return LetterRow(
        code=task.code,
        text=task.text,
        product=task.product,
        source=source,
        due=task.deadline,
        late=days_late(task.deadline, on=on),
        last_word=task.last_report_on,
        pk=task.pk,
    )
