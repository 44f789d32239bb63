"""Text being typed: kept on the server, given back anywhere, nobody else's; and conflicts."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from hanoi_programmes.programmes.models import Draft, ProgressReport, Task
from tests import factories, uploads
from tests.conftest import Cast, signed_in
from tests.programmes.conftest import TYPED, text_of, update_form
from tests.stored import stored

DAY = timedelta(days=1)
HTMX = {"HX-Request": "true", "X-Quiet": "1"}


@pytest.fixture
def draft_url(ward_task: Task) -> str:
    """Where the update form's draft is kept."""
    return f"/drafts/report-{ward_task.pk}/"


def keep(client: Client, url: str, **fields: Any) -> Any:  # noqa: ANN401
    return client.post(url, update_form(**fields), headers=HTMX)


# Kept, given back, thrown away


def test_a_draft_is_kept_and_opens_on_any_machine(
    cast: Cast, page: tuple[Client, str], draft_url: str, ward_task: Task
) -> None:
    client, url = page
    said = keep(client, draft_url, text=TYPED, document_number="12/BC", situation="done")
    assert said.status_code == 200
    assert re.fullmatch(r"Đã lưu nháp \d\d:\d\d", said.content.decode())
    elsewhere = signed_in(cast.ward_officer)
    for address in (url, f"/tasks/{ward_task.pk}/"):
        shown = text_of(elsewhere.get(address))
        assert TYPED in shown, address
        assert 'value="12/BC"' in shown
        assert "Bản nháp lưu lúc" in shown
        assert "Bỏ bản nháp" in shown
    assert re.search(r'value="done"[^>]* checked', text_of(elsewhere.get(url)))


def test_typing_on_replaces_the_draft(page: tuple[Client, str], draft_url: str) -> None:
    client, _url = page
    keep(client, draft_url, text="Một")
    keep(client, draft_url, text="Một hai")
    assert Draft.objects.get().data == {"situation": "doing", "text": "Một hai"}


def test_an_emptied_form_forgets_its_draft(page: tuple[Client, str], draft_url: str) -> None:
    client, _url = page
    keep(client, draft_url, text=TYPED)
    assert keep(client, draft_url, text=" ").content == b""
    assert not Draft.objects.exists()


def test_a_draft_can_be_thrown_away(page: tuple[Client, str], draft_url: str) -> None:
    client, url = page
    keep(client, draft_url, text=TYPED)
    response = client.post(draft_url, {"drop": "1", "text": TYPED})
    assert response["Location"] == url
    shown = text_of(client.get(url))
    assert "Đã bỏ bản nháp." in shown
    assert TYPED not in shown


def test_sending_takes_the_draft_away(page: tuple[Client, str], draft_url: str) -> None:
    client, url = page
    form = update_form(text=TYPED)
    client.post(draft_url, form, headers=HTMX)
    assert client.post(url, form).status_code == 302
    assert not Draft.objects.exists()
    # A slow line brings the draft after its form: it must not offer the text again.
    assert client.post(draft_url, form, headers=HTMX).content == b""
    assert not Draft.objects.exists()


def test_a_refused_form_leaves_the_draft(page: tuple[Client, str], draft_url: str) -> None:
    client, url = page
    keep(client, draft_url, text=TYPED)
    assert client.post(url, update_form(text=TYPED, situation="done")).status_code == 422
    assert Draft.objects.exists()


def test_without_script_a_button_keeps_it(page: tuple[Client, str], draft_url: str) -> None:
    client, url = page
    assert f'formaction="{draft_url}" formnovalidate>Lưu nháp' in text_of(client.get(url))
    response = client.post(draft_url, update_form(text=TYPED))
    assert response["Location"] == url
    shown = text_of(client.get(url))
    assert "Đã lưu nháp" in shown
    assert TYPED in shown


# Whose it is, and what it may hold


def test_nobody_else_sees_a_draft(cast: Cast, page: tuple[Client, str], draft_url: str) -> None:
    client, url = page
    keep(client, draft_url, text=TYPED)
    for person in (cast.ward_head, cast.office, cast.inspector, cast.leader):
        shown = text_of(signed_in(person).get(url.replace("report/", "")))
        assert TYPED not in shown
        assert "Bản nháp" not in shown
    signed_in(cast.ward_head).post(draft_url, {"drop": "1"})
    assert Draft.objects.get().user == cast.ward_officer


