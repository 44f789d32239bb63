"""Pages of regular reports: the form, the page with its dates and posts, the buttons."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import HttpResponse
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate, now

from hanoi_programmes.lib.dates import week_of
from hanoi_programmes.people.models import Holding, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.reminders.models import Notice
from hanoi_programmes.reminders.services.tidings import take_tidings
from hanoi_programmes.reports.models import Report, ReportSchedule
from hanoi_programmes.reports.services.telling import tell_ended
from hanoi_programmes.reports.states import Issuer, Kind, Rhythm
from tests import factories
from tests.conftest import Cast, signed_in
from tests.reports.scheduling import NEXT_MONDAY, OF_WARD, WEEKLY, head_post, run, set_up

pytestmark = pytest.mark.django_db
NEW = "/reports/schedules/new/"


def sent(**changes: Any) -> dict[str, Any]:
    """The form of the ward's own report each month."""
    return {
        "kind": "unit", "rhythm": "month", "issuer": "unit", "profile": "plain", "named": "yes",
        "form_key": uuid4(),
    } | changes  # fmt: skip


def words(answer: object) -> str:
    """The page with its spaces as one."""
    assert isinstance(answer, HttpResponse)
    return " ".join(answer.content.decode().split())


def act(user: User, schedule: ReportSchedule, name: str) -> object:
    """A button of the schedule's page."""
    address = reverse(f"reports:schedule-{name}", args=[schedule.pk])
    return signed_in(user).post(address, {"form_key": uuid4()}, follow=True)


def test_from_the_form_to_its_page_and_sent_twice_it_is_one(cast: Cast) -> None:
    post, client = head_post(cast.ward), signed_in(cast.ward_officer)
    form = sent(about_unit=cast.ward.pk, posts=[post.pk])
    assert client.post(NEW, form).status_code == 302
    page = client.post(NEW, form, follow=True)
    schedule = ReportSchedule.objects.get()
    assert (schedule.rhythm, schedule.about_unit) == (Rhythm.MONTH, cast.ward)
    assert schedule.posts.get() == post
    assert page.request["PATH_INFO"] == reverse("reports:schedule", args=[schedule.pk])
    said = words(page)
    assert "Ba lần tới" in said
    assert "ward_head" in said
    assert schedule.about in words(client.get("/reports/schedules/"))
    assert schedule.about in words(signed_in(cast.office).get("/reports/schedules/"))
    assert schedule.about not in words(signed_in(cast.ward_head).get("/reports/schedules/"))


def test_a_post_that_may_not_read_it_comes_back_with_a_sentence(cast: Cast) -> None:
    factories.make_head("other_head", cast.other_ward)
    wrong = sent(about_unit=cast.ward.pk, posts=[head_post(cast.other_ward).pk])
    page = signed_in(cast.ward_officer).post(NEW, wrong)
    assert page.status_code == 409
    assert "không được xem hết số liệu" in words(page)
    # What was chosen is still there.
    assert f'value="{head_post(cast.other_ward).pk}" checked' in words(page)
    assert not ReportSchedule.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"rhythm": "year"}, {"rhythm": ""}, {"kind": "letter"}, {"kind": ""}, {"issuer": "board"},
        {"profile": "party-05HD"}, {"posts": ["999999"]}, {"posts": ["x"]}, {"about_unit": "9999"},
        {"about_unit": ""}, {"form_key": ""},
    ],
)  # fmt: skip
def test_nothing_is_set_up_by_a_form_that_is_wrong(cast: Cast, wrong: dict[str, Any]) -> None:
    form = sent(about_unit=cast.ward.pk) | wrong
    page = signed_in(cast.ward_officer).post(NEW, form)
    assert page.status_code == 422
    assert not ReportSchedule.objects.exists()


def test_the_kind_decides_which_fields_there_are(cast: Cast) -> None:
    client = signed_in(cast.office)
    for address in (NEW, reverse("reports:schedule-ask")):
        assert 'name="about_unit-q"' in words(client.get(address, {"kind": "unit"}))
        assert 'name="programme"' in words(client.get(address, {"kind": "programme"}))
        assert 'name="about_unit-q"' not in words(client.get(address, {"kind": "city"}))
    # Without a script a button shows them, and what was chosen stays.
    post = head_post(cast.ward)
    page = words(client.post(NEW, {"show": "1", "kind": "unit", "posts": [post.pk]}))
    assert 'name="about_unit-q"' in page
    assert f'value="{post.pk}" checked' in page
    assert not ReportSchedule.objects.exists()


def test_posts_are_found_by_typing(cast: Cast) -> None:
    found = words(
        signed_in(cast.office).get(
            reverse("reports:choose-receiver"), {"name": "posts", "many": "1", "q": "dung dau lang"}
        )
    )
    assert "Phường Láng" in found
    assert "Xã Suối Hai" not in found


