"""The whole thread in a real browser: officer, office, leader, reminder, report."""

import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from hanoi_programmes.reminders.jobs import plan_reminders
from tests.browser.conftest import Visit, axe, pdf, sign_in
from tests.browser.product import ACCOUNTS, Product
from tests.workers import Worker

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
# Tasks that a unit leads itself, in progress, with nothing below that would have to close first.
OWN = """
    SELECT task.id, task.text FROM programmes_task task
    JOIN people_unit unit ON unit.id = task.lead_unit_id
    WHERE unit.code = %(unit)s AND task.state = 'in_progress' AND task.parent_id IS NULL
      AND NOT EXISTS (SELECT FROM programmes_task below WHERE below.parent_id = task.id)
      AND task.deadline {when} %(today)s ORDER BY task.deadline, task.code
"""


KPIS = """kpis => kpis.map(kpi => [kpi.querySelector("span").innerText.trim(),
    kpi.querySelector("b").firstChild.data.trim(), kpi.innerText])"""
# What is seen in each cell of each row: without the words for screen readers.
CELLS = """rows => rows.map(row => [...row.cells].map(cell => {
    const seen = cell.cloneNode(true);
    seen.querySelectorAll(".vh").forEach(part => part.remove());
    return seen.textContent.trim();
}))"""


def own_task(product: Product, unit: str, when: str, nth: int = 0) -> tuple[int, str]:
    """Number and text of a task; `when` compares its deadline with today."""
    found = product.rows(OWN.format(when=when), unit=unit, today=localdate())
    return found[nth][0], found[nth][1]


def panel(page: Page, heading: str) -> Locator:
    """The section under a heading."""
    return page.get_by_role("region", name=heading, exact=True)


def report_done(page: Page, number: str, day: date) -> None:
    """On the task page: done, with the document that proves it."""
    form = panel(page, "Cập nhật tiến độ")
    form.get_by_text("Đã xong, gửi xác nhận").click()
    form.get_by_label("Số, ký hiệu văn bản").fill(number)
    form.get_by_label("Ngày văn bản").fill(day.isoformat())


