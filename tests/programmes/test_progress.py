"""Reporting progress: what each situation writes, evidence by paper and file, and the pages."""

import hashlib
import re
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.programmes.models import (
    Event,
    Evidence,
    Obstacle,
    ProgressReport,
    Situation,
    Task,
)
from hanoi_programmes.programmes.services import progress
from hanoi_programmes.programmes.services.progress import (
    Hindrance,
    Paper,
    Update,
    Upload,
    nothing_arose,
    report,
    safe_name,
)
from hanoi_programmes.programmes.states import State
from tests import factories, uploads
from tests.conftest import TODAY, Cast, act, signed_in
from tests.programmes.conftest import update_form

PAPER = Paper(number="118/BC-UBND", issued_on=TODAY, issuer="UBND phường Láng")
STUCK = Hindrance(text="Chưa có phần mềm", decider_text="Sở Y tế", cause="data_software")


@pytest.fixture
def task(cast: Cast) -> Task:
    """The ward's task, in progress."""
    return factories.make_task(cast.programme, cast.ward)


def upload(name: str = "Báo cáo.pdf", content: bytes = uploads.PDF) -> Upload:
    return Upload(ContentFile(content, name), name, "application/pdf")


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


# What each situation writes


@pytest.mark.parametrize(
    ("update", "state", "events"),
    [
        (Update(Situation.DOING, text="Đang làm"), "in_progress", [("report", "Cập nhật tiến độ")]),
        (Update(Situation.NOTHING), "in_progress", [("report", "Không phát sinh trong kỳ")]),
        (
            Update(Situation.STUCK, hindrance=STUCK),
            "in_progress",
            [("report", "Báo vướng mắc")],
        ),
        (Update(Situation.DONE, paper=PAPER), "awaiting", [("submit", "Trình hoàn thành")]),
    ],
    ids=["doing", "nothing", "stuck", "done"],
)
def test_each_situation_is_one_report_and_one_event(
    cast: Cast, task: Task, update: Update, state: str, events: list[tuple[str, str]]
) -> None:
    by = act(cast.ward_officer)
    left = report(task, update, act=by)
    stored = Task.objects.get(pk=task.pk)
    assert (left.state, stored.state, stored.last_report_on) == (state, state, TODAY)
    assert stored.version == left.version > task.version
    entry = ProgressReport.objects.get(task=task)
    assert (entry.situation, entry.by, entry.on, entry.at) == (
        update.situation, cast.ward_officer, TODAY, by.at,
    )  # fmt: skip
    assert list(Event.objects.filter(task=task).values_list("kind", "told")) == events


def test_all_that_an_update_carries_is_kept(cast: Cast, task: Task) -> None:
    update = Update(Situation.DOING, "Đã khám 300 người", "Khám tiếp", count=300, percent=40)
    report(task, update, act=act(cast.ward_officer))
    kept = ProgressReport.objects.values("text", "next_step", "count", "percent").get()
    assert kept == {
        "text": "Đã khám 300 người",
        "next_step": "Khám tiếp",
        "count": 300,
        "percent": 40,
    }
    event = Event.objects.get()
    assert (event.note, event.changes) == (
        "Đã khám 300 người",
        {"count": [None, 300], "percent": [None, 40]},
    )


def test_stuck_raises_an_obstacle_that_waits_for_its_decider(cast: Cast, task: Task) -> None:
    hindrance = Hindrance(
        "Chưa bố trí vốn", "Sở Y tế", cast.department, "budget", "Ứng trước", date(2026, 11, 30)
    )
    report(task, Update(Situation.STUCK, hindrance=hindrance), act=act(cast.ward_officer))
    obstacle = Obstacle.objects.get()
    assert (obstacle.task, obstacle.by, obstacle.raised_on) == (task, cast.ward_officer, TODAY)
    assert (obstacle.decider, obstacle.cause, obstacle.proposal, obstacle.wanted_by) == (
        cast.department, "budget", "Ứng trước", date(2026, 11, 30),
    )  # fmt: skip
    assert obstacle.report == ProgressReport.objects.get()
    assert list(Task.objects.blocked()) == [task]
    assert Event.objects.get().note == "Chưa bố trí vốn"


