"""Saving a filter in a real browser: in place, by key, without moving what is read."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, settled

FILTERED = "/tasks/?group=overdue&resolution=nq72"
SHIFT = """() => new Promise((done) => new PerformanceObserver((list) => done(
    list.getEntries().reduce((sum, entry) => sum + entry.value, 0)
)).observe({ type: "layout-shift", buffered: true }) || setTimeout(() => done(0), 300))"""
# More than this is seen as a jump.
GOOD = 0.01


@pytest.mark.parametrize("width", [1366, 390])
def test_a_filter_is_named_beside_the_list_and_found_marked(visit: Visit, width: int) -> None:
    page = settled(visit("department", FILTERED, width=width))
    numbers = page.locator("#saved-views .n")
    expect(numbers.first).to_have_text(re.compile(r"^\d"))
    assert page.evaluate(SHIFT) < GOOD
    page.keyboard.press("s")
    name = page.get_by_label("Tên bộ lọc")
    expect(name).to_be_focused()
    name.fill(f"Y tế quá hạn {width}")
    page.keyboard.press("Enter")
    shown = page.locator("#saved-views [aria-current]")
    expect(shown).to_contain_text(f"Y tế quá hạn {width}")
    expect(shown).to_be_in_viewport(ratio=1)
    assert page.url.endswith("/tasks/?resolution=nq72&group=overdue")
    page.goto(page.url.partition("/tasks/")[0] + "/views/")
    page.get_by_role("link", name=f"Xóa Y tế quá hạn {width}").click()
    page.get_by_role("button", name="Xóa bộ lọc").click()
    expect(page.get_by_text(f"Đã xóa bộ lọc “Y tế quá hạn {width}”.")).to_be_visible()


def test_without_script_a_filter_is_saved_on_a_page_of_its_own(visit: Visit) -> None:
    page = visit("department", FILTERED, java_script_enabled=False)
    assert page.locator("#saved-views .n").first.inner_text() == ""
    page.get_by_role("link", name="Lưu bộ lọc này").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lưu bộ lọc")
    page.get_by_label("Tên bộ lọc").fill("")
    page.get_by_role("button", name="Lưu bộ lọc").click()
    expect(page.get_by_role("alert")).to_contain_text("Đặt tên cho bộ lọc")
