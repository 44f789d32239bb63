"""The list of what is to be urged, urging by hand, and what became of an urging."""

from collections.abc import Sequence
from functools import partial
from typing import Any, cast

from django.core.paginator import Page
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.http import Request, act_of
from hanoi_programmes.people.roles import Role
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.shapes import lines
from hanoi_programmes.reminders import figures, jobs
from hanoi_programmes.reminders.figures import Pressed, Why
from hanoi_programmes.reminders.filters import UrgingFilter, offered
from hanoi_programmes.reminders.forms import UrgeForm, read_seen, seen_text
from hanoi_programmes.reminders.models import Reminder, Urging
from hanoi_programmes.reminders.rules import may_follow, may_urge
from hanoi_programmes.reminders.services.urging import MOST, mails_of, preview, urge
from hanoi_programmes.reminders.shapes import pressing_rows, reached
from hanoi_programmes.reminders.states import URGED, Escalation
from hanoi_programmes.ui.htmx import redirect, template, toast
from hanoi_programmes.ui.pages import paginate

_UNITS_SHOWN = 8
_NONE = "Chưa chọn nhiệm vụ nào. Đánh dấu nhiệm vụ rồi bấm “Đôn đốc”."
_MANY = f"Mỗi lần đôn đốc được tối đa {MOST} nhiệm vụ. Thêm điều kiện lọc, hoặc chọn từng trang."
_DASHBOARD, _LIST = "dashboard?", "urging?"


# The list


@require_safe
def urging_list(request: Request) -> HttpResponse:
    """What is late, silent, not taken on or not answered, the worst on top; numbers open rows."""
    require(may_follow(request.user))
    asked = UrgingFilter.read(request.GET, today=localdate())
    if "" in request.GET.values():
        # The filter's form sends every field, also the empty ones: the address to share has none.
        return cast("HttpResponse", redirect(request, request.path + asked.address()))
    tasks = Task.objects.visible_to(request.user)
    numbers = figures.pressed(asked.whole.base(tasks, request.user), asked.on, _UNITS_SHOWN)
    keys = asked.apply(tasks, request.user).values_list("pk", flat=True)
    known = asked.number_of(numbers)
    page = paginate(cast("Sequence[int]", keys), request, per_page=25, count=known)
    rows = pressing_rows(asked.found(tasks, list(page.object_list)), on=asked.on)
    context = {
        "asked": asked,
        "page": page,
        "rows": rows,
        "chips": asked.chips(),
        "origin": f"{_LIST}{asked.address().removeprefix('?')}",
        "bulk": _bulk(request, asked, page),
        "may_direct": request.user.role == Role.LEADER,
        **_counts(asked, numbers),
        **offered(request.user, asked.choice.unit),
    }
    return template(request, "reminders/urging_list.html", "reminders/_urging_table.html", context)


def _counts(asked: UrgingFilter, numbers: Pressed) -> dict[str, Any]:
    """The numbers of the page, each with the address of its rows."""
    only = {"why": "", "carried": "", "urged": ""}
    return {
        "numbers": numbers,
        "everything": asked.address(**only),
        "never": (numbers.never, asked.address(**only | {"urged": "never"})),
        "whys": [
            (why, numbers.whys[why.value], asked.address(**only | {"why": why.value}))
            for why in Why
        ],
        "level_rows": [
            (level, numbers.levels[level], asked.address(**only | {"carried": str(level.value)}))
            for level in Escalation
        ],
        "unit_rows": [(row, asked.address(unit=row.code)) for row in numbers.units],
    }


def _bulk(request: Request, asked: UrgingFilter, page: Page[int]) -> dict[str, Any]:
    """What the bar under the rows offers to who may urge."""
    return {
        "may_urge": bool(may_urge(request.user)),
        "ticked": request.GET.get("ticked") == str(page.number),
        "all": page.paginator.count if page.has_other_pages() else 0,
        "is_too_many": page.paginator.count > MOST,
        "most": MOST,
        "filter": list(asked.raw.items()),
    }


# Urging


