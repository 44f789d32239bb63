"""Moves sent wrongly, late, twice or without their token: answered in words, nothing lost."""

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.rules import Given
from hanoi_programmes.programmes.services.tasks import move
from tests import factories
from tests.conftest import Cast, act, signed_in
from tests.programmes.conftest import NUL, TYPED, move_form, text_of, update_form
from tests.stored import stored


def test_a_move_without_what_it_needs_keeps_the_rest(cast: Cast, ward_task: Task) -> None:
    url = f"/tasks/{ward_task.pk}/moves/suspend/"
    client, before = signed_in(cast.office), stored()
    response = client.post(url, move_form(ward_task))
    assert response.status_code == 422
    assert "Nhập số, ký hiệu văn bản, ví dụ 118-QĐ/TU." in text_of(response)
    assert stored() == before


BAD_MOVES: dict[str, tuple[dict[str, Any], str]] = {
    "no reason": ({"reason": " "}, "Ghi lý do để đơn vị biết cần làm gì tiếp."),
    "a reason too long": ({"reason": TYPED * 100}, "quá mức 4000. Rút gọn rồi gửi lại."),
    "a secret reason": ({"reason": f"{TYPED} TỐI MẬT"}, "Không đưa nội dung mật lên hệ thống"),
    "a NUL": ({"reason": f"{TYPED}\0"}, "Có ký tự không đọc được."),
    "no form key": ({"reason": TYPED, "form_key": ""}, "Tải lại trang rồi gửi lại."),
    "no version": ({"reason": TYPED, "version": ""}, "Tải lại trang rồi gửi lại."),
    "rubbish as version": ({"reason": TYPED, "version": "mới"}, "Tải lại trang rồi gửi lại."),
}


@pytest.mark.parametrize("case", BAD_MOVES)
def test_a_bad_move_says_why_and_keeps_what_was_typed(
    cast: Cast, ward_task: Task, case: str
) -> None:
    fields, sentence = BAD_MOVES[case]
    Task.objects.filter(pk=ward_task.pk).update(
        state="awaiting", submitted_on=ward_task.issued_on, submitted_by=cast.ward_officer
    )
    client, before = signed_in(cast.office), stored()
    url = f"/tasks/{ward_task.pk}/moves/return/"
    response = client.post(url, move_form(ward_task, **fields))
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert fields["reason"].strip() in text_of(response)
    assert stored() == before


def test_a_secret_document_of_a_move_is_refused(cast: Cast, ward_task: Task) -> None:
    client, before = signed_in(cast.office), stored()
    url = f"/tasks/{ward_task.pk}/moves/suspend/"
    response = client.post(url, move_form(ward_task, document="118-QĐ/TU MẬT"))
    assert response.status_code == 422
    assert "Không đưa nội dung mật lên hệ thống" in text_of(response)
    assert stored() == before


def test_a_page_opened_before_somebody_elses_move_keeps_the_reason(
    cast: Cast, ward_task: Task
) -> None:
    Task.objects.filter(pk=ward_task.pk).update(
        state="awaiting", submitted_on=ward_task.issued_on, submitted_by=cast.ward_officer
    )
    seen = Task.objects.get(pk=ward_task.pk)
    Task.objects.filter(pk=ward_task.pk).update(version=seen.version + 1)
    client, url = signed_in(cast.office), f"/tasks/{ward_task.pk}/moves/return/"
    before = stored()
    response = client.post(url, move_form(seen, reason=TYPED))
    assert response.status_code == 409
    shown = text_of(response)
    assert "Nhiệm vụ vừa có thay đổi sau khi trang này mở. Chưa ghi gì" in shown
    assert TYPED in shown
    assert stored() == before
    # Sent again from that very page it is carried out.
    fields = dict(re.findall(r'name="(form_key|version)" value="([^"]+)"', shown))
    assert client.post(url, fields | {"reason": TYPED}).status_code == 302
    assert Task.objects.get(pk=ward_task.pk).return_reason == TYPED


def test_a_move_that_somebody_else_made_first_keeps_the_reason(
    cast: Cast, ward_task: Task, clock: date
) -> None:
    factories.make_paper(factories.make_report(ward_task, cast.ward_officer, clock), clock)
    seen = move(ward_task, "submit", act=act(cast.ward_officer, clock))
    move(seen, "return", act=act(cast.head, clock), given=Given(reason="Thiếu biểu 2"))
    client, before = signed_in(cast.office), stored()
    url = f"/tasks/{ward_task.pk}/moves/return/"
    response = client.post(url, move_form(seen, reason=TYPED))
    assert response.status_code == 409
    assert TYPED in text_of(response)
    assert stored() == before


def test_a_move_sent_twice_is_made_once(cast: Cast, ward_task: Task) -> None:
    client, url = signed_in(cast.office), f"/tasks/{ward_task.pk}/moves/suspend/"
    data = move_form(ward_task, document="118-QĐ/TU")
    assert client.post(url, data)["Location"] == f"/tasks/{ward_task.pk}/"
    before = stored()
    assert client.post(url, data)["Location"] == f"/tasks/{ward_task.pk}/"
    assert stored() == before


@pytest.mark.parametrize("name", ["submit", "delete", "acknowledge2", "-"])
def test_an_unknown_move_does_not_exist(cast: Cast, ward_task: Task, name: str) -> None:
    url = f"/tasks/{ward_task.pk}/moves/{name}/"
    client = signed_in(cast.office)
    assert client.get(url).status_code == client.post(url).status_code == 404


# Nothing arose


@pytest.mark.parametrize("task", [[], [""], ["x"], [NUL], ["99999999999999999999"], ["-1"]])
def test_nothing_arose_for_nothing_says_so(page: tuple[Client, str], task: list[str]) -> None:
    client, _ = page
    before = stored()
    data = {"form_key": str(uuid4()), "task": task}
    response = client.post("/tasks/nothing-arose/", data, follow=True)
    assert "Chưa chọn việc nào. Đánh dấu việc rồi gửi lại." in text_of(response)
    assert stored() == before


def test_nothing_arose_for_a_foreign_task_writes_nothing(cast: Cast, ward_task: Task) -> None:
    own = factories.make_task(cast.programme, cast.other_ward)
    client, before = signed_in(cast.outsider), stored()
    data = {"form_key": str(uuid4()), "task": [own.pk, ward_task.pk]}
    client.post("/tasks/nothing-arose/", data)
    assert stored() == before


# The token of a form


def test_a_form_without_its_token_shows_what_was_typed(cast: Cast, ward_task: Task) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.ward_officer)
    before = stored()
    form = update_form(text=TYPED, obstacle="<b>Chưa có vốn, cần Thành phố quyết định</b>")
    response = client.post(f"/tasks/{ward_task.pk}/report/", form)
    assert response.status_code == 403
    shown = text_of(response)
    assert "Chưa có gì được lưu." in shown
    assert TYPED in shown
    assert "&lt;b&gt;" in response.content.decode()
    assert form["form_key"] not in shown
    assert stored() == before


def test_a_password_is_not_shown_when_the_token_is_missing(cast: Cast) -> None:
    form = {"username": "ward_officer", "password": factories.PASSWORD}
    response = Client(enforce_csrf_checks=True).post("/sign-in/", form)
    assert response.status_code == 403
    assert factories.PASSWORD not in text_of(response)
