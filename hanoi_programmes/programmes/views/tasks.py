"""The task list, the task page and its whole history."""

from typing import Any

from django.core.paginator import Page
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from hanoi_programmes.people.http import Request
from hanoi_programmes.people.models import Axis
from hanoi_programmes.people.rules import may_inspect
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.filters import LEVELS, SPECIALS, TaskFilter, task_counts
from hanoi_programmes.programmes.http import task_or_404, tasks_of
from hanoi_programmes.programmes.models import Resolution, Task
from hanoi_programmes.programmes.services.bulk import MOST
from hanoi_programmes.programmes.services.inspection import Asked
from hanoi_programmes.programmes.shapes import Below, below_parts, belows, fillable, line, lines
from hanoi_programmes.programmes.shapes.thread import thread_of
from hanoi_programmes.programmes.states import bulk_moves
from hanoi_programmes.programmes.timeliness import Group
from hanoi_programmes.programmes.views.drafts import opened_report
from hanoi_programmes.programmes.views.inspection import chapter_context
from hanoi_programmes.programmes.views.saved import strip_of
from hanoi_programmes.programmes.views.verification import verify_context
from hanoi_programmes.ui.htmx import template
from hanoi_programmes.ui.pages import paginate

HISTORY_SHOWN = 8
# More moves than these are a list to choose from.
_BUTTONS = 4
CHILDREN_SHOWN = 12
_DONE = (Group.COMPLETED_ON_TIME, Group.COMPLETED_LATE)
# Verification has a panel, submission is a choice of the update form, acknowledging a button.
_OWN_PLACE = frozenset({"acknowledge", "accept", "return", "submit"})


@require_safe
def task_list(request: Request) -> HttpResponse:
    """Views, filters, chips, rows: any figure of the product opens here to exactly its rows."""
    today = localdate()
    asked = TaskFilter.read(request.GET, today=today)
    rows = asked.apply(tasks_of(request), request.user).select_related(
        "lead_unit__axis", "programme__resolution"
    )
    page = paginate(rows, request, per_page=25)
    counts = task_counts(request.user, today)
    context = {
        "asked": asked,
        "page": page,
        "lines": lines(page.object_list, on=asked.on, below=_below(request, asked, page)),
        "bulk": _bulk(request, asked, page),
        "chips": asked.chips(),
        "counts": counts,
        "views": _views(asked, counts),
        "saved": strip_of(request.user, asked),
        "groups": Group.choices,
        "levels": LEVELS.items(),
        "specials": [(key, label) for key, (label, _) in SPECIALS.items()],
        "resolutions": Resolution.objects.all(),
        "axes": Axis.objects.all(),
    }
    return template(request, "programmes/task_list.html", "programmes/_task_table.html", context)


def _bulk(request: Request, asked: TaskFilter, page: Page[Task]) -> dict[str, Any]:
    """What the bar under the rows offers: moves of the reader's role, on rows as they are today."""
    moves = bulk_moves(request.user.role) if asked.on == asked.today else []
    return {
        "moves": moves,
        "is_short": len(moves) <= _BUTTONS,
        "ticked": request.GET.get("ticked") == str(page.number),
        "all": page.paginator.count if page.has_other_pages() else 0,
        "is_too_many": page.paginator.count > MOST,
        "most": MOST,
        "filter": [(name, value) for name, values in asked.raw.items() for value in values],
    }


_VIEWS = (Group.OVERDUE, Group.DUE_SOON, Group.AWAITING, Group.NO_DEADLINE, Group.IN_TERM)


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
def task_page(request: Request, pk: int) -> HttpResponse:
    """One task: six rõ, update, evidence, obstacles, thread from the resolution, history."""
    task = task_or_404(request, pk)
    return render(request, "programmes/task_page.html", task_context(request, task))


def task_context(request: Request, task: Task) -> dict[str, Any]:
    """All that the task page shows; shared with the views that answer with a part of it."""
    today = localdate()
    clear = rules.six_clear(task, on=today)
    moves = rules.moves_for(request.user, task, on=today)
    events = task.events.select_related("by__unit")
    may_report = rules.may_report(request.user, task, on=today)
    return (
        {
            "task": task,
            "today": today,
            "line": line(task, on=today),
            "clear": clear,
            "may_fill": bool(rules.may_change(request.user, task)),
            "fillable": fillable(task),
            "clear_count": sum(item.is_met for item in clear),
            "moves": moves,
            "more_moves": [move for move in moves if move.name not in _OWN_PLACE],
            "may_report": may_report,
            "report_form": opened_report(request, task) if may_report else None,
            "last_report": task.reports.select_related("by__unit").first(),
            "evidence": task.evidence.select_related("report__by__unit", "verdict_by__unit"),
            "decided": thread_of(task, request.user, on=today),
            "participants": task.participants.select_related("unit"),
            "head_then": rules.head_then(task, on=today),
            "events": events[:HISTORY_SHOWN],
            "events_count": events.count(),
        }
        | verify_context(request, task)
        | _family(request, task)
    )


def _below(request: Request, asked: TaskFilter, page: Page[Task]) -> dict[int, Below]:
    """How the tasks below each row stand today; of a past day the list does not say it."""
    ids = [task.pk for task in page.object_list]
    shown = ids if asked.on == asked.today else []
    return belows(Task.objects.visible_to(request.user), shown, on=asked.on)


def _family(request: Request, task: Task) -> dict[str, Any]:
    """The thread above, and the tasks below with how many are done."""
    above = Task.objects.visible_to(request.user).filter(pk__in=task.ancestors)
    children = Task.objects.visible_to(request.user).filter(parent=task).issued()
    today = localdate()
    below = children.with_group(today).select_related("lead_unit").by_urgency()
    counts = below.tally("group")
    groups = {group: counts[group] for group in Group if group in counts}
    parts = below_parts(Task.objects.visible_to(request.user), task, on=today)
    worst = below.in_groups(Group.OVERDUE, Group.AWAITING, Group.DUE_SOON)
    return {
        "below_parts": parts,
        "cascades": task.cascades.filter(undone_on=None).select_related("by"),
        "may_fan_out": rules.may_fan_out(request.user, task, on=today),
        "ancestors": list(above.with_children().select_related("lead_unit").order_by("pk")),
        "children": lines(worst[:CHILDREN_SHOWN], on=today),
        "children_groups": groups,
        "children_total": sum(groups.values()),
        "children_done": sum(groups.get(key, 0) for key in _DONE),
        "documents": task.programme.documents.filter(number=task.source_document),
    }


@require_safe
def task_history(request: Request, pk: int) -> HttpResponse:
    """Every event of the task, newest first; for the inspector with the rows behind each."""
    task = task_or_404(request, pk)
    if may_inspect(request.user):
        asked = Asked.read({"after": request.GET.get("after", "")}, task=task.pk)
        context = {"task": task} | chapter_context(asked)
        page = "programmes/task_inspection.html"
        return template(request, page, "programmes/_history_list.html", context)
    page_of_events = paginate(task.events.select_related("by__unit"), request, per_page=50)
    context = {"task": task, "page": page_of_events}
    return template(request, "programmes/task_history.html", "programmes/_events.html", context)
