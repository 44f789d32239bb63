"""The page behind a link of a mail: it is open to who holds the link, and shows nothing else."""

from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.services.history import Act
from hanoi_programmes.programmes.shapes import line
from hanoi_programmes.reminders.forms import AnswerForm
from hanoi_programmes.reminders.models import AnswerLink
from hanoi_programmes.reminders.services import answers
from hanoi_programmes.reminders.states import LinkEnd
from hanoi_programmes.ui.attribution import acting, address_of


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """The three answers; only sending the form writes, since programs that scan mails open links.

    Who holds the link acts as the mail's reader, whoever is signed in in this browser.
    """
    link = answers.find(key)
    if link is None:
        raise Http404
    at = now()
    if request.method == "POST":
        return _carry_out(request, link, at)
    if end := answers.end_of(link, at=at, on=localdate(at)):
        return _ended(request, link, end)
    opened = request.GET.get("tra-loi", "")
    return _page(request, link, AnswerForm(task=link.task, today=localdate(at), opened=opened))


def _carry_out(request: HttpRequest, link: AnswerLink, at: datetime) -> HttpResponse:
    """Report it in the name of the mail's reader; what was typed comes back when it cannot be."""
    on = localdate(at)
    form = AnswerForm(request.POST, task=link.task, today=on)
    if not form.is_valid():
        end = answers.end_of(link, at=at, on=on)
        return _ended(request, link, end, form) if end else _page(request, link, form, status=422)
    act = Act(link.recipient, at, on, form.cleaned_data["form_key"], answers.WAY)
    try:
        with acting("request", address_of(request), lambda: link.recipient_id):
            answers.answer(link, form.chosen(), form.update(), act=act)
    except answers.Ended as ended:
        return _ended(request, link, ended.end, form)
    except Denied as refusal:
        form.add_error(None, refusal.reason)
        return _page(request, link, form, status=409)
    context = {"link": link, "reply": form.chosen(), "said": form.said(), "at": at}
    return _kept_secret(render(request, "reminders/answered.html", context))


def _page(
    request: HttpRequest, link: AnswerLink, form: AnswerForm, *, status: int = 200
) -> HttpResponse:
    context = {"link": link, "form": form, "line": line(link.task, on=form.today)}
    return _kept_secret(render(request, "reminders/answer.html", context, status=status))


def _ended(
    request: HttpRequest, link: AnswerLink, end: LinkEnd, form: AnswerForm | None = None
) -> HttpResponse:
    """Gone (410), with what to do instead and all that was typed meanwhile."""
    context = {"link": link, "end": end, "typed": form.typed() if form else []}
    return _kept_secret(render(request, "reminders/answer_ended.html", context, status=410))


def _kept_secret(response: HttpResponse) -> HttpResponse:
    """The address is the key: no search engine may learn it. No other site does, for the house
    sends its addresses nowhere; "no-referrer" would also take the origin from the form, and with
    it the proof that the form is ours."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
