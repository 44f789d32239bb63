"""The public list of bodies and areas, and one's own account."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from hanoi_programmes.people import rules
from hanoi_programmes.people.http import Request
from hanoi_programmes.people.models import Area, Axis, CalendarDay, Unit
from hanoi_programmes.people.roles import Level
from hanoi_programmes.people.shapes import UNITS
from hanoi_programmes.ui.choosing import asked
from hanoi_programmes.ui.htmx import template
from hanoi_programmes.ui.pages import paginate


@require_safe
def account(request: Request) -> HttpResponse:
    """Who is signed in, with which role, where, and which posts are held today."""
    held = request.user.holdings.held(localdate()).select_related("post__unit")
    return render(request, "people/account.html", {"holdings": held})


@require_safe
def unit_list(request: Request) -> HttpResponse:
    """All bodies with source and confidence; by level, axis and words."""
    units = Unit.objects.visible_to(request.user).from_the_top()
    chosen = {name: request.GET.get(name, "") for name in ("level", "axis", "q")}
    if chosen["level"] in Level.values:
        units = units.filter(level=chosen["level"])
    if chosen["axis"]:
        units = units.filter(axis__code=chosen["axis"])
    if chosen["q"]:
        units = units.matching(chosen["q"])
    context: dict[str, Any] = {
        "page": paginate(units, request, per_page=50),
        "axes": Axis.objects.all(),
        "levels": Level.choices,
        "chosen": chosen,
    }
    return template(request, "people/unit_list.html", "people/_unit_table.html", context)


@require_safe
def choose_unit(request: Request) -> HttpResponse:
    """Units for a field of a form: those chosen in it, and those that its words fit."""
    units = Unit.objects.visible_to(request.user).active(localdate())
    return render(request, "components/found.html", {"found": asked(request, UNITS, units)})


@require_safe
def unit_page(request: Request, code: str) -> HttpResponse:
    """One body: place in the tree, head today, what stands below, source."""
    units = Unit.objects.visible_to(request.user).select_related("axis", "area", "parent")
    unit = get_object_or_404(units, code=code)
    below = unit.children.order_by("level", "sort_key")
    context = {
        "unit": unit,
        "head_post": unit.posts.filter(is_head=True).first(),
        "head": rules.head_of(unit, on=localdate()),
        "children": paginate(below, request, per_page=50),
    }
    return render(request, "people/unit_page.html", context)


@require_safe
def reference(request: Request) -> HttpResponse:
    """Axes, the 126 areas with official codes, and the working calendar, each with its source."""
    areas = Area.objects.prefetch_related("units__axis")
    context = {
        "axes": Axis.objects.all(),
        "page": paginate(areas, request, per_page=50),
        "days": CalendarDay.objects.filter(day__year__gte=localdate().year),
    }
    return template(request, "people/reference.html", "people/_area_table.html", context)
