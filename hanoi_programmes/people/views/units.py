"""The tree of bodies and areas, each with its people and its past; and one's own account."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from hanoi_programmes.people import rules
from hanoi_programmes.people.http import Request
from hanoi_programmes.people.models import Area, Axis, CalendarDay, PlaceEvent, Unit
from hanoi_programmes.people.querysets import UnitQuerySet
from hanoi_programmes.people.roles import Level, Role
from hanoi_programmes.people.services.history import WORK
from hanoi_programmes.people.shapes import (
    UNITS,
    Branch,
    in_area,
    posts_of,
    tops_by_axis,
    tree_lines,
    unit_lines,
)
from hanoi_programmes.ui.choosing import asked
from hanoi_programmes.ui.htmx import template
from hanoi_programmes.ui.pages import paginate

EVENTS_SHOWN = 5


@require_safe
def account(request: Request) -> HttpResponse:
    """Who is signed in, with which role, where, and which posts are held today."""
    held = request.user.holdings.held(localdate()).select_related("post__unit")
    return render(request, "people/account.html", {"holdings": held})


@require_safe
def unit_list(request: Request) -> HttpResponse:
    """The tree of bodies, opened branch by branch; with a filter, the list of those it leaves."""
    units = Unit.objects.visible_to(request.user)
    chosen = {name: request.GET.get(name, "") for name in ("level", "axis", "area", "q")}
    if "under" in request.GET:
        return _branch(request, units)
    context: dict[str, Any] = {
        "axes": Axis.objects.all(),
        "areas": Area.objects.filter(ends_on__isnull=True),
        "levels": Level.choices,
        "chosen": chosen,
    }
    if not any(chosen.values()):
        context["tops"] = tops_by_axis(units, on=localdate())
        return render(request, "people/unit_list.html", context)
    page = paginate(_filtered(units, chosen), request, per_page=50)
    context |= {"page": page, "lines": unit_lines(list(page), on=localdate())}
    return template(request, "people/unit_list.html", "people/_unit_table.html", context)


def _filtered(units: UnitQuerySet, chosen: dict[str, str]) -> UnitQuerySet:
    rows = units.from_the_top()
    if chosen["level"] in Level.values:
        rows = rows.filter(level=chosen["level"])
    if chosen["axis"]:
        rows = rows.filter(axis__code=chosen["axis"])
    if chosen["area"]:
        rows = in_area(rows, chosen["area"])
    return rows.matching(chosen["q"])


def _branch(request: Request, units: UnitQuerySet) -> HttpResponse:
    """The units of one level right below a unit: a part of the tree, or a page of their own."""
    above = get_object_or_404(units, code=request.GET["under"])
    wanted = request.GET.get("level", "")
    rows = units.filter(parent=above).from_the_top().order_by("-is_active", "sort_key")
    if wanted in Level.values:
        rows = rows.filter(level=wanted)
    page = paginate(rows, request, per_page=50)
    level = Level(wanted) if wanted in Level.values else Level.CITY
    context = {
        "above": above,
        "branch": Branch(above, level, page.paginator.count),
        "page": page,
        "lines": tree_lines(list(page), on=localdate()),
    }
    return template(request, "people/unit_branch.html", "people/_unit_branch.html", context)


@require_safe
def choose_unit(request: Request) -> HttpResponse:
    """Units for a field of a form: those chosen in it, and those that its words fit."""
    units = Unit.objects.visible_to(request.user).active(localdate())
    return render(request, "components/found.html", {"found": asked(request, UNITS, units)})


@require_safe
def unit_page(request: Request, code: str) -> HttpResponse:
    """One body: place in the tree, who heads it on any day, posts, what became of it, its past."""
    units = Unit.objects.visible_to(request.user)
    unit = get_object_or_404(units.select_related("axis", "area", "merged_into"), code=code)
    today = localdate()
    day = _day(request.GET.get("on", ""), today)
    above = [name for name in unit.path.strip("/").split("/") if name != unit.code]
    context = {
        "unit": unit,
        "above": units.filter(code__in=above).order_by("path"),
        "asked": day,
        "today": today,
        "head_post": unit.posts.filter(is_head=True).first(),
        "head": rules.head_of(unit, on=day),
        "posts": posts_of(unit, on=today),
        "may_keep": bool(rules.may_keep_places(request.user)),
        "may_merge": request.user.role == Role.OFFICE and not unit.ends_on,
        "sees_work": rules.sees_work_of(request.user, unit),
        "merged": unit.merged.order_by("ends_on", "sort_key"),
        "events": _events(request, unit)[:EVENTS_SHOWN],
        "children": paginate(unit.children.order_by("level", "sort_key"), request, per_page=50),
    }
    return render(request, "people/unit_page.html", context)


def _events(request: Request, unit: Unit) -> QuerySet[PlaceEvent]:
    """The unit's past; what it did for programmes only for who sees its work."""
    rows = unit.events.select_related("by__unit")
    return rows if rules.sees_work_of(request.user, unit) else rows.exclude(kind__startswith=WORK)


def _day(text: str, today: date) -> date:
    """A day as browsers write it; anything else is today."""
    try:
        return parse_date(text) or today
    except ValueError:
        return today


@require_safe
def unit_history(request: Request, code: str) -> HttpResponse:
    """Who held which post of the unit, or what was changed; newest first, every row."""
    units = Unit.objects.visible_to(request.user)
    unit = get_object_or_404(units, code=code)
    context: dict[str, Any] = {"unit": unit, "shows": "holdings"}
    if request.GET.get("of") == "events":
        rows = _events(request, unit)
        context |= {"shows": "events", "page": paginate(rows, request, per_page=50)}
    else:
        held = rules.holdings_in(unit).select_related("post", "user")
        context["page"] = paginate(held, request, per_page=50)
    return template(request, "people/unit_history.html", "people/_unit_past.html", context)


@require_safe
def area_page(request: Request, code: str) -> HttpResponse:
    """One area: its units on the four axes with their heads, its days, what it grew out of."""
    area = get_object_or_404(Area.objects.select_related("merged_into"), code=code)
    rows = Unit.objects.visible_to(request.user).filter(area=area).select_related("axis")
    units = list(rows.order_by("axis__order", "sort_key"))
    context = {
        "area": area,
        "lines": unit_lines(units, on=localdate()),
        "may_merge": request.user.role == Role.OFFICE and not area.ends_on,
        "sees_work": any(rules.sees_work_of(request.user, unit) for unit in units),
        "merged": area.merged.order_by("ends_on", "sort_key"),
        "page": paginate(area.events.select_related("by__unit"), request, per_page=25),
    }
    return render(request, "people/area_page.html", context)


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
