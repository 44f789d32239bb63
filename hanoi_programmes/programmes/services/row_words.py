"""A changed row in words: which record, which fields, from what to what. Reads only."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from json import dumps
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db import models

from hanoi_programmes.people.models import RowChange, Unit, User
from hanoi_programmes.programmes.models import Task

NOTHING, MOST = "—", 300
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
TABLES = {
    "people_area": "Địa bàn", "people_axis": "Trục", "people_calendarday": "Ngày trong lịch",
    "people_holding": "Người giữ chức danh", "people_post": "Chức danh", "people_unit": "Đơn vị",
    "people_unitgroup": "Nhóm đơn vị", "people_unitgroup_members": "Đơn vị trong nhóm",
    "people_user": "Tài khoản", "programmes_actionprogramme": "Chương trình",
    "programmes_cascade": "Đợt giao xuống", "programmes_direction": "Ý kiến chỉ đạo",
    "programmes_document": "Văn bản", "programmes_evidence": "Minh chứng",
    "programmes_extension": "Đề nghị gia hạn", "programmes_handover": "Biên bản bàn giao",
    "programmes_obstacle": "Vướng mắc", "programmes_participant": "Đơn vị tham gia",
    "programmes_planissuance": "Kế hoạch của đơn vị", "programmes_weeklytext": "Báo cáo tuần",
    "programmes_progressreport": "Cập nhật tiến độ", "programmes_referral": "Chuyển cấp quyết định",
    "programmes_resolution": "Nghị quyết",
    "programmes_target": "Chỉ tiêu", "programmes_task": "Nhiệm vụ",
    "programmes_taskgroup": "Nhóm nhiệm vụ",
}  # fmt: skip
# Columns whose field has no Vietnamese name of its own.
COLUMNS = {
    "hints_seen": "gợi ý đã đọc",
    "id": "số trong máy", "ancestors": "các nhiệm vụ cấp trên", "answered_by": "người trả lời",
    "answered_on": "ngày trả lời", "answer": "trả lời", "area": "địa bàn", "at": "lúc",
    "asked_on": "ngày đề nghị", "axis": "trục", "budget_given": "kinh phí giao",
    "budget_spent": "kinh phí đã chi", "by": "người ghi", "cascade": "đợt giao xuống",
    "closed_by": "người kết thúc", "closed_on": "ngày kết thúc", "code": "mã",
    "completed_on": "ngày hoàn thành", "content_type": "loại tệp", "count": "số đã làm",
    "count_goal": "số phải làm", "count_label": "tên số đếm", "count_unit": "đơn vị tính",
    "created_at": "lúc tạo", "day": "ngày", "decided_by": "người quyết định",
    "decided_on": "ngày quyết định", "decider": "cấp quyết định", "ends_on": "đến ngày",
    "field": "lĩnh vực", "file": "tệp", "granted": "thời hạn mới", "heading": "tiêu đề",
    "incoming": "người nhận", "incoming_confirmed_at": "người nhận xác nhận lúc",
    "is_active": "đang dùng", "is_head": "là người đứng đầu", "is_illustrative": "minh họa",
    "is_withdrawn": "đã rút lại",
    "is_working": "là ngày làm việc", "issued_on": "ngày giao, ban hành", "issuer": "cơ quan",
    "key": "khóa", "kind": "loại", "last_report_on": "cập nhật gần nhất", "lead_unit": "chủ trì",
    "level": "cấp", "made_on": "ngày lập", "members": "thành viên", "merged_into": "nhập vào",
    "name": "tên", "note": "ghi chú", "number": "số", "obstacle": "vướng mắc",
    "officer": "người theo dõi", "on": "ngày",
    "operator": "phép so", "order": "thứ tự", "outgoing": "người giao",
    "outgoing_confirmed_at": "người giao xác nhận lúc", "parent": "cấp trên", "part": "vai trò",
    "password": "mật khẩu", "path": "vị trí trong cây", "percent": "phần trăm", "plan": "kế hoạch",
    "post": "chức danh", "precision": "độ chính xác", "programme": "chương trình",
    "quality": "chất lượng", "raised_on": "ngày nêu", "recorded_at": "lúc ghi",
    "report": "cập nhật",
    "resolution": "nghị quyết",
    "resolved_on": "ngày giải quyết", "return_reason": "lý do trả lại",
    "returned_on": "ngày trả lại",
    "rhythm": "nhịp báo cáo", "sha256": "mã kiểm tra tệp", "sheet": "nội dung bàn giao",
    "short": "tên gọn", "short_name": "tên gọn", "size": "kích thước, số lượng",
    "sort_key": "khóa sắp xếp", "starts_on": "từ ngày", "state": "tình trạng",
    "status": "tình trạng",
    "subject": "trích yếu", "submitted_by": "người trình", "submitted_on": "ngày trình",
    "summary": "tóm tắt", "task": "nhiệm vụ", "task_group": "nhóm nhiệm vụ", "text": "nội dung",
    "title": "tên gọi", "undone_by": "người thu hồi", "undone_on": "ngày thu hồi", "unit": "đơn vị",
    "unitgroup": "nhóm đơn vị", "user": "tài khoản", "value": "giá trị", "value_max": "giá trị đến",
    "verdict": "kết luận", "verdict_by": "người kết luận", "verdict_on": "ngày kết luận",
    "year": "năm",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldWords:
    """One field of a change: its name, and both values as people read them."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowWords:
    """A changed row: what was done to which record, field by field."""

    change: RowChange
    what: str
    fields: list[FieldWords]
    task_code: str = ""

    @property
    def is_direct(self) -> bool:
        """Nobody said who acts: changed in the database itself."""
        return self.change.source == RowChange.Source.DIRECT

    @property
    def line(self) -> str:
        """All of it in one line, for spreadsheets."""
        said = "; ".join(f"{f.label}: {f.before} → {f.after}" for f in self.fields)
        return f"{self.what} ({said})"


