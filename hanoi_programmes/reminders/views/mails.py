"""The local mail server's folder: these have addresses only when MAIL_SINK_DIR is set."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hanoi_programmes.people.http import Request
from hanoi_programmes.reminders.parse import mail_names, read_mail
from hanoi_programmes.ui.htmx import template
from hanoi_programmes.ui.pages import paginate


@require_safe
def mail_list(request: Request) -> HttpResponse:
    """The mails that the local server took, newest first."""
    folder = Path(settings.MAIL_SINK_DIR)
    names: list[Any] = mail_names(folder)
    page = paginate(names, request, per_page=25)
    mails = [mail for name in page.object_list if (mail := read_mail(folder, name))]
    context = {"page": page, "mails": mails}
    return template(request, "reminders/mail_list.html", "reminders/_mail_table.html", context)


@require_safe
def mail_page(request: Request, name: str) -> HttpResponse:
    """One mail as text; what is in it is shown, never interpreted."""
    mail = read_mail(Path(settings.MAIL_SINK_DIR), name)
    if mail is None:
        raise Http404
    return render(request, "reminders/mail_page.html", {"mail": mail})
