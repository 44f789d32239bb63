"""Keys in a real browser: what they press, and when they rest."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, settled

ROWS = "[data-row]"


def row_in_hand(page: Page) -> int:
    return int(
        page.evaluate(
            "[...document.querySelectorAll('[data-row]')].indexOf("
            "document.activeElement.closest('[data-row]'))"
        )
    )


def test_rows_are_walked_ticked_and_opened_without_a_mouse(visit: Visit) -> None:
    page = settled(visit("office", "/tasks/"))
    bar = page.get_by_role("group", name=re.compile("đã đánh dấu"))
    for key, row in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        assert row_in_hand(page) == row
    page.keyboard.press("x")
    expect(bar).to_contain_text("Đã chọn 1 nhiệm vụ")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(bar).to_contain_text("Đã chọn 2 nhiệm vụ")
    page.keyboard.press("x")
    expect(bar).to_contain_text("Đã chọn 1 nhiệm vụ")
    wanted = page.locator(ROWS).nth(2).locator("[data-row-open]").inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(wanted)


@pytest.mark.parametrize(
    ("keys", "address"),
    [("gd", "/dashboard/"), ("gl", "/tasks/"), ("gc", "/decisions/"), ("gh", "/"),
     ("gp", "/programmes/"), ("?", "/shortcuts/")],
)  # fmt: skip
@pytest.mark.parametrize("width", [1366, 600])
def test_a_key_leads_to_a_page(visit: Visit, keys: str, address: str, width: int) -> None:
    """Also where a narrow window has folded the navigation away."""
    page = settled(visit("office", "/reports/", width=width))
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_url(lambda url: url.endswith(f"{address}") and "/reports/" not in url)


def test_keys_rest_while_one_types_and_with_other_keys_held(visit: Visit) -> None:
    page = settled(visit("office", "/tasks/"))
    page.keyboard.press("f")
    field = page.get_by_label("Từ khóa")
    expect(field).to_be_focused()
    page.keyboard.type("jxg?n")
    expect(field).to_have_value("jxg?n")
    assert row_in_hand(page) == -1
    field.blur()
    for held in ("Control+j", "Alt+j", "Meta+j", "Shift+j"):
        page.keyboard.press(held)
        assert row_in_hand(page) == -1
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name=re.compile("^Tìm nhiệm vụ")).first).to_be_focused()
    assert page.url.endswith("/tasks/")


def test_switched_off_no_key_does_anything(visit: Visit) -> None:
    page = settled(visit("inspector", "/account/"))
    page.get_by_role("button", name="Tắt phím tắt").click()
    expect(page.get_by_text("đang tắt")).to_be_visible()
    page.goto("/tasks/")
    for key in ("j", "?", "g", "d"):
        page.keyboard.press(key)
    assert row_in_hand(page) == -1
    assert page.url.endswith("/tasks/")
    page.goto("/account/")
    page.get_by_role("button", name="Bật phím tắt").click()
    # The page that follows has to be there before it can hear a key.
    expect(page.get_by_role("button", name="Tắt phím tắt")).to_be_visible()
    settled(page).keyboard.press("?")
    page.wait_for_url("**/shortcuts/")


def test_the_words_of_a_part_are_copied_and_said_so(visit: Visit) -> None:
    page = settled(visit("officer", permissions=["clipboard-read", "clipboard-write"]))
    page.evaluate(
        "document.querySelector('h1').insertAdjacentHTML('afterend',"
        ' \'<p id="words">Ba <b>chạm</b></p>'
        '<button type="button" data-copy="#words">Chép</button>\')'
    )
    page.get_by_role("button", name="Chép", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Đã chép")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "Ba chạm"
