"""Everything that happened, newest first, for who inspects: events, and the rows behind them.

Three sources stand side by side: events of tasks, events of units, posts and accounts, and rows
that no event tells of (changed in the database itself, by a command or a job). Each is read by its
own index and only as far as one page needs; a page begins where the last one ended, so that the
thousandth costs what the first does. Reads only.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextField, Window
from django.db.models.functions import Cast, RowNumber

from hanoi_programmes.lib.text import words_of
from hanoi_programmes.people.models import PlaceEvent, RowChange, Unit, User
from hanoi_programmes.people.models.folded import Folded, Joined
from hanoi_programmes.programmes.models import Event, Task
from hanoi_programmes.programmes.services.row_words import RowWords, in_words
from hanoi_programmes.programmes.states import MOVES

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
SOURCES = {
    "task": "Nhiệm vụ",
    "place": "Đơn vị, chức danh, tài khoản, lịch",
    "rows": "Thay đổi ngoài phần mềm",
}
KINDS = {move.name: move.told for move in MOVES.values()} | {
    "create": "Soạn, lập mới",
    "report": "Cập nhật tiến độ",
    "cascade": "Giao xuống nhiều đơn vị",
    "undo_cascade": "Thu hồi đợt giao",
    "extend": "Gia hạn",
    "decide": "Quyết định vướng mắc",
    "direct": "Chỉ đạo, yêu cầu giải trình",
    "answer": "Trả lời chỉ đạo",
    "urge": "Đôn đốc",
    "escalate": "Tự động đôn đốc vượt cấp",
    "plan-issue": "Ghi kế hoạch đơn vị ban hành",
    "plan-correct": "Sửa kế hoạch đơn vị ban hành",
    "appoint": "Giao chức danh",
    "relieve": "Thôi chức danh",
    "withdraw": "Rút việc giao chức danh",
    "post": "Thêm chức danh",
    "rename": "Đổi tên chức danh",
    "merge": "Hợp nhất",
    "receive": "Nhận đơn vị hợp nhất",
    "account": "Sửa tài khoản",
    "move": "Chuyển đơn vị của tài khoản",
    "switch": "Khóa, mở tài khoản",
    "password": "Cấp lại mật khẩu",
    "weekly": "Bàn giao báo cáo tuần",
    "own-password": "Tự đổi mật khẩu",
    "contest-figure": "Báo số liệu chưa đúng",
    "answer-contest": "Trả lời báo số liệu chưa đúng",
    "calendar-set": "Sửa lịch làm việc",
    "calendar-remove": "Bỏ ngày khỏi lịch làm việc",
    "calendar-add": "Nhận ngày đề xuất vào lịch",
}
# Rows shown under one entry; the page of its transaction shows all.
ROWS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page of the history ended: moment, source and key of its last entry."""

    at: datetime
    rank: int
    pk: int

    @classmethod
    def read(cls, text: str) -> "Mark | None":
        """The mark of an address; None for anything that is none."""
        try:
            at, rank, pk = text.split("_")
            moment = datetime.fromtimestamp(int(at) / 1_000_000, UTC)
            return cls(moment, int(rank), int(pk[:18]))
        except (ValueError, OverflowError, OSError):
            return None

    def __str__(self) -> str:
        micro = (self.at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        return f"{micro}_{self.rank}_{self.pk}"


@dataclass(frozen=True, slots=True)
class Asked:
    """The conditions; what an address says and nobody understands is as if not asked."""

    sources: tuple[str, ...] = tuple(SOURCES)
    words: str = ""
    unit: str = ""
    person: str = ""
    kind: str = ""
    start: date | None = None
    end: date | None = None
    task: int | None = None
    after: Mark | None = None
    raw: dict[str, str] = field(default_factory=dict)
    # What the words for a unit and a person mean, looked up once a page.
    units: tuple[int, ...] = ()
    people: tuple[int, ...] = ()

    @property
    def source(self) -> str:
        """The one source asked for, or empty for all."""
        return self.sources[0] if len(self.sources) == 1 else ""

    @classmethod
    def read(cls, query: Mapping[str, str], *, task: int | None = None) -> "Asked":
        """From a query string: source, q, unit, person, kind, start, end, after."""
        given = {name: query.get(name, "").strip()[:200] for name in _NAMES}
        source = given["source"]
        return cls(
            sources=(source,) if source in SOURCES else tuple(SOURCES),
            words=given["q"],
            unit=given["unit"],
            person=given["person"],
            kind=given["kind"] if given["kind"] in KINDS else "",
            start=_day(given["start"]),
            end=_day(given["end"]),
            task=task,
            after=Mark.read(query.get("after", "")[:60]),
            raw={name: value for name, value in given.items() if value},
        )


_NAMES = ("source", "q", "unit", "person", "kind", "start", "end")


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2200 else None


@dataclass(slots=True)
class Entry:
    """One line of the history and the rows that changed with it; `more` of them are not shown."""

    source: str
    mark: Mark
    told: str
    note: str
    by: User | None
    transaction: UUID | None
    task: Task | None = None
    unit: Unit | None = None
    rows: list[RowWords] = field(default_factory=list)
    more: bool = False

    @property
    def is_direct(self) -> bool:
        """Told by nobody: changed in the database itself."""
        return self.source == "rows" and any(row.is_direct for row in self.rows)


@dataclass(frozen=True, slots=True)
class Chapter:
    """One page of the history; `rest` is where the next one begins, None at the end."""

    entries: list[Entry]
    rest: Mark | None


def chapter(asked: Asked, *, size: int) -> Chapter:
    """The entries after the mark, newest first."""
    asked = replace(asked, units=_units(asked.unit), people=_people(asked.person))
    found: list[tuple[Mark, str, Any]] = []
    for rank, source in enumerate(SOURCES):
        if source in asked.sources:
            rows = _BRANCHES[source](asked)
            rows = _after(rows, asked.after, rank).order_by("-at", "-pk")[: size + 1]
            found += [(Mark(row.at, rank, row.pk), source, row) for row in rows]
    found.sort(key=lambda line: (line[0].at, -line[0].rank, line[0].pk), reverse=True)
    entries = [_entry(source, mark, row) for mark, source, row in found[:size]]
    _with_rows(entries)
    return Chapter(entries, entries[-1].mark if len(found) > size else None)


def every(asked: Asked, *, size: int = 500) -> Iterator[Entry]:
    """All entries, read page by page: for a file that is sent while it is made."""
    mark = asked.after
    while True:
        part = chapter(replace(asked, after=mark), size=size)
        yield from part.entries
        mark = part.rest
        if mark is None:
            return


def rows_of(transaction: UUID) -> QuerySet[RowChange]:
    """All rows that one transaction changed, in their order."""
    rows = RowChange.objects.filter(transaction=transaction)
    return rows.select_related("by__unit").order_by("pk")


def _after(rows: QuerySet[Any], mark: Mark | None, rank: int) -> QuerySet[Any]:
    if mark is None:
        return rows
    if rank == mark.rank:
        # The first condition alone lets the index begin in the right place.
        return rows.filter(Q(at__lt=mark.at) | Q(pk__lt=mark.pk), at__lte=mark.at)
    return rows.filter(at__lt=mark.at) if rank < mark.rank else rows.filter(at__lte=mark.at)


def _common(rows: QuerySet[Any], asked: Asked) -> QuerySet[Any]:
    """Dates and persons: what every source knows."""
    if asked.start:
        rows = rows.filter(at__gte=datetime.combine(asked.start, time.min, HANOI))
    if asked.end:
        rows = rows.filter(at__lt=datetime.combine(asked.end + timedelta(1), time.min, HANOI))
    if asked.person:
        rows = rows.filter(by__in=asked.people)
    return rows


def _told(rows: QuerySet[Any], asked: Asked) -> QuerySet[Any]:
    """Kind and words: what both kinds of events know."""
    rows = _common(rows, asked)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.words:
        rows = rows.alias(folded=Folded(Joined("told", "note")))
        rows = rows.filter(*(Q(folded__contains=word) for word in words_of(asked.words)))
    return rows


def _units(text: str) -> tuple[int, ...]:
    """The units meant, by code or by words of the name."""
    if not text:
        return ()
    exact = Unit.objects.filter(code=text).values_list("pk", flat=True)
    return tuple(exact) or tuple(Unit.objects.matching(text).values_list("pk", flat=True))


def _people(text: str) -> tuple[int, ...]:
    """The accounts meant, by name of the account or by part of the name shown."""
    if not text:
        return ()
    named = Q(username__iexact=text) | Q(display_name__icontains=text)
    return tuple(User.objects.filter(named).values_list("pk", flat=True))


def _task_events(asked: Asked) -> QuerySet[Any]:
    rows = _told(Event.objects.select_related("by__unit", "task__lead_unit"), asked)
    if asked.unit:
        rows = rows.filter(task__lead_unit__in=asked.units)
    return rows.filter(task=asked.task) if asked.task else rows


def _place_events(asked: Asked) -> QuerySet[Any]:
    rows = _told(PlaceEvent.objects.select_related("by__unit", "unit"), asked)
    if asked.unit:
        rows = rows.filter(Q(unit__in=asked.units) | Q(account__unit__in=asked.units))
    return rows.none() if asked.task else rows


def _untold(asked: Asked) -> QuerySet[Any]:
    """The first row of each transaction that no event tells of."""
    rows = _common(RowChange.objects.select_related("by__unit"), asked)
    rows = rows.exclude(source=RowChange.Source.REQUEST)
    for events in (Event, PlaceEvent):
        told = events._default_manager.filter(transaction=OuterRef("transaction"))
        rows = rows.filter(~Exists(told))
    if asked.kind:
        return rows.none()
    if asked.task:
        first = Window(RowNumber(), partition_by=F("transaction"), order_by="pk")
        one_each: QuerySet[Any] = rows.filter(subject=asked.task).annotate(place=first)
        return one_each.filter(place=1)
    if asked.unit:
        led = Task.objects.filter(lead_unit__in=asked.units)
        rows = rows.filter(subject__in=led.values("pk"))
    if asked.words:
        rows = rows.alias(folded=Folded(Cast("changes", TextField())))
        rows = rows.filter(*(Q(folded__contains=word) for word in words_of(asked.words)))
    opening: QuerySet[Any] = rows.filter(opens=True)
    return opening


_BRANCHES = {"task": _task_events, "place": _place_events, "rows": _untold}


def _entry(source: str, mark: Mark, row: Any) -> Entry:  # noqa: ANN401 - an event or a row
    if isinstance(row, RowChange):
        told, note = row.get_source_display(), row.origin or f"tài khoản cơ sở dữ liệu {row.login}"
        return Entry(source, mark, told, note, row.by, row.transaction)
    task = row.task if isinstance(row, Event) else None
    unit = row.unit if isinstance(row, PlaceEvent) else None
    return Entry(source, mark, row.told, row.note, row.by, row.transaction, task, unit)


def _with_rows(entries: list[Entry]) -> None:
    """The changed rows under each entry: of a task those of the task, else the first few."""
    names = [entry.transaction for entry in entries if entry.transaction]
    rows = RowChange.objects.filter(transaction__in=names).select_related("by")
    place = Window(RowNumber(), partition_by=[F("transaction"), F("subject")], order_by="pk")
    tasks = [entry.task.pk for entry in entries if entry.task]
    alone = [entry.transaction for entry in entries if not entry.task and entry.transaction]
    wanted = rows.filter(Q(subject__in=tasks) | Q(transaction__in=alone))
    few = wanted.annotate(place=place).filter(place__lte=ROWS_SHOWN + 1).order_by("pk")
    shelves: dict[tuple[UUID, int | None], list[RowWords]] = defaultdict(list)
    for shaped in in_words(few[: 20 * len(entries)]):
        change = shaped.change
        shelves[change.transaction, change.subject].append(shaped)
        shelves[change.transaction, 0].append(shaped)
    for entry in entries:
        if entry.transaction:
            shelf = shelves[entry.transaction, entry.task.pk if entry.task else 0]
            entry.rows, entry.more = shelf[:ROWS_SHOWN], len(shelf) > ROWS_SHOWN
