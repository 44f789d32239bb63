"""Every page for everybody: axe, widths, themes, keyboard, no script, forced colours, weight."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit, Watch, axe, settled
from tests.browser.pages import KINDS, PAGES, THINGS
from tests.browser.product import ACCOUNTS, PASSWORD, Product
from tests.browser.wards import Ward
from tests.workers import Worker

WIDTHS = (1440, 1366, 390)
# All that a theme changes is colours.
OF_COLOUR = ("color-contrast", "link-in-text-block")
# 320: the least of WCAG; 683: a window of 1366 at 200 %.
NARROW = (320, 390, 683, 1366)
# HTML, styles and scripts of one page, compressed.
MOST_BYTES = 60 * 1024
MOST_BYTES_OF_A_MATRIX = 150 * 1024


@pytest.fixture(scope="session")
def places(product: Product, lived: Worker) -> dict[str, Any]:
    """A task of each kind and one of each thing, after a morning with reminders."""
    query = (
        "SELECT task.id FROM programmes_task task JOIN people_unit unit"
        " ON unit.id = task.lead_unit_id WHERE {} ORDER BY task.code DESC"
    )
    found = {kind: product.rows(query.format(asked)) for kind, asked in KINDS.items()}
    found |= {thing: product.rows(query) for thing, query in THINGS.items()}
    assert all(found.values()), found
    saved = product.rows("SELECT id FROM programmes_savedview WHERE is_shared")[0][0]
    return {kind: rows[0][0] for kind, rows in found.items()} | {"saved": saved}


@pytest.mark.parametrize(("role", "address"), PAGES)
def test_nobody_is_shut_out(
    visit: Visit, watch: Watch, places: dict[str, Any], role: str, address: str
) -> None:
    """axe at three widths in two themes; light for old phones, never pushed sideways, named."""
    page = settled(visit(role, address.format(**places)))
    most = MOST_BYTES_OF_A_MATRIX if "/matrix/" in address else MOST_BYTES
    weight, html = watch.weight(), watch.weight("document")
    assert weight <= most
    found = axe_everywhere(page)
    shown = page.url.partition("//")[2].partition("/")[2]
    note_measured(f"| {role or 'nobody'} | /{shown} | {html} | {weight} | 6 | {len(found)} |")
    assert found == []
    assert sideways(page) == []
    assert page.title().endswith("Theo dõi Nghị quyết")
    assert page.get_by_role("heading", level=1).count() == 1


def axe_everywhere(page: Page) -> list[str]:
    """What axe finds wrong at three widths in two themes."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme="light")
        found += [f"light {width}: {line}" for line in axe(page)]
        page.emulate_media(color_scheme="dark")
        found += [f"dark {width}: {line}" for line in axe(page, *OF_COLOUR)]
    return found


def note_measured(line: str) -> None:
    """One row of the tables in docs/measured.md, added to the file that WEIGHTS names (if any)."""
    if path := os.environ.get("WEIGHTS"):
        with Path(path).open("a", encoding="utf-8") as table:
            table.write(f"{line}\n")


ROLES = ("officer", "head", "department", "office", "leader", "inspector", "administrator")
# Each kind of element by the classes it lies in: what axe could judge otherwise than before.
SHAPES = """() => {
    const name = (part) => `${part.localName}.${[...part.classList].join(".")}`;
    const path = (part) =>
        part === document.body ? "" : `${path(part.parentElement)}>${name(part)}`;
    const parts = document.body.querySelectorAll("*:not(svg *, script, option)");
    return [...new Set([...parts].map((part) => path(part) + (part.getAttribute("role") || "")))];
}"""


@pytest.mark.parametrize("address", sorted({address for _, address in PAGES}))
def test_nobody_else_who_may_open_it_is_shut_out(
    visit: Visit, places: dict[str, Any], address: str
) -> None:
    """As above for all other roles, where their page holds what the first one's did not."""
    first = [role for role, listed in PAGES if listed == address]
    seen: set[str] = set()
    found = []
    for role in [*first, *(role for role in ROLES if role not in first)]:
        page = settled(visit(role, address.format(**places)))
        shapes = set(page.evaluate(SHAPES))
        if role not in first and shapes - seen:
            found += [f"{role}: {line}" for line in axe_everywhere(page)]
        seen |= shapes
        page.context.close()
    assert found == []


WALKED = [
    ("", "/sign-in/"),
    ("officer", "/"),
    ("officer", "/tasks/{returned}/"),
    ("office", "/tasks/"),
    ("leader", "/dashboard/"),
    ("leader", "/reports/"),
]
# What is wrong with what has the focus; an invisible checkbox shows it at its label.
FAULT_OF_FOCUS = """() => {
    const focused = document.activeElement;
    if (focused === document.body) return "";
    const folded = getComputedStyle(focused).opacity === "0";
    const seen = folded ? focused.nextElementSibling : focused;
    const name = seen.outerHTML.slice(0, 90);
    const style = getComputedStyle(seen);
    const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    if (!drawn) return `no outline: ${name}`;
    const box = seen.getClientRects()[0];
    if (!box || box.bottom <= 0 || box.top >= innerHeight) return `outside: ${name}`;
    const x = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2;
    const above = document.elementFromPoint(x, (box.top + box.bottom) / 2);
    const free = above && (seen.contains(above) || above.contains(seen));
    return free ? "" : `covered: ${name}`;
}"""


