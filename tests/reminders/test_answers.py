"""Answers from a mail: what a link may do, what ends it, and that opening it does nothing."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import cast as typed
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils.timezone import localdate, now

from hanoi_programmes.people.models import RowChange, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.programmes.models import Event, Obstacle, ProgressReport, Task
from hanoi_programmes.programmes.states import State
from hanoi_programmes.reminders.models import AnswerLink
from hanoi_programmes.reminders.services.answers import LIFE, find
from hanoi_programmes.reminders.states import LinkEnd, Reply
from tests import factories
from tests.answering import key_of, links, mail_of
from tests.conftest import Cast, signed_in
from tests.headers import check_headers
from tests.stored import stored

WEEK = timedelta(days=7)


@pytest.fixture
def task(cast: Cast) -> Task:
    """A task of the ward, a week late."""
    return factories.make_task(cast.programme, cast.ward, deadline=localdate() - WEEK)


@pytest.fixture
def address(task: Task, cast: Cast) -> str:
    """The link of the officer's mail about the task."""
    return links(mail_of(cast.ward_officer, task))[task.pk]


def send(address: str, client: Client | None = None, **fields: object) -> HttpResponse:
    """The form, as the page sends it."""
    data = {"form_key": str(uuid4()), "reply": "nothing"} | fields
    return typed("HttpResponse", (client or Client()).post(address, data))


def words(response: object) -> str:
    """What the page says."""
    return unescape(typed("HttpResponse", response).content.decode())


# What the mail carries


def test_a_line_that_waits_for_a_report_has_a_link(cast: Cast, task: Task) -> None:
    for reader in (cast.ward_officer, cast.ward_head):
        assert set(links(mail_of(reader, task, rung="on_day"))) == {task.pk}
    assert set(links(mail_of(cast.ward_officer, task, rung="update_before_3"))) == {task.pk}


@pytest.mark.parametrize(
    "rung", ["verify_5", "direction_after_1", "obstacle_on_day", "extension_3"]
)
def test_what_waits_for_a_decision_has_none(cast: Cast, task: Task, rung: str) -> None:
    assert links(mail_of(cast.ward_officer, task, rung=rung)) == {}


@pytest.mark.parametrize("reader", ["head", "office", "leader", "outsider", "inspector"])
def test_who_may_not_report_gets_none(cast: Cast, task: Task, reader: str) -> None:
    assert links(mail_of(getattr(cast, reader), task)) == {}
    assert not AnswerLink.objects.exists()


def test_a_task_that_takes_no_report_has_none(cast: Cast) -> None:
    new = factories.make_task(cast.programme, cast.ward, state=State.ASSIGNED)
    assert links(mail_of(cast.ward_officer, new)) == {}


def test_a_mail_composed_again_carries_the_same_link_which_lives_no_longer(
    cast: Cast, task: Task
) -> None:
    mail, first = mail_of(cast.ward_officer, task), now()
    made = links(mail, first)
    assert links(mail, first + timedelta(hours=10)) == made
    assert AnswerLink.objects.get().expires_at == first + LIFE
    assert links(mail, first + LIFE) == {}
    assert AnswerLink.objects.count() == 1


# Opening does nothing


def test_the_page_says_who_answers_for_what(address: str, task: Task, cast: Cast) -> None:
    response = Client().get(address)
    check_headers(typed("HttpResponse", response))
    assert "noindex" in response["X-Robots-Tag"]
    assert not response.cookies.get("sid")
    page = words(response)
    assert task.text in page
    assert "Thời hạn" in page
    assert cast.ward_officer.signature in page
    for reply in Reply:
        assert reply.label in page


@pytest.mark.parametrize("reply", Reply)
def test_it_opens_on_what_was_clicked_in_the_mail(address: str, reply: Reply) -> None:
    page = words(Client().get(f"{address}?tra-loi={reply.word}"))
    chosen = [line for line in page.split("<input") if " checked" in line]
    assert [f'value="{reply}"' in line for line in chosen] == [True]


def test_a_scanner_that_opens_everything_changes_nothing(address: str) -> None:
    """GET and HEAD, twice, with every query; and a form without the token of our own page."""
    before = stored()
    scanner = Client(enforce_csrf_checks=True)
    for _ in range(2):
        for query in ("", *(f"?tra-loi={reply.word}" for reply in Reply)):
            assert scanner.get(address + query).status_code == 200
            assert scanner.head(address + query).status_code == 200
    stranger = Client(enforce_csrf_checks=True)
    assert send(address, stranger).status_code == 403
    assert send(address, scanner, csrfmiddlewaretoken="x" * 64).status_code == 403
    assert stored() == before


