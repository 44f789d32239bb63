"""Foreign, impossible and hostile addresses: refused in silence, never broken."""

from urllib.parse import quote

import pytest

from hanoi_programmes.programmes.filters import SPECIALS
from hanoi_programmes.programmes.models import Task
from tests.conftest import Cast, signed_in
from tests.programmes.conftest import NUL, move_form, text_of, update_form
from tests.stored import stored


@pytest.mark.parametrize("address", ["", "history/", "report/", "moves/acknowledge/", "reminders/"])
def test_a_foreign_task_does_not_exist(cast: Cast, ward_task: Task, address: str) -> None:
    client, before = signed_in(cast.outsider), stored()
    for pk in (ward_task.pk, 99_999_999, 99_999_999_999_999_999_999):
        response = client.get(f"/tasks/{pk}/{address}")
        assert response.status_code == 404
        assert ward_task.text not in text_of(response)
    if address in {"report/", "moves/acknowledge/"}:
        data = update_form() | move_form(ward_task)
        assert client.post(f"/tasks/{ward_task.pk}/{address}", data).status_code == 404
    assert stored() == before


QUERIES = (
    "q", "parent", "resolution", "unit", "axis", "level", "tier", "special", "order", "group", "on",
    "page", "per", "view", "whose", "code", "from", "situation", "next",
)  # fmt: skip
HOSTILE = {
    "NUL": NUL,
    "a lone surrogate": "%ED%A0%80",
    "not UTF-8": "%FF%FE",
    "right to left": "\u202e\u2066",
    "long": "x" * 5_000,
    "a template": "{{ 7*7 }}{% debug %}",
    "SQL": "' OR 1=1; --",
    "a script": "<script>alert(1)</script>",
    "another column": "lead_unit__users__password",
    "a big number": "9" * 40,
    "below zero": "-1",
    "the first day": "0001-01-01",
    "the last day": "9999-12-31",
    "no such day": "2026-02-30",
    "decomposed": "Ha\u0300 No\u0323\u0302i",
    "a wildcard": "%_%\\",
}
# The pages that read their address.
PAGES = (
    "/tasks/", "/units/", "/dashboard/", "/reports/", "/reports/code/", "/notices/", "/sign-in/",
)  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_query_breaks_a_page(cast: Cast, ward_task: Task, hostile: str) -> None:
    client, before = signed_in(cast.office), stored()
    query = "&".join(f"{name}={quote(HOSTILE[hostile], safe='%')}" for name in QUERIES)
    for url in (*PAGES, f"/tasks/{ward_task.pk}/history/"):
        response = client.get(url, QUERY_STRING=query)
        assert response.status_code < 500, url
        assert "<script>alert" not in response.content.decode()
    assert stored() == before


@pytest.mark.parametrize("name", QUERIES)
def test_no_parameter_alone_breaks_a_page(cast: Cast, ward_task: Task, name: str) -> None:
    client = signed_in(cast.ward_officer)
    for url in ("/tasks/", "/units/", f"/tasks/{ward_task.pk}/report/"):
        assert client.get(url, {name: NUL}).status_code == 400
        assert client.get(url, {name: HOSTILE["SQL"]}).status_code < 500


@pytest.mark.parametrize("special", SPECIALS)
@pytest.mark.parametrize("on", ["0001-01-20", "9999-12-31"])
def test_no_day_breaks_the_list(cast: Cast, special: str, on: str) -> None:
    response = signed_in(cast.office).get("/tasks/", {"on": on, "special": special})
    assert response.status_code == 200


@pytest.mark.parametrize(
    "url", ["/%00", "/units/%00/", "/programmes/%00/", "/reports/code/%00/", "/units/%ED%A0%80/"]
)
def test_no_address_breaks_the_edge(cast: Cast, url: str) -> None:
    client = signed_in(cast.office)
    assert {client.get(url).status_code, client.post(url).status_code} <= {400, 404, 405}
