"""Units' own plans: the overview, its spreadsheet, one unit's, recording one and pasting many."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from hanoi_programmes.lib.sheets import Cell, Column, workbook
from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.http import Request
from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.rules import may_see_programmes
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.forms.issuances import PasteForm, PlanForm
from hanoi_programmes.programmes.http import act_of
from hanoi_programmes.programmes.models import ActionProgramme, PlanIssuance
from hanoi_programmes.programmes.services import issuances as service
from hanoi_programmes.programmes.shapes.issuances import (
    EVERY_AXIS,
    PlanRow,
    PlansAsked,
    PlanTable,
    asked_units,
    plan_groups,
    plan_table,
    unit_plans,
)
from hanoi_programmes.ui.htmx import redirect, template, toast
from hanoi_programmes.ui.pages import paginate

# One group of wards on one page: 126 at a glance.
ROWS_SHOWN = 130
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _asked(request: Request, groups: list[tuple[str, str]]) -> PlansAsked:
    """What the address asks for; no group named means the first that the reader has."""
    asked = PlansAsked.read(request.GET)
    keys = [key for key, _ in groups]
    if asked.area or asked.group in keys or not keys:
        return asked
    return PlansAsked(**asked.conditions | {"group": keys[0]})


@require_safe
def plan_list(request: Request) -> HttpResponse:
    """Who has issued a plan for which programme: units × programmes, those that lack first."""
    require(may_see_programmes(request.user))
    groups = plan_groups(request.user, on=localdate())
    asked = _asked(request, groups)
    table = plan_table(request.user, asked, on=localdate())
    programmes = [(column.programme.key, str(column.programme)) for column in table.columns]
    context = {
        "asked": asked,
        "groups": groups,
        "group_name": dict(groups).get(asked.group, ""),
        "table": table,
        "programmes": programmes,
        "page": paginate(table.rows, request, per_page=ROWS_SHOWN),
        "may_paste": rules.may_plan(request.user),
    }
    return template(request, "programmes/plan_list.html", "programmes/_plan_table.html", context)


@require_safe
def plan_export(request: Request) -> HttpResponse:
    """The same table as a spreadsheet, every row of the choice."""
    require(may_see_programmes(request.user))
    today = localdate()
    groups = plan_groups(request.user, on=today)
    asked = _asked(request, groups)
    table = plan_table(request.user, asked, on=today)
    name = dict(groups).get(asked.group, "")
    sheet = workbook(
        title=f"Kế hoạch của đơn vị thực hiện các chương trình: {name or 'các đơn vị'}",
        notes=[f"Số liệu ngày {today:%d/%m/%Y}", *_notes(table)],
        columns=_columns(table),
        rows=(_cells(row) for row in table.rows),
    )
    response = HttpResponse(sheet, content_type=_SHEET)
    response["Content-Disposition"] = f'attachment; filename="ke-hoach-don-vi-{today}.xlsx"'
    return response


def _notes(table: PlanTable) -> list[str]:
    return [
        f"{column.programme}: {column.issued}/{column.total} đơn vị đã ban hành"
        if column.is_asked
        else f"{column.programme}: chưa yêu cầu kế hoạch"
        for column in table.columns
    ]


def _columns(table: PlanTable) -> list[Column]:
    fixed = [Column("Đơn vị", 40), Column("Trục", 14), Column("Còn thiếu", 10)]
    for column in table.columns:
        fixed += [Column(f"{column.programme}: số kế hoạch", 22), Column("Ngày", 12)]
    return fixed


def _cells(row: PlanRow) -> list[Cell]:
    cells: list[Cell] = [row.unit.short_name, row.unit.axis.short_name, row.missing]
    for cell in row.cells:
        plan = cell.issuance
        words = "chưa ban hành" if cell.is_asked else "dự thảo"
        cells += [plan.number if plan else words, plan.issued_on if plan else None]
    return cells


def _unit(request: Request, code: str) -> Unit:
    """The unit, to who may look at its plans; to others it has none."""
    require(may_see_programmes(request.user))
    unit = asked_units(request.user, on=localdate()).filter(code=code).first()
    if unit is None:
        raise Http404
    return unit


@require_safe
def plans_of_unit(request: Request, code: str) -> HttpResponse:
    """One unit's plans: a panel of its page, or a page of their own."""
    unit = _unit(request, code)
    context = {"unit": unit, "row": unit_plans(request.user, unit)}
    return template(request, "programmes/unit_plans.html", "programmes/_unit_plans.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def record_plan(request: Request, key: str, code: str) -> HttpResponseBase:
    """Write down that the unit has issued its plan, or correct what was written down."""
    unit = _unit(request, code)
    programme = _programme(request, key)
    require(rules.may_record_plan(request.user, unit, programme))
    known = PlanIssuance.objects.visible_to(request.user).filter(programme=programme, unit=unit)
    row = known.select_related("by__unit").first()
    form = PlanForm(
        request.POST if request.method == "POST" else None, initial=PlanForm.values_of(row)
    )
    context = {"unit": unit, "programme": programme, "row": row, "form": form}
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "programmes/plan_form.html", context, status=status)
    try:
        act = act_of(request, form.cleaned_data["form_key"])
        service.record_plan(programme, unit, form.paper(), act=act)
    except Denied as refusal:
        form.add_error(None, refusal.reason)
        return render(request, "programmes/plan_form.html", context, status=409)
    to = redirect(request, "programmes:unit-plans", code=unit.code)
    return toast(request, to, f"Đã ghi kế hoạch của {unit} thực hiện {programme}.")


