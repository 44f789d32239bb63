"""The office urges one task from its row, and several by ticks: also without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, axe, settled
from tests.browser.product import Product

LATE = "/urging/?why=overdue"


def urged(product: Product) -> int:
    """How many rows of the ledger are urgings by hand."""
    return product.count("reminders_reminder", "rung = 'urged'")


def tick(page: Page, number: int) -> list[str]:
    """Tick so many rows; their codes."""
    boxes = page.get_by_role("checkbox", name=re.compile(r"^Chọn "))
    for place in range(number):
        boxes.nth(place).check()
    names = [boxes.nth(place).get_attribute("aria-label") or "" for place in range(number)]
    return [name.removeprefix("Chọn ") for name in names]


def test_one_task_is_urged_under_its_row(visit: Visit, product: Product) -> None:
    page, before = settled(visit("office", LATE)), urged(product)
    page.get_by_role("link", name=re.compile("^Đôn đốc ?: ")).first.click()
    words = page.get_by_label("Nội dung đôn đốc")
    expect(words).to_have_value(re.compile("^Nhiệm vụ quá hạn "))
    assert axe(page) == []
    words.fill("(minh họa) Báo cáo ngay trong hôm nay.")
    page.get_by_role("button", name="Gửi đôn đốc").click()
    expect(page.get_by_text("Đã gửi đôn đốc.")).to_be_visible()
    assert page.url.endswith(LATE)
    assert urged(product) > before


@pytest.mark.parametrize("script", [True, False])
def test_many_are_urged_by_ticks(visit: Visit, product: Product, *, script: bool) -> None:
    page = visit("office", LATE, java_script_enabled=script)
    before = product.count("reminders_urging")
    codes = tick(page, 2)
    page.get_by_role("button", name="Đôn đốc", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đôn đốc 2 nhiệm vụ")
    for code in codes:
        expect(page.get_by_role("link", name=code, exact=True)).to_be_visible()
    page.get_by_label("Nội dung đôn đốc").fill("(minh họa) Gửi kết quả trong tuần.")
    page.get_by_role("button", name="Đôn đốc 2 nhiệm vụ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Văn phòng Thành ủy đôn đốc")
    expect(page.get_by_text("(minh họa) Gửi kết quả trong tuần.")).to_be_visible()
    assert product.count("reminders_urging") == before + 1


def test_without_script_one_is_urged_from_the_task(visit: Visit, product: Product) -> None:
    page = visit("office", LATE, java_script_enabled=False)
    before = product.count("reminders_urging")
    page.get_by_role("link", name=re.compile("^Đôn đốc ?: ")).first.click()
    page.get_by_role("button", name="Gửi đôn đốc").click()
    expect(page.get_by_text("Đã gửi đôn đốc.")).to_be_visible()
    assert product.count("reminders_urging") == before + 1


def test_ticked_tasks_go_into_a_letter(visit: Visit) -> None:
    page = visit("office", LATE, java_script_enabled=False)
    tick(page, 1)
    page.get_by_role("button", name="Công văn tới đơn vị").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Công văn đôn đốc")
    assert page.locator("#letter-tasks input:checked").count() == 1
