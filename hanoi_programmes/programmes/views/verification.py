"""Verification of a submission: each item of evidence, then the whole."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.http import Request
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.forms import VerifyForm
from hanoi_programmes.programmes.http import act_of, task_or_404
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.services import tasks, verification
from hanoi_programmes.programmes.services.drafts import key_of
from hanoi_programmes.programmes.shapes import line, waiting_for_verifier
from hanoi_programmes.programmes.states import MOVES
from hanoi_programmes.ui.htmx import redirect, toast


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: Request, pk: int) -> HttpResponseBase:
    """The verifier's page; what was written of each item survives every refusal."""
    task, today = task_or_404(request, pk), localdate()
    if request.method != "POST":
        require(rules.may_move(request.user, task, MOVES["accept"], on=today))
        return _page(request, task, _opened(request, task))
    require(rules.is_theirs(request.user, task, MOVES["accept"], on=today))
    form = VerifyForm(request.POST, task=task)
    if not form.is_valid():
        return _page(request, task, form, status=422)
    try:
        _conclude(request, task, form)
    except (tasks.Stale, Denied) as refusal:
        form.add_error(None, refusal.reason)
        task.refresh_from_db()
        return _page(request, task, form.renewed(task), status=409)
    words = "Đã xác nhận hoàn thành." if form.accepts else "Đã trả lại để bổ sung."
    return toast(request, redirect(request, "programmes:task-page", pk=task.pk), words)


def _conclude(request: Request, task: Task, form: VerifyForm) -> None:
    verification.conclude(
        task,
        form.judged(),
        accept=form.accepts,
        act=act_of(request, form.cleaned_data["form_key"]),
        given=form.given(),
        version=form.cleaned_data["version"],
    )


def verify_context(request: Request, task: Task) -> dict[str, Any]:
    """The panel's form and how long the verifier has been awaited; empty for everybody else."""
    if not rules.may_move(request.user, task, MOVES["accept"], on=localdate()):
        return {}
    return _shown(task, _opened(request, task))


def _opened(request: Request, task: Task) -> VerifyForm:
    """The panel with the reader's draft, if there is one."""
    kept = request.user.drafts.filter(key=key_of(task, "verify")).first()
    form = VerifyForm(task=task, initial=kept.data if kept else {})
    form.draft = kept
    return form


def _shown(task: Task, form: VerifyForm) -> dict[str, Any]:
    return {"verify_form": form, "wait": waiting_for_verifier(task, on=localdate())}


def _page(request: Request, task: Task, form: VerifyForm, *, status: int = 200) -> HttpResponse:
    context = {"task": task, "line": line(task, on=localdate())} | _shown(task, form)
    return render(request, "programmes/verify_page.html", context, status=status)
