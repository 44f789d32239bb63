"""The formal letter: who may ask for it, what both of its files say, how it is shown again."""

from collections.abc import Sequence
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.utils.timezone import localdate, now
from docx import Document
from pypdf import PdfReader

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import User
from hanoi_programmes.people.roles import Confidence
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.reports import services
from hanoi_programmes.reports.figures import LetterAsked
from hanoi_programmes.reports.models import Report
from hanoi_programmes.reports.states import Issuer, State
from tests import factories
from tests.conftest import Cast, signed_in

pytestmark = pytest.mark.usefixtures("media")
KEY = UUID(int=5)
CLOSING = "Trường hợp tiếp tục chậm, báo cáo Thường trực Thành ủy xem xét.\nTrân trọng."


@pytest.fixture
def late(cast: Cast) -> list[Task]:
    """Three late tasks of the department, the longest first."""
    today = localdate()
    return [
        factories.make_task(
            cast.programme, cast.department, deadline=today - timedelta(days),
            text=f"Nâng cấp <b>trạm y tế</b> đợt {days}", product=f"Đề án {days}",
        )
        for days in (40, 12, 3)
    ]  # fmt: skip


def ask(cast: Cast, tasks: Sequence[Task], **changes: object) -> Report:
    """The office asks for a letter to the department."""
    facts = {"answer_by": localdate() + timedelta(7), "closing": CLOSING} | changes
    by, key = facts.pop("by", cast.office), facts.pop("form_key", uuid4())
    issuer = facts.pop("issuer", Issuer.OFFICE)
    keys = [task.pk for task in tasks]
    asked = LetterAsked(unit=cast.department, tasks=keys, **facts)  # type: ignore[arg-type]
    return services.request_letter(
        asked, issuer=issuer, by=by, at=now(), on=localdate(), form_key=key  # type: ignore[arg-type]
    )  # fmt: skip


def made(report: Report) -> Report:
    """The same, done."""
    services.make(report.pk, today=localdate())
    report.refresh_from_db()
    assert report.state == State.DONE, report.error
    return report


