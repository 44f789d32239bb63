"""What needs my decision, in one list; extensions, obstacles and directions, asked and answered."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.http import Request
from hanoi_programmes.people.services.history import Act
from hanoi_programmes.programmes import forms
from hanoi_programmes.programmes.forms import AboutTask
from hanoi_programmes.programmes.http import act_of, task_or_404, tasks_of
from hanoi_programmes.programmes.models import Direction, Extension, Obstacle, Task
from hanoi_programmes.programmes.rules import decisions as rules
from hanoi_programmes.programmes.services import directions, extensions, obstacles
from hanoi_programmes.programmes.services.tasks import Stale
from hanoi_programmes.programmes.shapes import line
from hanoi_programmes.programmes.shapes.decisions import Kind, counts, items, pending
from hanoi_programmes.ui.htmx import redirect, template, toast
from hanoi_programmes.ui.pages import paginate

_form_methods = require_http_methods(["GET", "HEAD", "POST"])
# Pages that a form may lead back to with what they were asked, by the start of `from`.
_ASKED = {"dashboard?": "reports:dashboard", "meeting?": "reports:meeting"}


@require_safe
def decision_list(request: Request) -> HttpResponse:
    """Everything that waits for the reader's decision or answer, the most pressing day first."""
    # Who sees no programmes is told so here as well.
    tasks_of(request)
    kind = request.GET.get("kind", "")
    kind = kind if kind in Kind.values else ""
    page = paginate(pending(request.user, kind), request, per_page=25)
    found = counts(request.user)
    tabs = [("", "Tất cả", sum(found.values()))]
    tabs += [(key.value, key.label, found.get(key, 0)) for key in Kind]
    context = {
        "page": page,
        "items": items(page.object_list, on=localdate()),
        "tabs": [tab for tab in tabs if tab[2] or not tab[0]],
        "kind": kind,
    }
    return template(
        request, "programmes/decision_list.html", "programmes/_decision_list.html", context
    )


# One form: asked for, sent, given back with its text, or carried out


@dataclass(frozen=True, slots=True)
class Errand:
    """What a form is for: its title and button, where it goes, what it is about, what is said."""

    title: str
    button: str
    url: str
    said: str
    about: str = ""
    more: str = ""


def _shown(request: Request, errand: Errand, form: AboutTask, *, status: int = 200) -> HttpResponse:
    context = {
        "errand": errand,
        "form": form,
        "task": form.task,
        "line": line(form.task, on=localdate()),
        "origin": _origin(request),
        "back": _asked_page(_origin(request)),
    }
    page, fragment = "programmes/decision_page.html", "programmes/_decision_form.html"
    return template(request, page, fragment, context, status=status)


def _origin(request: Request) -> str:
    """Where the form was opened from, to go back to; a leader's page with what it was asked."""
    asked = request.POST.get("from") or request.GET.get("from") or ""
    is_known = asked in {"decisions", "home"} or asked.startswith(tuple(_ASKED))
    return asked[:500] if is_known else ""


def _handled(
    request: Request, errand: Errand, form: AboutTask, do: Callable[[Act, int], None]
) -> HttpResponseBase:
    """Show the form; or carry it out, and give it back with all that was typed when refused."""
    if request.method != "POST":
        return _shown(request, errand, form)
    if not form.is_valid():
        return _shown(request, errand, form, status=422)
    try:
        do(act_of(request, form.cleaned_data["form_key"]), form.cleaned_data["version"])
    except (Stale, Denied) as refusal:
        form.add_error(None, refusal.reason)
    else:
        return toast(request, _back(request, form.task), errand.said)
    form.task.refresh_from_db()
    return _shown(request, errand, form.renewed(form.task), status=409)


def _back(request: Request, task: Task) -> HttpResponse:
    lists = {"decisions": "programmes:decisions", "home": "programmes:home"}
    origin = _origin(request)
    if name := lists.get(origin):
        return redirect(request, name)
    if url := _asked_page(origin):
        return redirect(request, url)
    return redirect(request, "programmes:task-page", pk=task.pk)


def _asked_page(origin: str) -> str:
    """The address of one of the leader's pages as it was; empty when it was none of them."""
    start, mark, query = origin.partition("?")
    name = _ASKED.get(start + mark)
    return f"{reverse(name)}?{query}".removesuffix("?") if name else ""


