"""Programmes with their groups, tasks, documents and targets, each with its source."""

from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
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
from hanoi_programmes.programmes.shapes.groups import group_blocks
from hanoi_programmes.programmes.shapes.issuances import group_plans
from hanoi_programmes.programmes.states import OUTSIDE
from hanoi_programmes.ui.htmx import template
from hanoi_programmes.ui.pages import paginate

# No group of a programme has a number with more figures.
_LONGEST_NUMBER = 5


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
    context: dict[str, Any] = {"programme": programme, "may_plan": rules.may_plan(request.user)}
    if "group" in request.GET:
        return _group_page(request, context, rows)
    context |= _clear(request, rows, today) | {
        "blocks": group_blocks(programme, rows, on=today),
        "city_targets": programme.targets.all(),
        "national_targets": programme.resolution.targets.all(),
        "documents": programme.documents.all(),
        "plans": group_plans(request.user, programme, on=today),
    }
    return template(request, "programmes/programme_page.html", "programmes/_gaps.html", context)


def _group_page(request: Request, context: dict[str, Any], rows: TaskQuerySet) -> HttpResponse:
    """Every task of one group, page by page, the most urgent first."""
    asked = request.GET["group"]
    number = int(asked) if asked.isdecimal() and len(asked) < _LONGEST_NUMBER else 0
    group = get_object_or_404(TaskGroup, programme=context["programme"], number=number)
    of_group = rows.filter(task_group=group).by_urgency().select_related("lead_unit")
    page = paginate(of_group, request, per_page=50)
    shown = {"group": group, "page": page, "lines": lines(page.object_list, on=localdate())}
    name = "programmes/programme_group.html"
    return template(request, name, "programmes/_group_rows.html", context | shown)


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
