"""The edge: the scoped task of an address, and the user's act as services take it."""

from django.http import Http404

from hanoi_programmes.lib.verdict import require
from hanoi_programmes.people.http import Request
from hanoi_programmes.people.http import act_of as act_of
from hanoi_programmes.people.rules import may_see_programmes
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.querysets import TaskQuerySet


def tasks_of(request: Request) -> TaskQuerySet:
    """The tasks that the request's user may see; an administrator is told why there are none."""
    require(may_see_programmes(request.user))
    return Task.objects.visible_to(request.user)


def task_or_404(request: Request, pk: int) -> Task:
    """The task if the user may see it; what may not be seen does not exist."""
    rows = tasks_of(request).select_related(
        "lead_unit__area",
        "lead_unit__axis",
        "officer",
        "programme__resolution",
        "task_group",
        "parent__lead_unit",
        "submitted_by__unit",
    )
    task = rows.filter(pk=pk).first()
    if task is None:
        raise Http404
    return task
