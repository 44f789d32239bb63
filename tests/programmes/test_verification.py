"""Verification: each item of evidence, then the whole; by another; of two at once one wins."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.programmes.models import Event, Evidence, Task
from hanoi_programmes.programmes.rules import Given, Judgement
from hanoi_programmes.programmes.services.tasks import Stale, move
from hanoi_programmes.programmes.services.verification import conclude
from hanoi_programmes.programmes.shapes import waiting_for_verifier
from tests import factories
from tests.conftest import TODAY, Cast, act, signed_in
from tests.programmes.conftest import TYPED, text_of
from tests.stored import stored

DAY = timedelta(days=1)
GOOD, GRADE = Judgement(is_accepted=True), Given(quality="good")
BAD = Judgement(is_accepted=False, note="Thiếu chữ ký")
Papers = list[Evidence]


@pytest.fixture
def task(cast: Cast) -> Task:
    """The ward's task, submitted three days ago."""
    return factories.make_task(
        cast.programme, cast.ward, state="awaiting", submitted_on=TODAY - 3 * DAY,
        submitted_by=cast.ward_officer,
    )  # fmt: skip


@pytest.fixture
def papers(cast: Cast, task: Task) -> Papers:
    """Three documents that wait: of ten, seven and five days ago."""
    report = factories.make_report(task, cast.ward_officer, TODAY - 3 * DAY)
    return [
        factories.make_paper(report, TODAY - days * DAY, document_number=f"{days}/BC-UBND")
        for days in (10, 7, 5)
    ]


def judge(task: Task, by: User, judged: dict[int, Judgement], **more: Any) -> Task:
    fields: dict[str, Any] = {"accept": True, "given": GRADE, "version": task.version} | more
    return conclude(task, judged, act=act(by), **fields)


def verdicts(papers: Papers) -> list[tuple[str, str]]:
    kept = Evidence.objects.in_bulk([paper.pk for paper in papers])
    return [(kept[paper.pk].verdict, kept[paper.pk].verdict_note) for paper in papers]


# What is written


def test_only_what_is_accepted_proves_and_dates_the_completion(
    cast: Cast, task: Task, papers: Papers
) -> None:
    said = {papers[0].pk: GOOD, papers[1].pk: GOOD, papers[2].pk: BAD}
    done = judge(task, cast.office, said)
    assert (done.state, done.completed_on) == ("completed", TODAY - 7 * DAY)
    assert verdicts(papers) == [("accepted", ""), ("accepted", ""), ("returned", "Thiếu chữ ký")]
    event = Event.objects.get()
    assert (event.kind, event.note) == ("accept", "2 minh chứng đạt, 1 trả lại")
    by = Evidence.objects.values_list("verdict_by", "verdict_on")
    assert set(by) == {(cast.office.pk, TODAY)}


def test_a_return_keeps_what_was_said_of_each_item(cast: Cast, task: Task, papers: Papers) -> None:
    said = {papers[0].pk: GOOD, papers[2].pk: BAD}
    back = judge(task, cast.office, said, accept=False, given=Given(reason="Bổ sung biểu 2"))
    assert (back.state, back.return_reason) == ("in_progress", "Bổ sung biểu 2")
    assert verdicts(papers) == [("accepted", ""), ("returned", ""), ("returned", "Thiếu chữ ký")]
    assert Event.objects.get().note == "Bổ sung biểu 2 · 1 minh chứng đạt, 1 trả lại"


def test_what_an_earlier_round_accepted_still_dates_the_completion(
    cast: Cast, task: Task, papers: Papers
) -> None:
    said = {papers[0].pk: BAD, papers[1].pk: BAD, papers[2].pk: GOOD}
    judge(task, cast.office, said, accept=False, given=Given(reason="Bổ sung"))
    more = factories.make_report(task, cast.ward_officer, TODAY)
    old = factories.make_paper(more, TODAY - 9 * DAY)
    task = move(task, "submit", act=act(cast.ward_officer))
    assert judge(task, cast.office, {old.pk: GOOD}).completed_on == TODAY - 5 * DAY


def test_what_was_accepted_before_a_reopening_does_not(
    cast: Cast, task: Task, papers: Papers
) -> None:
    task = judge(task, cast.office, {paper.pk: GOOD for paper in papers})
    task = move(task, "reopen", act=act(cast.office), given=Given(reason="Số liệu sai"))
    more = factories.make_report(task, cast.ward_officer, TODAY)
    new = factories.make_paper(more, TODAY - 9 * DAY)
    task = move(task, "submit", act=act(cast.ward_officer))
    assert judge(task, cast.office, {new.pk: GOOD}).completed_on == TODAY - 9 * DAY


def test_accepting_without_judging_the_items_accepts_them_all(
    cast: Cast, task: Task, papers: Papers
) -> None:
    done = move(task, "accept", act=act(cast.office), given=GRADE)
    assert done.completed_on == TODAY - 5 * DAY
    assert verdicts(papers) == [("accepted", "")] * 3


# What is refused, and leaves everything as it was