@pytest.mark.parametrize(("role", "address"), WALKED)
@pytest.mark.parametrize("width", [1366, 390])
def test_the_first_forty_stops_of_the_keyboard_are_seen(
    visit: Visit, places: dict[str, Any], role: str, address: str, width: int
) -> None:
    """Focus has an outline, lies in the window, and no bar covers it."""
    page = settled(visit(role, address.format(**places), width=width))
    hidden = []
    for stop in range(40):
        page.keyboard.press("Tab")
        fault = page.evaluate(FAULT_OF_FOCUS)
        hidden += [f"stop {stop}: {fault}"] if fault else []
    assert hidden == []


def test_an_update_needs_no_mouse(visit: Visit, places: dict[str, Any]) -> None:
    page = visit("")
    tab_to(page, page.get_by_label("Tài khoản công vụ"))
    page.keyboard.type(ACCOUNTS["head"])
    tab_to(page, page.get_by_label("Mật khẩu"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    soon = page.get_by_role("region", name="Sắp đến hạn").get_by_role("article").first
    tab_to(page, soon.get_by_role("link").first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="6 rõ")).to_be_visible()
    tab_to(page, page.get_by_role("radio", name="Đang làm, không vướng"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Không phát sinh trong kỳ")).to_be_checked()
    page.keyboard.press("ArrowUp")
    tab_to(page, page.get_by_label("Việc đã làm"))
    page.keyboard.type("Đã họp giao ban, phân công từng tổ.")
    tab_to(page, page.get_by_role("button", name="Gửi cập nhật"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã ghi cập nhật.")).to_be_visible()
    history = page.get_by_role("region", name="Lịch sử")
    expect(history).to_contain_text("Đã họp giao ban, phân công từng tổ.")


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the focus is there."""
    expect(wanted).to_be_visible()
    for _ in range(120):
        if wanted.evaluate("part => part === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {wanted}")


def test_the_thread_needs_no_script(visit: Visit, ward: Ward) -> None:
    """Acknowledge, report as done, verify: forms and links alone."""
    plain = {"java_script_enabled": False}
    page = visit(ward.officer, **plain)
    new = page.get_by_role("region", name="Chưa tiếp nhận").get_by_role("article").first
    new.get_by_role("button", name="Tiếp nhận").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Việc cần làm ngay")
    expect(page.get_by_role("status").first).to_contain_text("Đã tiếp nhận")

    page.goto("/")
    address = f"/tasks/{ward.tasks['soon']}/"
    soon = page.get_by_role("article").filter(has=page.locator(f"a[href='{address}']"))
    soon.get_by_role("link", name="Cập nhật").click()
    page.get_by_text("Đã xong, gửi xác nhận").click()
    page.get_by_label("Số, ký hiệu văn bản").fill("140/BC-UBND")
    page.get_by_label("Ngày văn bản").fill(localdate().isoformat())
    page.get_by_role("button", name="Gửi cập nhật").click()
    expect(page.get_by_role("status").first).to_contain_text("Đã trình hoàn thành")

    office = visit("office", address, **plain)
    office.get_by_text("Đạt yêu cầu", exact=True).click()
    office.get_by_role("button", name="Xác nhận hoàn thành").click()
    expect(office.get_by_role("status").first).to_contain_text("Đã xác nhận")
    expect(office.get_by_text("Hoàn thành đúng hạn").first).to_be_visible()


def test_lists_filter_and_turn_pages_without_script(visit: Visit) -> None:
    page = visit("office", "/tasks/", java_script_enabled=False)
    first = page.get_by_role("rowheader").get_by_role("link").first.inner_text()
    page.get_by_role("navigation", name="Trang kết quả").get_by_role("link", name="Trang 2").click()
    assert page.get_by_role("rowheader").get_by_role("link").first.inner_text() != first
    page.get_by_label("Tình trạng").select_option("Quá hạn")
    page.get_by_role("button", name="Lọc").click()
    expect(page.get_by_role("link", name="Bỏ điều kiện")).to_have_count(1)
    for tag in page.locator("tbody .st").all_inner_texts():
        assert tag.startswith("Quá hạn")
    page.get_by_role("link", name="Bỏ điều kiện").click()
    expect(page.get_by_role("rowheader").get_by_role("link").first).to_have_text(first)


def test_forced_colours_keep_borders_shapes_and_focus(visit: Visit, places: dict[str, Any]) -> None:
    page = settled(visit("officer", forced_colors="active"))
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    button = page.get_by_role("button", name="Gửi cập nhật")
    assert button.evaluate("part => getComputedStyle(part).borderTopStyle") == "solid"
    state = page.get_by_role("article").first.locator(".st").first
    expect(state.locator("svg")).to_be_visible()
    expect(state).to_contain_text("ngày")
    page.keyboard.press("Tab")
    assert page.evaluate(FAULT_OF_FOCUS) == ""


def test_nothing_moves_for_who_wants_no_motion(visit: Visit) -> None:
    page = settled(visit("officer", reduced_motion="reduce"))
    page.locator(".busy").first.evaluate("part => part.classList.add('on')")
    assert page.evaluate("document.getAnimations().length") == 0
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate("document.getAnimations().length") == 1


def sideways(page: Page) -> list[int]:
    """The widths at which the page can be pushed sideways."""
    found = []
    for width in NARROW:
        page.set_viewport_size({"width": width, "height": 844})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(width)
    return found
