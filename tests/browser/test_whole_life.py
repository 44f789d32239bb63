"""One city task from its draft to a ward's accepted evidence, through the pages, by all who act."""

import os
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, axe, pdf, sign_in
from tests.browser.product import Product
from tests.browser.test_thread import PDF, panel, report_done

WARD, WARD_NAME = "00004-UBND", "UBND phường Ba Đình"
TEXT = "Kết nối hồ sơ sức khỏe học sinh với trạm y tế phường, xã trên toàn Thành phố"
DAY = timedelta(days=1)


@dataclass
class Walk:
    """The windows of who takes part; pictures of their pages when a folder is named for them."""

    visit: Visit
    today: date
    windows: dict[str, Page] = field(default_factory=dict)
    pictures: int = 0

    def at(self, who: str, address: str) -> Page:
        """The person's window, on an address."""
        if who not in self.windows:
            self.windows[who] = self.visit(who, address)
        else:
            self.windows[who].goto(address)
        return self.windows[who]

    def enter(self, who: str, name: str, password: str) -> None:
        """Somebody whose account came into being on the way signs in."""
        self.windows[who] = self.visit("")
        sign_in(self.windows[who], name, password)
        expect(self.windows[who].get_by_role("heading", level=1)).to_have_text("Việc cần làm ngay")

    def picture(self, page: Page, name: str) -> None:
        """Every page of the walk has nothing that axe finds wrong; it is kept when asked for."""
        page.evaluate("scrollTo(0, 0)")
        assert axe(page) == []
        self.pictures += 1
        if folder := os.environ.get("WALK_PICTURES"):
            path = Path(folder) / f"{self.pictures:02d}-{name}.png"
            page.screenshot(path=path, full_page=True)


@pytest.fixture
def walk(visit: Visit) -> Walk:
    """Nobody is there yet."""
    return Walk(visit, localdate())