def in_words(changes: Iterable[RowChange]) -> list[RowWords]:
    """Shape changed rows; names of what they refer to come in one query a kind."""
    rows = list(changes)
    names = _names(rows)
    return [
        RowWords(
            row,
            f"{row.get_operation_display()} {TABLES.get(row.table, row.table).lower()}",
            [
                FieldWords(
                    _label(row.table, column),
                    _value(row.table, column, pair[0], names),
                    _value(row.table, column, pair[1], names),
                )
                for column, pair in sorted(row.changes.items())
                if column != "id"
            ],
            names.get(Task, {}).get(row.subject or 0, ""),
        )
        for row in rows
    ]


@cache
def _model(table: str) -> type[models.Model] | None:
    known = apps.get_models(include_auto_created=True)
    return next((m for m in known if m._meta.db_table == table and not m._meta.proxy), None)


@cache
def _field(table: str, column: str) -> Any:  # noqa: ANN401 - Django's fields have no common type
    """The field of a column, or None for one that is no longer there."""
    model = _model(table)
    fields = model._meta.concrete_fields if model else []
    return next((field for field in fields if field.column == column), None)


def _label(table: str, column: str) -> str:
    field = _field(table, column)
    if field is None:
        return column
    named = str(field.verbose_name)
    # Django's own guess is the attribute's name; a name given to the field says it in Vietnamese.
    is_given = named != field.name.replace("_", " ")
    return named if is_given else COLUMNS.get(field.name, named)


# How the rows that a change refers to are called.
_CALLED: dict[type[models.Model], str] = {Unit: "short_name", User: "display_name", Task: "code"}
Names = dict[type[models.Model], dict[int, str]]


def _names(rows: list[RowChange]) -> Names:
    wanted: dict[type[models.Model], set[int]] = defaultdict(set)
    for row in rows:
        if row.subject:
            wanted[Task].add(row.subject)
        for column, pair in row.changes.items():
            field = _field(row.table, column)
            if field is not None and field.related_model in _CALLED:
                wanted[field.related_model] |= {key for key in pair if isinstance(key, int)}
    return {
        model: dict(model._default_manager.filter(pk__in=keys).values_list("pk", _CALLED[model]))
        for model, keys in wanted.items()
    }


def _value(table: str, column: str, value: Any, names: Names) -> str:  # noqa: ANN401 - any JSON
    if value is None or value == "":
        return NOTHING
    field = _field(table, column)
    related = getattr(field, "related_model", None)
    if related is not None:
        return names.get(related, {}).get(value, f"số {value}")
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return _plain(field, value)


def _plain(field: Any, value: Any) -> str:  # noqa: ANN401 - any field, any JSON
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, str) and isinstance(field, models.DateTimeField):
        return f"{datetime.fromisoformat(value).astimezone(HANOI):%H:%M, %d/%m/%Y}"
    if isinstance(value, str) and isinstance(field, models.DateField):
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    text = value if isinstance(value, str) else dumps(value, ensure_ascii=False)
    return text if len(text) <= MOST else f"{text[:MOST]}…"
