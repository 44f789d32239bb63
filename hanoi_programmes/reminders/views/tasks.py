"""The thread of a task: who was reminded, urged and asked, and what was answered."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from hanoi_programmes.people.http import Request
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.reminders.models import Reminder
from hanoi_programmes.reminders.rules import is_urgeable, may_urge
from hanoi_programmes.reminders.shapes import Said, thread
from hanoi_programmes.ui.htmx import template

# Enough for a year of one task; the ledger keeps the rest.
_PANEL_ROWS = 300
# The panel of the task's page; the page of its own shows all.
_SHOWN = 12


@require_safe
def task_panel(request: Request, pk: int) -> HttpResponse:
    """Reminders, urgings, directions and answers of a task, newest first."""
    task = get_object_or_404(Task.objects.visible_to(request.user), pk=pk)
    reminders = Reminder.objects.told().filter(task=task).select_related("recipient", "mail")
    said = Said(
        reminders=reminders[:_PANEL_ROWS],
        urgings=task.urgings.select_related("by__unit")[:_PANEL_ROWS],
        directions=task.directions.select_related(
            "unit", "by__unit", "answered_by__unit", "closed_by__unit"
        )[:_PANEL_ROWS],
        answers=task.answer_links.filter(used_at__isnull=False)
        .select_related("recipient__unit")
        .order_by("-used_at")[:_PANEL_ROWS],
    )
    entries = thread(said)
    context = {
        "task": task,
        "entries": entries,
        "shown": f":{_SHOWN}",
        "older": entries[_SHOWN:],
        "may_urge": may_urge(request.user) and is_urgeable(task),
    }
    return template(request, "reminders/task_reminders.html", "reminders/_task_panel.html", context)
