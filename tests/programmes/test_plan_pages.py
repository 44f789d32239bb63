"""The pages on which tasks are entered, edited and made clear: nothing that was typed is lost."""

import json
import re
from datetime import date
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.services.plans import values_of
from tests import factories
from tests.conftest import Cast, signed_in
from tests.programmes.conftest import NUL, TYPED, plan, text_of
from tests.stored import stored


def form(cast: Cast, **changes: Any) -> dict[str, Any]:
    """What the entry form sends."""
    values = plan(cast) | changes
    return {"form_key": str(uuid4())} | {
        name: value for name, value in values.items() if value not in (None, "", [], False)
    }


def edit(task: Task, **changes: Any) -> dict[str, Any]:
    """What the edit form sends, opened on the task as it is given."""
    shown = values_of(task)
    sent = shown | {
        "form_key": str(uuid4()), "version": task.version, "opened": json.dumps(shown),
    } | changes  # fmt: skip
    return {name: value for name, value in sent.items() if value not in (None, "", [], False)}


@pytest.fixture
def office(cast: Cast) -> Client:
    """The office's browser."""
    return signed_in(cast.office)


def test_the_entry_form_proposes_the_next_code_and_stores_a_draft(
    cast: Cast, office: Client
) -> None:
    url = "/programmes/hn72/tasks/new/"
    assert 'value="72-1.1"' in text_of(office.get(url))
    response = office.post(url, form(cast, deadline_text="Năm 2099"))
    task = Task.objects.get()
    assert response["Location"] == f"/tasks/{task.pk}/"
    assert task.deadline == date(2099, 12, 31)


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no text": ({"text": ""}, "Ghi nội dung nhiệm vụ theo văn bản."),
    "no deadline at all": ({"deadline_text": "khi nào xong"}, "Chưa đọc được thời hạn"),
    "an impossible day": ({"deadline_text": "31/11/2099"}, "Có phải 30/11/2099?"),
    "a day that has passed": ({"deadline_text": "Năm 2020"}, "đã qua"),
    "words for several units": (
        {"lead_unit": None, "lead_unit-q": "uy ban nhan dan"},
        "chọn trong danh sách tìm được",
    ),
    "a unit that is none": ({"lead_unit": 987_654}, "không có trong danh sách"),
    "a secret": ({"product": "Kế hoạch TỐI MẬT"}, "Không đưa nội dung mật"),
    "a NUL": ({"authority": NUL}, "ký tự không đọc được"),
    "rubbish as money": ({"budget_given": "nhiều"}, "Nhập số tiền bằng đồng"),
    "no form key": ({"form_key": ""}, "Tải lại trang rồi gửi lại."),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_entry_says_why_and_keeps_what_was_typed(
    cast: Cast, office: Client, case: str
) -> None:
    changes, sentence = BAD[case]
    data = form(cast, partners_text=TYPED, deadline_text="Năm 2099") | changes
    before = stored()
    response = office.post(
        "/programmes/hn72/tasks/new/", {k: v for k, v in data.items() if v is not None}
    )
    assert response.status_code in {409, 422}
    shown = text_of(response)
    assert sentence in shown
    assert TYPED in shown
    assert stored() == before


def test_a_code_that_was_taken_meanwhile_gives_the_form_back(cast: Cast, office: Client) -> None:
    factories.make_task(cast.programme, cast.ward, code="72-1.1")
    before = stored()
    data = form(cast, code="72-1.1", text=TYPED, deadline_text="Năm 2099")
    response = office.post("/programmes/hn72/tasks/new/", data)
    assert response.status_code == 409
    assert "đã có nhiệm vụ khác dùng" in text_of(response)
    assert TYPED in text_of(response)
    assert stored() == before


def test_an_unreadable_deadline_that_stood_there_stops_nobody(
    cast: Cast, office: Client, draft: Task
) -> None:
    Task.objects.filter(pk=draft.pk).update(
        deadline_text="từ tháng 3/2026", deadline=None, precision="", original_deadline=None
    )
    draft.refresh_from_db()
    assert office.post(f"/tasks/{draft.pk}/edit/", edit(draft, product=TYPED)).status_code == 302
    draft.refresh_from_db()
    assert (draft.product, draft.deadline_text) == (TYPED, "từ tháng 3/2026")


def conflict(office: Client, draft: Task) -> tuple[Any, dict[str, Any]]:
    """The conflict page of somebody whose product another changed first, and what it sends."""
    mine = edit(draft, product=TYPED, authority="HĐND Thành phố")
    url = f"/tasks/{draft.pk}/edit/"
    assert office.post(url, edit(draft, product="Đề án")).status_code == 302
    before = stored()
    response = office.post(url, mine)
    assert stored() == before
    page = response.content.decode()
    found = re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page)
    data: dict[str, Any] = {}
    for name, value in found:
        data[name] = unescape(value)
    return response, data