def everything(said: Judgement) -> Callable[[Papers], dict[int, Judgement]]:
    return lambda papers: {paper.pk: said for paper in papers}


REFUSED: dict[str, tuple[Callable[[Papers], dict[int, Judgement]], str]] = {
    "one is not judged": (lambda p: {p[0].pk: GOOD, p[1].pk: BAD}, "Còn 1 minh chứng chưa xem xét"),
    "none is judged": (lambda _p: {}, "Còn 3 minh chứng chưa xem xét"),
    "none is good": (everything(BAD), "Không có minh chứng nào đạt"),
    "an item of nobody": (lambda p: everything(GOOD)(p) | {987_654_321: GOOD}, "đã thay đổi"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_concluded_writes_nothing(
    cast: Cast, task: Task, papers: Papers, case: str
) -> None:
    said, sentence = REFUSED[case]
    before = stored()
    with pytest.raises(Denied, match=sentence):
        judge(task, cast.office, said(papers))
    assert stored() == before


@pytest.mark.parametrize("person", ["ward_officer", "ward_head", "leader", "inspector", "officer"])
@pytest.mark.parametrize("accept", [True, False])
def test_only_another_who_may_verify_does(
    cast: Cast, task: Task, papers: Papers, person: str, *, accept: bool
) -> None:
    before = stored()
    given = Given(quality="good", reason="Thiếu")
    with pytest.raises(Denied):
        judge(task, getattr(cast, person), everything(GOOD)(papers), accept=accept, given=given)
    assert stored() == before


@pytest.mark.parametrize(("accept", "given"), [(True, Given()), (False, Given())])
def test_grade_or_reason_is_needed(
    cast: Cast, task: Task, papers: Papers, given: Given, *, accept: bool
) -> None:
    before = stored()
    with pytest.raises(Denied):
        judge(task, cast.office, everything(GOOD)(papers), accept=accept, given=given)
    assert stored() == before


def test_an_old_page_is_told_what_the_first_did(cast: Cast, task: Task, papers: Papers) -> None:
    second = factories.make_user("second", Role.OFFICE, cast.office.unit)
    judge(task, cast.office, everything(GOOD)(papers))
    before = stored()
    with pytest.raises(Stale) as refusal:
        judge(task, second, {})
    assert "Xác nhận hoàn thành" in refusal.value.reason
    assert "09:00 ngày 16/11/2026" in refusal.value.reason
    assert stored() == before


def test_a_form_sent_twice_is_carried_out_once(cast: Cast, task: Task, papers: Papers) -> None:
    click = act(cast.office, form_key=uuid4())
    said = everything(GOOD)(papers)
    for _ in range(2):
        conclude(task, said, accept=True, act=click, given=GRADE, version=task.version)
    assert Event.objects.filter(kind="accept").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_verifiers_at_once_one_wins(cast: Cast, task: Task, papers: Papers) -> None:
    second = factories.make_user("second", Role.OFFICE, cast.office.unit)
    gate = Barrier(2)

    def try_it(by: User, said: Judgement, *, accept: bool) -> str:
        gate.wait()
        try:
            judge(
                task, by, everything(said)(papers), accept=accept,
                given=Given(quality="good", reason="Thiếu"),
            )  # fmt: skip
        except Stale as refusal:
            return refusal.reason
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(try_it, cast.office, GOOD, accept=True)
        other = pool.submit(try_it, second, BAD, accept=False)
        said = [first.result(), other.result()]
    assert sorted(map(bool, said)) == [False, True]
    assert "Nhiệm vụ vừa có thay đổi" in "".join(said)
    won = "accept" if not said[0] else "return"
    assert [event.kind for event in Event.objects.all()] == [won]
    kinds = {kind for kind, _note in verdicts(papers)}
    assert kinds == ({"accepted"} if won == "accept" else {"returned"})


# The panel


@pytest.fixture
def panel(cast: Cast, clock: date, ward_task: Task) -> tuple[Client, str, Papers]:
    """The office's browser on a submission with three items."""
    Task.objects.filter(pk=ward_task.pk).update(
        state="awaiting", submitted_on=clock, submitted_by=cast.ward_officer
    )
    report = factories.make_report(ward_task, cast.ward_officer, clock)
    papers = [
        factories.make_paper(report, clock - days * DAY, document_number=f"{days}/BC")
        for days in (3, 2)
    ]
    papers.append(factories.make_file(report, name="Danh sách.xlsx"))
    return signed_in(cast.office), f"/tasks/{ward_task.pk}/verify/", papers


def verify_form(client: Client, url: str, papers: Papers, **fields: Any) -> dict[str, Any]:
    """What the panel sends: its own hidden fields, all items good."""
    shown = client.get(url.replace("verify/", "")).content.decode()
    part = shown[shown.index('id="verify-form"') :]
    hidden = dict(re.findall(r'name="(form_key|version)" value="([^"]+)"', part)[:2])
    items = {f"item-{paper.pk}": "accept" for paper in papers}
    return hidden | items | {"outcome": "accept", "quality": "met"} | fields


def test_the_panel_lists_each_waiting_item(panel: tuple[Client, str, Papers]) -> None:
    client, url, papers = panel
    shown = text_of(client.get(url.replace("verify/", "")))
    for paper in papers:
        assert f'name="item-{paper.pk}" value="accept"' in shown
        assert f'name="note-{paper.pk}"' in shown
    assert "từng minh chứng" in shown
    assert f"/evidence/{papers[2].pk}/" in shown


def test_the_panel_accepts_item_by_item(panel: tuple[Client, str, Papers]) -> None:
    client, url, papers = panel
    last = papers[1].pk
    form = verify_form(
        client, url, papers, **{f"item-{last}": "return", f"note-{last}": "Bản chưa ký"}
    )
    response = client.post(url, form)
    assert (response.status_code, response["Location"]) == (302, url.replace("verify/", ""))
    assert [kind for kind, _note in verdicts(papers)] == ["accepted", "returned", "accepted"]
    task = Task.objects.get(state="completed")
    assert (task.completed_on, task.quality) == (papers[0].document_date, "met")
    shown = text_of(client.get(response["Location"]))
    assert "Bản chưa ký" in shown


def bad_fields(papers: Papers) -> Iterator[tuple[dict[str, Any], str]]:
    first = papers[0].pk
    yield {f"item-{first}": ""}, "Chọn “Đạt” hoặc “Trả lại” cho 3/BC."
    yield {f"item-{first}": "perhaps"}, "Chọn “Đạt” hoặc “Trả lại”."
    yield {f"item-{first}": "return"}, "Ghi vì sao trả lại 3/BC."
    yield {"quality": ""}, "Chọn mức chất lượng của sản phẩm."
    yield {"outcome": "return", "reason": " "}, "Ghi lý do"
    yield {"outcome": ""}, "Trang mở đã cũ. Tải lại trang rồi gửi lại."
    yield {"version": "x"}, "Trang mở đã cũ. Tải lại trang rồi gửi lại."
    yield {f"note-{first}": "TỐI MẬT"}, "Không đưa nội dung mật lên hệ thống"
    yield {f"note-{first}": "đ" * 1_001}, "quá mức 1000"


def test_a_panel_filled_in_wrongly_says_where_and_keeps_all(
    panel: tuple[Client, str, Papers],
) -> None:
    client, url, papers = panel
    kept = {f"note-{papers[2].pk}": TYPED}
    for fields, sentence in bad_fields(papers):
        form = verify_form(client, url, papers, **kept | fields)
        before = stored()
        response = client.post(url, form)
        assert response.status_code == 422, sentence
        assert sentence in text_of(response)
        assert TYPED in text_of(response)
        assert stored() == before


def test_the_slower_verifier_reads_what_the_first_did_and_keeps_the_words(
    cast: Cast, panel: tuple[Client, str, Papers], ward_task: Task
) -> None:
    client, url, papers = panel
    form = verify_form(client, url, papers, outcome="return", reason=TYPED)
    other = signed_in(factories.make_user("second", Role.OFFICE, cast.office.unit))
    assert other.post(url, verify_form(other, url, papers)).status_code == 302
    before = stored()
    response = client.post(url, form)
    assert response.status_code == 409
    shown = text_of(response)
    assert "Nhiệm vụ vừa có thay đổi sau khi trang này mở: Xác nhận hoàn thành (" in shown
    assert TYPED in shown
    assert stored() == before


def test_one_item_is_not_asked_about_twice(
    cast: Cast, panel: tuple[Client, str, Papers], ward_task: Task
) -> None:
    client, url, papers = panel
    Evidence.objects.exclude(pk=papers[0].pk).delete()
    form = verify_form(client, url, [])
    assert "item-" not in text_of(client.get(url))
    assert client.post(url, form).status_code == 302
    assert verdicts(papers[:1]) == [("accepted", "")]


# How long the verifier has been awaited


@pytest.mark.parametrize(
    ("submitted", "days", "late"),
    [
        (TODAY, 0, False),
        (date(2026, 11, 13), 1, False),
        (date(2026, 11, 9), 5, False),
        (date(2026, 11, 6), 6, True),
    ],
)
def test_more_than_five_working_days_are_the_verifiers(
    task: Task, submitted: date, days: int, *, late: bool
) -> None:
    task.submitted_on = submitted
    wait = waiting_for_verifier(task, on=TODAY)
    assert wait
    assert (wait.days, wait.is_late) == (days, late)


def test_nobody_waits_for_a_task_that_is_not_submitted(cast: Cast) -> None:
    assert waiting_for_verifier(factories.make_task(cast.programme, cast.ward), on=TODAY) is None


def test_the_panel_says_whose_the_delay_is(
    panel: tuple[Client, str, Papers], ward_task: Task, clock: date
) -> None:
    client, url, _papers = panel
    sentence = "tính cho bên xác nhận"
    assert sentence not in text_of(client.get(url))
    Task.objects.filter(pk=ward_task.pk).update(submitted_on=clock - 14 * DAY)
    assert re.search(
        rf"Chờ \d+ ngày làm việc, quá mức 5 ngày: {sentence}", text_of(client.get(url))
    )
