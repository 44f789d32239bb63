"""Regular reports: the list, setting one up, changing it, letting it rest and ending it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.http import Request, act_of
from hanoi_programmes.people.models import Post, User
from hanoi_programmes.people.rules import may_see_programmes
from hanoi_programmes.people.services.history import Act
from hanoi_programmes.reports import rules
from hanoi_programmes.reports.forms.schedules import (
    RECEIVERS,
    ActForm,
    ScheduleForm,
    asked_by,
    receivers,
)
from hanoi_programmes.reports.models import Report, ReportSchedule, ScheduledRun
from hanoi_programmes.reports.querysets import ScheduleQuerySet
from hanoi_programmes.reports.services.planning import Coming, coming, coming_of, period_words
from hanoi_programmes.reports.services.schedules import (
    change_schedule,
    create_schedule,
    end_schedule,
    holders,
    pause_schedule,
    resume_schedule,
)
from hanoi_programmes.ui.choosing import asked as sought
from hanoi_programmes.ui.fields import OLD_PAGE
from hanoi_programmes.ui.htmx import redirect, toast
from hanoi_programmes.ui.pages import paginate

_form_methods = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True)
class Receiver:
    """A post that gets the reports, and who would get today's; nobody while it is vacant."""

    post: Post
    holder: User | None
    reason: str


@dataclass(frozen=True, slots=True)
class Made:
    """One period that was told, or why it was not."""

    run: ScheduledRun
    words: str
    report: Report | None


@dataclass(frozen=True, slots=True)
class Line:
    """One schedule in the list, with its next report."""

    schedule: ReportSchedule
    next: Coming | None
    posts: int


@require_safe
def schedule_list(request: Request) -> HttpResponse:
    """Those that run first, by their next period."""
    rows = _visible(request).prefetch_related("posts")
    page = paginate(rows, request, per_page=25)
    found = list(page.object_list)
    days = coming_of([row for row in found if row.is_active])
    lines = [Line(row, days.get(row.pk), len(row.posts.all())) for row in found]
    return render(request, "reports/schedule_list.html", {"page": page, "lines": lines})


def _visible(request: Request) -> ScheduleQuerySet:
    require(may_see_programmes(request.user))
    rows = ReportSchedule.objects.visible_to(request.user)
    return rows.select_related("made_by__unit__axis", "unit", *ReportSchedule.JOINS)


def _schedule_or_404(request: Request, pk: int) -> ReportSchedule:
    found = _visible(request).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@_form_methods
def new(request: Request) -> HttpResponseBase:
    """Set one up; an address may begin the form."""
    require(may_see_programmes(request.user))
    require(rules.may_make(request.user))
    return _form_page(request, request.user, None)


@_form_methods
def edit(request: Request, pk: int) -> HttpResponseBase:
    """Change one, in the sight of who set it up."""
    schedule = _schedule_or_404(request, pk)
    require(rules.may_change_schedule(request.user, schedule))
    return _form_page(request, schedule.made_by, schedule)


def _form_page(request: Request, maker: User, schedule: ReportSchedule | None) -> HttpResponseBase:
    today = localdate()
    # Without a script a button shows the fields of the kind that was chosen, and asks for nothing.
    if request.method != "POST" or "show" in request.POST:
        begun = asked_by(schedule) if schedule else {}
        typed = request.POST if request.method == "POST" else request.GET
        form = ScheduleForm(asked=begun | _typed(typed), user=maker, today=today)
        return _form(request, form, schedule)
    form = ScheduleForm(request.POST, user=maker, today=today)
    if not form.is_valid():
        return _form(request, form, schedule, status=422)
    act = act_of(request, form.cleaned_data["form_key"])
    try:
        written = _written(form, schedule, act)
    except Denied as refusal:
        form.add_error(None, refusal.reason)
        return _form(request, form, schedule, status=409)
    url = reverse("reports:schedule", args=[written.pk])
    return toast(request, redirect(request, url), "Đã lưu lịch báo cáo.")


def _typed(sent: QueryDict) -> dict[str, Any]:
    """What an address, or a form whose fields are to be shown anew, says of the fields."""
    typed: dict[str, Any] = sent.dict()
    return typed | ({"posts": sent.getlist("posts")} if "posts" in sent else {})