def printed(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def choose(page: Page, label: str, words: str) -> None:
    """Type into a box that seeks, and take the first row found."""
    box = page.get_by_label(label, exact=True)
    box.press_sequentially(words, delay=5)
    found = box.locator("xpath=..").get_by_text(re.compile(words, re.IGNORECASE)).first
    found.click()


def test_a_task_lives_from_its_draft_to_a_wards_accepted_evidence(
    walk: Walk, product: Product
) -> None:
    citys = draft_and_issue(walk)
    take_on_and_fan_out(walk, citys)
    wards = product.rows(
        "SELECT task.id FROM programmes_task task JOIN people_unit unit"
        " ON unit.id = task.lead_unit_id"
        " WHERE task.parent_id = %(parent)s AND unit.code = %(code)s",
        parent=citys,
        code=WARD,
    )[0][0]
    assert product.count("programmes_task", "parent_id = %(parent)s", parent=citys) == 126
    open_accounts(walk, product)
    get_stuck_and_unstuck(walk, wards)
    ask_for_time(walk, wards)
    change_the_head(walk, product)
    submit_be_returned_and_accepted(walk, wards)
    see_the_thread(walk, citys, wards)


def draft_and_issue(walk: Walk) -> int:
    """The office writes a task without its product, is told so, fills the gap in place, issues."""
    page = walk.at("office", "/programmes/hn72/tasks/new/")
    page.get_by_label("Nhóm nhiệm vụ").select_option(index=1)
    page.get_by_label("Nội dung nhiệm vụ").fill(TEXT)
    choose(page, "Đơn vị chủ trì", "Sở Y tế")
    page.get_by_label("Thời hạn, ghi như văn bản").fill(printed(walk.today + 60 * DAY))
    page.get_by_label("Thẩm quyền quyết định").fill("UBND Thành phố")
    walk.picture(page, "draft")
    page.get_by_role("button", name="Lưu dự thảo").click()
    expect(page.get_by_text("Mới đủ 5/6")).to_be_visible()
    walk.picture(page, "gap")
    pk = int(re.findall(r"/tasks/(\d+)/", page.url)[0])
    card = page.locator("#six-clear")
    card.get_by_role("link", name=re.compile("sản phẩm", re.IGNORECASE)).click()
    card.get_by_role("textbox").fill("Báo cáo kết nối của 126 phường, xã")
    card.get_by_role("button", name="Ghi").click()
    expect(page.get_by_text("Đủ 6/6")).to_be_visible()
    page.goto(f"/tasks/{pk}/moves/issue/")
    page.get_by_role("button", name="Giao nhiệm vụ").click()
    expect(page.get_by_text("Chưa tiếp nhận", exact=True).first).to_be_visible()
    walk.picture(page, "issued")
    return pk


def take_on_and_fan_out(walk: Walk, citys: int) -> None:
    """The department's head takes it on and gives it to all 126 wards in one act."""
    page = walk.at("department", f"/tasks/{citys}/")
    page.get_by_role("button", name="Tiếp nhận").click()
    expect(panel(page, "Lịch sử").get_by_text("Tiếp nhận nhiệm vụ")).to_be_visible()
    page.goto(f"/tasks/{citys}/fan-out/")
    page.get_by_label("UBND các xã, phường").check()
    page.get_by_label("Thời hạn của phường, xã").fill((walk.today + 20 * DAY).isoformat())
    walk.picture(page, "fan-out")
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Giao cho 126 đơn vị?")
    walk.picture(page, "fan-out-preview")
    page.get_by_role("button", name="Giao cho 126 đơn vị").click()
    expect(panel(page, "Nhiệm vụ thành phần")).to_contain_text("0/126")
    walk.picture(page, "children")


def open_accounts(walk: Walk, product: Product) -> None:
    """The administrator gives the ward an officer, and its head a way in."""
    page = walk.at("administrator", "/accounts/new/")
    password = new_account(page, "chuyenvien.badinh", "Chuyên viên phường Ba Đình", "Chuyên viên")
    walk.enter("ward officer", "chuyenvien.badinh", password)
    head = product.rows(
        "SELECT holding.user_id, person.username FROM people_holding holding"
        " JOIN people_post post ON post.id = holding.post_id"
        " JOIN people_unit unit ON unit.id = post.unit_id"
        " JOIN people_user person ON person.id = holding.user_id"
        " WHERE post.is_head AND unit.code = %(code)s",
        code=WARD,
    )[0]
    page.goto(f"/accounts/{head[0]}/")
    page.get_by_role("button", name="Cấp lại mật khẩu").click()
    walk.enter("old head", head[1], page.locator("b.pick-up").nth(1).inner_text())


def new_account(page: Page, username: str, name: str, role: str) -> str:
    """An account of the ward; the password that is shown once."""
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Tên hiển thị").fill(name)
    page.get_by_label("Thư điện tử").fill(f"{username}@thudo.example")
    page.get_by_role("radio", name=role, exact=True).check()
    choose(page, "Đơn vị", WARD_NAME)
    page.get_by_role("button", name="Cấp tài khoản").click()
    return page.locator("b.pick-up").nth(1).inner_text()


def get_stuck_and_unstuck(walk: Walk, wards: int) -> None:
    """The ward needs a decision of the department of finance, and gets it."""
    page = walk.at("ward officer", f"/tasks/{wards}/")
    page.get_by_role("button", name="Tiếp nhận").click()
    form = panel(page, "Cập nhật tiến độ")
    form.get_by_text("Vướng, cần tháo gỡ").click()
    form.get_by_label("Vướng ở đâu").fill("Chưa có kinh phí mua thiết bị đọc thẻ cho trạm y tế.")
    form.get_by_label("Cần cấp nào quyết định").select_option(label="Sở Tài chính")
    form.get_by_role("button", name="Gửi cập nhật").click()
    expect(page.get_by_text("Đã báo vướng mắc tới cấp quyết định.")).to_be_visible()
    walk.picture(page, "obstacle")

    finance = walk.at("finance", "/decisions/")
    waiting = finance.get_by_role("article").filter(has_text="thiết bị đọc thẻ")
    walk.picture(finance, "needs-my-decision")
    waiting.get_by_role("link", name=re.compile("^Quyết định")).click()
    waiting.get_by_label("Quyết định", exact=True).fill("Dùng nguồn dự phòng của phường.")
    waiting.get_by_role("button", name="Gửi quyết định").click()
    expect(waiting).to_have_count(0)
    page.reload()
    expect(panel(page, "Vướng mắc")).to_contain_text("Dùng nguồn dự phòng của phường.")


def ask_for_time(walk: Walk, wards: int) -> None:
    """The ward asks for ten more days; the department, which assigned the task, agrees."""
    page = walk.at("ward officer", f"/tasks/{wards}/extension/")
    page.get_by_label("Đề nghị gia hạn đến ngày").fill((walk.today + 30 * DAY).isoformat())
    page.get_by_label("Lý do").fill("Chờ lắp thiết bị đọc thẻ theo quyết định của Sở Tài chính.")
    page.get_by_role("button", name="Gửi đề nghị").click()
    expect(panel(page, "Gia hạn")).to_contain_text("Chờ quyết định")
    walk.picture(page, "extension-asked")
    department = walk.at("department", "/decisions/")
    asked = department.get_by_role("article").filter(has_text="Chờ lắp thiết bị đọc thẻ")
    asked.get_by_role("button", name=re.compile("^Đồng ý")).click()
    expect(asked).to_have_count(0)
    page = walk.at("ward officer", f"/tasks/{wards}/")
    expect(page.get_by_text(printed(walk.today + 30 * DAY)).first).to_be_visible()
    expect(page.get_by_text(f"gốc {printed(walk.today + 20 * DAY)}").first).to_be_visible()
    walk.picture(page, "extension-agreed")


def change_the_head(walk: Walk, product: Product) -> None:
    """A new head from today on; the old one hands over the open work, both confirm."""
    page = walk.at("administrator", "/accounts/new/")
    password = new_account(page, "chutich.badinh", "Chủ tịch mới phường Ba Đình", "Chuyên viên")
    page.goto(f"/units/{WARD}/")
    page.get_by_role("link", name="Giao chức danh").click()
    choose(page, "Người được giao", "chutich.badinh")
    page.get_by_label("Giữ chức danh từ ngày").fill(walk.today.isoformat())
    for box in page.get_by_role("checkbox").all():
        box.check()
    walk.picture(page, "appoint")
    page.get_by_role("button", name="Giao chức danh").click()
    expect(page.get_by_text("Chủ tịch mới phường Ba Đình").first).to_be_visible()
    walk.enter("new head", "chutich.badinh", password)
    hand_over(walk)
    confirmed = "outgoing_confirmed_at IS NOT NULL AND incoming_confirmed_at IS NOT NULL"
    assert product.count("programmes_handover", confirmed) == 1


def hand_over(walk: Walk) -> None:
    """The sheet with the open task on it, frozen by the old head, confirmed by both."""
    old = walk.at("old head", "/handovers/")
    old.get_by_role("button", name="Lập biên bản bàn giao").click()
    expect(old.get_by_text(TEXT).first).to_be_visible()
    walk.picture(old, "handover")
    old.get_by_role("region", name="Xác nhận bàn giao").get_by_role("button").click()
    new = walk.at("new head", "/handovers/")
    new.get_by_role("rowheader").get_by_role("link").first.click()
    new.get_by_role("region", name="Xác nhận bàn giao").get_by_role("button").click()
    walk.picture(new, "handed-over")


def submit_be_returned_and_accepted(walk: Walk, wards: int) -> None:
    """The ward submits, is sent back for what is missing, submits again, and is accepted."""
    page = walk.at("ward officer", f"/tasks/{wards}/")
    report_done(page, "201/BC-UBND", walk.today)
    page.get_by_role("button", name="Gửi cập nhật").click()
    expect(page.get_by_text("Đã trình hoàn thành, chờ xác nhận.")).to_be_visible()
    verifier = walk.at("specialist", f"/tasks/{wards}/")
    verify = panel(verifier, "Xác nhận hoàn thành")
    verify.get_by_text("Trả lại để bổ sung").click()
    verify.get_by_label(re.compile("^Lý do")).fill("Thiếu biểu tổng hợp của ba trường.")
    walk.picture(verifier, "verify")
    verify.get_by_role("button", name="Trả lại").click()
    expect(verifier.get_by_text("Bị trả lại", exact=True)).to_be_visible()
    page.goto(f"/tasks/{wards}/")
    expect(page.get_by_text("Thiếu biểu tổng hợp của ba trường.").first).to_be_visible()
    walk.picture(page, "returned")
    report_done(page, "207/BC-UBND", walk.today)
    page.get_by_label("Tệp minh chứng").set_input_files(pdf("Biểu tổng hợp ba trường.pdf", PDF))
    page.get_by_role("button", name="Gửi cập nhật").click()
    expect(page.get_by_text("Đã trình hoàn thành, chờ xác nhận.")).to_be_visible()
    verifier.goto(f"/tasks/{wards}/")
    verify = panel(verifier, "Xác nhận hoàn thành")
    for judged in verify.get_by_role("radio", name="Đạt", exact=True).all():
        judged.check()
    verify.get_by_text("Tốt", exact=True).click()
    verify.get_by_role("button", name="Xác nhận hoàn thành").click()
    expect(verifier.get_by_text("Hoàn thành đúng hạn").first).to_be_visible()
    walk.picture(verifier, "accepted")


def see_the_thread(walk: Walk, citys: int, wards: int) -> None:
    """The city's task counts it; the history of the ward's task holds every step."""
    leader = walk.at("leader", f"/tasks/{citys}/")
    expect(panel(leader, "Nhiệm vụ thành phần")).to_contain_text("1/126")
    walk.picture(leader, "thread")
    leader.goto(f"/tasks/{wards}/history/")
    for step in (
        "Tiếp nhận",
        "Báo vướng mắc",
        "Trình hoàn thành",
        "Trả lại",
        "Xác nhận hoàn thành",
    ):
        expect(leader.get_by_text(step).first).to_be_visible()
    walk.picture(leader, "history")