def test_a_conflict_is_shown_field_by_field_with_who_wrote_what(
    cast: Cast, office: Client, draft: Task
) -> None:
    response, _ = conflict(office, draft)
    assert response.status_code == 409
    shown = text_of(response)
    for words in ("Đề án", TYPED, "Báo cáo kết quả", cast.office.signature, "Giữ cả hai"):
        assert words in shown


@pytest.mark.parametrize(
    ("choice", "product"),
    [("theirs", "Đề án"), ("mine", TYPED), ("both", f"Đề án\n\n{TYPED}")],
)
def test_a_conflict_is_decided_and_the_rest_arrives(
    office: Client, draft: Task, choice: str, product: str
) -> None:
    _, data = conflict(office, draft)
    response = office.post(f"/tasks/{draft.pk}/edit/", data | {"pick-product": choice})
    assert response.status_code == 302
    draft.refresh_from_db()
    assert (draft.product, draft.authority) == (product, "HĐND Thành phố")


def test_a_conflict_left_undecided_is_asked_again(office: Client, draft: Task) -> None:
    _, data = conflict(office, draft)
    before = stored()
    response = office.post(f"/tasks/{draft.pk}/edit/", data)
    assert response.status_code == 409
    assert TYPED in text_of(response)
    assert stored() == before


HTMX = {"HX-Request": "true"}


def test_a_gap_of_the_card_is_filled_in_place(cast: Cast, office: Client, draft: Task) -> None:
    Task.objects.filter(pk=draft.pk).update(product="")
    assert f"/tasks/{draft.pk}/fill/product/" in text_of(office.get(f"/tasks/{draft.pk}/"))
    url = f"/tasks/{draft.pk}/fill/product/"
    shown = office.get(url, headers=HTMX).content.decode()
    assert 'id="six-clear"' in shown
    assert 'name="product"' in shown
    assert office.get(url)["Location"] == f"/tasks/{draft.pk}/edit/?focus=product#id_product"
    data = {"form_key": str(uuid4()), "version": draft.version, "product": ""}
    assert office.post(url, data, headers=HTMX).status_code == 422
    filled = office.post(url, data | {"product": "Đề án"}, headers=HTMX)
    assert "Đủ 6/6" in text_of(filled)
    draft.refresh_from_db()
    assert draft.product == "Đề án"


def test_a_gap_of_the_list_is_filled_in_its_row(cast: Cast, office: Client, draft: Task) -> None:
    Task.objects.filter(pk=draft.pk).update(
        deadline=None, original_deadline=None, precision="", deadline_text=""
    )
    draft.refresh_from_db()
    shown = text_of(office.get("/programmes/hn72/"))
    assert "Nhập thời hạn" in shown
    url = f"/tasks/{draft.pk}/fill/when/"
    assert f'id="gap-{draft.pk}"' in text_of(office.get(f"{url}?from=list", headers=HTMX))
    data = {"form_key": str(uuid4()), "from": "list", "deadline_text": "Quý IV/2099"}
    shown = text_of(office.post(url, data, headers=HTMX))
    assert f'id="gap-{draft.pk}"' in shown
    assert "Đủ 6/6" in shown
    draft.refresh_from_db()
    assert draft.deadline == date(2099, 12, 31)


def test_what_issue_fixed_is_not_filled_in_place(cast: Cast, office: Client) -> None:
    task = factories.make_task(cast.programme, cast.ward, deadline=None)
    assert office.get(f"/tasks/{task.pk}/fill/when/", headers=HTMX).status_code == 403
    assert f"/tasks/{task.pk}/fill/when/" not in text_of(office.get(f"/tasks/{task.pk}/"))


def test_each_figure_of_the_score_opens_its_rows(cast: Cast, office: Client, draft: Task) -> None:
    Task.objects.filter(pk=draft.pk).update(product="", authority="")
    whole = factories.make_task(cast.programme, cast.ward)
    page = text_of(office.get("/programmes/hn72/"))
    assert "<b>1/2</b>" in page
    for key in ("product", "authority", "any"):
        rows = text_of(office.get(f"/tasks/?programme=hn72&lacks={key}"))
        assert draft.text in rows
        assert whole.text not in rows
    assert draft.text not in text_of(office.get("/tasks/?programme=hn72&lacks=who"))


def test_the_move_to_issue_shows_what_is_missing_with_the_way_to_fill_it(
    office: Client, draft: Task
) -> None:
    Task.objects.filter(pk=draft.pk).update(authority="")
    url = f"/tasks/{draft.pk}/moves/issue/"
    assert f"/tasks/{draft.pk}/fill/authority/" in text_of(office.get(url))
    response = office.post(url, {"form_key": str(uuid4()), "version": draft.version})
    assert response.status_code == 409
    assert "còn thiếu: rõ thẩm quyền" in text_of(response)
    assert f"/tasks/{draft.pk}/fill/authority/" in text_of(response)