def test_a_vacant_post_and_what_did_not_reach_it_stand_on_the_page(cast: Cast) -> None:
    post = head_post(cast.ward)
    schedule = set_up(cast.ward_officer, OF_WARD)
    schedule.posts.set([post])
    Holding.objects.filter(post=post).update(ends_on=date(2026, 3, 31))
    run(NEXT_MONDAY)
    page = words(signed_in(cast.ward_officer).get(reverse("reports:schedule", args=[schedule.pk])))
    assert "Chức danh đang khuyết" in page
    assert "Chưa gửi được" in page
    report = Report.objects.get()
    assert reverse("reports:by-code", args=[report.code]) in page


def test_the_office_changes_what_a_ward_set_up_in_the_wards_sight(cast: Cast) -> None:
    schedule = set_up(cast.ward_officer, OF_WARD)
    address = reverse("reports:schedule-edit", args=[schedule.pk])
    client = signed_in(cast.office)
    page = words(client.get(address))
    assert "ward_officer" in page
    form = sent(kind="unit", about_unit=cast.ward.pk, named="no", version=schedule.version)
    assert client.post(address, form).status_code == 302
    schedule.refresh_from_db()
    assert (schedule.kind, schedule.named, schedule.made_by) == ("unit", False, cast.ward_officer)
    # Somebody else's form was opened before.
    late = client.post(address, form | {"form_key": uuid4()})
    assert late.status_code == 409
    assert "người khác sửa" in words(late)


def test_pause_resume_and_end_by_their_buttons(cast: Cast) -> None:
    schedule = set_up(cast.ward_officer, OF_WARD, on=week_of(localdate()).start)
    page = words(act(cast.ward_officer, schedule, "pause"))
    assert "Tạm dừng" in page
    assert "chưa có lần tới" in page
    page = words(act(cast.ward_officer, schedule, "pause"))
    assert "đang tạm dừng" in page
    assert "Đang chạy" in words(act(cast.office, schedule, "resume"))
    page = words(act(cast.ward_officer, schedule, "end"))
    assert "Đã kết thúc" in page
    assert reverse("reports:schedule-resume", args=[schedule.pk]) not in page
    assert reverse("reports:schedule-edit", args=[schedule.pk]) not in page


def test_why_it_stopped_stands_on_its_page_for_the_office(cast: Cast) -> None:
    schedule = set_up(cast.ward_head, OF_WARD)
    User.objects.filter(pk=cast.ward_head.pk).update(is_active=False)
    run(NEXT_MONDAY)
    page = words(signed_in(cast.office).get(reverse("reports:schedule", args=[schedule.pk])))
    assert "Lịch đã tự dừng" in page
    assert "Tài khoản ward_head đã tắt." in page
    assert reverse("reports:schedule-resume", args=[schedule.pk]) not in page


def load() -> None:
    """The quick start's own regular reports."""
    call_command("load_illustrative_schedules", verbosity=0)


def test_made_up_ones_stay_out_of_a_real_installation(cast: Cast) -> None:
    with pytest.raises(CommandError, match="ILLUSTRATIVE=1"):
        load()


@override_settings(ILLUSTRATIVE=True)
def test_three_are_made_up_however_often_they_are_loaded(cast: Cast) -> None:
    ward = factories.make_ward("00199", parent=cast.city, name="Phường Láng 2")
    for name, role, unit in (
        ("minh-hoa-1", Role.HEAD, ward),
        ("minh-hoa-2", Role.OFFICER, cast.department),
        ("minh-hoa-3", Role.OFFICE, cast.office.unit),
    ):
        factories.make_user(name, role, unit, is_illustrative=True)
    for _ in range(2):
        load()
    assert ReportSchedule.objects.count() == 3
    assert ReportSchedule.objects.filter(is_active=True).count() == 2
    assert Report.objects.get().schedule == ReportSchedule.objects.get(rhythm="week")


def asked_of(user: User, address: str) -> int:
    """How many questions to the database the page takes."""
    client = signed_in(user)
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_pages_ask_as_much_for_many_as_for_few(cast: Cast) -> None:
    schedule = set_up(cast.office)
    page = reverse("reports:schedule", args=[schedule.pk])
    addresses = ("/reports/schedules/", page, reverse("reports:health"))
    run(NEXT_MONDAY)
    schedule.posts.set([head_post(cast.ward)])
    few = [asked_of(cast.office, address) for address in addresses]
    for unit in factories.make_wards(cast.city, cast.ward_head, range(12)):
        schedule.posts.add(unit.posts.get())
        set_up(cast.office, replace(WEEKLY, kind=Kind.UNIT, subject=unit, issuer=Issuer.OFFICE))
    for weeks in range(1, 8):
        run(NEXT_MONDAY + timedelta(weeks=weeks))
    assert [asked_of(cast.office, address) for address in addresses] == few


def test_the_page_of_a_failed_report_opens_where_the_bell_leads(cast: Cast) -> None:
    set_up(cast.office)
    (pk,) = run(NEXT_MONDAY).reports
    Report.objects.filter(pk=pk).update(state="failed", error="Lỗi", finished_at=now())
    tell_ended(pk)
    take_tidings(on=NEXT_MONDAY, at=now())
    notice = Notice.objects.get(recipient=cast.office)
    assert notice.headline == "Không lập được báo cáo"
    page = signed_in(cast.office).get(notice.path)
    assert page.status_code == 200
    assert "Lỗi" in words(page)
