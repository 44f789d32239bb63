"""Bad input and lost lines in a browser: a clear sentence, nothing lost, nothing written twice."""

from pathlib import Path

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit, Watch, pdf, sign_in
from tests.browser.product import ACCOUNTS, PASSWORD, Product

TYPED = "Đã làm việc với 34 tổ dân phố, còn 3 tổ chưa đủ danh sách."
# Tasks of the department in progress, with no task below; each test takes one of its own.
TASKS = """
    SELECT task.id FROM programmes_task task JOIN people_unit unit ON unit.id = task.lead_unit_id
    WHERE unit.code = 'UBND-STC' AND task.state = 'in_progress' AND task.parent_id IS NULL
      AND NOT EXISTS (SELECT FROM programmes_task below WHERE below.parent_id = task.id)
    ORDER BY task.code
"""


@pytest.fixture
def task(product: Product) -> int:
    """A task of the department of finance on which nobody has typed yet."""
    found: int = product.rows(TASKS)[0][0]
    return found


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A PDF with a little more than the 20 MB that a file may have."""
    path = tmp_path / "quét.pdf"
    path.write_bytes(b"%PDF-1.4\n" + bytes(20 * 1024 * 1024))
    return path


def reports(product: Product, task: int) -> int:
    """How many updates a task has."""
    return product.count("programmes_progressreport", "task_id = %(task)s", task=task)


def summary(page: Page) -> Locator:
    """The note that says what is wrong."""
    return page.get_by_role("alert").filter(visible=True)


def test_a_wrong_password_gets_a_sentence_and_keeps_the_name(visit: Visit) -> None:
    page = visit("", "/tasks/")
    sign_in(page, ACCOUNTS["officer"], "sai-mat-khau-1234")
    expect(summary(page)).to_contain_text("Tài khoản hoặc mật khẩu chưa đúng.")
    expect(page).to_have_title("Lỗi: Đăng nhập – Theo dõi Nghị quyết")
    expect(page.get_by_label("Tài khoản công vụ")).to_have_value(ACCOUNTS["officer"])
    expect(page.get_by_label("Mật khẩu")).to_have_value("")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nhiệm vụ")


@pytest.mark.parametrize("way", ["htmx", "plain"])
def test_a_mistake_keeps_what_was_typed(
    visit: Visit, product: Product, task: int, way: str
) -> None:
    """Done without a document: 422, the summary has the focus, its line leads to the field."""
    before = reports(product, task)
    page = visit("finance", f"/tasks/{task}/", java_script_enabled=way == "htmx")
    page.get_by_label("Việc đã làm").fill(TYPED)
    page.get_by_text("Đã xong, gửi xác nhận").click()
    page.get_by_role("button", name="Gửi cập nhật").click()
    expect(summary(page)).to_contain_text("Trình hoàn thành cần minh chứng")
    if way == "htmx":
        expect(summary(page)).to_be_focused()
    expect(page.get_by_label("Việc đã làm")).to_have_value(TYPED)
    expect(page.get_by_role("radio", name="Đã xong, gửi xác nhận")).to_be_checked()
    summary(page).get_by_role("link").first.click()
    expect(page.get_by_label("Số, ký hiệu văn bản")).to_be_focused()
    assert reports(product, task) == before


def test_a_day_to_come_is_refused_with_its_date(visit: Visit, product: Product, task: int) -> None:
    page = visit("finance", f"/tasks/{task}/")
    page.get_by_text("Đã xong, gửi xác nhận").click()
    page.get_by_label("Số, ký hiệu văn bản").fill("12/TTr-STC")
    page.get_by_label("Ngày văn bản").fill(f"{localdate().year + 1}-01-05")
    page.get_by_role("button", name="Gửi cập nhật").click()
    expect(summary(page)).to_contain_text(f"Ngày 05/01/{localdate().year + 1} chưa tới.")


def test_too_large_a_file_is_told_before_it_is_sent(
    visit: Visit, product: Product, task: int, large: Path
) -> None:
    before = reports(product, task)
    page = visit("finance", f"/tasks/{task}/")
    page.get_by_label("Tệp minh chứng").set_input_files(large)
    expect(summary(page)).to_contain_text("quá mức 20 MB. Chọn tệp nhỏ hơn.")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.get_by_role("button", name="Gửi cập nhật").click()
    expect(page.get_by_label("Tệp minh chứng")).to_be_focused()
    assert "POST" not in sent
    assert reports(product, task) == before


def test_too_large_a_file_is_refused_by_the_server_too(
    visit: Visit, product: Product, task: int, large: Path
) -> None:
    before = reports(product, task)
    page = visit("finance", f"/tasks/{task}/", java_script_enabled=False)
    page.get_by_label("Việc đã làm").fill(TYPED)
    page.get_by_label("Tệp minh chứng").set_input_files(large)
    page.get_by_role("button", name="Gửi cập nhật").click()
    expect(summary(page)).to_contain_text("lớn hơn 20 MB")
    expect(page.get_by_label("Việc đã làm")).to_have_value(TYPED)
    assert reports(product, task) == before


def test_what_is_no_document_is_refused_by_its_content(visit: Visit, task: int) -> None:
    page = visit("finance", f"/tasks/{task}/")
    page.get_by_label("Tệp minh chứng").set_input_files(pdf("báo cáo.pdf", b"MZ\x90\x00" * 99))
    page.get_by_role("button", name="Gửi cập nhật").click()
    expect(summary(page)).to_contain_text("là chương trình, không phải văn bản")


@pytest.mark.parametrize("way", ["htmx", "plain"])
def test_a_double_click_writes_once(visit: Visit, product: Product, task: int, way: str) -> None:
    before = reports(product, task)
    page = visit("finance", f"/tasks/{task}/", java_script_enabled=way == "htmx")
    page.get_by_label("Việc đã làm").fill("Bấm hai lần liền.")
    page.get_by_role("button", name="Gửi cập nhật").dblclick()
    expect(page.get_by_text("Đã ghi cập nhật.")).to_be_visible()
    assert reports(product, task) == before + 1


def test_a_lost_line_is_told_and_the_text_sent_again(
    visit: Visit, product: Product, task: int, watch: Watch
) -> None:
    before = reports(product, task)
    page = visit("finance", f"/tasks/{task}/")
    page.get_by_label("Việc đã làm").fill(TYPED)
    page.context.set_offline(True)
    watch.allow("ERR_INTERNET_DISCONNECTED")
    page.get_by_role("button", name="Gửi cập nhật").click()
    expect(summary(page)).to_contain_text("Mất kết nối. Nội dung vừa gõ còn nguyên.")
    expect(page.get_by_label("Việc đã làm")).to_have_value(TYPED)
    assert reports(product, task) == before
    page.context.set_offline(False)
    page.get_by_role("button", name="Gửi lại").click()
    expect(page.get_by_text("Đã ghi cập nhật.")).to_be_visible()
    assert reports(product, task) == before + 1


def test_a_session_that_ended_gives_the_text_back_after_sign_in(
    visit: Visit, product: Product, task: int
) -> None:
    before = reports(product, task)
    page = visit("finance", f"/tasks/{task}/")
    page.get_by_label("Việc đã làm").fill(TYPED)
    page.context.clear_cookies(name="sid")
    page.get_by_role("button", name="Gửi cập nhật").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")
    assert reports(product, task) == before
    sign_in(page, ACCOUNTS["finance"])
    expect(page.get_by_label("Việc đã làm")).to_have_value(TYPED)
    expect(page.get_by_text("Đã khôi phục nội dung gõ dở.")).to_be_visible()
    page.get_by_role("button", name="Gửi cập nhật").click()
    expect(page.get_by_text("Đã ghi cập nhật.")).to_be_visible()
    assert reports(product, task) == before + 1


def test_a_draft_is_kept_while_typing_and_opens_in_another_browser(
    visit: Visit, task: int, watch: Watch
) -> None:
    page = visit("finance", f"/tasks/{task}/report/")
    page.get_by_label("Việc đã làm").fill(TYPED)
    page.get_by_label("Việc đã làm").press("End")
    expect(page.get_by_text("Đã lưu nháp")).to_be_visible()
    # The session ends: said beside the form, on the page that stays.
    page.context.clear_cookies(name="sid")
    watch.allow("409 (Conflict)")
    page.get_by_label("Việc đã làm").press_sequentially(" Còn nữa.")
    expect(page.get_by_text("Phiên đăng nhập đã hết")).to_be_visible()
    expect(page.get_by_label("Việc đã làm")).to_have_value(f"{TYPED} Còn nữa.")
    other = visit("finance", f"/tasks/{task}/report/")
    expect(other.get_by_label("Việc đã làm")).to_have_value(TYPED)
    other.get_by_role("button", name="Bỏ bản nháp").click()
    expect(other.get_by_text("Đã bỏ bản nháp.")).to_be_visible()
    expect(other.get_by_label("Việc đã làm")).to_have_value("")


def test_a_form_that_is_too_old_shows_what_was_typed(
    visit: Visit, product: Product, task: int
) -> None:
    """Without script nothing keeps a draft: the refusal itself gives the text back."""
    before = reports(product, task)
    page = visit("finance", f"/tasks/{task}/", java_script_enabled=False)
    page.get_by_label("Việc đã làm").fill(TYPED)
    page.context.clear_cookies(name="csrf")
    page.get_by_role("button", name="Gửi cập nhật").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Chưa gửi được")
    expect(page.get_by_label("Nội dung 1")).to_have_value(TYPED)
    assert reports(product, task) == before
