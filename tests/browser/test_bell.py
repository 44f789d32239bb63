"""The bell of a page that stays open: it asks again while it is looked at, and says what is new."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit, settled
from tests.browser.product import Product
from tests.workers import Worker

MINUTE = 60_000


def test_a_page_that_stays_open_hears_of_what_is_new(
    visit: Visit, product: Product, lived: Worker
) -> None:
    page = visit("officer", "/account/")
    page.clock.install()
    page.reload()
    settled(page)
    bell = page.locator("#bell")
    expect(bell).to_contain_text(re.compile(r"^[1-9]"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(MINUTE)
    assert asked == []
    product.rows(
        'INSERT INTO reminders_notice (recipient_id, at, "on", kind, headline, text)'
        " SELECT id, now(), CURRENT_DATE, 'soon', 'Còn 3 ngày', 'Việc mới'"
        " FROM people_user WHERE username = 'chuyenvien.lang' RETURNING id"
    )
    page.clock.run_for(MINUTE)
    expect(page.locator("#toasts")).to_contain_text("Có 1 thông báo mới.")
    assert len(asked) == 1
    # Nothing is new any more: asked again, said no more.
    # The new timer starts when the bell is drawn: a quarter of a minute at a time.
    for _ in range(12):
        if len(asked) == 1:
            page.clock.run_for(MINUTE // 4)
    expect(bell).to_have_attribute("hx-get", re.compile(r"seen=[1-9]"))
    assert 2 <= len(asked) <= 3
    expect(page.locator("#toasts .note")).to_have_count(1)
    # Other tests of this product look for the notices of the morning.
    product.rows("DELETE FROM reminders_notice WHERE text = 'Việc mới' RETURNING id")
