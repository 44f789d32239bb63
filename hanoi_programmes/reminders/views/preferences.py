"""How one's own reminders come."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from hanoi_programmes.people.http import Request, act_of
from hanoi_programmes.people.rules import calendar_exceptions
from hanoi_programmes.reminders import policy
from hanoi_programmes.reminders.forms import PreferenceForm
from hanoi_programmes.reminders.services.preferences import prefer, preference_of
from hanoi_programmes.ui.htmx import redirect, toast


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: Request) -> HttpResponseBase:
    """One digest or single mails, days without; what no preference can stop is said."""
    sent = request.POST if request.method == "POST" else None
    form = PreferenceForm(sent, kept=preference_of(request.user))
    if sent is None or not form.is_valid():
        return _page(request, form, 200 if sent is None else 422)
    prefer(form.wanted(request.user), act=act_of(request, form.cleaned_data["form_key"]))
    return toast(request, redirect(request, "reminders:preferences"), "Đã ghi cách nhận thư.")


def _page(request: Request, form: PreferenceForm, status: int) -> HttpResponse:
    today = localdate()
    exceptions = calendar_exceptions(today, today + policy.LOOK_AHEAD)
    coming = policy.next_mail_day(preference_of(request.user), today, exceptions)
    context = {"form": form, "coming": coming}
    return render(request, "reminders/preferences.html", context, status=status)
