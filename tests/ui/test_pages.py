"""Page numbers and what every template gets."""

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from pytest_django import Settings

from hanoi_programmes.ui.pages import page_context, paginate
from hanoi_programmes.ui.templatetags.ui import page_steps

ROWS = list(range(1234))


@pytest.mark.parametrize(
    ("query", "number", "size"),
    [
        ("", 1, 50),
        ("?page=3", 3, 50),
        ("?page=3&per=100", 3, 100),
        ("?per=100000", 1, 50),
        ("?page=nonsense", 1, 50),
        ("?page=9999", 25, 50),
    ],
)
def test_pages_survive_any_query(query: str, number: int, size: int) -> None:
    page = paginate(ROWS, RequestFactory().get(f"/{query}"))
    assert (page.number, page.paginator.per_page) == (number, size)


def test_page_numbers_keep_the_filter() -> None:
    request = RequestFactory().get("/tasks/?group=overdue&page=7")
    page = paginate(ROWS, request)
    assert page_steps(page.paginator, page.number) == [1, 0, 6, 7, 8, 0, 25]
    html = render_to_string("components/pagination.html", {"page": page}, request)
    assert "301–350 trong 1.234" in html
    assert "?group=overdue&amp;page=8" in html
    assert "?group=overdue&amp;per=100" in html


def test_only_known_themes_reach_the_page(settings: Settings) -> None:
    settings.ILLUSTRATIVE = True
    request = RequestFactory().get("/")
    request.COOKIES["theme"] = "dark"
    assert page_context(request)["theme"] == "dark"
    assert page_context(request)["illustrative"] is True
    request.COOKIES["theme"] = '"><script>'
    assert page_context(request)["theme"] == ""
