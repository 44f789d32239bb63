"""Pages of things that went wrong: what happened, what to do, the way home."""

import pytest
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views import defaults

from hanoi_programmes.people.views.gate import bad_request
from tests.conftest import Cast

WAY_HOME = 'href="/">Về trang đầu'
NAVIGATION = 'aria-label="Chính"'


def test_the_page_of_a_fault_asks_no_database() -> None:
    """This test has no database: a query would fail it."""
    page = defaults.server_error(RequestFactory().get("/")).content.decode()
    assert "Hệ thống gặp lỗi" in page
    assert "báo Văn phòng Thành ủy" in page
    assert WAY_HOME in page


def test_a_request_that_makes_no_sense_asks_no_database() -> None:
    answer = bad_request(RequestFactory().get("/"), SuspiciousOperation())
    assert answer.status_code == 400
    assert "Quay lại trang trước" in answer.content.decode()
    assert WAY_HOME in answer.content.decode()


@pytest.mark.parametrize(
    ("template", "next_step"),
    [
        ("403.html", "đề nghị Văn phòng Thành ủy"),
        ("403_csrf.html", "tải lại trang rồi gửi lại"),
        ("404.html", "Kiểm tra lại địa chỉ"),
        ("413.html", "chọn tệp nhỏ hơn"),
    ],
)
def test_each_says_what_to_do_and_keeps_the_navigation(
    cast: Cast, template: str, next_step: str
) -> None:
    request = RequestFactory().get("/")
    request.user = cast.ward_officer
    request.resolver_match = None
    shown = render_to_string(template, {"reason": ""}, request)
    assert next_step in shown
    assert WAY_HOME in shown
    assert NAVIGATION in shown


@pytest.mark.django_db
def test_a_stranger_gets_the_way_home_without_navigation() -> None:
    page = Client().get("/khong-co-trang-nay/").content.decode()
    assert WAY_HOME in page
    assert NAVIGATION not in page


def test_an_old_form_gives_back_what_was_typed_and_keeps_the_navigation(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.ward_officer)
    text = "Đã họp giao ban và phân công từng tổ dân phố."
    answer = client.post("/account/shortcuts/", {"on": "0", "text": text})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert text in page
    assert NAVIGATION in page


def test_too_much_is_told_with_the_limit(cast: Cast) -> None:
    request = RequestFactory().post("/")
    request.user = cast.ward_officer
    request.resolver_match = None
    answer = bad_request(request, RequestDataTooBig())
    assert answer.status_code == 413
    assert "20 MB" in answer.content.decode()
