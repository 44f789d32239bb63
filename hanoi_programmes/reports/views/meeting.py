"""The dashboard for a big screen in a meeting: first the numbers, then one exception at a time."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from hanoi_programmes.lib.verdict import require
from hanoi_programmes.people.http import Request
from hanoi_programmes.people.rules import may_see_programmes
from hanoi_programmes.reports.figures import matters, overview, rows_of, stuck
from hanoi_programmes.reports.forms import DashboardForm
from hanoi_programmes.reports.views.acts import directing
from hanoi_programmes.reports.views.dashboard import asked, tabs_of
from hanoi_programmes.reports.views.tiles import tiles

# A meeting does not go through more; the list has the others.
SLIDES = 60
# Title and obstacle together; longer ones are set smaller, so that five facts fit the screen.
LONG = 260


@dataclass(frozen=True, slots=True)
class Walk:
    """Where the meeting is: the screen (0 is the one of the numbers), how many there are, and the
    addresses of the others; empty where there is none."""

    number: int
    count: int
    total: int
    previous: str
    next: str
    first: str
    close: str

    @property
    def is_cut(self) -> bool:
        """There are more exceptions than screens."""
        return self.total > self.count


@require_safe
def meeting(request: Request) -> HttpResponse:
    """The numbers, or the exception of the number that the address names."""
    require(may_see_programmes(request.user))
    form = asked(request)
    total = rows_of(form.scope, form.view).count()
    walk = _walk(form, _number(request.GET.get("slide", ""), min(total, SLIDES)), total)
    shown = _exception(form, walk) if walk.number else _numbers(form)
    return render(request, "reports/meeting.html", {"form": form, "walk": walk} | shown)


def _number(text: str, count: int) -> int:
    """A screen that there is; anything else is the first one."""
    return min(int(text[:4]), count) if text.isascii() and text.isdecimal() else 0


def _walk(form: DashboardForm, number: int, total: int) -> Walk:
    count = min(total, SLIDES)
    query = form.address()
    close = reverse("reports:dashboard")
    return Walk(
        number=number,
        count=count,
        total=total,
        previous=_at(form, number - 1) if number else "",
        next=_at(form, number + 1) if number < count else "",
        first=_at(form, 0) if number else "",
        close=f"{close}?{query}" if query else close,
    )


def _at(form: DashboardForm, number: int) -> str:
    asked_for = [part for part in (form.address(), f"slide={number}" if number else "") if part]
    return reverse("reports:meeting") + ("?" + "&".join(asked_for) if asked_for else "")


def _numbers(form: DashboardForm) -> dict[str, Any]:
    scope = form.scope
    figures = overview(scope)
    return {
        "scope": scope,
        "figures": figures,
        "tiles": tiles(scope, figures),
        "stuck": stuck(scope),
        "tabs": tabs_of(form, figures),
    }


def _exception(form: DashboardForm, walk: Walk) -> dict[str, Any]:
    found = matters(form.scope, form.view, limit=1, skip=walk.number - 1)
    matter = found[0] if found else None
    is_long = matter is not None and len(matter.text) + len(matter.obstacle) > LONG
    origin = "meeting?" + _at(form, walk.number).partition("?")[2]
    return {
        "scope": form.scope,
        "view": form.view,
        "matter": matter,
        "is_long": is_long,
        "act": directing(form.scope, matter, origin) if matter else None,
    }
