"""The weekly text in the central system's order, composed from what was reported in the week.

Three parts as officials write them: notable results; difficulties; tasks of the next week. The
composing functions are pure; `week_of_work` fetches what they are given.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.db.models import QuerySet

from hanoi_programmes.lib.dates import Period
from hanoi_programmes.lib.periods import WEEK
from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.programmes.models import (
    Obstacle,
    ProgressReport,
    Situation,
    Task,
    WeeklyText,
)
from hanoi_programmes.programmes.states import State

# More lines than these nobody reads; the last line says how many are left out.
MOST_LINES = 60
_FETCHED = 300
HEADINGS = {
    "results": "1. Kết quả nổi bật",
    "difficulties": "2. Khó khăn, vướng mắc",
    "next_week": "3. Nhiệm vụ tuần tới",
}
NONE_AT_ALL = {
    "results": "Trong tuần không có kết quả mới.",
    "difficulties": "Không có khó khăn, vướng mắc.",
    "next_week": "Tiếp tục thực hiện các nhiệm vụ được giao.",
}


@dataclass(frozen=True, slots=True)
class Said:
    """The newest report of a task in the week, with what it names as proof."""

    task: str
    state: str
    situation: str
    text: str = ""
    next_step: str = ""
    count: int | None = None
    goal: int | None = None
    count_unit: str = ""
    percent: int | None = None
    product: str = ""
    papers: tuple[tuple[str, date | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Stuck:
    """An obstacle that is not decided at the end of the week."""

    task: str
    text: str
    decider: str
    proposal: str = ""
    wanted_by: date | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A task that ends by the end of the next week, or should have ended."""

    task: str
    deadline: date
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class WeekOfWork:
    """The rows of a week: what was said, what stands in the way, what comes."""

    said: Sequence[Said] = ()
    stuck: Sequence[Stuck] = ()
    due: Sequence[Due] = ()


@dataclass(frozen=True, slots=True)
class Weekly:
    """The three parts; `whole` is what is pasted at once."""

    results: str = ""
    difficulties: str = ""
    next_week: str = ""

    @classmethod
    def of(cls, kept: WeeklyText) -> Self:
        """The text as it was handed over."""
        return cls(kept.results, kept.difficulties, kept.next_week)

    @property
    def whole(self) -> str:
        """All three under their headings, an empty one with the sentence that says so."""
        return "\n\n".join(
            f"{heading}\n{getattr(self, name).strip() or NONE_AT_ALL[name]}"
            for name, heading in HEADINGS.items()
        )


def compose(work: WeekOfWork) -> Weekly:
    """The text of a week; plain, one dash a line, no marks of any layout language."""
    return Weekly(
        _lines(line for said in work.said if (line := _result(said))) or NONE_AT_ALL["results"],
        _lines(_difficulty(stuck) for stuck in work.stuck) or NONE_AT_ALL["difficulties"],
        _lines(_next(work)) or NONE_AT_ALL["next_week"],
    )


def _lines(sentences: Iterable[str]) -> str:
    every = list(sentences)
    shown = [f"- {sentence}." for sentence in every[:MOST_LINES]]
    if len(every) > MOST_LINES:
        shown.append(f"- Và {len(every) - MOST_LINES} nội dung khác.")
    return "\n".join(shown)


def _plain(text: str) -> str:
    """One line without its full stop, to be carried on in a sentence."""
    return " ".join(text.split()).rstrip(" .;,")


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _result(said: Said) -> str:
    """What was finished, or got further; nothing for a report without any content."""
    if said.situation == Situation.DONE and said.state in {State.AWAITING, State.COMPLETED}:
        proof = "; ".join(_paper(number, day) for number, day in said.papers)
        product = _plain(said.product)
        named = f"; {_lower(product)} {proof}" if product and proof else f"; {proof}" * bool(proof)
        waits = " (đang chờ xác nhận)" if said.state == State.AWAITING else ""
        return f"Hoàn thành: {_plain(said.task)}{named}{waits}"
    parts = [part for part in (_plain(said.text), _reached(said)) if part]
    return f"{_plain(said.task)}: {'; '.join(parts)}" if parts else ""


def _paper(number: str, day: date | None) -> str:
    return f"số {number} ngày {_day(day)}" if day else f"số {number}"


