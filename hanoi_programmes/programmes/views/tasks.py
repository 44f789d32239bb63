"""The task list, the task page and its whole history."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from hanoi_programmes.people.http import Request
from hanoi_programmes.people.rules import may_inspect
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.http import task_or_404
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.services.inspection import Asked
from hanoi_programmes.programmes.shapes import below_parts, fillable, line, lines
from hanoi_programmes.programmes.shapes.thread import thread_of
from hanoi_programmes.programmes.timeliness import Group
from hanoi_programmes.programmes.views.drafts import opened_report
from hanoi_programmes.programmes.views.inspection import chapter_context
from hanoi_programmes.programmes.views.verification import verify_context
from hanoi_programmes.ui.htmx import template
from hanoi_programmes.ui.pages import paginate

HISTORY_SHOWN = 8
CHILDREN_SHOWN = 12
_DONE = (Group.COMPLETED_ON_TIME, Group.COMPLETED_LATE)
# Verification has a panel, submission is a choice of the update form, acknowledging a button.
_OWN_PLACE = frozenset({"acknowledge", "accept", "return", "submit"})


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
