"""What the head of every answer says, to whomever and of whichever page."""

import re

from django.http import HttpResponse

HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def check_headers(response: HttpResponse) -> None:
    """Every answer, of every kind, to everybody: nothing runs, frames, sniffs, follows or keeps."""
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert not re.search(r"unsafe-|\*|data:|https?:", policy), policy
    if not response.streaming:
        assert {"frame-ancestors 'none'", "base-uri 'none'"} <= set(policy.split("; "))
        assert "script-src 'self'" in policy
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    # A calendar program keeps its calendar; it is asked for again each time.
    keeps = response.headers.get("Content-Type", "").startswith("text/calendar")
    assert (
        response["Cache-Control"] == "private, no-cache"
        if keeps
        else ("no-store" in response["Cache-Control"])
    )
    for cookie in filter(lambda cookie: cookie.value, response.cookies.values()):
        assert (cookie["httponly"], cookie["samesite"], cookie["domain"]) == (True, "Lax", "")