def test_control_the_same_form_with_the_token_of_the_page_is_carried_out(address: str) -> None:
    """Without this the test before would pass on a page that does nothing at all."""
    browser = Client(enforce_csrf_checks=True)
    token = browser.get(address).context["csrf_token"]
    assert send(address, browser, csrfmiddlewaretoken=str(token)).status_code == 200
    assert ProgressReport.objects.count() == 1


@pytest.mark.parametrize(
    "change", [lambda k: k[:-1], lambda k: k + "x", lambda _: "1", lambda _: "x.y"]
)
def test_a_key_that_was_not_signed_here_is_nothing(
    address: str, change: Callable[[str], str]
) -> None:
    key = key_of(address)
    for method in ("get", "post"):
        assert getattr(Client(), method)(f"/answers/{change(key)}/").status_code == 404


def test_the_key_of_one_link_opens_no_other(cast: Cast, task: Task) -> None:
    other = factories.make_task(cast.programme, cast.ward)
    own = links(mail_of(cast.ward_officer, task, other))
    first, second = (key_of(own[pk]) for pk in (task.pk, other.pk))
    pk, seal = first.partition(".")[0], second.partition(".")[2]
    assert Client().get(f"/answers/{pk}.{seal}/").status_code == 404


# Sending reports, once, in the reader's name


def test_nothing_arose(address: str, task: Task, cast: Cast) -> None:
    response = send(address)
    assert response.status_code == 200
    assert "Đã ghi trả lời" in words(response)
    assert f"/tasks/{task.pk}/" in words(response)
    report = ProgressReport.objects.get()
    assert (report.task, report.by, report.situation) == (task, cast.ward_officer, "nothing")
    event = Event.objects.get(task=task, kind="report")
    assert event.told == "Không phát sinh trong kỳ (trả lời từ thư)"
    assert event.by == cast.ward_officer
    link = AnswerLink.objects.get()
    assert (link.reply, link.used_at is not None) == ("nothing", True)


def test_done_submits_with_the_document(address: str, task: Task) -> None:
    response = send(
        address, reply="done", document_number="118/BC-UBND", document_date=str(localdate()),
        document_issuer="UBND phường Láng",
    )  # fmt: skip
    assert response.status_code == 200
    assert "118/BC-UBND" in words(response)
    task.refresh_from_db()
    assert task.state == State.AWAITING
    paper = task.evidence.get()
    assert (paper.document_number, paper.document_issuer) == ("118/BC-UBND", "UBND phường Láng")
    assert task.events.get(kind="submit").told.endswith("(trả lời từ thư)")


def test_stuck_asks_the_level_that_was_chosen(address: str, task: Task, cast: Cast) -> None:
    response = send(address, reply="stuck", obstacle="Chưa có kinh phí", decider=cast.city.pk)
    assert response.status_code == 200
    obstacle = Obstacle.objects.get()
    assert (obstacle.text, obstacle.decider, obstacle.by) == (
        "Chưa có kinh phí", cast.city, cast.ward_officer,
    )  # fmt: skip


def test_the_decider_is_offered_and_is_the_one_above(address: str, cast: Cast) -> None:
    form = Client().get(address).context["form"]
    assert form["decider"].value() == cast.city.pk
    assert cast.ward not in form.fields["decider"].queryset


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"reply": ""}, "Chọn một trong ba câu trả lời."),
        ({"reply": "done"}, "Nhập số và ký hiệu"),
        ({"reply": "done", "document_number": "1/BC"}, "Nhập ngày của văn bản."),
        (
            {"reply": "done", "document_number": "1/BC", "document_date": "2020-01-01"},
            "trước ngày giao nhiệm vụ",
        ),
        ({"reply": "stuck"}, "Ghi vướng ở đâu"),
        ({"reply": "stuck", "obstacle": "TỐI MẬT"}, "Không đưa nội dung mật"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    address: str, fields: dict[str, str], missing: str
) -> None:
    response = send(address, None, **fields, document_issuer="Nơi gõ dở")
    assert response.status_code == 422
    assert missing in words(response)
    assert "Nơi gõ dở" in words(response)
    assert not ProgressReport.objects.exists()
    assert AnswerLink.objects.get().used_at is None


