"""The week's text: composed, edited, copied, handed over; and those of earlier weeks."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_POST

from hanoi_programmes.lib.dates import Period, week_of
from hanoi_programmes.lib.periods import WEEK, read_period, week_key
from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.http import Request
from hanoi_programmes.people.rules import may_see_programmes
from hanoi_programmes.programmes.forms.weekly import WeeklyForm
from hanoi_programmes.programmes.http import act_of
from hanoi_programmes.programmes.rules.weekly import may_hand_over
from hanoi_programmes.programmes.services import weekly as service
from hanoi_programmes.programmes.shapes.weekly import (
    Weekly,
    compose,
    handed_over,
    last_of,
    unit_of_text,
    week_of_work,
)
from hanoi_programmes.ui.htmx import redirect, toast
from hanoi_programmes.ui.pages import paginate

WEEKS_OFFERED = 12


@require_http_methods(["GET", "HEAD", "POST"])
def week(request: Request) -> HttpResponseBase:
    """The text of a week, ready to copy; POST stamps it as handed over."""
    require(may_see_programmes(request.user))
    chosen = _chosen(request, localdate())
    if request.method != "POST":
        return _page(request, chosen)
    unit = unit_of_text(request.user)
    require(may_hand_over(request.user, unit))
    form = WeeklyForm(request.POST, auto_id="week-%s")
    if not form.is_valid():
        return _page(request, chosen, form=form, status=422)
    act = act_of(request, form.cleaned_data["form_key"])
    try:
        service.hand_over(unit, chosen.start, form.text(), act=act)
    except Denied as refusal:
        form.add_error(None, refusal.reason)
        return _page(request, chosen, form=form, status=409)
    response = redirect(request, f"{reverse('programmes:week')}?week={week_key(chosen.start)}")
    return toast(request, response, "Đã ghi bàn giao báo cáo tuần.")


@require_POST
def whole(request: Request) -> HttpResponse:
    """The three parts as typed so far, joined for one copy; nothing is kept."""
    require(may_see_programmes(request.user))
    form = WeeklyForm(request.POST)
    typed = {name: request.POST.get(name, "") for name in ("results", "difficulties", "next_week")}
    text = form.text() if form.is_valid() else Weekly(**typed)
    return render(request, "programmes/_week_whole.html", {"text": text})


def _chosen(request: Request, today: date) -> Period:
    """The asked week; this one for nonsense, and for one that has not begun."""
    key = request.GET.get("week", "")
    found = read_period(key) if "-W" in key else None
    return found if found and found.start <= today else week_of(today)


def _page(
    request: Request, chosen: Period, *, form: WeeklyForm | None = None, status: int = 200
) -> HttpResponse:
    user, today = request.user, localdate()
    unit = unit_of_text(user)
    stamped = last_of(unit, chosen.start)
    again = form is not None or "again" in request.GET
    kept = None if again else stamped
    text = Weekly.of(kept) if kept else compose(week_of_work(user, chosen, today=today))
    initial = {name: getattr(text, name) for name in ("results", "difficulties", "next_week")}
    may_stamp = bool(may_hand_over(user, unit))
    is_open = kept is None and may_stamp
    context: dict[str, Any] = {
        "unit": unit,
        "week": chosen,
        "week_key": week_key(chosen.start),
        "weeks": _offered(today, chosen),
        "before": week_key(chosen.start - WEEK),
        "after": week_key(chosen.start + WEEK) if chosen.end < today else "",
        "stamped": stamped,
        "is_open": is_open,
        "may_stamp": may_stamp,
        "text": text,
        "form": form or (WeeklyForm(auto_id="week-%s", initial=initial) if is_open else None),
        "page": paginate(handed_over(unit), request, per_page=25),
    }
    return render(request, "programmes/week_page.html", context, status=status)


def _offered(today: date, chosen: Period) -> list[tuple[str, Period]]:
    """The last weeks, and the chosen one if it is older."""
    weeks = [week_of(today - n * WEEK) for n in range(WEEKS_OFFERED)]
    if chosen not in weeks:
        weeks.append(chosen)
    return [(week_key(week.start), week) for week in weeks]
