"""Bad input at the edge: a clear sentence, what was typed kept, nothing written, never a 5xx."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from hanoi_programmes.programmes.models import Evidence, ProgressReport, Task
from tests import uploads
from tests.programmes.conftest import NUL, TYPED, text_of, update_form
from tests.stored import stored

DAY = timedelta(days=1)

# The update form: what is sent beside a good text, and the sentence that answers

BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no situation": ({"situation": ""}, "Chọn tình hình đến hôm nay."),
    "unknown situation": ({"situation": "perfect"}, "Lựa chọn này không có trong danh sách."),
    "no form key": ({"form_key": ""}, "Trang mở đã cũ. Tải lại trang rồi gửi lại."),
    "rubbish as form key": ({"form_key": "1"}, "Trang mở đã cũ. Tải lại trang rồi gửi lại."),
    "done without proof": ({"situation": "done"}, "Trình hoàn thành cần minh chứng"),
    "a number without a day": (
        {"situation": "done", "document_number": "118/BC-UBND"},
        "Nhập ngày của văn bản.",
    ),
    "a day without a number": (
        {"situation": "done", "document_date": "2026-11-01"},
        "Nhập số và ký hiệu",
    ),
    "a day that does not exist": (
        {"document_number": "118/BC-UBND", "document_date": "31/02/2026"},
        "Nhập ngày theo dạng ngày/tháng/năm",
    ),
    "a day in words": (
        {"document_number": "118/BC-UBND", "document_date": "hôm qua"},
        "Nhập ngày theo dạng ngày/tháng/năm",
    ),
    "stuck without a word": ({"situation": "stuck"}, "Ghi vướng ở đâu, một hai câu."),
    "stuck without a decider": (
        {"situation": "stuck", "obstacle": "Chưa có vốn"},
        "Chọn cơ quan cần quyết định",
    ),
    "a decider that is none": (
        {"situation": "stuck", "obstacle": "Chưa có vốn", "decider": "99999999999999999999"},
        "Chọn cơ quan",
    ),
    "words for a count": ({"count": "rất nhiều"}, "Nhập số nguyên"),
    "a count below zero": ({"count": "-1"}, "Nhập số từ 0 trở lên."),
    "a count beyond all": ({"count": "9" * 30}, "Nhập số không quá"),
    "a text too long": ({"next_step": "đ" * 4_001}, "quá mức 4000. Rút gọn rồi gửi lại."),
    "a number too long": ({"document_number": "1" * 61}, "Dài 61 ký tự, quá mức 60."),
    "almost a megabyte of text": (
        {"next_step": "d" * 900_000},
        "quá mức 4000. Rút gọn rồi gửi lại.",
    ),
    "a mark of secrecy": ({"next_step": "Theo công văn TỐI MẬT"}, "Không đưa nội dung mật"),
    "a mark in the number": ({"document_number": "12/BC-MẬT"}, "Không đưa nội dung mật"),
    "a NUL in a text": ({"next_step": NUL}, "Có ký tự không đọc được."),
    "a NUL in the number": ({"document_number": NUL}, "Có ký tự không đọc được."),
    "a NUL in the situation": ({"situation": NUL}, "Lựa chọn này không có trong danh sách."),
    "a NUL in the decider": ({"situation": "stuck", "decider": NUL}, "Chọn cơ quan"),
    "a NUL in the form key": ({"form_key": NUL}, "Trang mở đã cũ"),
    "a NUL in the day": ({"document_date": NUL}, "Nhập ngày theo dạng"),
    "a NUL in the count": ({"count": NUL}, "Nhập số nguyên"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_update_says_why_and_keeps_what_was_typed(
    page: tuple[Client, str], case: str
) -> None:
    (client, url), (fields, sentence) = page, BAD[case]
    before = stored()
    response = client.post(url, update_form(text=TYPED) | fields)
    assert response.status_code == 422
    shown = text_of(response)
    assert sentence in shown
    assert TYPED in shown
    kept = ("next_step", "document_number", "document_date", "obstacle")
    assert all(fields[name] in shown for name in kept if name in fields)
    assert 'aria-invalid="true"' in shown or 'role="alert"' in shown
    assert stored() == before


def test_an_empty_form_says_what_to_choose(page: tuple[Client, str]) -> None:
    client, url = page
    before = stored()
    response = client.post(url, {})
    assert response.status_code == 422
    assert "Chọn tình hình đến hôm nay." in text_of(response)
    assert stored() == before


@pytest.mark.parametrize(
    ("days", "sentence"), [(1, "chưa tới"), (400, "chưa tới"), (-31, "trước ngày giao nhiệm vụ")]
)
def test_a_document_lies_between_the_issue_and_today(
    page: tuple[Client, str], clock: date, days: int, sentence: str
) -> None:
    client, url = page
    before, day = stored(), clock + days * DAY
    form = update_form(situation="done", document_number="118/BC-UBND", document_date=day)
    response = client.post(url, form | {"text": TYPED})
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert TYPED in text_of(response)
    assert f'value="{day}"' in text_of(response)
    assert stored() == before


@pytest.mark.parametrize("days", [-30, 0])
def test_the_first_and_the_last_possible_day_are_taken(
    page: tuple[Client, str], clock: date, days: int
) -> None:
    client, url = page
    day = clock + days * DAY
    form = update_form(situation="done", document_number="118/BC-UBND", document_date=day)
    assert client.post(url, form).status_code == 302
    assert Evidence.objects.get().document_date == day


def test_a_day_is_read_as_papers_print_it(page: tuple[Client, str], clock: date) -> None:
    client, url = page
    # The first of the days back that an American would read as another day.
    day = next(d for n in range(30) if 1 < (d := clock - n * DAY).day <= 12 and d.day != d.month)
    form = update_form(document_number="118/BC-UBND", document_date=f"{day:%d/%m/%Y}")
    assert client.post(url, form).status_code == 302
    assert Evidence.objects.get().document_date == day


def test_a_count_is_read_with_the_points_that_people_type(page: tuple[Client, str]) -> None:
    client, url = page
    assert client.post(url, update_form(count="21.870")).status_code == 302
    assert ProgressReport.objects.get().count == 21_870


# Files

FILES: dict[str, tuple[str, bytes]] = {
    "SVG": ("anh.svg", uploads.SVG),
    "SVG named .png": ("anh.png", uploads.SVG),
    "HTML": ("trang.html", uploads.HTML),
    "HTML named .pdf": ("bao cao.pdf", uploads.HTML),
    "an archive": ("tep.zip", uploads.ZIP),
    "an archive named .docx": ("tep.docx", uploads.ZIP),
    "an archive named .xlsx": ("tep.xlsx", uploads.ZIP),
    "Word with a macro": ("bieu.docx", uploads.DOCX_WITH_MACRO),
    "Word with a macro, said so": ("bieu.docm", uploads.DOCX_WITH_MACRO),
    "Word named .xlsx": ("bieu.xlsx", uploads.DOCX),
    "Word named .pdf": ("bieu.pdf", uploads.DOCX),
    "a PDF named .docx": ("bao cao.docx", uploads.PDF),
    "a PDF without an extension": ("bao cao", uploads.PDF),
    "a program": ("tro choi.exe", uploads.EXE),
    "a program named .pdf": ("bao cao.pdf", uploads.EXE),
    "a program named .jpg": ("anh.jpg", uploads.EXE),
    "a broken archive": ("hong.docx", uploads.DOCX[:30]),
    "nothing at all": ("rong.pdf", b""),
    "an extension turned round": ("bao\u202efdp.exe", uploads.EXE),
}


@pytest.mark.parametrize("case", FILES)
def test_a_file_of_a_wrong_type_is_refused_by_its_content(
    page: tuple[Client, str], media: Path, case: str
) -> None:
    (client, url), (name, content) = page, FILES[case]
    before = stored()
    form = update_form(text=TYPED, papers=uploads.sent(name, content))
    response = client.post(url, form)
    assert response.status_code == 422
    shown = text_of(response)
    assert re.search(r"Tệp “[^”]+” (là|có|bị|không|rỗng)", shown)
    assert TYPED in shown
    assert stored() == before
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_a_good_file_beside_a_bad_one_is_not_kept(page: tuple[Client, str], media: Path) -> None:
    client, url = page
    before = stored()
    both = [uploads.sent("tot.pdf"), uploads.sent("xau.pdf", uploads.EXE)]
    response = client.post(url, update_form(papers=both))
    assert response.status_code == 422
    assert "“xau.pdf”" in text_of(response)
    assert stored() == before
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_a_file_over_the_limit_is_refused_by_name(page: tuple[Client, str], media: Path) -> None:
    client, url = page
    before = stored()
    big = uploads.sent("anh chup.pdf", uploads.PDF.ljust(20 * 1024 * 1024 + 1))
    response = client.post(url, update_form(text=TYPED, papers=big))
    assert response.status_code == 422
    shown = text_of(response)
    assert "Tệp “anh chup.pdf” lớn hơn 20 MB. Giảm dung lượng hoặc chia nhỏ" in shown
    assert TYPED in shown
    assert stored() == before
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_too_many_files_are_refused(page: tuple[Client, str]) -> None:
    client, url = page
    before = stored()
    six = [uploads.sent(f"{n}.pdf") for n in range(6)]
    response = client.post(url, update_form(text=TYPED, papers=six))
    assert response.status_code == 422
    assert "Mỗi lần gửi tối đa 5 tệp." in text_of(response)
    assert TYPED in text_of(response)
    assert stored() == before


@pytest.mark.parametrize("name", ["Báo cáo TỐI MẬT.pdf", "12-tuyệt mật.pdf", "Mật.pdf"])
def test_a_file_named_secret_is_refused(page: tuple[Client, str], name: str) -> None:
    client, url = page
    before = stored()
    response = client.post(url, update_form(text=TYPED, papers=uploads.sent(name)))
    assert response.status_code == 422
    assert "có dấu mật. Không đưa tài liệu mật lên hệ thống này." in text_of(response)
    assert TYPED in text_of(response)
    assert stored() == before


# Requests that are too big to be read at all: the page is all that can be kept, and says so

HUGE: dict[str, dict[str, Any]] = {
    "over a megabyte of text": {"text": "d" * (1024 * 1024 + 1)},
    "more fields than any form has": {f"field{n}": "x" for n in range(501)},
    "more files than any form has": {f"file{n}": uploads.sent(f"{n}.pdf") for n in range(21)},
}


@pytest.mark.parametrize("case", HUGE)
def test_a_request_too_big_to_read_is_answered_in_words(
    page: tuple[Client, str], case: str
) -> None:
    client, url = page
    before = stored()
    for address in (url, "/tasks/nothing-arose/", "/sign-in/"):
        response = client.post(address, update_form() | HUGE[case])
        assert response.status_code == 413
        assert "vừa gửi vượt mức cho phép. Chưa có gì được lưu." in text_of(response)
    assert stored() == before


# The world moved on while the form was filled in


@pytest.mark.parametrize("state", ["awaiting", "suspended", "assigned", "completed", "cancelled"])
def test_an_update_that_comes_too_late_keeps_what_was_typed(
    page: tuple[Client, str], ward_task: Task, media: Path, clock: date, state: str
) -> None:
    client, url = page
    Task.objects.filter(pk=ward_task.pk).update(state=state, completed_on=clock)
    before = stored()
    form = update_form(text=TYPED, papers=uploads.sent("bao cao.pdf"))
    response = client.post(url, form)
    assert response.status_code == 409
    shown = text_of(response)
    assert "không cập nhật được nữa." in shown or "Bấm “Tiếp nhận” trước" in shown
    assert TYPED in shown
    assert stored() == before
    assert not [path for path in media.rglob("*") if path.is_file()]


# What a form must not be able to touch


def test_extra_fields_change_nothing_else(page: tuple[Client, str], ward_task: Task) -> None:
    client, url = page
    columns = {field.name: "1" for field in Task._meta.concrete_fields}
    extra = columns | {"is_staff": "1", "role": "office", "by": "1", "on": "2020-01-01"}
    assert client.post(url, extra | update_form(text=TYPED)).status_code == 302
    kept = Task.objects.values().get(pk=ward_task.pk)
    changed = {name for name, value in kept.items() if value != vars(ward_task)[name]}
    assert changed == {"last_report_on", "version"}
    assert ProgressReport.objects.get().text == TYPED
