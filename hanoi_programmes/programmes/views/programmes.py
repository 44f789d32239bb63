"""Programmes with their groups, tasks, documents and targets, each with its source."""

from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from hanoi_programmes.lib.verdict import require
from hanoi_programmes.people.http import Request
from hanoi_programmes.people.rules import may_see_programmes
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.http import tasks_of
from hanoi_programmes.programmes.models import ActionProgramme, TaskGroup
from hanoi_programmes.programmes.querysets import TaskQuerySet
from hanoi_programmes.programmes.querysets.clear import ANY
from hanoi_programmes.programmes.shapes import clear_score, gaps, lines
from hanoi_programmes.programmes.states import OUTSIDE
from hanoi_programmes.ui.htmx import template
from hanoi_programmes.ui.pages import paginate


@require_safe
def programme_list(request: Request) -> HttpResponse:
    """The action programmes: issued ones by number, drafts said to be drafts."""
    require(may_see_programmes(request.user))
    city = Q(tasks__parent__isnull=True) & ~Q(tasks__state__in=OUTSIDE)
    programmes = (
        ActionProgramme.objects.visible_to(request.user)
        .select_related("resolution")
        .annotate(task_count=Count("tasks", filter=city))
    )
    return render(request, "programmes/programme_list.html", {"programmes": programmes})


@require_safe
def programme_page(request: Request, key: str) -> HttpResponse:
    """One programme: groups with their city tasks, documents, targets; national ones marked so."""
    tasks = tasks_of(request)
    today = localdate()
    programmes = ActionProgramme.objects.visible_to(request.user).select_related("resolution")
    programme = programmes.filter(key=key).first()
    if programme is None:
        raise Http404
    rows = tasks.filter(programme=programme, parent__isnull=True).with_group(today)
    shaped = lines(rows.select_related("lead_unit").order_by("code"), on=today)
    groups = [
        (group, [line for line in shaped if line.task.task_group_id == group.pk])
        for group in TaskGroup.objects.filter(programme=programme)
    ]
    context = _clear(request, rows, today) | {
        "may_plan": rules.may_plan(request.user),
        "programme": programme,
        "groups": groups,
        "city_targets": programme.targets.all(),
        "national_targets": programme.resolution.targets.all(),
        "documents": programme.documents.all(),
    }
    return template(request, "programmes/programme_page.html", "programmes/_gaps.html", context)


def _clear(request: Request, rows: TaskQuerySet, today: date) -> dict[str, Any]:
    """How clear the programme's tasks are: for those who see them all, as no figure is a part."""
    if not request.user.sees_all:
        return {"score": None, "gaps": []}
    worst = rows.lacking(ANY, today).worst_first()
    page = paginate(worst.select_related("lead_unit", "officer"), request, per_page=10)
    return {
        "score": clear_score(rows, on=today),
        "gap_page": page,
        "gaps": gaps(page.object_list, on=today),
        "may_fill": rules.may_plan(request.user),
    }