def _form(request: Request, kind: type[AboutTask], task: Task, subject: int = 0) -> Any:  # noqa: ANN401 - the kind that was asked for
    data = request.POST if request.method == "POST" else None
    return kind(data, task=task, today=localdate(), subject=subject)


def _at(name: str, pk: int) -> str:
    return reverse(f"programmes:{name}", args=[pk])


# Extension


def _extension_or_404(request: Request, pk: int) -> tuple[Extension, Task]:
    row = Extension.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row, task_or_404(request, row.task_id)


@_form_methods
def extension_ask(request: Request, pk: int) -> HttpResponseBase:
    """The unit asks for another deadline."""
    task, user = task_or_404(request, pk), request.user
    sent = request.method == "POST"
    require(rules.is_asking(user, task) if sent else rules.may_ask(user, task))
    form = _form(request, forms.AskForm, task)
    errand = Errand(
        "Đề nghị gia hạn", "Gửi đề nghị", _at("extension-ask", pk), "Đã gửi đề nghị gia hạn."
    )
    return _handled(
        request,
        errand,
        form,
        lambda act, version: extensions.ask(task, form.request(), act=act, version=version),
    )


@_form_methods
def extension_reply(request: Request, pk: int) -> HttpResponseBase:
    """The assigner's side agrees, refuses or sets another date."""
    row, task = _extension_or_404(request, pk)
    sent = request.method == "POST"
    theirs = rules.is_assigner(request.user, task)
    require(theirs if sent else rules.may_answer_extension(request.user, row, task))
    form = _form(request, forms.ReplyForm, task, pk)
    errand = Errand(
        "Trả lời đề nghị gia hạn",
        "Gửi trả lời",
        _at("extension-reply", pk),
        "Đã trả lời đề nghị gia hạn.",
        row.reason,
        f"Đề nghị gia hạn từ {row.deadline:%d/%m/%Y} đến {row.wanted:%d/%m/%Y}",
    )
    return _handled(
        request,
        errand,
        form,
        lambda act, version: extensions.reply(row, form.reply(), act=act, version=version),
    )


@_form_methods
def extension_withdraw(request: Request, pk: int) -> HttpResponseBase:
    """The unit takes its request back."""
    row, task = _extension_or_404(request, pk)
    sent = request.method == "POST"
    theirs = rules.is_asking(request.user, task)
    require(theirs if sent else rules.may_withdraw_extension(request.user, row, task))
    form = _form(request, AboutTask, task, pk)
    errand = Errand(
        "Rút đề nghị gia hạn",
        "Rút đề nghị",
        _at("extension-withdraw", pk),
        "Đã rút đề nghị gia hạn.",
        row.reason,
    )
    return _handled(
        request,
        errand,
        form,
        lambda act, version: extensions.withdraw(row, act=act, version=version),
    )


# Obstacle


def _obstacle_or_404(request: Request, pk: int) -> tuple[Obstacle, Task]:
    row = Obstacle.objects.filter(pk=pk).select_related("decider").first()
    if row is None:
        raise Http404
    return row, task_or_404(request, row.task_id)


@_form_methods
def obstacle_decide(request: Request, pk: int) -> HttpResponseBase:
    """The level that was asked decides."""
    row, task = _obstacle_or_404(request, pk)
    sent = request.method == "POST"
    theirs = rules.is_decider(request.user, row)
    require(theirs if sent else rules.may_decide(request.user, row, task))
    form = _form(request, forms.DecideForm, task, pk)
    errand = Errand(
        "Quyết định vướng mắc",
        "Gửi quyết định",
        _at("obstacle-decide", pk),
        "Đã gửi quyết định tới đơn vị.",
        row.text,
        row.proposal and f"Đề xuất: {row.proposal}",
    )

    def do(act: Act, version: int) -> None:
        data = form.cleaned_data
        decision, document = data["decision"], data["document"]
        obstacles.decide(row, decision, document=document, act=act, version=version)

    return _handled(request, errand, form, do)


@_form_methods
def obstacle_pass(request: Request, pk: int) -> HttpResponseBase:
    """Another level has to decide."""
    row, task = _obstacle_or_404(request, pk)
    sent = request.method == "POST"
    theirs = rules.is_decider(request.user, row)
    require(theirs if sent else rules.may_pass_on(request.user, row, task))
    form = _form(request, forms.PassOnForm, task, pk)
    errand = Errand(
        "Chuyển cấp khác quyết định",
        "Chuyển",
        _at("obstacle-pass", pk),
        "Đã chuyển vướng mắc tới cấp quyết định mới.",
        row.text,
        f"Đang chờ {row.decider_text}",
    )

    def do(act: Act, version: int) -> None:
        data = form.cleaned_data
        obstacles.pass_on(row, data["unit"], note=data["note"], act=act, version=version)

    return _handled(request, errand, form, do)


