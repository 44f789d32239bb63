"""Writing: progress, moves along the table, "nothing arose" for several; and reading evidence."""

import logging

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.http import Request
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.forms import MoveForm, NothingForm, ReportForm
from hanoi_programmes.programmes.http import act_of, task_or_404, tasks_of
from hanoi_programmes.programmes.models import Evidence, Situation, Task
from hanoi_programmes.programmes.services import progress, tasks
from hanoi_programmes.programmes.shapes import fillable, line
from hanoi_programmes.programmes.states import MOVES
from hanoi_programmes.programmes.views.conflicts import conflict, decided_fields
from hanoi_programmes.programmes.views.drafts import opened_report
from hanoi_programmes.programmes.views.home import back_home, is_at_home
from hanoi_programmes.ui.htmx import redirect, template, toast

_log = logging.getLogger(__name__)
_SAID = {
    Situation.DOING: "Đã ghi cập nhật.",
    Situation.NOTHING: "Đã ghi “không phát sinh”.",
    Situation.DONE: "Đã trình hoàn thành, chờ xác nhận.",
    Situation.STUCK: "Đã báo vướng mắc tới cấp quyết định.",
}


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Request, pk: int) -> HttpResponseBase:
    """The update form of one task; a mistake gives it back with all that was typed."""
    task = task_or_404(request, pk)
    today = localdate()
    if request.method != "POST":
        require(rules.may_report(request.user, task, on=today))
        form = opened_report(request, task, situation=request.GET.get("situation", ""))
        return _report_form(request, task, form)
    require(rules.is_theirs(request.user, task, MOVES["submit"], on=today))
    form = ReportForm(decided_fields(request, task), request.FILES, task=task, today=today)
    if not form.is_valid():
        return _report_form(request, task, form, status=422)
    try:
        update = form.update()
        task = progress.report(task, update, act=act_of(request, form.cleaned_data["form_key"]))
    except Denied as refusal:
        form.add_error(None, refusal.reason)
        return _report_form(request, task, form, status=409)
    except progress.Overtaken as other:
        return conflict(request, task, form, other.entry)
    if request.POST.get("from") == "home":
        return back_home(request, task, _SAID[update.situation])
    response = redirect(request, "programmes:task-page", pk=task.pk)
    return toast(request, response, _SAID[update.situation])


def _report_form(
    request: Request, task: Task, form: ReportForm, *, status: int = 200
) -> HttpResponse:
    at_home = "home" in {request.GET.get("from"), request.POST.get("from")}
    shown = line(task, on=localdate())
    context = {"task": task, "report_form": form, "line": shown, "at_home": at_home}
    return template(
        request,
        "programmes/report_page.html",
        "programmes/_report_form.html",
        context,
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request, pk: int, name: str) -> HttpResponseBase:
    """One move of the table; it asks for what the move needs and keeps it when refused."""
    task = task_or_404(request, pk)
    step = MOVES.get(name)
    if step is None or name == "submit":
        raise Http404
    if request.method != "POST":
        require(rules.may_move(request.user, task, step, on=localdate()))
        return _move_form(request, task, MoveForm(task=task, move=step, today=localdate()), name)
    require(rules.is_theirs(request.user, task, step, on=localdate()))
    form = MoveForm(request.POST, task=task, move=step, today=localdate())
    if not form.is_valid():
        # The work list has a button only: what else the move asks for is asked on its own page.
        if is_at_home(request):
            return redirect(request, "programmes:move", pk=task.pk, name=name)
        return _move_form(request, task, form, name, status=422)
    act = act_of(request, form.cleaned_data["form_key"])
    try:
        tasks.move(task, name, act=act, given=form.given(), version=form.cleaned_data["version"])
    except (tasks.Stale, Denied) as refusal:
        if is_at_home(request):
            raise Denied(refusal.reason) from refusal
        form.add_error(None, refusal.reason)
    else:
        return _moved(request, task, f"Đã {step.told[0].lower()}{step.told[1:]}.")
    return _move_form(request, *_renewed(request, task, form), name, status=409)


def _moved(request: Request, task: Task, words: str) -> HttpResponseBase:
    """Back to where the button stood."""
    if request.POST.get("from") == "home":
        return back_home(request, task, words)
    return toast(request, redirect(request, "programmes:task-page", pk=task.pk), words)


def _renewed(request: Request, task: Task, form: MoveForm) -> tuple[Task, MoveForm]:
    """The task as it is now with what was typed; and why it cannot be sent again, if so."""
    task.refresh_from_db()
    form = form.renewed(task)
    verdict = rules.may_move(request.user, task, form.move, on=localdate())
    if not verdict and verdict.reason not in form.non_field_errors():
        form.add_error(None, verdict.reason)
    return task, form


def _move_form(
    request: Request, task: Task, form: MoveForm, name: str, *, status: int = 200
) -> HttpResponse:
    today = localdate()
    context = {"task": task, "form": form, "move": MOVES[name], "line": line(task, on=today)}
    if name == "issue":
        # What a refusal would name is shown, and filled, before it is asked for.
        clear = rules.six_clear(task, on=today)
        context |= {
            "clear": clear,
            "clear_count": sum(item.is_met for item in clear),
            "may_fill": True,
            "fillable": fillable(task),
        }
    return render(request, "programmes/move_page.html", context, status=status)


@require_POST
def nothing_arose(request: Request) -> HttpResponseBase:
    """ "Nothing arose this period" for the ticked tasks, each with its own event."""
    form = NothingForm(request.POST, tasks=tasks_of(request))
    if not form.is_valid():
        response = redirect(request, "programmes:home")
        return toast(
            request, response, "Chưa chọn việc nào. Đánh dấu việc rồi gửi lại.", kind="soon"
        )
    written, refused = progress.nothing_arose(
        form.chosen(), act=act_of(request, form.cleaned_data["form_key"])
    )
    words = f"Đã ghi “không phát sinh” cho {written} việc."
    if refused:
        words += f" {len(refused)} việc chưa ghi được: {'; '.join(refused)}"
    return toast(
        request, redirect(request, "programmes:home"), words, kind="soon" if refused else "done"
    )


@require_safe
def evidence_file(request: Request, pk: int) -> HttpResponseBase:
    """A file of evidence, to those who see its task; always as a download."""
    visible = tasks_of(request)
    evidence = Evidence.objects.filter(pk=pk, task__in=visible).exclude(file="").first()
    if evidence is None:
        raise Http404
    try:
        file = evidence.file.open()
    except FileNotFoundError:
        # The row is proof that it was there: who keeps the disk must hear of it.
        _log.exception("the file of evidence %s is not on the disk", pk)
        return render(request, "programmes/file_gone.html", {"evidence": evidence}, status=404)
    response = FileResponse(
        file,
        as_attachment=True,
        filename=evidence.name,
        content_type=evidence.content_type,
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