def test_done_submits_for_verification(cast: Cast, task: Task) -> None:
    left = report(task, Update(Situation.DONE, paper=PAPER), act=act(cast.ward_officer))
    assert (left.submitted_on, left.submitted_by) == (TODAY, cast.ward_officer)
    assert list(task.spans.order_by("starts_on").values_list("state", flat=True)) == [
        "in_progress", "awaiting",
    ]  # fmt: skip


@pytest.mark.parametrize("person", ["officer", "outsider", "office", "leader", "administrator"])
def test_only_the_lead_unit_reports(cast: Cast, task: Task, person: str) -> None:
    with pytest.raises(Denied, match="đơn vị chủ trì"):
        report(task, Update(Situation.DOING), act=act(getattr(cast, person)))
    assert not ProgressReport.objects.exists()


@pytest.mark.parametrize("state", sorted(set(State.values) - {"in_progress"}))
def test_only_a_task_in_progress_takes_reports(cast: Cast, task: Task, state: str) -> None:
    Task.objects.filter(pk=task.pk).update(state=state, completed_on=TODAY)
    words = "Tiếp nhận" if state == "assigned" else "không cập nhật được nữa"
    with pytest.raises(Denied, match=words):
        report(task, Update(Situation.DOING), act=act(cast.ward_officer))
    assert not Event.objects.exists()


# Evidence


def test_a_paper_is_kept_by_number_date_and_issuer(cast: Cast, task: Task) -> None:
    report(task, Update(Situation.DOING, paper=PAPER), act=act(cast.ward_officer))
    evidence = Evidence.objects.get()
    assert (evidence.document_number, evidence.document_date, evidence.document_issuer) == (
        "118/BC-UBND", TODAY, "UBND phường Láng",
    )  # fmt: skip
    assert (evidence.verdict, evidence.file.name, evidence.task) == ("waiting", "", task)


