"""Wards and communes by what they were given: one page, and the same as a spreadsheet."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate, localtime
from django.views.decorators.http import require_safe

from hanoi_programmes.lib.verdict import require
from hanoi_programmes.people.http import Request
from hanoi_programmes.people.models import Axis
from hanoi_programmes.people.rules import may_see_programmes
from hanoi_programmes.programmes.models import Resolution
from hanoi_programmes.programmes.timeliness import COME_DUE, Group
from hanoi_programmes.reports import charts, xlsx
from hanoi_programmes.reports.figures import By, Matrix, Only, Order, Scope, matrix
from hanoi_programmes.reports.filters import ALL, KINDS, MatrixFilter
from hanoi_programmes.ui.htmx import template

# More would neither fit a screen nor 150 KB; the page says how many it left out.
MOST_COLUMNS = 40
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Sort:
    """A column head that sorts: where it leads, and the way it sorts now, empty when not."""

    url: str
    now: str

    @property
    def icon(self) -> str:
        """The arrow of the way it sorts."""
        return "asc" if self.now == "ascending" else "desc"


@require_safe
def matrix_page(request: Request) -> HttpResponse:
    """Areas × tasks or programmes that the reader sees, as of a day; exceptions open their rows."""
    asked, scope = _asked(request)
    whole = matrix(scope, asked.by, most=MOST_COLUMNS)
    shown = whole.arranged(order=asked.order, words=asked.name, only=asked.only)
    pick = _pick(asked, whole)
    context = {
        "asked": asked,
        "scope": scope,
        "matrix": shown,
        "whole": whole,
        "heads": charts.heads(shown, pick),
        "totals": charts.totals(whole, scope, pick),
        "lines": charts.lines(shown, scope, pick),
        "picks": _picks(asked, whole, pick),
        "sorts": _sorts(asked),
        "links": _links(asked, scope),
        "chips": asked.chips(),
        "most": MOST_COLUMNS,
        "serious": settings.SERIOUSLY_LATE_DAYS,
        **_offered(asked),
    }
    response = template(request, "reports/matrix.html", "reports/_matrix.html", context)
    # A form sends its empty fields too: the address keeps what was asked for.
    response["HX-Push-Url"] = reverse("reports:matrix") + asked.address().rstrip("?")
    return response


@require_safe
def export(request: Request) -> HttpResponse:
    """What the page shows, all columns, as a spreadsheet."""
    asked, scope = _asked(request)
    whole = matrix(scope, asked.by)
    shown = whole.arranged(order=asked.order, words=asked.name, only=asked.only)
    conditions = [chip.label for chip in asked.chips()]
    made = xlsx.Made(by=request.user, at=localtime(), illustrative=settings.ILLUSTRATIVE)
    content = xlsx.matrix_sheet(shown, scope, made=made, conditions=conditions)
    response = HttpResponse(content, content_type=_XLSX)
    name = f"phuong-xa-{scope.on:%Y-%m-%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _asked(request: Request) -> tuple[MatrixFilter, Scope]:
    require(may_see_programmes(request.user))
    asked = MatrixFilter.read(request.GET, today=localdate())
    return asked, Scope(request.user, asked.on, asked.today, asked.choice)


def _links(asked: MatrixFilter, scope: Scope) -> dict[str, str]:
    """Where the numbers of the summary lead, and the spreadsheet."""
    rows = f"{reverse('programmes:task-list')}?{scope.query(level='commune')}"
    return {
        "late": rows + charts.grouped(Group.OVERDUE),
        "on_time": rows + charts.grouped(Group.COMPLETED_ON_TIME),
        "due": rows + charts.grouped(*COME_DUE),
        "late_areas": asked.address(only=Only.LATE, name=""),
        "clear_areas": asked.address(only=Only.CLEAR, name=""),
        "export": reverse("reports:matrix-export") + asked.address(),
    }


def _offered(asked: MatrixFilter) -> dict[str, Any]:
    """What the form lets choose from; an order turned round by a head is one of them."""
    orders = Order.choices
    if (name := asked.order.removeprefix("-")) != asked.order and name in Order.values:
        orders = [*orders, (asked.order, f"{Order(name).label}, ngược lại")]
    return {
        "resolutions": list(Resolution.objects.all()),
        "axes": list(Axis.objects.all()),
        "orders": orders,
        "views": By.choices,
        "onlys": Only.choices,
        "kinds": KINDS.items(),
    }


def _pick(asked: MatrixFilter, whole: Matrix) -> str:
    """The resolution a phone shows: the one asked for, or where most is overdue; "" for all."""
    parts = {column.part for column in whole.columns}
    if asked.pick == ALL or asked.by == By.PROGRAMME or len(parts) < 2:
        return ""
    return asked.pick if asked.pick in parts else whole.worst_part()


def _picks(asked: MatrixFilter, whole: Matrix, pick: str) -> list[tuple[str, str, bool]]:
    """For each resolution its words, its address and whether a phone shows it now; then all."""
    names = {column.part: column.mark for column in whole.columns}
    if len(names) < 2 or asked.by == By.PROGRAMME:
        return []
    found = [(name, asked.address(pick=part), part == pick) for part, name in names.items() if part]
    return [*found, ("Tất cả", asked.address(pick=ALL), not pick)]


def _sorts(asked: MatrixFilter) -> dict[str, Sort]:
    """The heads that sort, by their order; a second time they turn it round."""
    ways = {Order.NAME: "ascending", Order.LATE: "descending", Order.RATE: "ascending"}
    return {order.value: _sort(asked, order, way) for order, way in ways.items()}


def _sort(asked: MatrixFilter, order: Order, way: str) -> Sort:
    here = asked.order or Order.LATE
    if here == order:
        return Sort(asked.address(order=f"-{order}"), way)
    other = {"ascending": "descending", "descending": "ascending"}[way]
    return Sort(asked.address(order=order), other if here == f"-{order}" else "")
