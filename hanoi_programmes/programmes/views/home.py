"""The officer's first page: what must be done now, and what changes on it after one touch."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe
from django_htmx.http import reswap, retarget

from hanoi_programmes.lib.dates import month_of
from hanoi_programmes.people.http import Request
from hanoi_programmes.people.models import User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.programmes.forms import NothingForm, ReportForm
from hanoi_programmes.programmes.http import task_or_404, tasks_of
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.querysets.handovers import has_unsettled
from hanoi_programmes.programmes.rules import may_report
from hanoi_programmes.programmes.shapes.decisions import counts, items, pending
from hanoi_programmes.programmes.shapes.home import WorkList, settled, work_list
from hanoi_programmes.programmes.shapes.news import news
from hanoi_programmes.programmes.shapes.weekly import last_handed_over
from hanoi_programmes.programmes.views.drafts import opened_report
from hanoi_programmes.ui.htmx import redirect as sent_to
from hanoi_programmes.ui.htmx import toast, wants_fragment

DECISIONS_SHOWN = 3
NEWS_SHOWN = 4
# Who has no work list begins where the role's own work is.
_BEGINS = {
    Role.ADMINISTRATOR: "reminders:system",
    Role.LEADER: "reports:dashboard",
    Role.INSPECTOR: "reports:dashboard",
}


@require_safe
def home(request: Request) -> HttpResponseBase:
    """Overdue, returned, due soon, not acknowledged, waiting for my verification, update due."""
    user, today = request.user, localdate()
    if user.role in _BEGINS:
        return redirect(_BEGINS[Role(user.role)])
    work = work_list(user, on=today)
    context = _numbers(user, work, today) | {
        "handovers_due": has_unsettled(user, today),
        "is_calm": not work.jobs,
        "first_form": _first_form(request, work, today),
        "to_decide": items(pending(user)[:DECISIONS_SHOWN], on=today),
        "last_weekly": last_handed_over(user.unit_id),
    }
    return render(request, "programmes/home.html", context)


def _numbers(user: User, work: WorkList, today: date) -> dict[str, Any]:
    """What stands above and beside the jobs, and is counted anew after each of them."""
    return {
        "today": today,
        "work": work,
        "sections": work.sections,
        "to_decide_count": sum(counts(user).values()),
        "period": month_of(today),
        "days_left": (month_of(today).end - today).days,
        "nothing_form": NothingForm(tasks=Task.objects.none()),
    }


def _first_form(request: Request, work: WorkList, today: date) -> ReportForm | None:
    """The most urgent task is open for an update, if the reader may write it."""
    job = work.first
    if job is None or not may_report(request.user, job.task, on=today):
        return None
    return opened_report(request, job.task)


@require_safe
def news_list(request: Request) -> HttpResponse:
    """What others did lately with the tasks of the reader's unit; a part of the first page."""
    rows = news(tasks_of(request), request.user, on=localdate(), limit=NEWS_SHOWN)
    return render(request, "programmes/_news.html", {"events": rows})


def is_at_home(request: Request) -> bool:
    """Whether the form was sent from the work list itself, by htmx: only a part of it changes."""
    there = request.htmx.current_url_abs_path or ""
    return wants_fragment(request) and there.partition("?")[0] == reverse("programmes:home")


def back_home(request: Request, task: Task, words: str) -> HttpResponseBase:
    """After one touch of the work list: the job in its new state, and the numbers around it.

    Other jobs stay as they are, with whatever is typed there; without htmx the page comes anew.
    """
    if not is_at_home(request):
        return toast(request, sent_to(request, "programmes:home"), words)
    user, today = request.user, localdate()
    work = work_list(user, on=today)
    shown = next((job for job in work.jobs if job.task.pk == task.pk), None)
    # What left the list is told as it is now, not as it was when the form came.
    job = shown or settled(task_or_404(request, task.pk), user, on=today)
    context = _numbers(user, work, today) | {"job": job, "is_done": True, "out_of_band": True}
    response = HttpResponse()
    for part in ("_job", "_home_kpis", "_home_period"):
        response.write(render_to_string(f"programmes/{part}.html", context, request))
    retarget(reswap(response, "outerHTML"), f"#job-{task.pk}")
    return toast(request, response, words)