def test_a_file_lies_under_a_random_name_with_its_hash(cast: Cast, task: Task, media: Path) -> None:
    both = Update(Situation.DONE, paper=PAPER, uploads=(upload(), upload("Ảnh.png", uploads.PNG)))
    report(task, both, act=act(cast.ward_officer))
    assert Evidence.objects.count() == 3
    first, second = Evidence.objects.exclude(file="").order_by("pk")
    assert (first.name, first.size, first.content_type) == (
        "Báo cáo.pdf", len(uploads.PDF), "application/pdf",
    )  # fmt: skip
    assert first.sha256 == hashlib.sha256(uploads.PDF).hexdigest()
    for evidence in (first, second):
        assert re.fullmatch(r"evidence/([0-9a-f]{2})/\1[0-9a-f]{30}", str(evidence.file))
    stored = Path(first.file.path)
    assert stored.read_bytes() == uploads.PDF
    assert stored.stat().st_mode & 0o777 == 0o640
    assert len(files_in(media)) == 2


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Báo cáo quý IV – phường Láng.pdf", "Báo cáo quý IV – phường Láng.pdf"),
        ("Báo cáo.pdf", "Báo cáo.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\lan\\bao cao.docx", "bao cao.docx"),
        ("bao\u202efdp.exe", "baofdp.exe"),
        ("a\u200bb\ufeff\u2066c.pdf", "abc.pdf"),
        ("dòng\r\nX-Evil: 1.pdf", "dòngX-Evil: 1.pdf"),
        ("không\0.pdf", "không.pdf"),
        (" . ", "tep"),
        ("..", "tep"),
        ("", "tep"),
        ("thư mục/", "tep"),
        ("<script>.pdf", "<script>.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_a_name_is_shown_without_its_tricks(name: str, shown: str) -> None:
    assert safe_name(name) == shown


def test_a_hostile_name_is_only_ever_shown(cast: Cast, task: Task, media: Path) -> None:
    update = Update(Situation.DOING, uploads=(upload("../../\u202efdp.exe.pdf"),))
    report(task, update, act=act(cast.ward_officer))
    evidence = Evidence.objects.get()
    assert evidence.name == "fdp.exe.pdf"
    assert files_in(media) == [Path(evidence.file.path)]


# A refusal leaves nothing behind, neither in the database nor on the disk


def test_a_refused_submission_leaves_no_file(cast: Cast, task: Task, media: Path) -> None:
    factories.make_task(cast.programme, cast.other_ward, parent=task)
    update = Update(Situation.DONE, uploads=(upload(), upload("hai.pdf")))
    with pytest.raises(Denied, match="nhiệm vụ thành phần"):
        report(task, update, act=act(cast.ward_officer))
    assert files_in(media) == []
    assert not Evidence.objects.exists()
    assert not ProgressReport.objects.exists()
    assert Task.objects.get(pk=task.pk).version == task.version


def test_a_failure_half_way_leaves_no_file(
    cast: Cast, task: Task, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        assert len(files_in(media)) == 1
        raise RuntimeError

    monkeypatch.setattr(progress, "record", fail)
    with pytest.raises(RuntimeError):
        report(task, Update(Situation.DOING, uploads=(upload(),)), act=act(cast.ward_officer))
    assert files_in(media) == []
    assert not Evidence.objects.exists()


def test_a_form_sent_twice_writes_and_stores_once(cast: Cast, task: Task, media: Path) -> None:
    click = act(cast.ward_officer, form_key=uuid4())
    done = Update(Situation.DONE, uploads=(upload(),))
    first = report(task, done, act=click)
    again = report(task, done, act=click)
    assert (again.state, again.version) == (first.state, first.version)
    assert [rows.objects.count() for rows in (ProgressReport, Evidence, Event)] == [1, 1, 1]
    assert len(files_in(media)) == 1


# Nothing arose, for several


def test_nothing_arose_for_several_with_one_refused(cast: Cast) -> None:
    first, second, waiting = (factories.make_task(cast.programme, cast.ward) for _ in range(3))
    Task.objects.filter(pk=waiting.pk).update(state="awaiting")
    click = act(cast.ward_officer, form_key=uuid4())
    written, refused = nothing_arose([first, waiting, second], act=click)
    assert written == 2
    assert len(refused) == 1
    assert "chờ xác nhận" in refused[0]
    assert set(ProgressReport.objects.values_list("task", "situation")) == {
        (first.pk, "nothing"), (second.pk, "nothing"),
    }  # fmt: skip
    assert Event.objects.values("form_key").distinct().count() == 2
    nothing_arose([first, waiting, second], act=click)
    assert ProgressReport.objects.count() == Event.objects.count() == 2


# The pages


def said(page: bytes) -> list[str]:
    """What the messages on a page say."""
    return re.findall(r'messages" role="status">.*?<p>(.*?)</p>', page.decode(), re.S)


def test_the_officer_reports_in_one_form(cast: Cast, ward_task: Task) -> None:
    client = signed_in(cast.ward_officer)
    url = f"/tasks/{ward_task.pk}/report/"
    page = client.get(url)
    key = page.context["report_form"]["form_key"].value()
    data = update_form(form_key=key, text="Đã khám 300 người")
    response = client.post(url, data, follow=True)
    assert response.redirect_chain == [(f"/tasks/{ward_task.pk}/", 302)]
    assert said(response.content) == ["Đã ghi cập nhật."]
    assert "Đã khám 300 người" in response.content.decode()


def test_the_work_list_gets_the_officer_back(cast: Cast, ward_task: Task) -> None:
    client = signed_in(cast.ward_officer)
    url = f"/tasks/{ward_task.pk}/report/"
    fragment = client.get(f"{url}?from=home&situation=stuck", headers={"hx-request": "true"})
    html = fragment.content.decode()
    assert "<!DOCTYPE" not in html
    assert '<input type="hidden" name="from" value="home">' in html
    mistake = client.post(url, update_form(situation="", **{"from": "home"}))
    assert '<input type="hidden" name="from" value="home">' in mistake.content.decode()
    response = client.post(url, update_form(**{"from": "home"}), follow=True)
    assert response.redirect_chain == [("/", 302)]
    assert said(response.content) == ["Đã ghi cập nhật."]


def test_htmx_is_led_on_and_the_next_page_says_what_was_done(cast: Cast, ward_task: Task) -> None:
    client = signed_in(cast.ward_officer)
    url = f"/tasks/{ward_task.pk}/report/"
    response = client.post(url, update_form(), headers={"hx-request": "true"})
    assert response["HX-Redirect"] == f"/tasks/{ward_task.pk}/"
    assert said(client.get(response["HX-Redirect"]).content) == ["Đã ghi cập nhật."]


def test_done_with_a_document_awaits_verification(cast: Cast, ward_task: Task, clock: date) -> None:
    url = f"/tasks/{ward_task.pk}/report/"
    data = update_form(situation="done", document_number="118/BC-UBND", document_date=clock)
    response = signed_in(cast.ward_officer).post(url, data, follow=True)
    assert said(response.content) == ["Đã trình hoàn thành, chờ xác nhận."]
    ward_task.refresh_from_db()
    assert (ward_task.state, ward_task.submitted_on) == ("awaiting", clock)


def test_stuck_names_the_body_that_must_decide(cast: Cast, ward_task: Task) -> None:
    url = f"/tasks/{ward_task.pk}/report/"
    data = update_form(situation="stuck", obstacle="Chưa có vốn", decider=cast.department.pk)
    signed_in(cast.ward_officer).post(url, data)
    assert Obstacle.objects.get().decider_text == "Sở Y tế"


def test_a_second_submit_of_the_same_form_writes_nothing(
    cast: Cast, ward_task: Task, media: Path
) -> None:
    client = signed_in(cast.ward_officer)
    url = f"/tasks/{ward_task.pk}/report/"
    data = update_form()
    for _ in range(2):
        answer = client.post(url, data | {"papers": uploads.sent("Ảnh.png", uploads.PNG)})
        assert answer["Location"] == f"/tasks/{ward_task.pk}/"
    assert [rows.objects.count() for rows in (ProgressReport, Evidence, Event)] == [1, 1, 1]
    assert len(files_in(media)) == 1


@pytest.mark.usefixtures("media")
@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("Báo cáo.pdf", uploads.PDF, "application/pdf"),
        ("ẢNH.JPG", uploads.JPEG, "image/jpeg"),
        ("ảnh.jpeg", uploads.JPEG, "image/jpeg"),
        ("ảnh.png", uploads.PNG, "image/png"),
        ("Kế hoạch.docx", uploads.DOCX, "wordprocessingml.document"),
        ("Biểu.xlsx", uploads.XLSX, "spreadsheetml.sheet"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_a_file_comes_back_as_a_download_of_its_true_type(
    cast: Cast, ward_task: Task, name: str, content: bytes, content_type: str
) -> None:
    client = signed_in(cast.ward_officer)
    data = update_form(papers=uploads.sent(name, content))
    client.post(f"/tasks/{ward_task.pk}/report/", data)
    evidence = Evidence.objects.get()
    response = client.get(f"/evidence/{evidence.pk}/")
    assert response.getvalue() == content
    assert response["Content-Type"].endswith(content_type)
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_nothing_arose_from_the_work_list(cast: Cast, ward_task: Task) -> None:
    client = signed_in(cast.ward_officer)
    data = {"form_key": str(uuid4()), "task": [ward_task.pk]}
    response = client.post("/tasks/nothing-arose/", data, follow=True)
    assert said(response.content) == ["Đã ghi “không phát sinh” cho 1 việc."]
    assert ProgressReport.objects.get().situation == "nothing"
