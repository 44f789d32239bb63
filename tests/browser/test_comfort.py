"""Pages that hold still while they load, and bear the reader's own spacing of letters and lines."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit, settled
from tests.browser.test_pages import sideways

MAIN = [
    ("officer", "/"),
    ("officer", "/week/"),
    ("office", "/tasks/"),
    ("office", "/programmes/hn72/"),
    ("office", "/scorecards/"),
    ("leader", "/dashboard/"),
    ("leader", "/decisions/"),
    ("leader", "/reports/"),
]
# All shifts since the page began that no key or click of the reader brought on.
SHIFTS = """() => new Promise((done) => {
    let sum = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
        sum += entry.hadRecentInput ? 0 : entry.value;
    })).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => done(sum), 200);
})"""
MOST_SHIFT = 0.02
# WCAG 1.4.12, by the browser's own objects: the policy for content forbids styles in the page.
SPACED = """() => {
    const sheet = document.styleSheets[0];
    const add = (rule) => sheet.insertRule(rule, sheet.cssRules.length);
    add("* { line-height: 1.5 !important; letter-spacing: .12em !important; "
        + "word-spacing: .16em !important }");
    add("p { margin-bottom: 2em !important }");
}"""
# Words that are cut off: not those meant for screen readers, not names shortened on purpose.
CUT = """() => [...document.querySelectorAll("main *, .top *, .side *")].filter((part) => {
    const meant = ".vh, .clamp, .scroll, .views, svg, select, textarea, .strip, .brand";
    if (part.closest(meant)) return false;
    if (!part.childNodes.length || part.closest("input, .tool, thead")) return false;
    const style = getComputedStyle(part);
    return style.overflow !== "visible" && style.display !== "inline"
        && (part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 1);
}).map((part) => part.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize(("role", "address"), MAIN)
@pytest.mark.parametrize("width", [1366, 390])
def test_nothing_jumps_while_a_page_and_its_parts_load(
    visit: Visit, role: str, address: str, width: int
) -> None:
    page = settled(visit(role, address, width=width))
    assert page.evaluate(SHIFTS) <= MOST_SHIFT


@pytest.mark.parametrize(("role", "address"), MAIN)
def test_wide_spacing_cuts_no_words_off(visit: Visit, role: str, address: str) -> None:
    page: Page = settled(visit(role, address, width=390))
    page.evaluate(SPACED)
    assert page.evaluate(CUT) == []
    assert sideways(page) == []
