"""The matrix in a real browser: heads that stay, cells by keyboard, one resolution on a phone."""

import gzip
import re

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.conftest import Visit, axe, settled
from tests.browser.product import Product

BOX = "Bảng phường, xã, cuộn được hai chiều"
MOST_BYTES = 150 * 1024


def box_of(part: Locator) -> FloatRect:
    """Where it is drawn."""
    found = part.bounding_box()
    assert found is not None
    return found


def scrolled(page: Page, left: int, top: int) -> Locator:
    """The scroll box, pushed to a place."""
    box = page.get_by_role("region", name=BOX)
    box.evaluate("(box, [left, top]) => box.scrollTo(left, top)", [left, top])
    return box


@pytest.mark.parametrize("width", [1366, 390])
def test_heads_and_names_stay_where_they_are(visit: Visit, width: int) -> None:
    """Pushed both ways, the heads are still on top, the names at the left."""
    page = settled(visit("leader", "/matrix/?pick=all", width=width))
    box = scrolled(page, 0, 0)
    parts = {
        "resolution": page.locator(".mx thead tr:first-child th.g").first,
        "task": page.locator(".mx thead tr + tr th").first,
        "corner": page.locator(".mx thead th").first,
        "total": page.locator(".mx-all th"),
    }
    before = {name: box_of(part) for name, part in parts.items()}
    scrolled(page, 10_000, 900)
    after = {name: box_of(part) for name, part in parts.items()}
    for name in ("resolution", "task"):
        assert after[name]["y"] == pytest.approx(before[name]["y"], abs=1)
    for name in ("corner", "total"):
        assert after[name] == pytest.approx(before[name], abs=1)
    frame = box_of(box)
    row = page.locator(".mx tbody tr").nth(30).locator("th")
    assert box_of(row)["x"] == pytest.approx(frame["x"] + 1, abs=1)
    assert box.evaluate("box => box.scrollTop") == 900
    # Nothing shows through between the two rows of heads.
    gap = after["task"]["y"] - after["resolution"]["y"] - after["resolution"]["height"]
    assert abs(gap) <= 1


def test_all_columns_fit_a_small_screen(visit: Visit) -> None:
    page = settled(visit("leader", "/matrix/", width=1366))
    box = page.get_by_role("region", name=BOX)
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")


def test_cells_are_reached_and_opened_by_keyboard(visit: Visit) -> None:
    """From the heads the next stops are the names, sums and exceptions, in the order of reading."""
    page = settled(visit("leader", "/matrix/?name=lang&order=name"))
    row = page.locator(".mx tbody tr").first
    row.get_by_role("link").first.focus()
    # What is late, what was done in time, what came due, and then the first exception.
    for _ in range(4):
        page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_attribute("aria-label", name_of_first(row))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="6 rõ")).to_be_visible()


def name_of_first(row: Locator) -> str:
    """The name of the first exception of a line."""
    return row.locator("td:not(.tot) a").first.get_attribute("aria-label") or ""


def test_the_whole_text_of_a_head_shows_on_focus(visit: Visit) -> None:
    page = settled(visit("leader", "/matrix/"))
    head = page.locator(".mx thead tr + tr th").first
    tip = head.locator(".tip")
    expect(tip).to_be_hidden()
    head.get_by_role("link").focus()
    expect(tip).to_be_visible()
    frame, shown = box_of(page.get_by_role("region", name=BOX)), box_of(tip)
    assert shown["x"] >= frame["x"]
    last = page.locator(".mx thead tr:nth-child(2) th").last
    last.get_by_role("link").focus()
    shown = box_of(last.locator(".tip"))
    assert shown["x"] + shown["width"] <= frame["x"] + frame["width"] + 1


def test_typing_a_name_finds_it_without_leaving_the_page(visit: Visit) -> None:
    page = settled(visit("leader", "/matrix/"))
    field = page.get_by_label("Tên phường, xã")
    field.press_sequentially("suoi hai")
    expect(page.locator(".mx tbody tr")).to_have_count(1)
    expect(page.get_by_role("rowheader", name="Xã Suối Hai")).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_have_value("suoi hai")
    assert page.url.endswith("/matrix/?name=suoi+hai")
    page.get_by_label("Xếp theo").select_option("name")
    expect(page).to_have_url(
        re.compile(r"\?(name=suoi\+hai&order=name|order=name&name=suoi\+hai)$")
    )
    page.get_by_role("link", name="Bỏ điều kiện").click()
    expect(page.locator(".mx tbody tr")).to_have_count(126)


def test_a_phone_shows_one_resolution(visit: Visit) -> None:
    page = settled(visit("leader", "/matrix/", width=390))
    heads = page.locator(".mx thead tr:first-child th.g:visible")
    expect(heads).to_have_count(1)
    page.get_by_role("navigation", name="Xem từng Nghị quyết").get_by_role(
        "link", name="NQ 80"
    ).click()
    expect(heads).to_have_text(["NQ 80 Văn hóa"])
    wide = settled(visit("leader", "/matrix/", width=1366))
    expect(wide.locator(".mx thead tr:first-child th.g:visible")).to_have_count(4)
    expect(wide.get_by_role("navigation", name="Xem từng Nghị quyết")).to_be_hidden()


def test_it_works_without_script(visit: Visit) -> None:
    page = visit("leader", "/matrix/", java_script_enabled=False)
    page.get_by_label("Tên phường, xã").fill("láng")
    page.get_by_label("Hiển thị").select_option("programme")
    page.get_by_role("button", name="Xem").click()
    expect(page.get_by_role("rowheader", name="Phường Láng", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Phường, xã theo chương trình")


def test_forced_colours_keep_shapes_and_numbers(visit: Visit) -> None:
    page = settled(visit("leader", "/matrix/", forced_colors="active"))
    late = page.locator(".mx td.k-late a").first
    expect(late).to_be_visible()
    quiet = page.locator(".mx td.k-done svg").first
    expect(quiet).to_be_visible()
    fill = quiet.evaluate("part => getComputedStyle(part).fill")
    ground = quiet.evaluate("part => getComputedStyle(part.closest('td')).backgroundColor")
    assert fill != ground


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("leader", "/matrix/?by=programme&only=late"),
        ("leader", "/matrix/?name=lang&only=late&on=2026-01-31"),
        ("officer", "/matrix/"),
    ],
)
def test_nobody_is_shut_out_of_the_other_views(visit: Visit, role: str, address: str) -> None:
    page = settled(visit(role, address))
    found = []
    for width in (1440, 1366, 390):
        page.set_viewport_size({"width": width, "height": 844})
        found += axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert found == []


def test_paper_lies_on_its_side_and_shows_every_line(visit: Visit, product: Product) -> None:
    """Printed from a phone too: all columns, nothing sticks, nothing scrolls."""
    page = settled(visit("leader", "/matrix/", width=390))
    page.emulate_media(media="print")
    expect(page.locator(".mx thead tr:first-child th.g:visible")).to_have_count(4)
    head = page.locator(".mx thead th").first
    assert head.evaluate("part => getComputedStyle(part).position") == "static"
    content = page.pdf(prefer_css_page_size=True)
    assert content.count(b"/Type /Page\n") > 2
    assert b"/MediaBox [0 0 841.9" in content
    assert len(gzip.compress(page.content().encode())) < MOST_BYTES
