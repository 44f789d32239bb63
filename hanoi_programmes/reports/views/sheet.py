"""Every component with sample data on one page, for who writes templates; not in real service."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from hanoi_programmes.people.http import Request
from hanoi_programmes.reports import charts
from hanoi_programmes.reports.figures import Tally
from hanoi_programmes.reports.forms.sheet import SampleForm
from hanoi_programmes.ui.choosing import Found
from hanoi_programmes.ui.templatetags.ui import LOOKS, OUTSIDE

FOLDER = Path(settings.ROOT) / "templates" / "components"
# Parts of the frame of each page: this page has them around it.
FRAME = frozenset(
    {"demo_band", "head", "lost", "mark", "messages", "navigation", "patterns", "top_bar"}
)
# Drawn by the sample form of this page.
IN_THE_FORM = frozenset({"error_summary", "field"})


class _Thing(dict[str, Any]):
    """A made-up row: templates read its fields, and print it by its name."""

    def __str__(self) -> str:
        return str(self.get("short_name") or self["number"])


_DAY = date(2026, 11, 16)
_MOMENT = datetime(2026, 11, 16, 7, 30, tzinfo=timezone(timedelta(hours=7)))
_UNIT = _Thing({
    "pk": 1, "code": "UBND-SYT", "name": "Sở Y tế", "short_name": "Sở Y tế", "axis_id": 1,
    "ends_on": None, "is_active": True,
})  # fmt: skip
_OLD = _UNIT | {"name": "Sở cũ", "ends_on": _DAY, "merged_into": _UNIT}
_LONG = (
    "Lập, đồng bộ sổ sức khỏe điện tử cho người dân thường trú trên địa bàn Thành phố; hoàn thành "
    "tạo lập và xác thực dữ liệu tại 126 phường, xã, kết nối với cơ sở dữ liệu quốc gia về dân cư, "
    "bảo đảm mỗi người dân có một hồ sơ, được cập nhật sau mỗi lần khám, chữa bệnh ở mọi tuyến."
)
_TASK = {"pk": 1, "code": "72-5.1", "text": _LONG, "lead_unit": _UNIT, "deadline_text": ""}
_PROGRAMME = _Thing({"key": "hn72", "number": "06-CTr/TU", "resolution": {"short_number": "NQ 72"}})
_FOUND = Found(
    name="sample", many=True, optional=True, words="y te",
    chosen=[("1", "Sở Y tế", "Sở, ban, ngành")], rows=[("2", "Trung tâm Y tế Láng", "Cấp xã")],
)  # fmt: skip
_ISSUED = {"number": "112/KH-UBND", "issued_on": _DAY, "is_illustrative": True}
_CELL = {"programme": _PROGRAMME, "may_record": True, "is_asked": True, "issuance": None}
_SOURCE = {"is_illustrative": False, "source": "Công báo", "get_confidence_display": "Đã đối chiếu"}
_CHANGE = {"subject": 1, "row": 7, "operation": "update", "login": "postgres"}
_ROW = {
    "change": _CHANGE, "is_direct": True, "what": "Sửa Nhiệm vụ", "task_code": "72-5.1",
    "fields": [{"label": "thời hạn", "before": "01/11/2026", "after": "30/11/2026"}],
}  # fmt: skip
_TARGET = {
    "name": "Tỷ lệ người dân có sổ sức khỏe điện tử", "note": "", "level": "≥ 95%", "year": 2026,
    "source": "06-CTr/TU", "get_confidence_display": "Đã đối chiếu",
}  # fmt: skip
_SUBJECT = {"value": "sample", "label": "Thời hạn nhiệm vụ"}
_RUNG = {
    "words": "Quá thời hạn 7 ngày", "repeats": 7, "told": ["Người đứng đầu đơn vị"],
    "is_statutory": True,
}  # fmt: skip
_ENTRY = {
    "tone": "late", "urging": None, "title": "Quá hạn 12 ngày", "text": "", "who": "", "on": _DAY,
    "ways": {"Thư đã gửi": ["Giám đốc Sở Y tế"]},
}  # fmt: skip
_LINE = {"key": "overdue", "days": 12, "due": _DAY, "task": _TASK, "unit": _UNIT}

# The name of each component → what surrounds it, and the variables of each sample.
SAMPLES: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "busy": ("on", [{"text": "Đang gửi…"}]),
    "chip": ("", [{"label": "Tình trạng: Quá hạn", "url": "#"}]),
    "chooser": ("", [{"found": _FOUND, "attrs": {"id": "id_c", "aria-label": "Đơn vị"},
                      "address": "#", "hint": "Gõ vài chữ của tên"}]),
    "copy_button": ("", [{"target": "#sheet-title", "label": "Chép tên trang"}]),
    "draft": ("form", [{"url": "#", "kept": {"saved_at": _MOMENT}}]),
    "empty": ("", [{"title": "Không có việc gấp", "text": "Không có việc quá hạn.", "url": "#",
                    "link": "Xem tất cả nhiệm vụ"}]),
    "event": ("timeline", [{"event": {"kind": kind, "told": "Cập nhật tiến độ", "note": "đã họp",
                                      "by": None, "at": _MOMENT}}
                           for kind in ("accept", "return", "submit", "report")]),
    "file_link": ("", [{"url": "#", "name": "Biểu tổng hợp.pdf", "size": 1_258_291}]),
    "found": ("", [{"found": _FOUND}]),
    "hint": ("", [{"key": "home", "text": "Cập nhật chỉ cần ba lần chạm.", "is_new": True,
                   "csrf_token": ""}]),
    "hint_gone": ("", [{}]),
    "key": ("", [{}]),
    "kpi": ("numbers", [{"url": "#", "label": "Quá hạn", "value": "9", "kind": "late",
                         "icon": "s-late", "note": "2 việc quá 30 ngày"},
                        {"url": "#", "label": "Tổng nhiệm vụ", "value": "77"}]),
    "ladder": ("", [{"subject": _SUBJECT, "rungs": [_RUNG]}]),
    "lifetime": ("", [{"place": _OLD, "merged": []}, {"place": _UNIT, "merged": [_OLD]}]),
    "note": ("", [{"kind": kind, "title": "Thông báo", "text": "Nội dung của thông báo."}
                  for kind in ("late", "soon", "run", "done", "wait")]),
    "pagination": ("", [{"page": Paginator(range(240), 25).page(4)}]),
    "panel_head": ("panel", [{"id": "sample-h", "title": "Tên khối", "note": "ghi chú", "url": "#",
                              "link": "Tất cả 14"}]),
    "plan_cell": ("row", [{"unit": _UNIT, "cell": _CELL},
                          {"unit": _UNIT, "cell": _CELL | {"issuance": _ISSUED}}]),
    "programme_short": ("", [{"programme": _PROGRAMME}]),
    "programme_tasks": ("", [{"label": "sample",
                              "lines": [_LINE, _LINE | {"key": "due_soon", "days": 4}]}]),
    "progress": ("", [{"value": 3, "max": 8, "label": "Đã làm"}]),
    "report_file": ("", [{"to": "reports:download", "pk": 1, "label": "PDF",
                          "code": "SL-1116-0043"}]),
    "ro_item": ("six", [{"label": "Rõ người", "text": "Sở Y tế", "more": "Giám đốc Sở"},
                        {"label": "Rõ sản phẩm", "text": "", "gap": True, "url": "#",
                         "link": "Bổ sung sản phẩm"}]),
    "row_change": ("", [{"row": _ROW}]),
    "sort_head": ("heads", [{"label": "Thời hạn", "field": "due", "order": "due"},
                            {"label": "Chủ trì", "field": "unit", "order": "due"}]),
    "source": ("", [{"record": _SOURCE}]),
    "target_table": ("", [{"label": "of-target_table", "targets": [_TARGET]}]),
    "task_names": ("", [{"tasks": [_TASK, _TASK]}]),
    "thread_entry": ("timeline", [{"entry": _ENTRY}]),
    "toast": ("", [{"text": "Đã ghi cập nhật.", "kind": "done", "url": "#", "link": "Xem"}]),
    "tree_line": ("tree", [{"line": {"unit": _UNIT, "head": None, "branches": []}}]),
    "unit_tags": ("", [{"unit": _OLD}, {"unit": _UNIT | {"is_active": False}}]),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A component on the sheet: its name, what its head comment says, and its samples drawn."""

    name: str
    says: str
    around: str
    drawn: Sequence[str]


