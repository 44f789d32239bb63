"""The leader's dashboard as it looks: colours that mean lateness, cards of a phone, one row."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, settled

COLOUR = "part => getComputedStyle(part).color"


def test_a_change_for_the_worse_is_drawn_as_late(visit: Visit) -> None:
    """Also its arrow and amount, which lie in an element of their own."""
    page = settled(visit("leader", "/dashboard/"))
    late = page.locator(".kpi.k-late b").first.evaluate(COLOUR)
    worse = page.locator(".kpi small.k-late > span:not(.vh)")
    assert worse.count()
    assert {part.evaluate(COLOUR) for part in worse.all()} == {late}


def test_the_number_in_a_tiles_note_opens_its_own_rows(visit: Visit) -> None:
    page = settled(visit("leader", "/dashboard/"))
    note = page.locator("#tiles .kpi.k-late .meta a")
    number = note.inner_text().split()[0]
    note.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nhiệm vụ")
    assert "special=seriously_late" in page.url
    assert page.locator("[data-row]").count() == int(number)


def test_lines_on_a_phone_part_tasks_and_not_their_facts(visit: Visit) -> None:
    page = settled(visit("leader", "/dashboard/", width=390))
    cells = page.locator("#matters tbody + tbody > tr:first-child > *")
    assert cells.count()
    widths = cells.evaluate_all("all => all.map(one => getComputedStyle(one).borderTopWidth)")
    assert set(widths) == {"0px"}


@pytest.mark.parametrize("width", [1349, 1440])
def test_all_that_is_asked_first_stands_in_one_row(visit: Visit, width: int) -> None:
    """1349: a window of 1366 with its scroll bar."""
    page = settled(visit("leader", "/dashboard/", width=width))
    on, go = page.locator("#f-on").bounding_box(), page.locator(".asked-go").bounding_box()
    assert on is not None
    assert go is not None
    assert abs(on["y"] - go["y"]) < 8
