"""Drafts: text kept while it is typed, and given back when the form is opened again anywhere."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.html import escape
from django.utils.timezone import localdate, localtime
from django.views.decorators.http import require_POST

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.http import Request
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.forms import ReportForm
from hanoi_programmes.programmes.http import act_of, task_or_404
from hanoi_programmes.programmes.models import Situation, Task
from hanoi_programmes.programmes.services import drafts
from hanoi_programmes.programmes.states import MOVES
from hanoi_programmes.ui.htmx import redirect, toast

# The update form goes where "done" goes; the verifier's panel where acceptance goes.
_FORMS = {"report": "submit", "verify": "accept"} | {
    name: name for name in MOVES if name not in {"submit", "accept", "return"}
}


@require_POST
def draft(request: Request, form: str, pk: int) -> HttpResponseBase:
    """Keep or throw away the reader's own draft of a form; its words come back beside the form."""
    task = task_or_404(request, pk)
    if form not in _FORMS:
        raise Http404
    require(rules.is_theirs(request.user, task, MOVES[_FORMS[form]], on=localdate()))
    if "drop" in request.POST:
        drafts.drop(task, form, by=request.user)
        return toast(request, _back(request, task, form), "Đã bỏ bản nháp.")
    try:
        act = act_of(request, _key(request))
        kept = drafts.keep(task, form, request.POST.dict(), act=act, by=request.user)
    except Denied as refusal:
        return _said(request, task, form, refusal.reason, refused=True)
    words = f"Đã lưu nháp {localtime(kept.saved_at):%H:%M}" if kept else ""
    return _said(request, task, form, words)


def _said(
    request: Request, task: Task, form: str, words: str, *, refused: bool = False
) -> HttpResponseBase:
    if request.htmx:
        # 422 leaves what this tab keeps by itself where it is.
        return HttpResponse(escape(words), status=422 if refused else 200)
    words = words or "Chưa có nội dung để lưu nháp."
    return toast(request, _back(request, task, form), words, kind="soon" if refused else "done")


def _back(request: Request, task: Task, form: str) -> HttpResponse:
    if request.POST.get("from") == "home":
        return redirect(request, "programmes:home")
    if form in {"report", "verify"}:
        return redirect(request, f"programmes:{form}", pk=task.pk)
    return redirect(request, "programmes:move", pk=task.pk, name=form)


def _key(request: Request) -> UUID | None:
    try:
        return UUID(request.POST.get("form_key", ""))
    except ValueError:
        return None


def opened_report(request: Request, task: Task, *, situation: str = "") -> ReportForm:
    """The update form as it is opened: with the reader's draft, if there is one."""
    kept = request.user.drafts.filter(key=drafts.key_of(task, "report")).first()
    initial = {"situation": Situation.DOING} | (kept.data if kept else {})
    if situation:
        initial["situation"] = situation
    form = ReportForm(task=task, today=localdate(), initial=initial)
    form.draft = kept
    return form