def components() -> list[str]:
    """All there are: the files themselves."""
    return sorted(path.stem for path in FOLDER.glob("*.html"))


def _shown(name: str, request: HttpRequest) -> Shown:
    source = (FOLDER / f"{name}.html").read_text(encoding="utf-8")
    says = re.match(r"\{#\s*(.*?)\s*#\}", source)
    around, samples = SAMPLES.get(name, ("", []))
    drawn = [render_to_string(f"components/{name}.html", one, request) for one in samples]
    return Shown(name, says[1] if says else "", around, drawn)


@require_safe
def component_sheet(request: Request) -> HttpResponse:
    """Drawn from the files, so that a component without a sample is seen to be missing."""
    if not (settings.DEBUG or settings.ILLUSTRATIVE):
        raise Http404
    wrong = SampleForm({"name": "Một tên dài hơn hai mươi ký tự", "day": ""})
    tally = Tally(overdue=9, due_soon=6, awaiting=4, suspended=1, no_deadline=3, in_term=12,
                  ongoing=2, completed_late=6, completed_on_time=31)  # fmt: skip
    context = {
        "shown": [_shown(name, request) for name in components() if name in SAMPLES],
        "states": [*LOOKS, *OUTSIDE],
        "form": SampleForm(auto_id="id_empty_%s"),
        "wrong": wrong,
        "bar": charts.bar(tally),
    }
    return render(request, "reports/component_sheet.html", context)
