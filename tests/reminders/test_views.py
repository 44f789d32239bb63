"""The bell, the notices, the panel of a task, and the mails of the quick start."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as settings_of_project
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from pytest_django import DjangoAssertNumQueries, Settings

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.services import directions
from hanoi_programmes.reminders.models import Notice
from hanoi_programmes.reminders.services.plan import plan
from hanoi_programmes.reminders.urls import addresses
from tests import factories
from tests.conftest import TODAY, Cast, act, signed_in

HTMX = {"HX-Request": "true"}


@pytest.fixture
def task(cast: Cast) -> Task:
    """A task of the ward that was planned today."""
    task = factories.make_task(cast.programme, cast.ward, deadline=TODAY - timedelta(7))
    plan(on=TODAY, at=act(None).at)
    return task


def unread(user: User) -> int:
    """How many of the user's notices are unread."""
    return Notice.objects.filter(recipient=user).unread().count()


def get(client: Client, path: str, **headers: str) -> str:
    """A page that must be there."""
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def bell_of(client: Client) -> str:
    """What stands at the bell, as it is read aloud."""
    return re.sub(r"<[^>]*>", "", get(client, "/notices/bell/")).strip()


def test_the_bell_counts_ones_own_unread_notices(cast: Cast, task: Task) -> None:
    assert bell_of(signed_in(cast.ward_officer)) == "1 chưa đọc"
    assert bell_of(signed_in(cast.inspector)) == ""


def test_the_bell_says_once_that_there_is_more(cast: Cast, task: Task) -> None:
    client = signed_in(cast.ward_officer)
    for seen, said in (("0", True), ("1", False), ("7", False), ("x", False), ("", False)):
        answer = get(client, f"/notices/bell/?seen={seen}", **HTMX)
        assert ("Có 1 thông báo mới." in answer) is said, seen
        assert 'hx-get="/notices/bell/?seen=1"' in answer


def test_a_page_that_only_waits_is_left_alone_when_the_session_ends(db: None) -> None:
    assert Client().get("/notices/bell/?seen=3", headers=HTMX).status_code == 204
    first = Client().get("/notices/bell/", headers=HTMX)
    assert first["HX-Redirect"].startswith("/sign-in/")


def test_a_crowded_bell_stays_small(cast: Cast) -> None:
    Notice.objects.bulk_create(
        Notice(recipient=cast.office, at=act(None).at, on=TODAY, kind="soon", text=str(n))
        for n in range(120)
    )
    assert ">99+<" in get(signed_in(cast.office), "/notices/bell/")


def test_notices_are_ones_own(cast: Cast, task: Task) -> None:
    page = get(signed_in(cast.ward_officer), "/notices/")
    assert task.text in page
    assert "Quá hạn 7 ngày" in page
    assert task.text not in get(signed_in(cast.outsider), "/notices/")
    assert "Chưa có thông báo" in get(signed_in(cast.administrator), "/notices/")


def make_notices(user: User, number: int, kind: str, **more: object) -> None:
    """So many notices of a kind, made one day apart."""
    Notice.objects.bulk_create(
        Notice(
            recipient=user,
            at=act(None).at - timedelta(n),
            on=TODAY - timedelta(n),
            kind=kind,
            headline=kind,
            text=f"{kind}-{n}",
            **more,
        )
        for n in range(number)
    )


def test_notices_are_filtered_by_kind_and_by_unread(cast: Cast) -> None:
    make_notices(cast.office, 2, "urged")
    make_notices(cast.office, 3, "overdue", read_at=act(None).at)
    client = signed_in(cast.office)
    for query, kinds in (
        ("", {"urged": 2, "overdue": 3}),
        ("?kind=overdue", {"urged": 0, "overdue": 3}),
        ("?show=unread", {"urged": 2, "overdue": 0}),
        ("?show=unread&kind=overdue", {"urged": 0, "overdue": 0}),
        ("?kind=nonsense&show=x", {"urged": 2, "overdue": 3}),
    ):
        page = get(client, f"/notices/{query}")
        assert {kind: page.count(f">{kind}-") for kind in kinds} == kinds, query
    page = get(client, "/notices/")
    assert 'Chưa đọc <span class="n">2</span>' in page
    assert 'Quá hạn <span class="n">3</span>' in page
    assert "Không có thông báo nào ở mục này" in get(client, "/notices/?show=unread&kind=overdue")


