"""Fan-out: choose, look who gets what, issue; and take back what nobody has taken on yet."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.http import Request
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.forms.cascade import ChangeBelowForm, FanOutForm, UndoForm
from hanoi_programmes.programmes.http import act_of, task_or_404
from hanoi_programmes.programmes.models import Cascade, Task
from hanoi_programmes.programmes.services import cascade
from hanoi_programmes.programmes.services.cascade_change import Changed, change_below
from hanoi_programmes.programmes.services.cascade_plan import planned
from hanoi_programmes.programmes.services.tasks import Stale
from hanoi_programmes.programmes.shapes import line
from hanoi_programmes.ui.htmx import redirect, toast


@require_http_methods(["GET", "HEAD", "POST"])
def fan_out(request: Request, pk: int) -> HttpResponseBase:
    """The form, its preview, and the act itself: by the button that sent the form."""
    task = task_or_404(request, pk)
    today = localdate()
    if request.method != "POST":
        require(rules.may_fan_out(request.user, task, on=today))
        return _form(request, task, FanOutForm(task=task, user=request.user, today=today))
    require(rules.assigns_below(request.user, task, on=today))
    form = FanOutForm(request.POST, task=task, user=request.user, today=today)
    if not form.is_valid():
        return _form(request, task, form, status=422)
    step = request.POST.get("step")
    if step == "edit":
        return _form(request, task, form)
    return _issue(request, task, form) if step == "issue" else _preview(request, task, form)


def _issue(request: Request, task: Task, form: FanOutForm) -> HttpResponseBase:
    act = act_of(request, form.cleaned_data["form_key"])
    agreed, version = form.agreed_units(), form.cleaned_data["version"]
    try:
        done = cascade.issue(task, form.order(), act=act, agreed=agreed, version=version)
    except (Stale, Denied) as refusal:
        task.refresh_from_db()
        return _preview(request, task, form, refusal=refusal.reason, status=409)
    response = redirect(request, "programmes:task-page", pk=task.pk)
    words = f"Đã giao cho {len(done.plan.issued)} đơn vị." if done.cascade else "Đã giao."
    return toast(request, response, words)


def _preview(
    request: Request, task: Task, form: FanOutForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    """Who gets what, who is passed over and why; the confirmation carries all of it."""
    plan = planned(task, form.order(), by=request.user, on=localdate())
    if not form.fits(plan):
        if refusal:
            form.add_error(None, refusal)
        return _form(request, task, form, status=status if refusal else 422)
    context = {
        "task": task,
        "plan": plan,
        "levels": plan.levels().items(),
        "carried": form.carried(plan),
        "refusal": refusal,
        "form": form,
    }
    return render(request, "programmes/fan_out_preview.html", context, status=status)


def _form(request: Request, task: Task, form: FanOutForm, *, status: int = 200) -> HttpResponse:
    context = {"task": task, "form": form, "line": line(task, on=localdate())}
    return render(request, "programmes/fan_out.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: Request, pk: int, cascade_pk: int) -> HttpResponseBase:
    """Take one fan-out back, with the reason that its units will read."""
    task = task_or_404(request, pk)
    found = task.cascades.select_related("parent__lead_unit", "by").filter(pk=cascade_pk).first()
    if found is None:
        raise Http404
    require(rules.assigns_below(request.user, task, on=localdate()))
    if request.method != "POST":
        busy = cascade.busy_tasks(found)
        require(rules.may_undo(request.user, found, busy, on=localdate()))
        return _undo_form(request, found, UndoForm())
    form = UndoForm(request.POST)
    if not form.is_valid():
        return _undo_form(request, found, form, status=422)
    act = act_of(request, form.cleaned_data["form_key"])
    try:
        cascade.undo(found, act=act, reason=form.cleaned_data["reason"])
    except Denied as refusal:
        form.add_error(None, refusal.reason)
        return _undo_form(request, found, form, status=409)
    response = redirect(request, "programmes:task-page", pk=task.pk)
    return toast(request, response, f"Đã thu hồi việc giao {found.size} đơn vị.")


def _undo_form(
    request: Request, found: Cascade, form: UndoForm, *, status: int = 200
) -> HttpResponse:
    context = {"task": found.parent, "cascade": found, "form": form}
    return render(request, "programmes/fan_out_undo.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, pk: int) -> HttpResponseBase:
    """A new deadline or text for the open tasks below, all or chosen ones, in one act."""
    task = task_or_404(request, pk)
    today = localdate()
    if request.method != "POST":
        require(rules.may_fan_out(request.user, task, on=today))
        return _change_form(request, task, ChangeBelowForm(task=task, today=today))
    require(rules.assigns_below(request.user, task, on=today))
    form = ChangeBelowForm(request.POST, task=task, today=today)
    if not form.is_valid():
        return _change_form(request, task, form, status=422)
    act, version = act_of(request, form.cleaned_data["form_key"]), form.cleaned_data["version"]
    try:
        done = change_below(task, form.change(), act=act, version=version)
    except (Stale, Denied) as refusal:
        form.add_error(None, refusal.reason)
        task.refresh_from_db()
        return _change_form(request, task, form, status=409)
    response = redirect(request, "programmes:task-page", pk=task.pk)
    return toast(request, response, _said(done), kind="soon" if done.left else "done")


def _said(done: Changed) -> str:
    """How many, and by name those left as they are."""
    words = f"Đã đổi {len(done.tasks)} nhiệm vụ thành phần."
    left = "; ".join(f"{task.lead_unit} {why}" for task, why in done.left)
    return f"{words} Giữ nguyên thời hạn: {left}." if left else words


def _change_form(
    request: Request, task: Task, form: ChangeBelowForm, *, status: int = 200
) -> HttpResponse:
    context = {"task": task, "form": form, "version": task.version}
    return render(request, "programmes/change_below.html", context, status=status)