@pytest.mark.parametrize("name", ["report-0", "submit-{pk}", "none-{pk}", "accept-{pk}"])
def test_a_draft_of_no_form_is_no_address(
    page: tuple[Client, str], ward_task: Task, name: str
) -> None:
    client, _url = page
    before = stored()
    url = f"/drafts/{name.format(pk=ward_task.pk)}/"
    assert keep(client, url, text=TYPED).status_code == 404
    assert stored() == before


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": f"{TYPED} TỐI MẬT"}, "Có dấu mật nên không lưu nháp."),
        ({"text": "đ" * 40_001}, "quá dài nên không lưu nháp"),
    ],
)
def test_what_may_not_be_kept_is_said_and_not_kept(
    page: tuple[Client, str], draft_url: str, fields: dict[str, str], words: str
) -> None:
    client, _url = page
    before = stored()
    response = keep(client, draft_url, **fields)
    assert response.status_code == 422
    assert words in text_of(response)
    assert stored() == before


def test_only_the_forms_own_fields_are_kept(page: tuple[Client, str], draft_url: str) -> None:
    client, _url = page
    keep(client, draft_url, text="a\0b", by="1", version="3", papers="x", password="y")
    assert Draft.objects.get().data == {"situation": "doing", "text": "ab"}


def test_drafts_of_one_person_are_not_without_end(
    cast: Cast, page: tuple[Client, str], draft_url: str
) -> None:
    client, _url = page
    Draft.objects.bulk_create(
        Draft(user=cast.ward_officer, key=f"report-{n}", saved_at=now() - DAY)
        for n in range(900_000, 900_250)
    )
    keep(client, draft_url, text=TYPED)
    assert Draft.objects.count() == 200
    assert Draft.objects.filter(data__text=TYPED).exists()


def test_the_verifiers_words_are_kept_too(cast: Cast, ward_task: Task, clock: date) -> None:
    Task.objects.filter(pk=ward_task.pk).update(
        state="awaiting", submitted_on=clock, submitted_by=cast.ward_officer
    )
    factories.make_paper(factories.make_report(ward_task, cast.ward_officer, clock), clock)
    office, url = signed_in(cast.office), f"/drafts/verify-{ward_task.pk}/"
    assert office.post(url, {"reason": TYPED}, headers=HTMX).status_code == 200
    shown = text_of(office.get(f"/tasks/{ward_task.pk}/"))
    assert TYPED in shown
    assert "Bản nháp lưu lúc" in shown


# The session ended


def test_a_draft_without_a_session_is_told_quietly(draft_url: str, ward_task: Task) -> None:
    before = stored()
    response = keep(Client(), draft_url, text=TYPED)
    assert response.status_code == 409
    assert "Phiên đăng nhập đã hết" in text_of(response)
    assert "HX-Redirect" not in response
    assert stored() == before


def sign_in(client: Client, shown: str, **fields: str) -> Any:  # noqa: ANN401
    hidden = dict(re.findall(r'name="(kept|next)" value="([^"]*)"', shown))
    pair = {"username": "ward_officer", "password": factories.PASSWORD}
    return client.post("/sign-in/", hidden | pair | fields)


def test_a_form_sent_without_a_session_comes_back_after_sign_in(
    cast: Cast, ward_task: Task
) -> None:
    client, url = Client(), f"/tasks/{ward_task.pk}/report/"
    before = stored()
    gate = client.post(
        url, update_form(text=TYPED, papers=uploads.sent("a.pdf")),
        headers={"Referer": f"http://testserver/tasks/{ward_task.pk}/"},
    )  # fmt: skip
    assert gate.status_code == 200
    assert "Phiên đăng nhập đã hết." in text_of(gate)
    assert TYPED not in text_of(gate)
    assert stored() == before
    # A wrong password does not lose it either.
    wrong = sign_in(client, text_of(gate), password="sai")
    assert wrong.status_code == 422
    again = sign_in(client, text_of(wrong))
    shown = text_of(again)
    assert TYPED in shown
    assert "Tệp đính kèm không giữ được" in shown
    assert f'action="{url}"' in shown
    assert f'href="/tasks/{ward_task.pk}/"' in shown
    assert not ProgressReport.objects.exists()
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', shown))
    assert client.post(url, fields).status_code == 302
    assert ProgressReport.objects.get().text == TYPED


def test_nothing_typed_is_nothing_carried(ward_task: Task) -> None:
    response = Client().post(f"/tasks/{ward_task.pk}/report/", update_form())
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("kept", ["", "x", "eyJ4IjoxfQ:1abcde:forged", "a\0b"])
def test_what_was_not_signed_here_is_not_given_back(cast: Cast, kept: str) -> None:
    response = sign_in(Client(), "", kept=kept)
    assert response.status_code == 302