def _lower(text: str) -> str:
    """Small at the beginning, unless the word is an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _reached(said: Said) -> str:
    if said.count is not None:
        goal = f"/{_number(said.goal)}" if said.goal else ""
        return f"đạt {_number(said.count)}{goal} {said.count_unit}".rstrip()
    return f"đạt khoảng {said.percent}%" if said.percent is not None else ""


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def _difficulty(stuck: Stuck) -> str:
    asked = f"; đề nghị {_plain(stuck.decider)}" if stuck.decider else ""
    wish = _lower(_plain(stuck.proposal)) or ("xem xét, quyết định" if asked else "")
    by = f" trước ngày {_day(stuck.wanted_by)}" if asked and stuck.wanted_by else ""
    wished = f" {wish}" if asked else f"; đề xuất {wish}" * bool(wish)
    return f"{_plain(stuck.task)}: {_plain(stuck.text)}{asked}{wished}{by}"


def _next(work: WeekOfWork) -> Iterable[str]:
    """Each task once: its next step, its deadline, or both; what is late comes first."""
    steps = {said.task: _plain(said.next_step) for said in work.said if said.next_step}
    for due in sorted(work.due, key=lambda due: (due.deadline, due.task)):
        when = f"thời hạn {_day(due.deadline)}"
        if due.is_late:
            when = f"đã quá hạn từ ngày {_day(due.deadline)}"
        step = steps.pop(due.task, "")
        yield f"{_plain(due.task)}: {step}; {when}" if step else f"{_plain(due.task)}; {when}"
    yield from (f"{_plain(task)}: {step}" for task, step in steps.items())


# What the week holds


def unit_of_text(user: User) -> Unit | None:
    """Whose text the user reads: the own unit's; who sees all, the office's for the city."""
    if user.sees_by_unit or user.role == Role.OFFICE:
        return user.unit
    return Unit.objects.filter(users__role=Role.OFFICE).order_by("pk").first()


def last_handed_over(unit: int | None) -> WeeklyText | None:
    """The newest hand-over of the unit, of whichever week."""
    return WeeklyText.objects.filter(unit=unit).first() if unit else None


def last_of(unit: Unit | None, starts_on: date) -> WeeklyText | None:
    """The newest hand-over of the week that begins on the Monday."""
    rows = handed_over(unit).filter(starts_on=starts_on)
    return rows.first()


def handed_over(unit: Unit | None) -> QuerySet[WeeklyText]:
    """All hand-overs of the unit, the newest first; who reads the unit's text reads them."""
    return WeeklyText.objects.filter(unit=unit).select_related("by")


def week_of_work(user: User, week: Period, *, today: date) -> WeekOfWork:
    """The rows of a week in the user's own work; four queries."""
    own = Task.objects.worked_by(user).order_by()
    next_end = week.end + WEEK
    due = own.open().filter(deadline__lte=next_end).order_by("deadline", "code")
    return WeekOfWork(
        _said(own.values("pk"), week),
        _stuck(own.values("pk"), week),
        [
            Due(task.text, task.deadline, is_late=task.deadline < today)
            for task in due.only("text", "deadline")[:_FETCHED]
            if task.deadline
        ],
    )


def _said(own: Any, week: Period) -> list[Said]:  # noqa: ANN401 - keys, not yet asked for
    """The newest report of each task in the week, what is done first."""
    reports = ProgressReport.objects.filter(task__in=own, on__range=(week.start, week.end))
    told = reports.exclude(situation=Situation.NOTHING).select_related("task")
    newest: dict[int, ProgressReport] = {}
    for report in told.prefetch_related("evidence").order_by("-at", "-pk")[:_FETCHED]:
        newest.setdefault(report.task_id, report)
    rows = sorted(newest.values(), key=lambda r: (r.situation != Situation.DONE, r.task.code))
    return [_said_of(report) for report in rows]


def _said_of(report: ProgressReport) -> Said:
    task = report.task
    papers = [(e.document_number, e.document_date) for e in report.evidence.all()]
    return Said(
        task=task.text,
        state=task.state,
        situation=report.situation,
        text=report.text,
        next_step=report.next_step,
        count=report.count,
        goal=task.count_goal,
        count_unit=task.count_unit,
        percent=report.percent,
        product=task.product,
        papers=tuple((number, day) for number, day in papers if number),
    )


def _stuck(own: Any, week: Period) -> list[Stuck]:  # noqa: ANN401 - keys, not yet asked for
    rows = Obstacle.objects.undecided_on(week.end).filter(task__in=own)
    found = rows.select_related("task").order_by("raised_on", "pk")[:_FETCHED]
    return [
        Stuck(row.task.text, row.text, row.decider_text, row.proposal, row.wanted_by)
        for row in found
    ]
