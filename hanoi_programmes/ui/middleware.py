"""What happens to every answer: no copies left, refusals with their reason, sign-in again."""

from collections.abc import Callable
from typing import cast
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import render, resolve_url
from django_htmx.http import HttpResponseClientRedirect, reswap

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.ui.attribution import acting, address_of
from hanoi_programmes.ui.htmx import HtmxRequest

Next = Callable[[HttpRequest], HttpResponse]


class NoStoreMiddleware:
    """Pages hold the committee's work: nobody keeps a copy, unless a page's view says so."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class NoNulMiddleware:
    """A NUL in an address is never typed by anybody, and PostgreSQL has no text that holds one."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or any("\0" in v for vs in request.GET.lists() for v in vs[1]):
            raise BadRequest("a NUL in the address")
        return self.get_response(request)


class ActingMiddleware:
    """Row history learns who asked for what is written while the request is answered."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Asked at each write: at sign-in nobody is known yet when the request comes.
        with acting("request", address_of(request), lambda: request.user.pk):
            return self.get_response(request)


class DeniedMiddleware:
    """Turns `Denied` into 403 with the reason: a page, or for htmx a toast that swaps nothing."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal; every other exception goes on."""
        if not isinstance(exception, Denied):
            return None
        if cast("HtmxRequest", request).htmx:
            context = {"text": exception.reason, "kind": "late"}
            return reswap(render(request, "components/toast.html", context, status=403), "none")
        return render(request, "403.html", {"reason": exception.reason}, status=403)


class SignInAgainMiddleware:
    """An ended session leads to sign-in and from there back to the page, not to a part of it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        sign_in = resolve_url(settings.LOGIN_URL)
        if not isinstance(response, HttpResponseRedirectBase):
            return response
        if not response.url.startswith(sign_in):
            return response
        htmx = cast("HtmxRequest", request).htmx
        if htmx:
            # Back to the page itself: the address asked for by htmx holds a fragment only.
            return HttpResponseClientRedirect(_with_next(sign_in, htmx.current_url_abs_path or "/"))
        if request.method == "POST" and response.url != sign_in:
            # Back to the page with the form: where it was sent to may have no page to show.
            return HttpResponseRedirect(_with_next(sign_in, page_before(request)))
        return response


def _with_next(sign_in: str, page: str) -> str:
    return f"{sign_in}?{urlencode({'next': page}, safe='/')}"


def page_before(request: HttpRequest) -> str:
    """The page of ours that the form stood on."""
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host():
        return "/"
    return f"{page.path}?{page.query}" if page.query else page.path
