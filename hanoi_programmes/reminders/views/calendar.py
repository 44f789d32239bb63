"""The working-day calendar: a year at a glance for all, changed by its keepers with a preview."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from hanoi_programmes.lib.holidays import LIBRARY
from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people import rules
from hanoi_programmes.people.http import Request, act_of
from hanoi_programmes.people.models import CalendarDay
from hanoi_programmes.people.services import calendar as service
from hanoi_programmes.people.shapes import months_of, proposals_of
from hanoi_programmes.reminders.forms import DayForm, ProposalsForm, RemoveDayForm, filled_from
from hanoi_programmes.reminders.services.calendar import Changes, foresee_calendar
from hanoi_programmes.ui.htmx import redirect, toast


def _year(request: Request, today: date) -> int:
    """The year asked for, if it is one of those kept; else this one."""
    years = {str(year): year for year in rules.years_kept(today)}
    return years.get(request.GET.get("year", ""), today.year)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


@require_safe
def calendar_page(request: Request) -> HttpResponse:
    """Twelve small months, and what differs from the ordinary week with its source."""
    today = localdate()
    year, kept = _year(request, today), rules.years_kept(today)
    days = rules.days_of(year)
    context: dict[str, Any] = {
        "year": year,
        "before": year - 1 if year - 1 in kept else None,
        "after": year + 1 if year + 1 in kept else None,
        "months": months_of(year, days, today=today),
        "days": days,
        "today": today,
        "may_keep": bool(rules.may_keep_calendar(request.user)),
    }
    if context["may_keep"]:
        proposals = proposals_of(year, days, today=today)
        context["proposed"] = sum(proposal.is_open for proposal in proposals)
    return render(request, "reminders/calendar.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_day(request: Request) -> HttpResponseBase:
    """A day by hand: a preview of what would go out when, then the calendar."""
    require(rules.may_keep_calendar(request.user))
    if request.method != "POST":
        day = _day(request.GET.get("day", ""))
        standing = rules.special_day(day)
        form = DayForm(initial=filled_from(standing) if standing else {"day": day})
        return _day_page(request, form)
    form = DayForm(request.POST)
    if not form.is_valid():
        return _day_page(request, form, status=422)
    entry, reason = form.entry(), form.cleaned_data["reason"]
    allowed = rules.may_set_day(
        entry.day, is_working=entry.is_working, reason=reason, today=localdate()
    )
    if not allowed:
        form.add_error(None, allowed.reason)
        return _day_page(request, form, status=422)
    if not _is_saved(request, form.stamp()):
        return _day_page(request, form, **_preview({entry.day: entry.is_working}, form.stamp()))
    try:
        service.set_day(entry, reason=reason, act=act_of(request, form.cleaned_data["form_key"]))
    except Denied as refusal:
        form.add_error(None, refusal.reason)
        return _day_page(request, form, status=409)
    return _done(request, entry.day.year, f"Đã ghi ngày {entry.day:%d/%m/%Y} vào lịch.")


def _is_saved(request: Request, stamp: str) -> bool:
    """Only what was previewed is saved: who changed the form after it sees another preview."""
    return "save" in request.POST and request.POST.get("previewed") == stamp


def _preview(changes: Changes, stamp: str) -> dict[str, Any]:
    return {"preview": foresee_calendar(changes, on=localdate()), "stamp": stamp}


def _done(request: Request, year: int, words: str) -> HttpResponseBase:
    return toast(request, redirect(request, f"{reverse('reminders:calendar')}?year={year}"), words)


def _day_page(
    request: Request, form: DayForm, *, status: int = 200, **preview: Any
) -> HttpResponse:
    """The form, and what stands in the calendar on its day already."""
    day = form.cleaned_data.get("day") if form.is_bound else form.initial.get("day")
    standing = rules.special_day(day)
    context = {"form": form, "standing": standing, **preview}
    return render(request, "reminders/calendar_day.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def remove_day(request: Request, day: str) -> HttpResponseBase:
    """Take a day out of the calendar, after a look at what would go out when."""
    require(rules.may_keep_calendar(request.user))
    asked = _day(day)
    if asked is None:
        raise Http404
    form = RemoveDayForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            service.remove_day(asked, reason=data["reason"], act=act_of(request, data["form_key"]))
        except Denied as refusal:
            form.add_error(None, refusal.reason)
        else:
            return _done(request, asked.year, f"Đã bỏ ngày {asked:%d/%m/%Y} khỏi lịch.")
    standing = get_object_or_404(CalendarDay, day=asked)
    context = {"form": form, "day": standing, **_preview({asked: None}, "")}
    context["is_past"] = asked < localdate()
    status = 422 if form.is_bound else 200
    return render(request, "reminders/calendar_remove.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def take_proposals(request: Request) -> HttpResponseBase:
    """Public holidays of a year as a library foretells them: chosen, previewed, taken over."""
    require(rules.may_keep_calendar(request.user))
    today = localdate()
    year = _year(request, today)
    days = rules.days_of(year)
    proposals = proposals_of(year, days, today=today)
    known = {proposal.foretold.day for proposal in proposals}
    form = ProposalsForm(request.POST if request.method == "POST" else None, proposals=proposals)
    context = {
        "form": form,
        "year": year,
        "library": LIBRARY,
        "proposals": proposals,
        "unforetold": [day for day in days if day.day not in known],
    }
    if not form.is_valid():
        return _proposals_page(request, context, status=422 if form.is_bound else 200)
    entries = form.entries()
    if not _is_saved(request, form.stamp()):
        changes = {entry.day: entry.is_working for entry in entries}
        return _proposals_page(request, context | _preview(changes, form.stamp()))
    try:
        count = service.add_days(entries, act=act_of(request, form.cleaned_data["form_key"]))
    except Denied as refusal:
        form.add_error(None, refusal.reason)
        return _proposals_page(request, context, status=409)
    return _done(request, year, f"Đã nhận {count} ngày vào lịch năm {year}.")


def _proposals_page(
    request: Request, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    return render(request, "reminders/calendar_proposals.html", context, status=status)