def test_notices_stand_under_their_days(cast: Cast) -> None:
    make_notices(cast.office, 2, "urged")
    page = get(signed_in(cast.office), "/notices/")
    days = ["Thứ Hai, 16/11/2026", "urged-0", "Chủ nhật, 15/11/2026", "urged-1"]
    assert sorted(days, key=page.index) == days


def test_no_page_asks_by_itself_more_than_once_a_minute() -> None:
    """Only what is being made in this moment may ask oftener, and stops when it is made."""
    oftener = {"reports/_report_row.html"}
    for path in Path(settings_of_project.ROOT, "templates").rglob("*.html"):
        for trigger in re.findall(r'hx-trigger="([^"]*)"', path.read_text("utf-8")):
            name = str(path.relative_to(Path(settings_of_project.ROOT, "templates")))
            assert name in oftener or not re.search(r"\bevery\b", trigger), name
            for seconds in re.findall(r"intersect delay:(\d+)s", trigger):
                assert int(seconds) >= 60, name


def test_the_newest_stand_on_the_work_list(cast: Cast, task: Task) -> None:
    assert task.text in get(signed_in(cast.ward_officer), "/notices/latest/", **HTMX)
    assert "Chưa có thông báo" in get(signed_in(cast.outsider), "/notices/latest/", **HTMX)


def test_that_there_is_nothing_is_said_only_where_there_is_nothing(cast: Cast) -> None:
    client = signed_in(cast.ward_officer)
    assert "Chưa có thông báo" in get(client, "/notices/latest/", **HTMX)
    own, today = factories.make_task(cast.programme, cast.ward), localdate()
    wish = directions.Wish("direction", cast.ward, "Làm ngay", today + timedelta(1))
    directions.give(own, wish, act=act(cast.leader, today))
    assert own.text in get(client, reverse("programmes:news"), **HTMX)
    Notice.objects.all().delete()
    assert "Chưa có thông báo" not in get(client, "/notices/latest/", **HTMX)


def test_htmx_gets_the_list_only(cast: Cast, task: Task) -> None:
    fragment = get(signed_in(cast.ward_officer), "/notices/", **HTMX)
    assert fragment.lstrip().startswith('<section class="panel cq" id="notice-list"')


def test_a_notice_of_a_task_that_one_may_no_longer_see_is_gone(cast: Cast, task: Task) -> None:
    User.objects.filter(pk=cast.ward_officer.pk).update(unit=cast.other_ward)
    client = signed_in(User.objects.get(pk=cast.ward_officer.pk))
    assert task.text not in get(client, "/notices/")
    assert bell_of(client) == ""
    notice = Notice.objects.get(recipient=cast.ward_officer)
    assert client.post(f"/notices/{notice.pk}/read/").status_code == 404


def test_one_notice_is_marked_as_read(cast: Cast, task: Task) -> None:
    notice = Notice.objects.get(recipient=cast.ward_officer)
    response = signed_in(cast.ward_officer).post(f"/notices/{notice.pk}/read/?page=1")
    assert (response.status_code, response.headers["Location"]) == (302, "/notices/?page=1")
    assert unread(cast.ward_officer) == 0
    assert unread(cast.ward_head) == 1


def test_htmx_gets_the_list_and_the_bell_back(cast: Cast, task: Task) -> None:
    response = signed_in(cast.ward_officer).post("/notices/read/", headers=HTMX)
    answer = response.content.decode()
    assert 'id="notice-list"' in answer
    assert '<span id="bell" hx-swap-oob="true" hx-get="/notices/bell/?seen=0"' in answer
    assert unread(cast.ward_officer) == 0


def test_notices_of_others_cannot_be_marked(cast: Cast, task: Task) -> None:
    notice = Notice.objects.get(recipient=cast.ward_officer)
    assert signed_in(cast.ward_head).post(f"/notices/{notice.pk}/read/").status_code == 404
    signed_in(cast.ward_head).post("/notices/read/")
    assert unread(cast.ward_officer) == 1