def pdf_text(report: Report) -> str:
    """All words of the PDF, with single spaces."""
    pages = PdfReader(Path(report.file.path)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def word_text(report: Report) -> str:
    """All words of the Word file, in the order in which they are read."""
    document = Document(report.word.path)
    parts = []
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            parts += [p.text for row in block.rows for cell in row.cells for p in cell.paragraphs]
        else:
            parts.append(block.text)
    return " ".join(" ".join(parts).split())


def day(value: date) -> str:
    return f"{value:%d/%m/%Y}"


@pytest.mark.parametrize("read", [pdf_text, word_text])
def test_both_files_say_the_same(cast: Cast, late: list[Task], read: object) -> None:
    report = made(ask(cast, late))
    text = read(report)  # type: ignore[operator]
    wanted = (
        "THÀNH ỦY HÀ NỘI",
        "VĂN PHÒNG",
        "-CV/VPTU",
        "V/v đôn đốc thực hiện 3 nhiệm vụ quá hạn",
        "Dự thảo",
        "ĐẢNG CỘNG SẢN VIỆT NAM",
        "Kính gửi: Sở Y tế",
        "3 nhiệm vụ sau do Sở Y tế chủ trì đã quá thời hạn, chậm nhất 40 ngày:",
        f"{late[0].code}. Nâng cấp <b>trạm y tế</b> đợt 40",
        "Đề án 40",
        day(late[0].deadline or date.max),
        "đợt 12",
        "đợt 3",
        f"Báo cáo gửi về Văn phòng Thành ủy trước ngày {day(localdate() + timedelta(7))}.",
        "Trường hợp tiếp tục chậm, báo cáo Thường trực Thành ủy xem xét.",
        "Trân trọng.",
        "Nơi nhận:",
        "- Như trên;",
        "- Lưu Văn phòng Thành ủy.",
        "CHÁNH VĂN PHÒNG",
    )
    assert [words for words in wanted if words not in text] == []
    places = [text.index(words) for words in ("Kính gửi", "đợt 40", "đợt 12", "Trân trọng", "Nơi")]
    assert places == sorted(places)
    assert "minh họa" not in text


def test_the_number_is_blank_and_nothing_is_signed(cast: Cast, late: list[Task]) -> None:
    report = made(ask(cast, late, issuer=Issuer.BOARD))
    for text in (pdf_text(report), word_text(report)):
        assert "Số -CV/TU" in text
        assert "T/M BAN THƯỜNG VỤ" in text
    document = Document(report.word.path)
    assert document.inline_shapes._inline_lst == []
    assert document.core_properties.author == "Thành ủy Hà Nội"
    page = document.sections[0]
    sizes = (page.page_width, page.left_margin, page.right_margin)
    found = [round(size.mm) for size in sizes if size]
    assert found == [210, 30, 15]
    assert "w:tblHeader" in document.tables[1].rows[0]._tr.xml


@pytest.mark.parametrize("read", [pdf_text, word_text])
def test_made_up_tasks_are_marked(cast: Cast, late: list[Task], read: object) -> None:
    Task.objects.filter(pk=late[1].pk).update(confidence=Confidence.ILLUSTRATIVE)
    assert "Số liệu minh họa" in read(made(ask(cast, late)))  # type: ignore[operator]


def test_it_is_written_as_of_the_day_it_was_asked_for(cast: Cast, late: list[Task]) -> None:
    report = ask(cast, late[:2])
    Task.objects.filter(pk=late[0].pk).update(state="completed", completed_on=localdate())
    text = pdf_text(made(report))
    assert "đôn đốc thực hiện 1 nhiệm vụ" in text
    assert "đợt 40" not in text
    assert "đợt 3" not in text


def test_many_tasks_run_over_pages_with_the_head_repeated(cast: Cast) -> None:
    rows = [
        factories.make_task(
            cast.programme, cast.department, deadline=localdate() - timedelta(1), product="Đề án",
            text="Xây dựng và ban hành kế hoạch triển khai nhiệm vụ tại các đơn vị " * 2,
        )
        for _ in range(40)
    ]  # fmt: skip
    report = made(ask(cast, rows))
    pages = PdfReader(Path(report.file.path)).pages
    assert report.pages == len(pages) > 2
    assert all("Sản phẩm còn thiếu" in page.extract_text() for page in pages[:-1])


def test_the_same_form_asks_once(cast: Cast, late: list[Task]) -> None:
    assert ask(cast, late, form_key=KEY) == ask(cast, late, form_key=KEY)
    # Another letter to the same unit on the same day is another letter.
    assert ask(cast, late[:1]) != ask(cast, late[1:])
    assert Report.objects.count() == 3


@pytest.mark.parametrize("name", ["leader", "inspector", "head", "officer", "administrator"])
def test_only_the_office_writes_letters(cast: Cast, late: list[Task], name: str) -> None:
    with pytest.raises(Denied, match="Việc này do Văn phòng Thành ủy thực hiện"):
        ask(cast, late, by=getattr(cast, name))


def test_what_cannot_be_written_is_refused(cast: Cast, late: list[Task]) -> None:
    with pytest.raises(Denied, match="Hạn báo cáo đã qua"):
        ask(cast, late, answer_by=localdate() - timedelta(1))
    with pytest.raises(Denied, match="Không còn nhiệm vụ nào của đơn vị này quá hạn"):
        ask(cast, [factories.make_task(cast.programme, cast.department)])
    with pytest.raises(Denied, match="Không lập được công văn dưới tên cơ quan này"):
        ask(cast, late, issuer=Issuer.UNIT)


# Pages


def sent(user: User, **data: object) -> int:
    """Send the form; the status."""
    fields = {"form_key": str(uuid4()), "issuer": "office", "closing": ""} | data
    return int(signed_in(user).post("/reports/letter/", fields).status_code)


def test_the_form_offers_the_units_late_tasks(cast: Cast, late: list[Task]) -> None:
    client = signed_in(cast.office)
    page = unescape(client.get(f"/reports/letter/?unit={cast.department.code}").content.decode())
    assert page.count("checked") == 3
    ticked = client.get("/reports/letter/", {"task": [late[1].pk]})
    words = unescape(ticked.content.decode())
    assert "Sở Y tế (3 việc quá hạn)" in words
    assert words.count("checked") == 1
    assert client.get("/reports/letter/?unit=khong-co").status_code == 200
    assert client.get("/reports/letter/?task=x&task=²").status_code == 200


def test_a_letter_is_asked_for_made_and_fetched(cast: Cast, late: list[Task]) -> None:
    data = {"unit": cast.department.code, "answer_by": str(localdate() + timedelta(5))}
    assert sent(cast.office, tasks=[late[0].pk, late[1].pk], **data) == 303
    report = made(Report.objects.get())
    assert report.asked["tasks"] == sorted([late[0].pk, late[1].pk])
    client = signed_in(cast.office)
    row = client.get("/reports/").content.decode()
    assert f"/reports/{report.pk}/word/" in row
    word = client.get(f"/reports/{report.pk}/word/")
    assert word["Content-Disposition"] == f'attachment; filename="{report.code}.docx"'
    assert b"".join(word.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    again = unescape(client.get(f"/reports/code/{report.code}/").content.decode())
    assert "Kính gửi: Sở Y tế" in again
    assert "đợt 40" in again
    assert signed_in(cast.officer).get(f"/reports/{report.pk}/word/").status_code == 404


def test_bad_input_keeps_what_was_typed(cast: Cast, late: list[Task]) -> None:
    past = {"unit": cast.department.code, "answer_by": str(localdate() - timedelta(5))}
    client = signed_in(cast.office)
    data = {"form_key": str(uuid4()), "issuer": "office", "closing": "Đã gõ", "tasks": [1]} | past
    response = client.post("/reports/letter/", data)
    page = unescape(response.content.decode())
    assert response.status_code == 422
    assert "Đã gõ" in page
    assert "đã qua. Chọn ngày từ hôm nay trở đi" in page
    assert "Có nhiệm vụ không còn quá hạn" in page
    assert sent(cast.office) == 422
    assert not Report.objects.exists()
