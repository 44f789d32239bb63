"""One move on many ticked tasks: first what it would do, then what it did and did not."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render, resolve_url
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from hanoi_programmes.lib.verdict import require
from hanoi_programmes.people.http import Request
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.filters import TaskFilter
from hanoi_programmes.programmes.forms import NeedsForm, read_seen, seen_text
from hanoi_programmes.programmes.http import act_of, tasks_of
from hanoi_programmes.programmes.querysets import TaskQuerySet
from hanoi_programmes.programmes.services import bulk as service
from hanoi_programmes.programmes.services.bulk import MOST, Sorting
from hanoi_programmes.programmes.states import MOVES, Move
from hanoi_programmes.ui.htmx import redirect, toast

_NONE = "Chưa chọn nhiệm vụ nào, hoặc chưa chọn việc cần làm. Đánh dấu nhiệm vụ rồi chọn việc."
_MANY = (
    f"Mỗi lần làm được tối đa {MOST} nhiệm vụ, bộ lọc này còn nhiều hơn. "
    "Thêm điều kiện lọc, hoặc chọn từng trang."
)


@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: Request) -> HttpResponseBase:
    """GET shows which of the tasks can be moved and which cannot and why; POST moves them."""
    tasks = tasks_of(request)
    sent = request.POST if request.method == "POST" else request.GET
    if not sent.get("move"):
        return _back(request, _NONE)
    step = MOVES.get(sent["move"])
    if step is None or not step.in_bulk:
        raise Http404
    require(rules.could_ever(request.user, step))
    return _move(request, step, tasks) if request.method == "POST" else _ask(request, step, tasks)


def _ask(request: Request, step: Move, tasks: TaskQuerySet) -> HttpResponseBase:
    rows = list(_related(_chosen(request, tasks))[: MOST + 1])
    if not rows or len(rows) > MOST:
        return _back(request, _MANY if rows else _NONE)
    today = localdate()
    sorting = service.preview(rows, step, by=request.user, on=today)
    form = NeedsForm(move=step, today=today, following=sorting.following)
    return _page(request, sorting, form, seen=seen_text(rows))


def _chosen(request: Request, tasks: TaskQuerySet) -> TaskQuerySet:
    """The ticked rows, or with `all` every row of the filter; never what may not be seen."""
    if "all" in request.GET:
        return TaskFilter.read(request.GET, today=localdate()).apply(tasks, request.user)
    ids = [pk for pk in request.GET.getlist("task") if pk.isdecimal() and len(pk) < 19]
    return tasks.filter(pk__in=ids).order_by("code")


def _related(tasks: TaskQuerySet) -> TaskQuerySet:
    return tasks.select_related("lead_unit", "parent__lead_unit", "officer")


def _move(request: Request, step: Move, tasks: TaskQuerySet) -> HttpResponseBase:
    today, sent = localdate(), request.POST.get("seen", "")
    seen = read_seen(sent)
    rows = list(_related(tasks.filter(pk__in=seen)).order_by("code"))
    if not rows:
        return _back(request, _NONE)
    sorting = service.preview(rows, step, by=request.user, on=today)
    form = NeedsForm(request.POST, move=step, today=today, following=sorting.following)
    if not form.is_valid():
        return _page(request, sorting, form, seen=sent, status=422)
    act = act_of(request, form.cleaned_data["form_key"])
    versions = [(row, seen[row.pk]) for row in rows]
    done = service.move_many(versions, step, act=act, given=form.given())
    context = {"sorting": done, "move": step, "query": _query(request)}
    return render(request, "programmes/bulk_result.html", context)


def _page(
    request: Request, sorting: Sorting, form: NeedsForm, *, seen: str, status: int = 200
) -> HttpResponse:
    context = {"sorting": sorting, "form": form, "seen": seen, "query": _query(request)}
    context |= {"move": form.move}
    return render(request, "programmes/bulk_page.html", context, status=status)


def _query(request: Request) -> str:
    """The filter of the list from which the tasks were chosen."""
    asked = QueryDict(request.POST["back"]) if "back" in request.POST else request.GET
    return urlencode(TaskFilter.read(asked, today=localdate()).raw, doseq=True)


def _back(request: Request, words: str) -> HttpResponseBase:
    """To the list as it was, with what is to be done there."""
    url = f"{resolve_url('programmes:task-list')}?{_query(request)}"
    return toast(request, redirect(request, url), words, kind="soon")
