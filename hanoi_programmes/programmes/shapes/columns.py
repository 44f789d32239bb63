"""The columns of the task list: one definition for the page and for the spreadsheet."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count

from hanoi_programmes.lib.sheets import Value
from hanoi_programmes.programmes.models import Extension, Obstacle, ProgressReport, Task
from hanoi_programmes.programmes.querysets.scored import GRANTED
from hanoi_programmes.programmes.shapes.lines import Line
from hanoi_programmes.programmes.states import Quality, State
from hanoi_programmes.programmes.timeliness import Group

# From this width on, in characters, a column holds sentences.
_SENTENCE = 30


@dataclass(frozen=True, slots=True)
class About:
    """What is known of some tasks beside their own columns, by task; only what was asked for."""

    reports: dict[int, ProgressReport] = field(default_factory=dict)
    obstacles: dict[int, Obstacle] = field(default_factory=dict)
    extensions: dict[int, int] = field(default_factory=dict)


Shown = Callable[[Line, About], Value]


@dataclass(frozen=True, slots=True)
class Column:
    """One column to choose. `cells` are the columns it fills in a spreadsheet: heading, width in
    characters, value; on the page it shows the first one, unless the page draws it itself."""

    key: str
    label: str
    cells: tuple[tuple[str, int, Shown], ...]
    order: str = ""
    is_drawn: bool = False

    @property
    def is_long(self) -> bool:
        """Holds sentences rather than words: it gets room on the page."""
        return self.cells[0][1] >= _SENTENCE


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the page that is plain text: its heading and its words."""

    label: str
    value: Value


def _state(line: Line, _about: About) -> Value:
    if line.key in Group.values:
        return Group(line.key).label
    return State(line.key).label if line.key in State.values else line.key


def _unit(line: Line, _about: About) -> Value:
    return line.unit.short_name if line.unit else None


def _days(line: Line, _about: About) -> Value:
    return line.days if line.key == Group.OVERDUE else None


def _report(line: Line, about: About) -> Value:
    report = about.reports.get(line.task.pk)
    return (report.text or report.get_situation_display()) if report else None


def _done(line: Line, about: About) -> Value:
    report = about.reports.get(line.task.pk)
    if report is None:
        return None
    if report.count is not None and line.task.count_goal:
        return f"{report.count:,}/{line.task.count_goal:,}".replace(",", ".")
    return f"{report.percent}%" if report.percent is not None else None


def _obstacle(line: Line, about: About) -> Value:
    obstacle = about.obstacles.get(line.task.pk)
    return obstacle.text if obstacle else None


def _decider(line: Line, about: About) -> Value:
    obstacle = about.obstacles.get(line.task.pk)
    if obstacle is None:
        return None
    return obstacle.decider.short_name if obstacle.decider else obstacle.decider_text


def _quality(line: Line, _about: About) -> Value:
    return Quality(line.task.quality).label if line.task.quality else None


def _one(key: str, label: str, value: Shown, width: int = 18, order: str = "") -> Column:
    return Column(key, label, ((label, width, value),), order)


