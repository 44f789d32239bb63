"""Entering a task, editing it, filling one of its six rõ in place, and deciding conflicts."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.http import Request
from hanoi_programmes.people.models import Unit
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.forms.plans import TASKS, TaskForm, officers_of
from hanoi_programmes.programmes.http import act_of, task_or_404, tasks_of
from hanoi_programmes.programmes.models import ActionProgramme, Task
from hanoi_programmes.programmes.services import plans
from hanoi_programmes.programmes.services.codes import next_code
from hanoi_programmes.programmes.services.conflicts import Clash
from hanoi_programmes.programmes.services.wording import label_of, shown, shown_if_any
from hanoi_programmes.programmes.shapes import fillable, gaps
from hanoi_programmes.programmes.states import Clarity
from hanoi_programmes.ui.choosing import asked
from hanoi_programmes.ui.htmx import redirect, toast, wants_fragment


@require_http_methods(["GET", "HEAD", "POST"])
def new_task(request: Request, key: str) -> HttpResponseBase:
    """The entry form; a mistake gives it back with all that was typed."""
    tasks = tasks_of(request)
    programme = ActionProgramme.objects.visible_to(request.user).filter(key=key).first()
    if programme is None:
        raise Http404
    require(rules.may_plan(request.user))
    given: dict[str, Any] = {"programme": programme, "tasks": tasks, "today": localdate()}
    if request.method != "POST":
        return _form_page(request, programme, TaskForm(**given, initial=_first(request, programme)))
    form = TaskForm(request.POST, **given)
    if not form.is_valid():
        return _form_page(request, programme, form, status=422)
    act = act_of(request, form.cleaned_data["form_key"])
    try:
        task = plans.create_task(programme, form.values(), act=act)
    except plans.Misfit as misfit:
        form.add_faults(misfit.faults)
        return _form_page(request, programme, form, status=409)
    response = redirect(request, "programmes:task-page", pk=task.pk)
    return toast(request, response, f"Đã soạn nhiệm vụ {task.code}.")


def _first(request: Request, programme: ActionProgramme) -> dict[str, Any]:
    """What a new form begins with: the group of the address, and the next code in it."""
    groups = programme.groups.all()
    asked_for = request.GET.get("group", "")
    chosen = groups.filter(number=asked_for).first() if asked_for.isdecimal() else None
    group = chosen or groups.first()
    code = next_code(programme, group.pk) if group else ""
    return {"task_group": group, "code": code, "source_document": programme.number}


def _form_page(
    request: Request,
    programme: ActionProgramme,
    form: TaskForm,
    *,
    task: Task | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"programme": programme, "form": form, "task": task}
    return render(request, "programmes/task_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_task(request: Request, pk: int) -> HttpResponseBase:
    """Drafts wholly, issued tasks in what issue left open; two people's changes are told apart."""
    task = task_or_404(request, pk)
    require(rules.may_plan(request.user))
    given = _given(request, task)
    if request.method != "POST":
        require(rules.may_change(request.user, task))
        form = TaskForm(**given)
        _focus(form, request.GET.get("focus", ""))
        return _form_page(request, task.programme, form, task=task)
    form = TaskForm(request.POST, **given)
    if form.is_valid():
        return _change(request, task, form)
    return _form_page(request, task.programme, form, task=task, status=422)


def _focus(form: TaskForm, name: str) -> None:
    """The field that somebody came to fill."""
    if name in form.fields:
        form.fields[name].widget.attrs["autofocus"] = True


def _change(request: Request, task: Task, form: TaskForm) -> HttpResponseBase:
    act = act_of(request, form.cleaned_data["form_key"])
    try:
        done = plans.change_task(task, form.values(), act=act, opened=form.seen())
    except plans.Clashed as clashed:
        return _conflict_page(request, clashed, form)
    except plans.Misfit as misfit:
        form.add_faults(misfit.faults)
    except Denied as refusal:
        form.add_error(None, refusal.reason)
    else:
        return toast(request, redirect(request, "programmes:task-page", pk=task.pk), _said(done))
    return _form_page(request, task.programme, form, task=task, status=409)


def _said(done: plans.Changed) -> str:
    """What was written, and what others wrote meanwhile and stays."""
    words = "Đã ghi thay đổi." if done.written else "Không có gì khác để ghi."
    kept = [f"{label_of(name)} ({_by(done.task, name)})" for name in done.kept]
    return f"{words} Đã giữ thay đổi của người khác: {', '.join(kept)}." if kept else words


