"""One box for tasks, units and documents; as one types, and as a page of its own."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from hanoi_programmes.people.http import Request
from hanoi_programmes.programmes.services import search as service
from hanoi_programmes.ui.htmx import template

QUICK, SHOWN = 4, 20


@require_safe
def search(request: Request) -> HttpResponse:
    """Results by kind; under the box in the top bar only the best few of each."""
    query = request.GET.get("q", "").strip()[:200]
    is_quick = bool(request.htmx) and request.htmx.target == "quick-found"
    most = QUICK if is_quick else SHOWN
    found = service.search(query, user=request.user, on=localdate(), most=most)
    context = {"q": query, "found": found}
    if is_quick:
        response = render(request, "programmes/_quick_found.html", context)
        patch_vary_headers(response, ["HX-Request", "HX-Target"])
        return response
    return template(request, "programmes/search.html", "programmes/_found.html", context)
