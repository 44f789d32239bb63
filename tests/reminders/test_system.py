"""The administrator's page: the worst first, no content, and there even when the broker is not."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from socket import create_server
from time import monotonic

import pytest
from celery.schedules import crontab
from django.utils.timezone import localdate, localtime, now
from pytest_django import Settings

from hanoi_programmes.celery import app
from hanoi_programmes.reminders.models import JobRun, Pulse
from hanoi_programmes.reminders.rules.machines import QUEUES, Machines, findings
from hanoi_programmes.reminders.services.broker import doorbells
from hanoi_programmes.reminders.services.health import JOBS, PLAN, health_at, job_lines
from hanoi_programmes.reminders.states import MailState
from hanoi_programmes.schedule import RECORDED, TIMETABLE
from tests import factories
from tests.conftest import HANOI, TODAY, Cast, signed_in
from tests.mailed import make_mail, make_troubled_mails
from tests.reminders.test_alarm import DONE, WELL

NOBODY_LISTENS = "redis://127.0.0.1:1/0"
HEALTHY = Machines(
    morning=WELL,
    pulses=dict.fromkeys(QUEUES, DONE),
    doorbells=dict.fromkeys(QUEUES, 0),
    failed=0,
    doubtful=0,
    broken_jobs=0,
    free_share=0.5,
)


def with_changes(**changes: object) -> list[str]:
    """The findings when this differs."""
    facts = {name: getattr(HEALTHY, name) for name in Machines.__slots__}
    return [finding.words for finding in findings(Machines(**facts | changes))]


# The verdict


def test_nothing_is_found_when_all_is_well() -> None:
    assert findings(HEALTHY) == []


def test_the_worst_comes_first() -> None:
    found = findings(
        Machines(WELL, pulses={}, doorbells=None, failed=2, doubtful=1, broken_jobs=1, free_share=0)
    )
    assert [finding.tone for finding in found] == ["late"] * 2 + ["soon"] * 4
    assert found[0].words == "Không kết nối được hàng đợi (Valkey)."
    assert found[1].words == "Không có máy nào đang làm việc nền."


def test_a_queue_is_silent_after_three_minutes() -> None:
    old = {"mail": DONE - timedelta(minutes=3, seconds=1), "pdf": DONE - timedelta(minutes=3)}
    assert with_changes(pulses={"default": DONE} | old) == [
        "Không có máy nào nhận việc ở hàng đợi gửi thư."
    ]


def test_a_full_disk_is_said_before_uploads_are_refused() -> None:
    assert with_changes(free_share=0.09) == ["Ổ đĩa chứa tệp còn dưới 10% chỗ trống."]
    assert with_changes(free_share=None) == []


# Jobs


def test_every_job_whose_runs_are_kept_has_its_words() -> None:
    assert {name.removeprefix("hanoi_programmes.") for name in RECORDED} == set(JOBS)


@pytest.mark.django_db
def test_a_job_says_how_it_went_and_when_it_comes_next() -> None:
    at = localtime()
    made = {"job": PLAN, "began_at": at - timedelta(minutes=1)}
    half_past = {
        "plan": {"task": f"hanoi_programmes.{PLAN}", "schedule": crontab(minute=at.minute)}
    }

    def line(**changes: object) -> tuple[str, str]:
        JobRun.objects.all().delete()
        JobRun.objects.create(**made | changes)
        (line,) = job_lines(at, half_past)
        assert line.next_at > at - timedelta(minutes=1)
        return line.tone, line.words

    assert line(ended_at=at, told="3 thư") == ("done", "Xong: 3 thư")
    assert line(ended_at=at, error="ValueError: no") == ("late", "Lỗi: ValueError: no")
    assert line() == ("run", "Đang chạy")
    assert line(began_at=at - timedelta(minutes=6))[0] == "late"
    missed = line(began_at=at - timedelta(days=2), ended_at=at - timedelta(days=2))
    assert missed[0] == "soon"
    assert missed[1].endswith("chưa chạy")


@pytest.mark.django_db
def test_a_job_that_never_ran_says_so() -> None:
    lines = job_lines(localtime(), TIMETABLE)
    assert [line.label for line in lines] == list(dict.fromkeys(JOBS[name] for name in ORDER))
    assert {line.words for line in lines} == {"Chưa chạy lần nào"}
    clocks = {line.label: f"{localtime(line.next_at):%H:%M}" for line in lines}
    assert clocks["Dọn nhật ký chạy cũ"] == "03:10"
    assert clocks["Kiểm tra lượt 07:30"][2:] == ":45"


ORDER = [
    name
    for entry in TIMETABLE.values()
    if (name := entry["task"].removeprefix("hanoi_programmes.")) in JOBS
]


# The broker


def test_the_broker_is_counted_by_queue() -> None:
    before = doorbells(["pdf"])
    assert before == {"pdf": 0}
    app.send_task("nobody.knows.this", queue="pdf")
    assert doorbells(["pdf", "mail"]) == {"pdf": 1, "mail": 0}


@pytest.mark.parametrize("address", [NOBODY_LISTENS, "unix:///nowhere.sock"])
def test_a_broker_that_is_away_is_no_number(settings: Settings, address: str) -> None:
    settings.REDIS_URL = address
    began = monotonic()
    assert doorbells(QUEUES) is None
    assert monotonic() - began < 2


# The page


def page(cast: Cast, address: str = "/system/") -> str:
    """What the administrator reads."""
    answer = signed_in(cast.administrator).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def well(cast: Cast) -> Cast:
    """Everything runs."""
    start = datetime.combine(localdate(), time(7, 30), HANOI)
    for queue in QUEUES:
        Pulse.objects.create(queue=queue, worker="worker@a", at=now())
    for job in JOBS:
        at = max(start, localtime() - timedelta(seconds=30))
        JobRun.objects.create(job=job, began_at=at, ended_at=at, told="đã xong")
    return cast


def test_the_page_says_first_that_all_is_well(well: Cast) -> None:
    shown = page(well).partition("<h1>")[2]
    assert "Mọi việc chạy bình thường." in shown
    assert "worker@a" in shown
    assert "thư cần xử lý" not in shown


def test_the_page_is_there_without_the_broker(well: Cast, settings: Settings) -> None:
    settings.REDIS_URL = NOBODY_LISTENS
    shown = page(well)
    assert "Không kết nối được hàng đợi (Valkey)." in shown
    assert "không đếm được hàng đợi" in shown


def test_failures_stand_with_their_reasons_and_the_servers_words(well: Cast) -> None:
    make_mail(well.ward_officer, DONE, MailState.FAILED)
    make_mail(well.ward_head, DONE, MailState.DOUBTFUL)
    shown = page(well)
    assert "2 thư cần xử lý" in shown
    assert "Máy chủ trả lời: 550 no such user" in shown
    assert "1 thư chưa rõ đã gửi hay chưa." in shown
    assert well.ward_officer.signature in shown


def test_no_content_of_any_programme_is_shown(well: Cast) -> None:
    canary = "Chim hoàng yến"
    factories.make_task(well.programme, well.ward, text=canary)
    made = make_mail(well.ward_officer, DONE, MailState.FAILED, subject=f"{canary} 3 việc")
    assert made.subject.startswith(canary)
    assert canary not in page(well) + page(well, "/system/state/") + page(well, "/system/?page=1")


def test_failures_come_in_pages_also_for_htmx(well: Cast) -> None:
    make_troubled_mails([well.ward_officer], range(30), TODAY)
    whole = page(well, "/system/?page=3")
    assert "60 thư cần xử lý" in whole
    part = signed_in(well.administrator).get("/system/?page=3", headers={"hx-request": "true"})
    assert part.content.decode().count('data-l="Vì sao"') == 10
    assert "<h1>" not in part.content.decode()


def test_a_failed_mail_goes_again_by_one_button(well: Cast) -> None:
    mail = make_mail(well.ward_officer, DONE, MailState.FAILED)
    client = signed_in(well.administrator)
    for words in ("Thư sẽ gửi lại trong một phút.", "Thư này đã được xử lý trước đó."):
        answer = client.post(f"/system/mails/{mail.pk}/", {"as": "again"}, follow=True)
        assert words in answer.content.decode()
    mail.refresh_from_db()
    assert (mail.state, mail.settled_by) == (MailState.QUEUED, well.administrator)


@pytest.mark.parametrize(
    ("button", "state"), [("sent", MailState.SENT), ("again", MailState.QUEUED)]
)
def test_a_mail_in_doubt_is_settled_either_way(well: Cast, button: str, state: MailState) -> None:
    mail = make_mail(well.ward_officer, DONE, MailState.DOUBTFUL, handed_at=DONE)
    answer = signed_in(well.administrator).post(
        f"/system/mails/{mail.pk}/", {"as": button}, headers={"hx-request": "true"}
    )
    assert answer.status_code == 200
    assert "ward_officer" not in answer.content.decode()
    mail.refresh_from_db()
    assert mail.state == state


def test_a_refused_mail_is_never_called_sent(well: Cast) -> None:
    mail = make_mail(well.ward_officer, DONE, MailState.FAILED)
    signed_in(well.administrator).post(f"/system/mails/{mail.pk}/", {"as": "sent"})
    mail.refresh_from_db()
    assert mail.state == MailState.FAILED


def test_the_part_that_comes_again_brings_the_verdict(well: Cast) -> None:
    part = page(well, "/system/state/")
    assert 'id="system-state"' in part
    assert 'hx-swap-oob="true"' in part
    assert "delay:60s" in part


def test_the_papers_machine_is_a_part_of_the_page_and_a_page(well: Cast) -> None:
    client = signed_in(well.administrator)
    assert 'href="/reports/health/"' in page(well)
    part = client.get("/reports/health/", headers={"hx-request": "true"}).content.decode()
    assert "<h1>" not in part
    assert 'id="health"' in part


# The band


@pytest.mark.parametrize("ask", [lambda cast: cast.administrator, lambda cast: cast.office])
def test_the_band_is_the_administrators(cast: Cast, ask: Callable[[Cast], object]) -> None:
    """Yesterday's mail still lies here: an alarm on any day, at any hour."""
    make_mail(cast.ward_officer, localtime() - timedelta(days=1))
    user = ask(cast)
    band = signed_in(user).get("/system/alarm/").content.decode()  # type: ignore[arg-type]
    assert ("chưa gửi hết" in band) is (user == cast.administrator)
    whole = signed_in(user).get("/account/").content.decode()  # type: ignore[arg-type]
    assert ("/system/alarm/" in whole) is (user == cast.administrator)


def test_the_band_is_empty_when_all_is_well(well: Cast) -> None:
    assert signed_in(well.administrator).get("/system/alarm/").content.strip() == b""


@pytest.mark.django_db
def test_a_broker_that_swallows_everything_is_given_up_within_two_seconds(
    settings: Settings,
) -> None:
    """It takes the connection, and then says nothing."""
    with create_server(("127.0.0.1", 0)) as silent:
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        began = monotonic()
        assert health_at(localtime(), TIMETABLE).is_reachable is False
        assert monotonic() - began < 2