def test_reading_is_a_post(cast: Cast, task: Task) -> None:
    client = signed_in(cast.ward_officer)
    assert client.get("/notices/read/").status_code == 405
    assert unread(cast.ward_officer) == 1


def test_the_task_tells_who_was_reminded(cast: Cast, task: Task) -> None:
    panel = get(signed_in(cast.ward_officer), f"/tasks/{task.pk}/reminders/", **HTMX)
    assert panel.lstrip().startswith('<section class="panel" id="task-panel"')
    assert "Tự động nhắc: quá hạn 7 ngày" in panel
    assert "Thư chờ gửi: leader, office, ward_head, ward_officer" in panel
    page = get(signed_in(cast.inspector), f"/tasks/{task.pk}/reminders/")
    assert "<h1>Nhắc việc, đôn đốc</h1>" in page


def test_the_panel_of_a_foreign_task_does_not_exist(cast: Cast, task: Task) -> None:
    for user in (cast.outsider, cast.administrator):
        response = signed_in(user).get(f"/tasks/{task.pk}/reminders/")
        assert response.status_code == 404


def test_the_list_needs_few_queries(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(30):
        factories.make_task(cast.programme, cast.ward, deadline=TODAY - timedelta(7))
    plan(on=TODAY, at=act(None).at)
    client = signed_in(cast.ward_officer)
    with django_assert_max_num_queries(8):
        assert get(client, "/notices/").count('<article class="job') == 25


# Mails of the local server


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    """The local server's folder with one mail in it, and a secret beside it."""
    folder = tmp_path / "mail"
    folder.mkdir()
    settings.MAIL_SINK_DIR = str(folder)
    (tmp_path / "secret.eml").write_text("Subject: secret\n\nsecret")
    (folder / "1700000000000000000-0a1b2c3d.eml").write_bytes(
        b"Subject: =?utf-8?q?1_nhi=E1=BB=87m_v=E1=BB=A5?=\r\n"
        b"To: a@thudo.example\r\nDate: Mon, 16 Nov 2026 07:30:00 +0700\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
        b"<script>alert(1)</script> http://theo-doi.thudo.example/tasks/1/"
    )
    return folder


def test_mails_have_addresses_in_the_quick_start_only() -> None:
    of_mails = {"mail-list", "mail-page"}
    assert not of_mails & {address.name for address in addresses(mail_folder="")}
    assert of_mails <= {address.name for address in addresses(mail_folder="var/mail")}


@pytest.mark.urls("tests.reminders.quick_start_urls")
def test_mails_are_listed_and_read(cast: Cast, folder: Path) -> None:
    client = signed_in(cast.ward_officer)
    page = get(client, "/mails/")
    assert "1 nhiệm vụ" in page
    assert "a@thudo.example" in page
    assert "07:30, 16/11/2026" in page
    mail = get(client, "/mails/1700000000000000000-0a1b2c3d.eml/")
    assert "&lt;script&gt;" in mail
    assert "<script>alert" not in mail
    assert 'href="/mails/"' in get(client, "/notices/")


@pytest.mark.urls("tests.reminders.quick_start_urls")
@pytest.mark.parametrize(
    "name",
    [
        "..%2Fsecret.eml",
        "%2e%2e%2fsecret.eml",
        "..%5Csecret.eml",
        "nothing.eml",
        "x.part",
    ],
)
def test_no_name_leads_out_of_the_folder(cast: Cast, folder: Path, name: str) -> None:
    assert signed_in(cast.ward_officer).get(f"/mails/{name}/").status_code == 404


@pytest.mark.urls("tests.reminders.quick_start_urls")
def test_mails_are_for_signed_in_people(client: Client, db: None, folder: Path) -> None:
    response = client.get("/mails/")
    assert (response.status_code, response.headers["Location"][:9]) == (302, "/sign-in/")


@pytest.mark.urls("tests.reminders.quick_start_urls")
def test_a_folder_that_is_not_there_yet_is_an_empty_list(
    cast: Cast, settings: Settings, tmp_path: Path
) -> None:
    settings.MAIL_SINK_DIR = str(tmp_path / "later")
    assert "Chưa có thư nào" in get(signed_in(cast.ward_officer), "/mails/")
