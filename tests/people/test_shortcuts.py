"""Keys: one list that pages print and "?" shows, switched on and off by whom they belong to."""

import re

import pytest
from django.conf import settings

from hanoi_programmes.people.http import _KEYS
from hanoi_programmes.ui.shortcuts import SECTIONS, everything, printed
from tests.conftest import Cast, signed_in

TEMPLATES = sorted((settings.ROOT / "templates").rglob("*.html"))
SOURCE = {path: path.read_text(encoding="utf-8") for path in TEMPLATES}
LISTED = {shortcut.keys for shortcut in everything()}
# Pressed in the browser itself, or by a screen reader's own quick keys first.
RESERVED = {"Tab", "Enter", "h", "b"}


def test_every_key_that_a_page_prints_is_listed() -> None:
    by_hand = [
        (path.name, keys)
        for path, source in SOURCE.items()
        for keys in re.findall(r'data-key="([^"{]+)"', source)
    ]
    assert [found for found in by_hand if found[1] not in LISTED] == []


def test_every_listed_key_is_printed_by_a_page() -> None:
    """A name that other screens are still to print may wait; a key that nothing answers may not."""
    printed_names = {
        name for source in SOURCE.values() for name in re.findall(r'shortcut "([a-z-]+)"', source)
    }
    by_hand = {
        keys for source in SOURCE.values() for keys in re.findall(r'data-key="([^"{]+)"', source)
    }
    rows = {shortcut.name for shortcut in SECTIONS["Trong danh sách"][:4]}
    unprinted = {
        shortcut.name
        for shortcut in everything()
        if shortcut.name not in printed_names | rows | set(_KEYS.values())
        and shortcut.keys not in by_hand
    }
    assert unprinted <= WAITING


WAITING = {"save-view", "slide-next", "slide-previous", "slide-close"}


def test_no_key_does_two_things_on_one_kind_of_page() -> None:
    everywhere = [*SECTIONS["Đi đến"], *SECTIONS["Mọi trang"]]
    for title, shortcuts in SECTIONS.items():
        mixed = everywhere if shortcuts[0] in everywhere else [*everywhere, *shortcuts]
        ways = [tuple(way) for shortcut in mixed for way in shortcut.caps]
        assert len(ways) == len(set(ways)), title
    assert {word for shortcut in everything() for word in shortcut.keys.split()}.isdisjoint(
        RESERVED - {"h"}
    )


def test_a_name_that_is_not_listed_is_a_fault() -> None:
    assert printed("new") == 'data-key="n"'
    with pytest.raises(KeyError):
        printed("nothing")


def test_the_page_of_keys_shows_each_of_them(cast: Cast) -> None:
    page = signed_in(cast.office).get("/shortcuts/").content.decode()
    for shortcut in everything():
        assert shortcut.does in page
        for way in shortcut.caps:
            for cap in way:
                assert f"<kbd>{cap}</kbd>" in page


def test_keys_are_switched_off_for_good_by_their_owner_only(cast: Cast) -> None:
    client = signed_in(cast.office)
    assert "data-row-keys=" in client.get("/account/").content.decode()
    answer = client.post(
        "/account/shortcuts/", {"on": "0"}, HTTP_REFERER="http://testserver/shortcuts/"
    )
    assert (answer.status_code, answer["Location"]) == (302, "/shortcuts/")
    assert "data-row-keys=" not in client.get("/account/").content.decode()
    assert "Bật phím tắt" in client.get("/shortcuts/").content.decode()
    assert "data-row-keys=" in signed_in(cast.leader).get("/account/").content.decode()
    client.post("/account/shortcuts/", {"on": "1"})
    cast.office.refresh_from_db()
    assert cast.office.uses_shortcuts