def _programme(request: Request, key: str) -> ActionProgramme:
    programmes = ActionProgramme.objects.visible_to(request.user).select_related("resolution")
    programme = programmes.filter(key=key).first()
    if programme is None:
        raise Http404
    return programme


@require_http_methods(["GET", "HEAD", "POST"])
def paste_plans(request: Request) -> HttpResponseBase:
    """Many plans at once: paste, look at what was understood of each line, write the good ones."""
    require(rules.may_plan(request.user))
    form = _paste_form(request)
    if request.method != "POST" or not form.is_valid():
        return _paste_page(request, {"form": form}, status=422 if form.is_bound else 200)
    data = form.cleaned_data
    programme = _programme(request, data["programme"])
    asked = PlansAsked(group=data["group"])
    rows = plan_table(request.user, asked, on=localdate()).rows
    units = [row.unit for row in rows]
    lines = service.read_lines(programme, data["lines"], units, today=localdate())
    if "write" not in request.POST:
        return _paste_page(request, {"form": form, "programme": programme, "lines": lines})
    try:
        number = service.record_lines(programme, lines, act=act_of(request, data["form_key"]))
    except Denied as refusal:
        form.add_error(None, refusal.reason)
        return _paste_page(request, {"form": form, "lines": lines}, status=409)
    words = f"Đã ghi kế hoạch của {number} đơn vị thực hiện {programme}."
    return toast(request, redirect(request, "programmes:plan-list"), words)


def _paste_form(request: Request) -> PasteForm:
    programmes = ActionProgramme.objects.visible_to(request.user).select_related("resolution")
    asking = [(p.key, str(p)) for p in programmes if rules.asks_for_plans(p)]
    groups = plan_groups(request.user, on=localdate())
    return PasteForm(
        request.POST if request.method == "POST" else None,
        programmes=asking,
        groups=[pair for pair in groups if pair[0] != EVERY_AXIS],
    )


def _paste_page(request: Request, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    lines = context.get("lines", [])
    counts = {
        "new": sum(line.is_new for line in lines),
        "same": sum(line.is_same for line in lines),
        "refused": sum(bool(line.refusal) for line in lines),
    }
    page = "programmes/plan_paste.html"
    return render(request, page, context | {"counts": counts}, status=status)
