"""The leader's page: what needs a decision, then how things stand."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from hanoi_programmes.lib.verdict import require
from hanoi_programmes.people.http import Request
from hanoi_programmes.people.rules import may_see_programmes
from hanoi_programmes.programmes.querysets import Choice
from hanoi_programmes.programmes.timeliness import COME_DUE, DUE_SOON, Group
from hanoi_programmes.reports import charts
from hanoi_programmes.reports.figures import (
    Overview,
    Part,
    Scope,
    View,
    address_of,
    group_address,
    matters,
    overview,
)
from hanoi_programmes.reports.forms import DashboardForm
from hanoi_programmes.ui.htmx import template
from hanoi_programmes.ui.templatetags.ui import number, percent, signed

MATTERS_SHOWN = 6
UNITS_SHOWN = 8
ON_TIME_RULE = (
    "Hoàn thành đúng hạn trên số đã đến hạn (hoàn thành đúng hạn, hoàn thành quá hạn và quá hạn)"
)


@dataclass(frozen=True, slots=True)
class Kpi:
    """One number on top: where it leads, its words, its change since a week before."""

    url: str
    label: str
    value: str
    kind: str = ""
    icon: str = ""
    change: str = ""
    note: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One reason for attention, with the number of its tasks."""

    key: str
    label: str
    count: int
    current: bool


@require_safe
def dashboard(request: Request) -> HttpResponse:
    """Figures of what the reader sees, as of today or a past day; each number opens its rows."""
    require(may_see_programmes(request.user))
    today = localdate()
    form = DashboardForm(request.GET, today=today)
    scope = _scope(request, form)
    view = _view(request)
    figures = overview(scope)
    context = {
        "form": form,
        "scope": scope,
        "figures": figures,
        "view": view,
        "tabs": _tabs(figures, view),
        "matters": matters(scope, view, limit=MATTERS_SHOWN),
        "matters_url": address_of(scope, view),
        "kpis": _kpis(scope, figures),
        **_drawings(figures),
    }
    status = 422 if form.errors else 200
    return template(
        request, "reports/dashboard.html", "reports/_figures.html", context, status=status
    )


def _scope(request: Request, form: DashboardForm) -> Scope:
    """What the form asks for; a refused field falls back to today and to all resolutions."""
    form.full_clean()
    return Scope(
        user=request.user,
        on=form.cleaned_data.get("on") or form.today,
        today=form.today,
        choice=Choice(resolution=form.cleaned_data.get("resolution", "")),
    )


def _view(request: Request) -> View:
    asked = request.GET.get("view", "")
    return View(asked) if asked in View.values else View.OVERDUE


def _tabs(figures: Overview, current: View) -> list[Tab]:
    counts = {
        View.OVERDUE: figures.tally.overdue,
        View.BLOCKED: figures.blocked.number,
        View.SILENT: figures.silent,
        View.RETURNED: figures.returned,
    }
    return [Tab(view.value, view.label, counts[view], view == current) for view in View]


def _drawings(figures: Overview) -> dict[str, object]:
    return {
        "curve_large": charts.curve(figures.curve, charts.LARGE),
        "curve_small": charts.curve(figures.curve, charts.SMALL),
        "standing": charts.standing(figures.curve),
        "axes": _drawn(figures.axes),
        "resolutions": _drawn(figures.resolutions),
        "units_shown": figures.units[:UNITS_SHOWN],
        "units_more": figures.units[UNITS_SHOWN:],
    }


def _drawn(parts: tuple[Part, ...]) -> list[tuple[Part, str]]:
    return [(part, charts.bar(part.tally)) for part in parts]


def _kpis(scope: Scope, figures: Overview) -> list[Kpi]:
    """Late first; each number leads to its rows."""
    return [
        Kpi(
            url=group_address(scope, Group.OVERDUE),
            label="Quá hạn",
            value=number(figures.tally.overdue),
            # Red only for what is late: a zero is good news.
            kind="late" if figures.tally.overdue else "none",
            icon="s-late",
            change=_change(figures, "overdue"),
            note=_serious(figures),
            rule="Chưa hoàn thành và đã qua thời hạn",
        ),
        Kpi(
            url=address_of(scope, View.BLOCKED),
            label="Chờ quyết định",
            value=number(figures.blocked.number),
            kind="wait",
            icon="gavel",
            change=_change(figures, "blocked"),
            note=_longest(figures),
            rule="Có vướng mắc chưa được cấp có thẩm quyền trả lời",
        ),
        Kpi(
            url=address_of(scope, View.SILENT),
            label="Không cập nhật",
            value=number(figures.silent),
            kind="none",
            icon="s-none",
            change=_change(figures, "silent"),
            note=f"quá {settings.SILENT_DAYS} ngày",
            rule=f"Chưa hoàn thành, không có báo cáo trong {settings.SILENT_DAYS} ngày",
        ),
        *_standing(scope, figures),
    ]


def _standing(scope: Scope, figures: Overview) -> list[Kpi]:
    tally = figures.tally
    return [
        Kpi(
            url=group_address(scope, Group.DUE_SOON),
            label="Sắp đến hạn",
            value=number(tally.due_soon),
            kind="soon",
            icon="s-soon",
            change=_change(figures, "due_soon"),
            note=f"trong {DUE_SOON.days} ngày tới",
        ),
        Kpi(
            url=group_address(scope, *COME_DUE),
            label="Đúng hạn",
            value=percent(tally.on_time.rate, 0),
            kind="done",
            icon="s-done",
            change=_points(figures),
            note=f"{number(tally.on_time.part)}/{number(tally.due)} việc đến hạn",
            rule=f"{ON_TIME_RULE}. Theo hạn gốc: {percent(tally.on_time_original.rate)}",
        ),
        Kpi(
            url=scope.query(),
            label="Tổng nhiệm vụ",
            value=number(tally.total),
            change=_change(figures, "total"),
            note=f"{number(tally.completed)} hoàn thành",
            rule="Nhiệm vụ đã giao, không kể dự thảo và đã hủy",
        ),
    ]


def _change(figures: Overview, name: str) -> str:
    change = figures.change(name)
    return "" if change is None else signed(change)


def _points(figures: Overview) -> str:
    points = figures.change_of_rate
    return "" if points is None else f"{signed(round(points))} điểm"


def _serious(figures: Overview) -> str:
    if not figures.tally.overdue:
        return "không có việc quá hạn"
    return f"{number(figures.serious)} việc quá {settings.SERIOUSLY_LATE_DAYS} ngày"


def _longest(figures: Overview) -> str:
    return f"lâu nhất {figures.blocked.longest} ngày" if figures.blocked.number else "không có"
