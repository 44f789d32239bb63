"""One view for the whole page and for the fragment that htmx swaps into it."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

# A message's level for the page after a redirect, by the kind of note that a toast would be.
_LEVELS = {
    "done": messages.SUCCESS,
    "run": messages.INFO,
    "soon": messages.WARNING,
    "late": messages.ERROR,
}


class HtmxRequest(HttpRequest):
    """A request that went through django-htmx's middleware."""

    htmx: HtmxDetails


def wants_fragment(request: HttpRequest) -> bool:
    """True for a swap inside a page; boosted links and restored history need the whole page."""
    htmx = cast("HtmxRequest", request).htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def template(
    request: HttpRequest,
    page: str,
    fragment: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Render the page, or for htmx only the fragment that it includes; caches keep them apart."""
    name = fragment if wants_fragment(request) else page
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def toast(
    request: HttpRequest,
    response: HttpResponse,
    text: str,
    *,
    kind: str = "done",
    url: str = "",
    link: str = "",
) -> HttpResponse:
    """Say what was done: out of band for htmx, else as a message on the page that follows.

    `kind` is done, run, soon or late. `url` and `link` (its words) add one link to a toast.
    """
    # htmx swaps nothing in when it is sent elsewhere: only the page that follows can say it.
    if cast("HtmxRequest", request).htmx and "HX-Redirect" not in response:
        note = {"text": text, "kind": kind, "url": url, "link": link}
        response.write(render_to_string("components/toast.html", note))
    else:
        messages.add_message(request, _LEVELS[kind], text)
    return response


def redirect(request: HttpRequest, to: str, **kwargs: str | int) -> HttpResponseRedirectBase:
    """Go to an address or a named page; htmx is told in a header, or it would swap that page in."""
    url = resolve_url(to, **kwargs)
    told = cast("HtmxRequest", request).htmx
    return HttpResponseClientRedirect(url) if told else HttpResponseRedirect(url)