def _written(form: ScheduleForm, schedule: ReportSchedule | None, act: Act) -> ReportSchedule:
    if schedule is None:
        return create_schedule(form.standing(), act=act)
    version = form.cleaned_data["version"] or 0
    return change_schedule(schedule, form.standing(), version=version, act=act)


def _form(
    request: Request, form: ScheduleForm, schedule: ReportSchedule | None, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "schedule": schedule}
    return render(request, "reports/schedule_form.html", context, status=status)


@require_safe
def ask(request: Request) -> HttpResponse:
    """The fields that the chosen kind needs: for htmx."""
    require(may_see_programmes(request.user))
    form = ScheduleForm(asked=_typed(request.GET), user=request.user, today=localdate())
    return render(request, "reports/_schedule_fields.html", {"form": form})


@require_safe
def choose_receiver(request: Request) -> HttpResponse:
    """Posts for the form: those chosen in it, and those that its words fit."""
    require(may_see_programmes(request.user))
    found = sought(request, RECEIVERS, receivers())
    return render(request, "components/found.html", {"found": found})


@require_safe
def schedule_page(request: Request, pk: int) -> HttpResponse:
    """What it makes for whom, its next three days, and what it made."""
    return _page(request, _schedule_or_404(request, pk))


def _page(
    request: Request, schedule: ReportSchedule, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    runs = schedule.runs.select_related("report__requested_by", "report__addressee")
    page = paginate(runs, request, per_page=25)
    context = {
        "schedule": schedule,
        "receivers": _receivers(schedule, localdate()),
        "coming": coming(schedule) if schedule.is_active else [],
        "page": page,
        "made": _made(request, schedule, list(page.object_list)),
        "may_change": bool(rules.may_change_schedule(request.user, schedule)),
        "why_not": rules.may_go_on(schedule).reason,
        "refusal": refusal,
        "form": ActForm(),
    }
    return render(request, "reports/schedule_page.html", context, status=status)


def _receivers(schedule: ReportSchedule, on: date) -> list[Receiver]:
    posts = list(schedule.posts.select_related("unit").order_by("unit__sort_key", "pk"))
    held = holders([post.pk for post in posts], on)
    maker, subject = schedule.made_by, schedule.about_what
    return [
        Receiver(post, user, rules.may_receive(post, user, maker=maker, subject=subject).reason)
        for post in posts
        for user in [held.get(post.pk)]
    ]


def _made(request: Request, schedule: ReportSchedule, runs: list[ScheduledRun]) -> list[Made]:
    """The reports among them that the reader may open."""
    keys = [run.report_id for run in runs if run.report_id]
    seen = Report.objects.visible_to(request.user).filter(pk__in=keys)
    reports = {report.pk: report for report in seen.select_related("addressee", *Report.JOINS)}
    return [Made(run, period_words(schedule, run), reports.get(run.report_id or 0)) for run in runs]


@require_POST
def pause(request: Request, pk: int) -> HttpResponseBase:
    """Let it rest."""
    return _acted(request, pk, pause_schedule, "Đã tạm dừng lịch.")


@require_POST
def resume(request: Request, pk: int) -> HttpResponseBase:
    """Let it run again."""
    return _acted(request, pk, resume_schedule, "Lịch chạy tiếp từ kỳ này.")


@require_POST
def end(request: Request, pk: int) -> HttpResponseBase:
    """It makes nothing more."""
    return _acted(request, pk, end_schedule, "Đã kết thúc lịch. Các báo cáo đã lập vẫn còn.")


def _acted(request: Request, pk: int, do: Callable[..., None], words: str) -> HttpResponseBase:
    schedule = _schedule_or_404(request, pk)
    require(rules.may_change_schedule(request.user, schedule))
    form = ActForm(request.POST)
    if not form.is_valid():
        return _page(request, schedule, refusal=OLD_PAGE, status=422)
    try:
        do(schedule, act=act_of(request, form.cleaned_data["form_key"]))
    except Denied as refusal:
        fresh = _schedule_or_404(request, pk)
        return _page(request, fresh, refusal=refusal.reason, status=409)
    url = reverse("reports:schedule", args=[pk])
    return toast(request, redirect(request, url), words)
