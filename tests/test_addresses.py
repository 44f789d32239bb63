"""Every address gives everybody what the access matrix says; a new address without a row fails."""

from collections.abc import Iterator
from html import unescape

import pytest
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from hanoi_programmes.programmes.models import Handover
from hanoi_programmes.reports.models import Report
from tests.headers import check_headers
from tests.matrix import PEOPLE, ROWS
from tests.reasons import REASONS
from tests.world import World


def routes(resolver: URLResolver, space: str = "") -> Iterator[str]:
    """The names of all patterns, those without one too."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, f"{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"


ROUTES = list(routes(get_resolver()))


def test_every_address_has_its_row_and_every_row_its_address() -> None:
    assert sorted(ROUTES) == sorted(ROWS)


def answer(world: World, name: str, person: str, method: str) -> HttpResponse:
    """The answer, or what the edge says when Django has no page for it."""
    address = reverse(name, kwargs=ROWS[name].kwargs(world))
    response: HttpResponse = getattr(world.client(person), method)(address)
    if response.streaming:
        response.getvalue()
    check_headers(response)
    return response


@pytest.mark.usefixtures("media")
@pytest.mark.parametrize("name", ROWS)
def test_everybody_gets_the_answer_of_the_matrix(world: World, name: str) -> None:
    """GET first, for all: nothing that is read changes what the next one reads."""
    found = {person: answer(world, name, person, "get") for person in PEOPLE}
    assert {person: found[person].status_code for person in PEOPLE} == ROWS[name].get
    check_words(found)


@pytest.mark.usefixtures("media")
@pytest.mark.parametrize("name", ROWS)
def test_everybody_gets_the_answer_of_the_matrix_to_a_form(world: World, name: str) -> None:
    """What one may do, the next one finds undone."""
    expected, found = ROWS[name].post, {}
    for person in PEOPLE:
        reset(world)
        found[person] = answer(world, name, person, "post")
    assert {person: found[person].status_code for person in PEOPLE} == expected
    check_words(found)


def reset(world: World) -> None:
    """As nobody had sent anything."""
    Handover.objects.filter(outgoing=world.left).delete()
    Report.objects.filter(pk=world.waiting.pk).update(state="waiting")
    Report.objects.filter(pk=world.cancelled.pk).update(state="cancelled")


def check_words(found: dict[str, HttpResponse]) -> None:
    """Who is sent away is sent to sign in; who is refused reads why; who sees nothing, nothing."""
    for person, response in found.items():
        if response.status_code == 302 and person == "anonymous" and "next" in response["Location"]:
            assert response["Location"].startswith("/sign-in/?next=/")
        if response.status_code == 403:
            shown = unescape(response.content.decode())
            assert "<h1>" in shown
            assert any(mark in shown for mark in REASONS), shown
        if response.status_code == 404:
            assert "Phường Láng" not in response.content.decode().partition("<main")[2]