@require_http_methods(["GET", "HEAD", "POST"])
def send(request: Request) -> HttpResponseBase:
    """GET shows whom urging the chosen tasks would reach; POST urges."""
    require(may_urge(request.user))
    sent = request.POST if request.method == "POST" else request.GET
    today = localdate()
    rows = _chosen(request, read_seen(sent.getlist("task")))
    if not rows or len(rows) > MOST:
        return toast(request, _back(request), _MANY if rows else _NONE, kind="soon")
    found = preview(rows, on=today)
    form = UrgeForm(sent if request.method == "POST" else None, found=found, today=today)
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        done = urge(rows, form.wish(), act=act_of(request, form.cleaned_data["form_key"]))
    except Denied as refusal:
        form.add_error(None, refusal.reason)
        return _page(request, form, status=409)
    transaction.on_commit(partial(jobs.ring, len(mails_of(done))))
    return _done(request, done)


def _chosen(request: Request, keys: Sequence[int]) -> list[Task]:
    """The ticked rows, or with `all` every row of the filter; never what may not be seen."""
    tasks = Task.objects.visible_to(request.user)
    if request.method != "POST" and "all" in request.GET:
        asked = UrgingFilter.read(request.GET, today=localdate())
        found = asked.apply(tasks, request.user)
    else:
        found = tasks.filter(pk__in=keys).order_by("code")
    return list(found.select_related("lead_unit", "officer")[: MOST + 1])


def _page(request: Request, form: UrgeForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "found": form.found,
        "seen": seen_text([*form.found.tasks, *_others(form)]),
        "origin": _origin(request),
        "back": _back_url(request),
    }
    page, fragment = "reminders/urge_page.html", "reminders/_urge_form.html"
    return template(request, page, fragment, context, status=status)


def _others(form: UrgeForm) -> list[Task]:
    return [task for group in form.found.unable for task in group.tasks]


def _done(request: Request, done: Urging) -> HttpResponseBase:
    """One task: back to where it was asked; many: to what became of each."""
    if done.tasks.count() > 1:
        return redirect(request, "reminders:urging-page", pk=done.pk)
    return toast(request, cast("HttpResponse", _back(request)), "Đã gửi đôn đốc.")


def _origin(request: Request) -> str:
    """Where the form was opened from, to go back to: a list with what it was asked, or a task."""
    asked = request.POST.get("from") or request.GET.get("from") or ""
    known = asked.startswith((_DASHBOARD, _LIST)) or asked.removeprefix("task-").isdecimal()
    return asked[:1000] if known else ""


def _back_url(request: Request) -> str:
    origin = _origin(request)
    if origin.startswith("task-"):
        return reverse("programmes:task-page", args=[int(origin.removeprefix("task-")[:18])])
    name = "reports:dashboard" if origin.startswith(_DASHBOARD) else "reminders:urging-list"
    query = origin.partition("?")[2]
    if not origin and request.method != "POST":
        query = UrgingFilter.read(request.GET, today=localdate()).address().removeprefix("?")
    return f"{reverse(name)}?{query}" if query else reverse(name)


def _back(request: Request) -> Any:  # noqa: ANN401 - a redirect, or htmx told to go there
    return redirect(request, _back_url(request))


@require_safe
def urging_page(request: Request, pk: int) -> HttpResponse:
    """One urging: its words, its tasks, and what became of it for each person."""
    rows = Urging.objects.visible_to(request.user).select_related("by__unit")
    urging = get_object_or_404(rows, pk=pk)
    seen = Task.objects.visible_to(request.user).filter(urgings=urging)
    today = localdate()
    tasks = seen.with_group(today).select_related("lead_unit__axis").order_by("code")
    page = paginate(tasks, request, per_page=25)
    told = Reminder.objects.filter(rung=URGED, matter=pk, task__in=seen.values("pk"))
    context = {
        "urging": urging,
        "page": page,
        "rows": lines(page.object_list, on=today),
        "people": reached(told.select_related("recipient__unit", "mail")),
    }
    return render(request, "reminders/urging_page.html", context)
