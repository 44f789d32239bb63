"""Merging units or areas with their open work: choose, look at what will move, confirm."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.http import Request
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.forms.merging import MergeAreasForm, MergeForm, MergeUnitsForm
from hanoi_programmes.programmes.http import act_of
from hanoi_programmes.programmes.services import merging
from hanoi_programmes.ui.htmx import redirect, toast

_FORMS: dict[str, type[MergeUnitsForm] | type[MergeAreasForm]] = {
    "units": MergeUnitsForm,
    "areas": MergeAreasForm,
}


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: Request, kind: str) -> HttpResponseBase:
    """A form, then what will move, then done; a refusal gives the form back as it was filled in."""
    require(rules.may_merge_work(request.user))
    if kind not in _FORMS:
        raise Http404
    if request.method != "POST":
        asked = request.GET if "document" in request.GET else None
        given = {"old": request.GET.get("old", "")}
        form = _FORMS[kind](asked, today=localdate(), initial=given)
        return _page(request, kind, form, status=422 if asked and not form.is_valid() else 200)
    form = _FORMS[kind](request.POST, today=localdate())
    if not form.is_valid():
        return _page(request, kind, form, status=422)
    try:
        number = _carry_out(request, kind, form.cleaned_data)
    except Denied as refusal:
        form.add_error(None, refusal.reason)
        return _page(request, kind, form, status=409)
    into = form.cleaned_data["into"]
    words = f"Đã hợp nhất {form.cleaned_data['old']} vào {into}, chuyển {number} nhiệm vụ đang mở."
    return toast(request, redirect(request, "programmes:merge", kind=kind), words)


def _carry_out(request: Request, kind: str, data: dict[str, Any]) -> int:
    act = act_of(request, data["form_key"])
    rest = {name: data[name] for name in ("into", "on", "document")} | {"act": act}
    if kind == "units":
        return merging.merge_units(unit=data["old"], **rest)
    return merging.merge_areas(area=data["old"], **rest)


def _page(request: Request, kind: str, form: MergeForm, *, status: int) -> HttpResponse:
    context: dict[str, Any] = {"kind": kind, "form": form}
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        old, into = data["old"], data["into"]
        verdict = merging.may_merge(old, into, on=data["on"], today=localdate())
        context |= {"old": old, "into": into, "verdict": verdict}
        if verdict:
            look = merging.preview if kind == "units" else merging.preview_areas
            found = look(old, into)
            context["previews"] = found if isinstance(found, list) else [found]
    return render(request, "programmes/merge_page.html", context, status=status)
