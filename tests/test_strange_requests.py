"""Other methods, reading that must not write, addresses that are none, in the matrix's world.

What is foreign and what does not exist must look alike.
"""

import re

import pytest
from django.urls import reverse

from tests.matrix import PEOPLE, ROWS
from tests.stored import stored
from tests.world import World


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_no_address_takes_another_method(world: World, method: str) -> None:
    client = world.client("office")
    addresses = [reverse(name, kwargs=line.kwargs(world)) for name, line in ROWS.items()]
    before = stored()
    assert {getattr(client, method)(address).status_code for address in addresses} == {405}
    assert stored() == before


# What an address may write when it is read, and nothing else.
WRITES = {"api:feed": {"api_feed"}}  # its owner sees when a program last read it


@pytest.mark.parametrize("name", ROWS)
def test_reading_writes_nothing(world: World, name: str) -> None:
    client = world.client("officer")
    address = reverse(name, kwargs=ROWS[name].kwargs(world))
    before = stored()
    head, get = client.head(address), client.get(address)
    assert head.status_code == get.status_code
    assert head.getvalue() == b""
    assert get.getvalue() or get.status_code in {302, 405}
    after = stored()
    assert {table for table in after if after[table] != before[table]} <= WRITES.get(name, set())


def test_an_address_that_is_none_is_a_page_in_vietnamese(world: World) -> None:
    for person in PEOPLE:
        response = world.client(person).get("/khong-co-trang-nay/")
        assert response.status_code == 404
        assert "Không" in response.content.decode()


def test_what_is_foreign_and_what_is_not_there_look_alike(world: World) -> None:
    client = world.client("outsider")
    pages = [client.get(f"/tasks/{pk}/") for pk in (world.task.pk, 987_654_321)]
    token = r'token": "\w+"|name="csrfmiddlewaretoken" value="\w+"'
    foreign, nothing = (re.sub(token, "", page.content.decode()) for page in pages)
    assert foreign == nothing