def test_an_officers_work_reaches_the_office_which_confirms_it(visit: Visit) -> None:
    page = visit("")
    sign_in(page, ACCOUNTS["officer"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Việc cần làm ngay")
    first = page.get_by_role("article").first
    expect(first).to_contain_text("Quá hạn")
    first.get_by_role("link").first.click()
    code = page.get_by_label("Đường dẫn").locator("[aria-current]").inner_text()
    tell_progress(page)
    submit_with_a_file(page)
    confirm(visit("office", "/tasks/"), code)


def tell_progress(page: Page) -> None:
    """The officer: how many, and what was done; the page tells it at once."""
    form = panel(page, "Cập nhật tiến độ")
    form.get_by_label("Số người đã lập sổ").fill("21.870")
    form.get_by_label("Việc đã làm").fill("Đã rà soát xong 31/34 tổ dân phố.")
    form.get_by_role("button", name="Gửi cập nhật").click()
    expect(page.get_by_text("Đã ghi cập nhật.")).to_be_visible()
    latest = panel(page, "Lịch sử").get_by_role("listitem").first
    expect(latest).to_contain_text("31/34 tổ dân phố")
    expect(panel(page, "Từ Nghị quyết đến đây")).to_contain_text("21.870/24.500")


def submit_with_a_file(page: Page) -> None:
    """The officer: done, by a document and a file."""
    report_done(page, "131/BC-UBND", localdate())
    page.get_by_label("Tệp minh chứng").set_input_files(pdf("Danh sách.pdf", PDF))
    page.get_by_role("button", name="Gửi cập nhật").click()
    expect(page.get_by_text("Đã trình hoàn thành, chờ xác nhận.")).to_be_visible()
    latest = panel(page, "Lịch sử").get_by_role("listitem").first
    expect(latest).to_contain_text("Trình hoàn thành")
    evidence = panel(page, "Sản phẩm, minh chứng")
    expect(evidence).to_contain_text("131/BC-UBND")
    expect(evidence.get_by_role("link", name="Danh sách.pdf")).to_be_visible()


def confirm(office: Page, code: str) -> None:
    """The office: finds the task by its code and accepts what was done, with a grade."""
    office.get_by_role("banner").get_by_role("searchbox").fill(code)
    office.keyboard.press("Enter")
    office.locator("#found").get_by_role("listitem").get_by_role("link").first.click()
    office.get_by_role("link", name="Xác nhận, trả lại").click()
    verify = panel(office, "Xác nhận hoàn thành")
    for judged in verify.get_by_role("radio", name="Đạt", exact=True).all():
        judged.check()
    verify.get_by_text("Tốt", exact=True).click()
    office.get_by_role("button", name="Xác nhận hoàn thành").click()
    expect(office.get_by_text("Hoàn thành quá hạn").first).to_be_visible()
    latest = panel(office, "Lịch sử").get_by_role("listitem").first
    expect(latest).to_contain_text("Xác nhận hoàn thành")


def test_the_door_of_the_quick_start_shows_its_keys(visit: Visit) -> None:
    page = visit("", "/sign-in/")
    page.get_by_text("Tài khoản minh họa").first.click()
    name = page.get_by_role("rowheader").first.locator("b").inner_text()
    password = page.get_by_text("Mật khẩu chung").locator("b").inner_text()
    assert axe(page) == []
    sign_in(page, name, password)
    expect(page.get_by_role("heading", level=1)).to_have_text("Việc cần làm ngay")


def test_what_the_office_returns_comes_back_with_its_reason(visit: Visit, product: Product) -> None:
    pk, text = own_task(product, "UBND-SYT", ">=")
    page = visit("specialist", f"/tasks/{pk}/")
    report_done(page, "77/TTr-SYT", localdate())
    page.get_by_role("button", name="Gửi cập nhật").click()
    expect(page.get_by_text("Đã trình hoàn thành, chờ xác nhận.")).to_be_visible()

    office = visit("office")
    waiting = office.get_by_role("article").filter(has_text=text)
    waiting.get_by_role("link", name="Xem và xác nhận").click()
    office.get_by_text("Trả lại để bổ sung").click()
    office.get_by_label("Lý do").fill("Thiếu biểu tổng hợp của 12 phường.")
    office.get_by_role("button", name="Trả lại").click()
    expect(office.get_by_text("Bị trả lại", exact=True)).to_be_visible()

    page.goto("/")
    returned = panel(page, "Bị trả lại").get_by_role("article").filter(has_text=text)
    expect(returned).to_contain_text("Thiếu biểu tổng hợp của 12 phường.")


def test_a_leader_is_two_clicks_from_what_is_late_to_its_evidence(
    visit: Visit, product: Product
) -> None:
    pk, text = own_task(product, "UBND-SYT", "<")
    page = visit("specialist", f"/tasks/{pk}/")
    page.get_by_label("Tệp minh chứng").set_input_files(pdf("Danh mục đầu tư.pdf", PDF))
    page.get_by_role("button", name="Gửi cập nhật").click()
    expect(page.get_by_text("Đã ghi cập nhật.")).to_be_visible()

    leader = visit("")
    sign_in(leader, ACCOUNTS["leader"])
    expect(leader.get_by_role("heading", level=1)).to_have_text("Bảng điều hành")
    matters = panel(leader, "Việc cần lãnh đạo xử lý")
    late = [
        int(re.findall(r"\d+", row)[0])
        for row in matters.locator("tbody tr:has(th)").all_inner_texts()
    ]
    assert late == sorted(late, reverse=True)
    assert late[-1] > 0

    row = matters.get_by_role("row").filter(has_text=text)
    row.get_by_role("link", name=text[:60]).first.click()
    with leader.expect_download() as download:
        leader.get_by_role("link", name="Danh mục đầu tư.pdf").click()
    assert Path(download.value.path()).read_bytes() == PDF
    assert download.value.suggested_filename == "Danh mục đầu tư.pdf"


@pytest.mark.worker
def test_a_reminder_comes_as_mail_and_at_the_bell_and_only_once(
    visit: Visit, product: Product, lived: Worker, worker: Callable[[], Worker]
) -> None:
    page = visit("officer")
    expect(page.locator("#bell")).to_contain_text(re.compile(r"^[1-9]"))
    page.get_by_role("link", name="Thông báo").first.click()
    expect(page.get_by_role("article").first).to_contain_text("Quá hạn")
    page.get_by_role("link", name="Thư đã gửi").click()
    row = page.get_by_role("row").filter(has_text=f"{ACCOUNTS['officer']}@thudo.example")
    expect(row).to_have_count(1)
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("quá hạn")
    expect(panel(page, "Nội dung")).to_contain_text(product.address)

    sent, told = product.mails(), product.count("reminders_reminder")
    worker().wait_for_job(plan_reminders.delay().id)
    assert (product.mails(), product.count("reminders_reminder")) == (sent, told)
    assert product.count("reminders_mail") == len(sent)


@pytest.mark.worker
def test_a_report_is_made_before_ones_eyes_and_says_what_the_dashboard_says(
    visit: Visit, worker: Callable[[], Worker], tmp_path: Path
) -> None:
    page = visit("leader", "/dashboard/?resolution=nq72")
    shown = figures_of(page)
    page.goto("/reports/")
    page.get_by_label("Một chương trình hành động").check()
    page.get_by_label("Chương trình hành động", exact=True).select_option("hn72")
    expect(page.locator("#preview")).to_contain_text("Chương trình hành động số 06-CTr/TU")
    page.get_by_role("button", name="Lập báo cáo", exact=True).click()
    row = panel(page, "Báo cáo đã lập").locator("tbody tr").first
    expect(row).to_contain_text("Đang chờ")
    worker()
    seen = watch_progress(page, str(row.get_attribute("hx-get")))
    expect(row).to_contain_text("Đã xong")
    assert any("Đang lập" in text for text in seen), seen
    with page.expect_download() as download:
        row.get_by_role("link", name="PDF").click()
    paper = PdfReader(io.BytesIO(Path(download.value.path()).read_bytes()))
    text = " ".join(" ".join(part.extract_text() for part in paper.pages).split())
    assert "Kết quả thực hiện Chương trình hành động số 06-CTr/TU tháng" in text
    for sentence in shown:
        assert sentence in text
    row.get_by_role("rowheader").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert axe(page) == []


def figures_of(page: Page) -> list[str]:
    """The dashboard's figures, each in the words that the paper has for it."""
    found = page.locator(".kpi").evaluate_all(KPIS)
    value = {label: number for label, number, _ in found}
    on_time, due = re.findall(r"(\d+)\D*/(\d+) · hạn gốc", str(found))[0]
    units = panel(page, "Theo đơn vị chủ trì").locator("tbody tr").evaluate_all(CELLS)
    assert len(units) > 5
    return [
        f"tổng số {value['Tổng nhiệm vụ']} nhiệm vụ đã giao; {due} nhiệm vụ đã đến hạn",
        f"hoàn thành đúng hạn {on_time} (",
        f"quá hạn chưa hoàn thành {value['Quá hạn']}.",
        f"sắp đến hạn {value['Sắp đến hạn']},",
        f"Có {value['Chờ quyết định']} nhiệm vụ vướng mắc đang chờ",
        *(unit_line(cells) for cells in units),
    ]


def unit_line(cells: list[str]) -> str:
    """Name, all, due, on time: the paper's first columns, from the cells of the dashboard's row."""
    name, _overdue, _longest, _soon, _waiting, _done, everything, rate = cells
    told = re.search(r"(\d+)(?: việc đúng hạn[^/]*)?/(\d+)", rate)
    on_time, due = told.groups() if told else ("0", "0")
    return f"{name} {everything} {due} {on_time} "


def watch_progress(page: Page, address: str) -> list[str]:
    """What the row says, asked as the page asks it but oftener, until the report is done."""
    seen: list[str] = []
    while not seen or "Đã xong" not in seen[-1]:
        answer = page.request.get(address, headers={"HX-Request": "true"})
        seen.append(answer.text())
        assert len(seen) < 2000, seen[-1]
    return seen