def _by(task: Task, name: str) -> str:
    event = plans.last_change(task, name)
    return event.by.signature if event and event.by else "hệ thống"


def _conflict_page(request: Request, clashed: plans.Clashed, form: TaskForm) -> HttpResponse:
    task = clashed.task
    rows = [_conflict(task, clash) for clash in clashed.merge.clashes]
    context = {"task": task, "form": form.to_decide(task, clashed.merge), "conflicts": rows}
    return render(request, "programmes/task_conflict.html", context, status=409)


def _conflict(task: Task, clash: Clash) -> dict[str, Any]:
    """One field of the conflict page: who wrote what, and when."""
    return {
        "name": clash.name,
        "label": label_of(clash.name),
        "event": plans.last_change(task, clash.name),
        "opened": shown_if_any(clash.name, clash.opened),
        "theirs": shown(clash.name, clash.theirs),
        "mine": shown(clash.name, clash.mine),
        "is_text": clash.is_text and clash.name in {"text", "product", "partners_text"},
    }


def _given(request: Request, task: Task) -> dict[str, Any]:
    """What the form of an existing task is made of."""
    today = localdate()
    return {"programme": task.programme, "tasks": tasks_of(request), "today": today, "task": task}


@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: Request, pk: int, key: str) -> HttpResponseBase:
    """One of the six rõ, filled in place: on the card, or in a programme's list of gaps."""
    task = task_or_404(request, pk)
    if key not in Clarity.__members__.values():
        raise Http404
    require(rules.may_change(request.user, task))
    fields = rules.fills(task, Clarity(key))
    if not fields:
        raise Denied("Mục này không bổ sung ở đây được. Mở nhiệm vụ để xem cách bổ sung.")
    given = _given(request, task) | {"only": fields, "auto_id": f"fill-{task.pk}-%s"}
    if request.method == "POST":
        return _fill(request, task, key, TaskForm(request.POST, **given))
    if wants_fragment(request):
        return _filling(request, task, key, TaskForm(**given))
    return redirect(request, f"/tasks/{task.pk}/edit/?focus={fields[0]}#id_{fields[0]}")


def _fill(request: Request, task: Task, key: str, form: TaskForm) -> HttpResponseBase:
    if not form.is_valid():
        return _filling(request, task, key, form, status=422)
    act = act_of(request, form.cleaned_data["form_key"])
    try:
        plans.change_task(task, form.values(), act=act, opened=form.seen())
    except plans.Clashed:
        form.add_error(None, "Người khác vừa ghi mục này. Tải lại trang để xem.")
    except plans.Misfit as misfit:
        form.add_faults(misfit.faults)
    else:
        return _filled(request, task.pk)
    return _filling(request, task, key, form, status=409)


def _filling(
    request: Request, task: Task, key: str, form: TaskForm | None, *, status: int = 200
) -> HttpResponse:
    """The card or the row of the list, with the field of one rõ open; with none after it is."""
    [gap] = gaps([task], on=localdate())
    in_list = "list" in {request.GET.get("from"), request.POST.get("from")}
    context = {
        "task": gap.task,
        "gap": gap,
        "clear": gap.clear,
        "clear_count": len(gap.clear) - len(gap.missing),
        "participants": task.participants.select_related("unit"),
        "may_fill": True,
        "fillable": fillable(task),
        "filling": key,
        "fill_form": form,
    }
    name = "programmes/_gap.html" if in_list else "programmes/_six_clear.html"
    return render(request, name, context, status=status)


def _filled(request: Request, pk: int) -> HttpResponseBase:
    if not wants_fragment(request):
        return redirect(request, "programmes:task-page", pk=pk)
    return _filling(request, task_or_404(request, pk), "", None)


@require_safe
def choose_task(request: Request) -> HttpResponse:
    """Tasks for a field of a form: those chosen in it, and those that its words fit."""
    tasks = tasks_of(request).unfinished().select_related("lead_unit")
    return render(request, "components/found.html", {"found": asked(request, TASKS, tasks)})


@require_safe
def choose_officer(request: Request) -> HttpResponse:
    """The officers of the lead unit that the form names now."""
    tasks_of(request)
    require(rules.may_plan(request.user))
    chosen = request.GET.get("lead_unit", "")
    units = Unit.objects.visible_to(request.user).active(localdate())
    unit = units.filter(pk=chosen[:18]).first() if chosen.isdecimal() else None
    return render(request, "programmes/_officer.html", {"officers": officers_of(unit)})
