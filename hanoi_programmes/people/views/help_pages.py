"""How the product is used: a short help page, the keys, and switching the keys on and off."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from hanoi_programmes.people.http import Request
from hanoi_programmes.people.services.shortcuts import use_shortcuts
from hanoi_programmes.ui.htmx import redirect
from hanoi_programmes.ui.middleware import page_before
from hanoi_programmes.ui.shortcuts import SECTIONS


@require_safe
def help_page(request: Request) -> HttpResponse:
    """Roles, the update in three touches, colours, the formula."""
    return render(request, "people/help.html")


@require_safe
def shortcuts(request: Request) -> HttpResponse:
    """All keys, from the list that the pages themselves print them from."""
    return render(request, "people/shortcuts.html", {"sections": SECTIONS})


@require_POST
def switch_shortcuts(request: Request) -> HttpResponseBase:
    """Keys on or off for this account, on every machine; the reader stays on the page."""
    use_shortcuts(user=request.user, on=request.POST.get("on") == "1")
    return redirect(request, page_before(request))
