"""Hints put away: a reader's own, so no event is written."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST

from hanoi_programmes.people.http import Request
from hanoi_programmes.people.services.hints import HINTS, put_hint_away
from hanoi_programmes.ui.htmx import redirect, wants_fragment
from hanoi_programmes.ui.middleware import page_before


@require_POST
def put_away(request: Request, key: str) -> HttpResponseBase:
    """The hint goes, and the reader stays on the page."""
    if key not in HINTS:
        raise Http404
    put_hint_away(user=request.user, key=key)
    if wants_fragment(request):
        response: HttpResponse = render(request, "components/hint_gone.html")
        return response
    return redirect(request, page_before(request))
