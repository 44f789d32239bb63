"""Who was reminded of a task."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from hanoi_programmes.people.http import Request
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.reminders.models import Reminder
from hanoi_programmes.reminders.shapes import urged
from hanoi_programmes.ui.htmx import template

# Enough for a year of one task; the ledger keeps the rest.
_PANEL_ROWS = 300


@require_safe
def task_panel(request: Request, pk: int) -> HttpResponse:
    """Who was reminded of a task, when and of what."""
    task = get_object_or_404(Task.objects.visible_to(request.user), pk=pk)
    rows = Reminder.objects.told().filter(task=task).select_related("recipient", "mail")
    context = {"task": task, "entries": urged(rows[:_PANEL_ROWS])}
    return template(request, "reminders/task_reminders.html", "reminders/_task_panel.html", context)