def test_what_the_task_itself_refuses_is_said_and_leaves_the_link(
    address: str, task: Task, cast: Cast
) -> None:
    factories.make_task(cast.programme, cast.other_ward, parent=task)
    document = {"document_number": "118/BC-UBND", "document_date": str(localdate())}
    response = send(address, None, reply="done", **document)
    assert response.status_code == 409
    assert "118/BC-UBND" in words(response)
    assert not ProgressReport.objects.exists()
    assert AnswerLink.objects.get().used_at is None


def test_a_colleague_who_is_signed_in_here_does_not_become_the_author(
    address: str, cast: Cast
) -> None:
    send(address, signed_in(cast.ward_head))
    assert ProgressReport.objects.get().by == cast.ward_officer
    written = RowChange.objects.filter(table="programmes_progressreport").latest("pk")
    assert (written.by_id, written.source) == (cast.ward_officer.pk, "request")


def test_a_double_click_writes_once_and_says_the_same_twice(address: str) -> None:
    key = str(uuid4())
    pages = [send(address, form_key=key) for _ in range(2)]
    assert [page.status_code for page in pages] == [200, 200]
    assert ProgressReport.objects.count() == 1


# What ends a link


def later(hours: float) -> None:
    """As the link had been made so long ago."""
    ago = now() - timedelta(hours=hours)
    AnswerLink.objects.update(made_at=ago, expires_at=ago + LIFE)


def close(task: Task, _cast: Cast) -> None:
    """Somebody has submitted it."""
    Task.objects.filter(pk=task.pk).update(state=State.AWAITING, submitted_on=localdate())


def move(task: Task, cast: Cast) -> None:
    """Another officer of the same ward has it now."""
    colleague = factories.make_user("colleague", Role.OFFICER, cast.ward)
    Task.objects.filter(pk=task.pk).update(officer=colleague)


def send_away(_task: Task, cast: Cast) -> None:
    """The reader works elsewhere now."""
    User.objects.filter(pk=cast.ward_officer.pk).update(unit=cast.other_ward)


def switch_off(_task: Task, cast: Cast) -> None:
    """The reader's account is off."""
    User.objects.filter(pk=cast.ward_officer.pk).update(is_active=False)


ENDS: list[tuple[Callable[[Task, Cast], None], LinkEnd]] = [
    (lambda _task, _cast: later(72), LinkEnd.EXPIRED),
    (close, LinkEnd.CLOSED),
    (move, LinkEnd.MOVED),
    (send_away, LinkEnd.MOVED),
    (switch_off, LinkEnd.MOVED),
]


@pytest.mark.parametrize(("happens", "end"), ENDS)
def test_a_link_that_ended_says_why_and_gives_back_what_was_typed(
    address: str, task: Task, cast: Cast, happens: Callable[[Task, Cast], None], end: LinkEnd
) -> None:
    assert Client().get(address).status_code == 200
    happens(task, cast)
    opened = Client().get(address)
    assert opened.status_code == 410
    assert end.label in words(opened)
    assert end.advice in words(opened)
    assert task.text not in words(opened)
    typed = {"obstacle": "Chưa có mặt bằng", "decider": cast.city.pk}
    for fields in ({"reply": "stuck"} | typed, {"reply": ""} | typed):
        sent = send(address, None, **fields)
        assert sent.status_code == 410
        assert "Chưa có mặt bằng" in words(sent)
    assert not ProgressReport.objects.exists()


def test_it_lives_to_the_end_of_its_72_hours(address: str) -> None:
    later(71.9)
    assert Client().get(address).status_code == 200
    assert send(address).status_code == 200


def test_a_used_link_says_what_was_written(address: str) -> None:
    send(address)
    for response in (Client().get(address), send(address, reply="nothing")):
        assert response.status_code == 410
        assert LinkEnd.USED.label in words(response)
        assert "Không phát sinh" in words(response)
    assert ProgressReport.objects.count() == 1


def test_a_head_who_was_succeeded_answers_no_more(cast: Cast, task: Task) -> None:
    address = links(mail_of(cast.ward_head, task))[task.pk]
    assert Client().get(address).status_code == 200
    today = localdate()
    cast.ward_head.holdings.update(ends_on=today - timedelta(days=1))
    factories.make_head("successor", cast.ward, since=today)
    assert Client().get(address).status_code == 410


def test_a_link_is_found_with_all_that_its_page_reads(address: str) -> None:
    link = find(key_of(address))
    assert link == AnswerLink.objects.get()
