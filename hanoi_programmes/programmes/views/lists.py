"""The task list: views, filters, chips, columns, rows; and the same rows as a spreadsheet."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from hanoi_programmes.people.http import Request
from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.filters import FilterForm, TaskFilter, task_counts
from hanoi_programmes.programmes.http import tasks_of
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.services.bulk import MOST
from hanoi_programmes.programmes.shapes import Below, belows, lines, sheet
from hanoi_programmes.programmes.shapes.columns import (
    COLUMNS,
    about,
    extra_cells,
    read_columns,
)
from hanoi_programmes.programmes.states import Actor, Move, bulk_moves
from hanoi_programmes.programmes.timeliness import Group
from hanoi_programmes.programmes.views.saved import strip_of
from hanoi_programmes.ui.htmx import template
from hanoi_programmes.ui.pages import paginate

# More moves than these are a list to choose from.
_BUTTONS = 4
# A spreadsheet of so many rows takes some seconds; more come as a stream of text at once.
MOST_IN_SHEET = 5_000
_VIEWS = (Group.OVERDUE, Group.DUE_SOON, Group.AWAITING, Group.NO_DEADLINE, Group.IN_TERM)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def task_list(request: Request) -> HttpResponse:
    """Views, filters, chips, rows: any figure of the product opens here to exactly its rows."""
    today = localdate()
    asked = TaskFilter.read(request.GET, today=today)
    if _is_untidy(request, asked):
        return redirect(f"{request.path}?{asked.address}")
    # Keys alone are sorted and skipped; only the rows of the page are fetched whole.
    page = paginate(asked.keys(tasks_of(request), request.user), request, per_page=25)
    counts = task_counts(request.user, today)
    context = {
        "asked": asked,
        "page": page,
        "form": FilterForm(asked, user=request.user),
        "chips": asked.chips(),
        "counts": counts,
        "views": _views(asked, counts),
        "saved": strip_of(request.user, asked),
        "bulk": _bulk(request, asked, page),
        "most_in_sheet": MOST_IN_SHEET,
        **_rows(request, asked, page),
    }
    return template(request, "programmes/task_list.html", "programmes/_task_table.html", context)


def _is_untidy(request: Request, asked: TaskFilter) -> bool:
    """The filter's form sends every field, also the empty ones: the address to share has none."""
    return "" in request.GET.values() or asked.has_usual_columns


def _rows(request: Request, asked: TaskFilter, page: Page[int]) -> dict[str, Any]:
    """The rows of a page, each with the cells that are chosen."""
    keys = read_columns(asked.raw.get("columns", []))
    tasks = asked.found(list(page.object_list))
    known = about(tasks, keys)
    shaped = lines(tasks, on=asked.on, below=_below(request, asked, tasks))
    return {
        "columns": keys,
        "extra": [COLUMNS[key] for key in keys if not COLUMNS[key].is_drawn],
        "rows": [
            (line, extra_cells(line, known, keys), known.extensions.get(line.task.pk))
            for line in shaped
        ],
    }


def _below(request: Request, asked: TaskFilter, tasks: list[Task]) -> dict[int, Below]:
    """How the tasks below each row stand today; of a past day the list does not say it."""
    ids = [task.pk for task in tasks]
    shown = ids if asked.on == asked.today else []
    return belows(Task.objects.visible_to(request.user), shown, on=asked.on)


def _bulk(request: Request, asked: TaskFilter, page: Page[int]) -> dict[str, Any]:
    """What the bar under the rows offers: the reader's moves, on rows as they are today."""
    moves = _moves(request.user) if asked.on == asked.today else []
    return {
        "moves": moves,
        "is_short": len(moves) <= _BUTTONS,
        "ticked": request.GET.get("ticked") == str(page.number),
        "all": page.paginator.count if page.has_other_pages() else 0,
        "is_too_many": page.paginator.count > MOST,
        "most": MOST,
        "filter": [(name, value) for name, values in asked.raw.items() for value in values],
    }


def _moves(user: User) -> list[Move]:
    """Those of the role; a unit that gave no work to others has nobody's work to confirm, and the
    verb would look like a way to finish its own."""
    moves = bulk_moves(user.role)
    if user.sees_by_unit and not Task.objects.given_by(user).exists():
        moves = [move for move in moves if move.actor != Actor.VERIFIER]
    return moves


def _views(asked: TaskFilter, counts: dict[str, int]) -> list[dict[str, Any]]:
    """The strip of ready filters: what needs its reader, with counts."""
    alone = set(asked.raw) == {"group"}
    return [
        {
            "key": group.value,
            "label": group.label,
            "count": counts[group],
            "current": alone and asked.groups == (group,),
        }
        for group in _VIEWS
    ]


@require_safe
def export(request: Request) -> HttpResponseBase:
    """Exactly the rows of the list as a file: the same conditions, order and columns; or only
    those ticked. A spreadsheet, or for very many rows text that every spreadsheet opens."""
    asked = TaskFilter.read(request.GET, today=localdate())
    rows = asked.apply(tasks_of(request), request.user)
    ticked = [pk for pk in request.GET.getlist("task") if pk.isdecimal() and len(pk) < 19]
    rows = rows.filter(pk__in=ticked) if ticked and "all" not in request.GET else rows
    ids = list(rows.values_list("pk", flat=True))
    keys = read_columns(asked.raw.get("columns", []))
    name = f"nhiem-vu-{asked.on:%Y%m%d}"
    found = sheet.Listed(request.user, asked.on, tuple(chip.label for chip in asked.chips()), keys)
    if len(ids) > MOST_IN_SHEET:
        lines_of_text = sheet.as_text(found, _in_parts(asked, ids))
        answer = StreamingHttpResponse(lines_of_text, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return answer
    content = sheet.as_sheet(found, _in_parts(asked, ids), len(ids))
    return HttpResponse(
        content,
        content_type=_XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'},
    )


def _in_parts(asked: TaskFilter, ids: list[int]) -> Iterator[list[Task]]:
    """The tasks in the order of their keys, a page at a time: memory does not grow with them."""
    pages = Paginator(ids, 500)
    for number in pages.page_range:
        yield asked.found(list(pages.page(number).object_list))