def test_too_much_is_not_carried(ward_task: Task) -> None:
    response = Client().post(f"/tasks/{ward_task.pk}/report/", update_form(text="đ" * 100_001))
    assert response.status_code == 302


# Two people on the same task


@pytest.fixture
def overtaken(cast: Cast, page: tuple[Client, str], ward_task: Task) -> dict[str, Any]:
    """The officer's form, opened before the head reported."""
    client, url = page
    client.get(url)
    factories.make_report(
        ward_task, cast.ward_head, date(2026, 11, 1), text="Họ ghi", next_step="Việc của họ",
        percent=40,
    )  # fmt: skip
    return update_form(text=TYPED, percent="60", seen="0", document_number="")


def test_the_later_one_sees_both_field_by_field(
    page: tuple[Client, str], overtaken: dict[str, Any]
) -> None:
    client, url = page
    before = stored()
    response = client.post(url, overtaken)
    assert response.status_code == 409
    shown = text_of(response)
    assert "ward_head" in shown
    assert "vừa cập nhật nhiệm vụ này" in shown
    for words in ("Họ ghi", TYPED, 'name="choose-text"', 'name="choose-percent"', "Ghép cả hai"):
        assert words in shown
    # What only one of the two filled in is no matter of choice.
    assert 'name="choose-next_step"' not in shown
    assert stored() == before


@pytest.mark.parametrize(
    ("choices", "text", "percent"),
    [
        ({}, TYPED, 60),
        ({"choose-text": "mine", "choose-percent": "mine"}, TYPED, 60),
        ({"choose-text": "theirs", "choose-percent": "theirs"}, "Họ ghi", 40),
        ({"choose-text": "both", "choose-percent": "mine"}, f"Họ ghi\n\n{TYPED}", 60),
    ],
)
def test_what_was_chosen_is_sent_as_a_further_report(
    page: tuple[Client, str],
    overtaken: dict[str, Any],
    choices: dict[str, str],
    text: str,
    percent: int,
) -> None:
    client, url = page
    shown = text_of(client.post(url, overtaken))
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown))
    assert client.post(url, hidden | choices).status_code == 302
    mine, theirs = ProgressReport.objects.all()[:2]
    assert (mine.text.replace("\r", ""), mine.percent) == (text, percent)
    assert theirs.text == "Họ ghi"


def test_somebody_who_said_nothing_is_no_conflict(
    cast: Cast, page: tuple[Client, str], ward_task: Task
) -> None:
    client, url = page
    factories.make_report(ward_task, cast.ward_head, date(2026, 11, 1), situation="nothing")
    assert client.post(url, update_form(text=TYPED, seen="0")).status_code == 302


def test_ones_own_other_tab_is_no_conflict(
    cast: Cast, page: tuple[Client, str], ward_task: Task
) -> None:
    client, url = page
    factories.make_report(ward_task, cast.ward_officer, date(2026, 11, 1))
    assert client.post(url, update_form(text=TYPED, seen="0")).status_code == 302


# Numbers


@pytest.mark.parametrize(("typed", "code"), [("0", 302), ("100", 302), ("101", 422), ("-1", 422)])
def test_a_percent_lies_between_0_and_100(page: tuple[Client, str], typed: str, code: int) -> None:
    client, url = page
    assert client.post(url, update_form(percent=typed)).status_code == code


def test_a_number_that_goes_down_asks_why(
    cast: Cast, page: tuple[Client, str], ward_task: Task
) -> None:
    client, url = page
    factories.make_report(ward_task, cast.ward_officer, date(2026, 11, 1), percent=40)
    assert "Lần trước: 40%" in text_of(client.get(url))
    response = client.post(url, update_form(percent="30"))
    assert response.status_code == 422
    assert "Số giảm từ 40 xuống 30: ghi lý do" in text_of(response)
    assert client.post(url, update_form(percent="30", text="Đếm trùng")).status_code == 302


def test_nothing_arose_names_what_could_not_be_written(
    cast: Cast, page: tuple[Client, str], ward_task: Task
) -> None:
    client, _url = page
    closed = [
        factories.make_task(cast.programme, cast.ward, state="suspended", text=f"Việc dừng {n}")
        for n in range(2)
    ]
    form = {"form_key": update_form()["form_key"], "task": [ward_task.pk, *(t.pk for t in closed)]}
    shown = text_of(client.post("/tasks/nothing-arose/", form, follow=True))
    assert "cho 1 việc. 2 việc chưa ghi được" in shown
    for task in closed:
        assert f"{task.code} “{task.text}”: Nhiệm vụ tạm dừng" in shown