@_form_methods
def obstacle_withdraw(request: Request, pk: int) -> HttpResponseBase:
    """The unit takes its obstacle back."""
    row, task = _obstacle_or_404(request, pk)
    sent = request.method == "POST"
    theirs = rules.is_asking(request.user, task)
    require(theirs if sent else rules.may_withdraw_obstacle(request.user, row, task))
    form = _form(request, forms.WithdrawForm, task, pk)
    errand = Errand(
        "Rút vướng mắc", "Rút", _at("obstacle-withdraw", pk), "Đã rút vướng mắc.", row.text
    )
    return _handled(
        request,
        errand,
        form,
        lambda act, version: obstacles.withdraw(
            row, note=form.cleaned_data["note"], act=act, version=version
        ),
    )


# Direction


def _direction_or_404(request: Request, pk: int) -> tuple[Direction, Task]:
    row = Direction.objects.filter(pk=pk).select_related("unit", "by").first()
    if row is None:
        raise Http404
    return row, task_or_404(request, row.task_id)


def _asked(row: Direction) -> str:
    return f"{row.get_kind_display()} của {row.by}, hạn trả lời {row.answer_by:%d/%m/%Y}"


@_form_methods
def direction_give(request: Request, pk: int) -> HttpResponseBase:
    """A leader or the office writes to a unit."""
    task = task_or_404(request, pk)
    sent = request.method == "POST"
    require(rules.is_directing(request.user) if sent else rules.may_direct(request.user, task))
    form = _form(request, forms.DirectForm, task)
    form.open_with(request.GET.get("as", ""))
    errand = Errand(
        "Chỉ đạo, yêu cầu giải trình", "Gửi", _at("direction-give", pk), "Đã gửi tới đơn vị."
    )
    return _handled(
        request,
        errand,
        form,
        lambda act, version: directions.give(task, form.wish(), act=act, version=version),
    )


@_form_methods
def direction_answer(request: Request, pk: int) -> HttpResponseBase:
    """The unit answers."""
    row, task = _direction_or_404(request, pk)
    sent, user = request.method == "POST", request.user
    require(rules.is_addressee(user, row) if sent else rules.may_answer_direction(user, row))
    form = _form(request, forms.AnswerForm, task, pk)
    url = _at("direction-answer", pk)
    errand = Errand("Trả lời", "Gửi trả lời", url, "Đã gửi trả lời.", row.text, _asked(row))
    return _handled(
        request,
        errand,
        form,
        lambda act, version: directions.answer(
            row, form.cleaned_data["text"], act=act, version=version
        ),
    )


@_form_methods
def direction_close(request: Request, pk: int) -> HttpResponseBase:
    """Who asked is content."""
    row, task = _direction_or_404(request, pk)
    sent, user = request.method == "POST", request.user
    require(rules.is_giver(user, row) if sent else rules.may_close(user, row))
    form = _form(request, forms.CloseForm, task, pk)
    about = row.answer and f"Trả lời: {row.answer}"
    url = _at("direction-close", pk)
    errand = Errand("Kết thúc", "Kết thúc", url, "Đã kết thúc.", row.text, about)
    return _handled(
        request,
        errand,
        form,
        lambda act, version: directions.close(
            row, closing=form.cleaned_data["closing"], act=act, version=version
        ),
    )


@_form_methods
def direction_again(request: Request, pk: int) -> HttpResponseBase:
    """Who asked needs more."""
    row, task = _direction_or_404(request, pk)
    sent, user = request.method == "POST", request.user
    require(rules.is_giver(user, row) if sent else rules.may_ask_again(user, row))
    form = _form(request, forms.AgainForm, task, pk)
    about = row.answer and f"Trả lời: {row.answer}"
    url = _at("direction-again", pk)
    errand = Errand(
        "Yêu cầu trả lời lại", "Gửi yêu cầu", url, "Đã gửi yêu cầu trả lời lại.", row.text, about
    )

    def do(act: Act, version: int) -> None:
        data = form.cleaned_data
        directions.ask_again(row, data["text"], data["answer_by"], act=act, version=version)

    return _handled(request, errand, form, do)
