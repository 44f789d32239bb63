"""What the inspector reads: the whole history, its rows, as a file; and the log of the reading."""

import csv
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate, localtime
from django.views.decorators.http import require_safe

from hanoi_programmes.lib.verdict import require
from hanoi_programmes.people.http import Request
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.rules import may_inspect, may_see_readings
from hanoi_programmes.people.services.readings import readings_by_day, readings_of
from hanoi_programmes.programmes.services import inspection
from hanoi_programmes.programmes.services.inspection import Asked, Entry
from hanoi_programmes.programmes.services.row_words import in_words
from hanoi_programmes.ui.htmx import template
from hanoi_programmes.ui.pages import paginate

SHOWN = 50
HEAD = (
    "Thời điểm", "Nguồn", "Việc", "Ghi chú", "Nhiệm vụ", "Đơn vị", "Người thực hiện",
    "Địa chỉ, lệnh", "Thay đổi dòng dữ liệu",
)  # fmt: skip


@require_safe
def history(request: Request) -> HttpResponse:
    """Everything that happened, newest first, with the rows behind each event."""
    require(may_inspect(request.user))
    asked = Asked.read(request.GET.dict())
    context = {
        "asked": asked,
        "sources": inspection.SOURCES.items(),
        "kinds": inspection.KINDS.items(),
    } | chapter_context(asked)
    return template(request, "programmes/history.html", "programmes/_history_list.html", context)


def chapter_context(asked: Asked) -> dict[str, Any]:
    """One page of entries, and the addresses of the first and the next one."""
    chapter = inspection.chapter(asked, size=SHOWN)
    rest = urlencode(asked.raw | {"after": str(chapter.rest)}) if chapter.rest else ""
    return {
        "entries": chapter.entries,
        "rest": rest,
        "first": urlencode(asked.raw) if asked.after else None,
    }


@require_safe
def transaction(request: Request, transaction: UUID) -> HttpResponse:
    """All rows that were changed together."""
    require(may_inspect(request.user))
    page = paginate(inspection.rows_of(transaction), request, per_page=50)
    if not page.paginator.count:
        raise Http404
    context = {"page": page, "rows": in_words(page), "first": page[0]}
    return render(request, "programmes/transaction.html", context)


@require_safe
def export(request: Request) -> HttpResponseBase:
    """The same entries as a CSV file for Excel, sent while it is read."""
    require(may_inspect(request.user))
    asked = Asked.read(request.GET.dict())
    response = StreamingHttpResponse(_csv(asked), content_type="text/csv; charset=utf-8")
    name = f"lich-su-{localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class _Echo:
    """A file for `csv` that hands back what is written."""

    def write(self, line: str) -> str:
        return line


def _csv(asked: Asked) -> Iterator[str]:
    writer = csv.writer(_Echo())
    # Excel takes a file for UTF-8 only if it begins with this mark.
    yield "\ufeff" + writer.writerow(HEAD)
    for entry in inspection.every(asked):
        yield writer.writerow([safe(cell) for cell in _cells(entry)])


def _cells(entry: Entry) -> list[str]:
    return [
        f"{localtime(entry.mark.at):%d/%m/%Y %H:%M:%S}",
        inspection.SOURCES[entry.source],
        entry.told,
        entry.note,
        entry.task.code if entry.task else "",
        str((entry.task.lead_unit if entry.task else entry.unit) or ""),
        entry.by.signature if entry.by else "",
        entry.rows[0].change.origin if entry.rows else "",
        "\n".join(row.line for row in entry.rows) + ("\n…" if entry.more else ""),
    ]


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip()[:1] in {"=", "+", "-", "@"} or cell[:1] in "\t\r" else cell


@require_safe
def readings(request: Request) -> HttpResponse:
    """The inspector's own log; for an administrator the numbers."""
    require(may_see_readings(request.user))
    if request.user.role == Role.ADMINISTRATOR:
        days = readings_by_day(on=localdate())
        return render(request, "programmes/reading_counts.html", {"days": days})
    page = paginate(readings_of(request.user), request, per_page=50)
    context = {"page": page, "lines": [(row, READ.get(row.kind, row.kind)) for row in page]}
    return template(request, "programmes/readings.html", "programmes/_readings.html", context)


# What an address shows, for the log.
READ = {
    "programmes:home": "Trang đầu",
    "programmes:task-list": "Danh sách nhiệm vụ",
    "programmes:task-page": "Nhiệm vụ",
    "programmes:task-history": "Lịch sử nhiệm vụ",
    "programmes:evidence-file": "Tệp minh chứng",
    "programmes:programme-list": "Danh sách chương trình",
    "programmes:programme-page": "Chương trình",
    "programmes:history": "Lịch sử toàn hệ thống",
    "programmes:history-export": "Xuất lịch sử ra tệp",
    "programmes:history-transaction": "Các dòng đổi cùng lúc",
    "programmes:readings": "Nhật ký đọc",
    "programmes:search": "Tìm kiếm",
    "reports:dashboard": "Bảng điều hành",
    "reports:list": "Danh sách báo cáo",
    "reports:download": "Tệp báo cáo",
    "people:unit-list": "Danh sách đơn vị",
    "people:unit-page": "Đơn vị",
    "people:account": "Tài khoản",
}