_ALWAYS: tuple[tuple[str, int, Shown], ...] = (
    ("Mã", 14, lambda line, _about: line.task.code),
    ("Nhiệm vụ", 60, lambda line, _about: line.task.text),
    ("Sản phẩm", 40, lambda line, _about: line.task.product),
)
COLUMNS = {
    column.key: column
    for column in (
        Column(
            "unit",
            "Chủ trì",
            (
                (
                    "Đơn vị chủ trì",
                    28,
                    lambda line, _a: line.unit.short_name if line.unit else None,
                ),
                ("Người đứng đầu", 24, lambda line, _a: line.head),
            ),
            "unit",
            is_drawn=True,
        ),
        Column(
            "axis",
            "Trục",
            (("Trục", 10, lambda line, _a: line.unit.axis.short_name if line.unit else None),),
            is_drawn=True,
        ),
        Column(
            "due",
            "Thời hạn",
            (
                ("Tình trạng", 20, _state),
                ("Số ngày quá hạn", 10, _days),
                ("Thời hạn", 12, lambda line, _a: line.due),
                ("Thời hạn gốc", 12, lambda line, _a: line.task.original_deadline),
                ("Thời hạn theo văn bản", 18, lambda line, _a: line.task.deadline_text),
            ),
            "due",
            is_drawn=True,
        ),
        Column(
            "updated",
            "Cập nhật",
            (("Cập nhật gần nhất", 12, lambda line, _a: line.task.last_report_on),),
            "updated",
            is_drawn=True,
        ),
        _one(
            "programme",
            "Nghị quyết",
            lambda line, _a: line.task.programme.resolution.short_number,
            10,
        ),
        _one("field", "Lĩnh vực", lambda line, _a: line.task.task_group.heading, 40),
        _one("authority", "Thẩm quyền", lambda line, _a: line.task.authority, 24),
        _one("officer", "Theo dõi", lambda line, _a: str(line.task.officer or ""), 24),
        _one("partners", "Phối hợp", lambda line, _a: line.task.partners_text, 30),
        _one("source", "Văn bản giao", lambda line, _a: line.task.source_document, 20),
        _one("done", "Đã làm", _done, 14),
        _one("report", "Cập nhật gần nhất", _report, 50),
        _one("obstacle", "Vướng mắc", _obstacle, 50),
        _one("decider", "Cấp quyết định", _decider, 24),
        _one("extensions", "Số lần gia hạn", lambda line, a: a.extensions.get(line.task.pk, 0), 10),
        _one("quality", "Chất lượng", _quality, 14, "quality"),
    )
}
DEFAULT = ("unit", "axis", "due", "updated")
_OF_REPORTS = frozenset({"done", "report"})
_OF_OBSTACLES = frozenset({"obstacle", "decider"})


def read_columns(asked: Iterable[str]) -> tuple[str, ...]:
    """The keys that there are, in the order of the list; nothing known asked: the usual ones."""
    known = set(asked) & COLUMNS.keys()
    return tuple(key for key in COLUMNS if key in known) if known else DEFAULT


def about(tasks: Sequence[Task], keys: Iterable[str]) -> About:
    """What the columns need beside the tasks: at most three queries; how often a deadline was
    put off is always told, and asked only when one of them was."""
    ids, asked = [task.pk for task in tasks], set(keys)
    moved = [task.pk for task in tasks if task.was_extended]
    return About(
        reports=_latest_reports(ids) if asked & _OF_REPORTS else {},
        obstacles=_waiting_obstacles(ids) if asked & _OF_OBSTACLES else {},
        extensions=_extensions(moved) if moved else {},
    )


def _latest_reports(ids: list[int]) -> dict[int, ProgressReport]:
    rows = ProgressReport.objects.filter(task__in=ids).order_by("task_id", "-at", "-pk")
    return {row.task_id: row for row in rows.distinct("task_id")}


def _waiting_obstacles(ids: list[int]) -> dict[int, Obstacle]:
    rows = Obstacle.objects.filter(task__in=ids, resolved_on=None).select_related("decider")
    return {
        row.task_id: row for row in rows.order_by("task_id", "raised_on", "pk").distinct("task_id")
    }


def _extensions(ids: list[int]) -> dict[int, int]:
    granted = Extension.objects.filter(task__in=ids, answer__in=GRANTED).order_by()
    return dict(granted.values_list("task").annotate(times=Count("pk")))


def extra_cells(line: Line, known: About, keys: Iterable[str]) -> list[Cell]:
    """The chosen cells of a row that the page shows as plain text."""
    shown = (COLUMNS[key] for key in keys if not COLUMNS[key].is_drawn)
    return [Cell(column.label, column.cells[0][2](line, known)) for column in shown]


def sheet_cells(keys: Iterable[str]) -> list[tuple[str, int, Shown]]:
    """Headings, widths and values of a spreadsheet with the chosen columns."""
    return [*_ALWAYS, *(cell for key in keys for cell in COLUMNS[key].cells)]
