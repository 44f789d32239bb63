"""From a mail that really came to the written report: on a phone, without signing in.

Each touch is one tap of a finger; `pytest tests/browser/test_answers.py -s` prints their number.
"""

from email import message_from_bytes, policy

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, axe
from tests.browser.product import Product
from tests.browser.test_touches import MOST, REPORTS, Finger
from tests.browser.wards import Ward

ADDRESS = "UPDATE people_user SET email = %(to)s WHERE username = %(name)s RETURNING id"
PHONE = {"width": 390, "has_touch": True, "is_mobile": True}


def letter_to(product: Product, address: str) -> str:
    """The HTML of the mail that came to the address; "" while there is none."""
    for file in product.mails():
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        part = message.get_body(preferencelist=("html",))
        if address in str(message["To"]) and part:
            return str(part.get_content())
    return ""


@pytest.fixture
def letter(product: Product, ward: Ward) -> str:
    """This morning's digest of the ward's officer, as the local mail server took it."""
    to = f"{ward.officer}@thudo.example"
    product.rows(ADDRESS, to=to, name=ward.officer)
    product.make_working_day(localdate())
    sent = product.start("manage", "send_reminders")
    assert sent.process.wait(timeout=120) == 0, sent.log
    return letter_to(product, to)


def answer(page: Page, letter: str, task: int, reply: str) -> Finger:
    """The mail on a phone, and one touch of an answer under its task."""
    # A page of its own: the policy of ours allows no styles in tags, mail programs do.
    page.goto("about:blank")
    page.set_content(letter)
    finger = Finger(page)
    row = page.locator("td", has=page.locator(f'> a[href$="/tasks/{task}/"]')).last
    finger.tap(row.get_by_role("link", name=reply))
    expect(page.get_by_role("heading", level=1)).to_have_text("Trả lời từ thư")
    return finger


def test_each_answer_takes_three_touches_at_most_and_no_account(
    visit: Visit, product: Product, ward: Ward, letter: str
) -> None:
    by = product.rows("SELECT id FROM people_user WHERE username = %(n)s", n=ward.officer)[0][0]

    def written(task: str, situation: str) -> int:
        """How many reports of the kind the task has from the ward's own officer."""
        own = {"task": ward.tasks[task], "situation": situation, "by": by}
        return product.count("programmes_progressreport", f"{REPORTS} AND by_id = %(by)s", **own)

    page = visit("", "about:blank", **PHONE)
    nothing = answer(page, letter, ward.tasks["late"], "Không phát sinh")
    assert axe(page) == []
    nothing.tap(page.get_by_role("button", name="Gửi trả lời"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã ghi trả lời")
    assert axe(page) == []
    assert written("late", "nothing") == 1

    stuck = answer(page, letter, ward.tasks["soon"], "Vướng")
    stuck.type(page.get_by_label("Vướng ở đâu"), "Chưa có kinh phí")
    stuck.tap(page.get_by_role("button", name="Gửi trả lời"))
    expect(page.get_by_text("Chưa có kinh phí")).to_be_visible()
    assert written("soon", "stuck") == 1

    done = answer(page, letter, ward.tasks["returned"], "Đã xong")
    done.type(page.get_by_label("Số, ký hiệu"), "118/BC-UBND")
    done.tap(page.get_by_role("button", name="Gửi trả lời"))
    expect(page.get_by_text("118/BC-UBND")).to_be_visible()
    assert written("returned", "done") == 1

    touches = {"Không phát sinh": nothing, "Vướng": stuck, "Đã xong": done}
    counted = {name: len(finger.touches) for name, finger in touches.items()}
    print(counted)  # noqa: T201 - the figures of the docs
    assert max(counted.values()) <= MOST


def test_without_scripts_it_is_the_same_and_a_used_link_says_so(
    visit: Visit, product: Product, ward: Ward, letter: str
) -> None:
    page = visit("", "about:blank", java_script_enabled=False, **PHONE)
    finger = answer(page, letter, ward.tasks["less late"], "Không phát sinh")
    expect(page.get_by_label("Số, ký hiệu")).to_be_hidden()
    address = page.url
    finger.tap(page.get_by_role("button", name="Gửi trả lời"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã ghi trả lời")
    assert len(finger.touches) <= MOST
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Đường dẫn này đã được dùng")
    page.get_by_role("link", name="Đăng nhập, mở nhiệm vụ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")
    values = {"task": ward.tasks["less late"], "situation": "nothing"}
    assert product.count("programmes_progressreport", REPORTS, **values) == 1
