"""How many touches each update of the first page takes on a phone; three are the most.

Each figure is one tap of a finger in a real browser at 390 px; then the server has the report.
`pytest tests/browser/test_touches.py -s` prints the table of docs/measured.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit, settled
from tests.browser.product import Product
from tests.browser.wards import Ward

MOST = 3
REPORTS = "task_id = %(task)s AND situation = %(situation)s"
Counted = dict[str, int]


@pytest.fixture(scope="module")
def table() -> Iterator[Counted]:
    """What was counted, by name; printed at the end."""
    counted: Counted = {}
    yield counted
    for name, touches in counted.items():
        print(f"| {name} | {touches} |")  # noqa: T201 - the table of the docs


@dataclass
class Finger:
    """Taps, and counts them; typing on the screen's keyboard is not a touch of the page."""

    page: Page
    touches: list[str] = field(default_factory=list)

    def tap(self, target: Locator) -> None:
        """One touch of something that is seen and free."""
        target.scroll_into_view_if_needed()
        self.touches.append(target.inner_text())
        target.tap()

    def choose(self, target: Locator, label: str) -> None:
        """A list opens by one touch and closes by the next."""
        self.touches += ["list", label]
        target.select_option(label=label)

    def type(self, target: Locator, text: str) -> None:
        """One touch brings the keyboard."""
        self.tap(target)
        target.press_sequentially(text)


@pytest.fixture
def finger(visit: Visit, ward: Ward) -> Finger:
    """A phone of a ward's officer, on the first page."""
    page = visit(ward.officer, "/", width=390, has_touch=True, is_mobile=True)
    return Finger(settled(page))


def reported(product: Product, task: int, situation: str) -> int:
    return product.count("programmes_progressreport", REPORTS, task=task, situation=situation)


def job_of(page: Page, task: int) -> Locator:
    """The job by its key: after an update it is another element of the same name."""
    return page.locator(f"#job-{task}")


def test_the_first_job_is_updated_by_one_touch(
    finger: Finger, ward: Ward, product: Product, table: Counted
) -> None:
    """It is open, and "doing" is chosen already."""
    task = ward.tasks["late"]
    before = reported(product, task, "doing")
    finger.tap(job_of(finger.page, task).get_by_role("button", name="Gửi cập nhật"))
    job = job_of(finger.page, task)
    expect(job).to_contain_text("Đã cập nhật hôm nay")
    expect(job.get_by_role("heading").get_by_role("link")).to_be_focused()
    expect(finger.page.locator("#toasts")).to_contain_text("Đã ghi cập nhật.")
    assert reported(product, task, "doing") == before + 1
    table["Cập nhật việc đầu tiên"] = len(finger.touches)
    assert len(finger.touches) <= MOST


@pytest.mark.parametrize("other", [("soon", "Cập nhật"), ("returned", "Bổ sung")])
def test_another_job_takes_three_touches(
    finger: Finger, ward: Ward, product: Product, table: Counted, other: tuple[str, str]
) -> None:
    """The first one is open already; any other waits for a touch."""
    work, verb = other
    task = ward.tasks[work]
    before = reported(product, task, "nothing")
    job = job_of(finger.page, task)
    finger.tap(job.get_by_role("link", name=verb))
    finger.tap(job.locator("label.pick", has_text="Không phát sinh trong kỳ"))
    finger.tap(job.get_by_role("button", name="Gửi cập nhật"))
    expect(job_of(finger.page, task)).to_contain_text("Đã cập nhật hôm nay")
    assert reported(product, task, "nothing") == before + 1
    table[f"{verb} một việc khác"] = len(finger.touches)
    assert len(finger.touches) <= MOST


def test_nothing_arose_for_two_takes_three_touches(
    finger: Finger, ward: Ward, product: Product, table: Counted
) -> None:
    """Two ticks and one button, which says for how many."""
    tasks = [ward.tasks["in term"], ward.tasks["soon"]]
    before = [reported(product, task, "nothing") for task in tasks]
    boxes = finger.page.locator("#home-period label.check")
    for task in tasks:
        finger.tap(boxes.filter(has=finger.page.locator(f"input[value='{task}']")))
    button = finger.page.get_by_role("button", name="Ghi “không phát sinh”")
    expect(button.locator(".ticked")).to_be_visible()
    finger.tap(button)
    expect(finger.page.get_by_text("Đã ghi “không phát sinh” cho 2 việc.")).to_be_visible()
    assert [reported(product, task, "nothing") for task in tasks] == [n + 1 for n in before]
    table["“Không phát sinh” cho hai việc"] = len(finger.touches)
    assert len(finger.touches) <= MOST


def test_a_task_is_taken_on_by_one_touch(
    finger: Finger, ward: Ward, product: Product, table: Counted
) -> None:
    task = ward.tasks["new"]
    # Others may have given all wards a task meanwhile: it stands there too.
    new = finger.page.get_by_role("region", name="Chưa tiếp nhận").locator(f"#job-{task}")
    finger.tap(new.get_by_role("button", name="Tiếp nhận"))
    expect(job_of(finger.page, task).get_by_role("link", name="Cập nhật")).to_be_visible()
    expect(finger.page.locator("#toasts")).to_contain_text("Đã tiếp nhận nhiệm vụ.")
    assert product.count("programmes_task", "id = %(id)s AND state = 'in_progress'", id=task) == 1
    table["Tiếp nhận một việc"] = len(finger.touches)
    assert len(finger.touches) <= MOST


def test_an_obstacle_is_reported_without_leaving_the_page(
    finger: Finger, ward: Ward, product: Product, table: Counted
) -> None:
    """It has to be said in words, and of whom a decision is wanted."""
    task = ward.tasks["soon"]
    job = job_of(finger.page, task)
    finger.tap(job.get_by_role("link", name="Báo vướng"))
    finger.type(job.get_by_label("Vướng ở đâu"), "Chưa có mẫu biểu thống nhất")
    decider = job.get_by_label("Cần cấp nào quyết định")
    finger.choose(decider, decider.locator("option").nth(1).inner_text())
    finger.tap(job.get_by_role("button", name="Gửi cập nhật"))
    expect(finger.page.locator("#toasts")).to_contain_text("Đã báo vướng mắc")
    where = "task_id = %(task)s AND text = 'Chưa có mẫu biểu thống nhất'"
    assert product.count("programmes_obstacle", where, task=task) == 1
    table["Báo vướng mắc (có gõ chữ)"] = len(finger.touches)
    assert len(finger.touches) <= MOST + 2


def test_other_forms_keep_what_is_typed_while_one_is_sent(
    finger: Finger, ward: Ward, product: Product
) -> None:
    """Only the job that was acted on changes."""
    page = finger.page
    first, last = ward.tasks["less late"], ward.tasks["soon"]
    before = reported(product, first, "doing")
    for task in (first, last):
        job_of(page, task).get_by_role("link", name="Cập nhật").tap()
        expect(job_of(page, task).get_by_label("Việc đã làm")).to_be_visible()
    job_of(page, last).get_by_label("Việc đã làm").fill("Đang gõ dở")
    job_of(page, first).get_by_role("button", name="Gửi cập nhật").tap()
    expect(page.locator("#toasts")).to_contain_text("Đã ghi cập nhật.")
    expect(job_of(page, last).get_by_label("Việc đã làm")).to_have_value("Đang gõ dở")
    assert reported(product, first, "doing") == before + 1
