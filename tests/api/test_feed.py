"""The calendar feed: what stands in it, what leaves it, how it is written, and who may read it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from typing import cast as as_type

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate, now
from icalendar import Calendar

from hanoi_programmes.api.models import Feed
from hanoi_programmes.api.services import feeds as service
from hanoi_programmes.api.shapes import Entry, calendar
from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.services.accounts import place_account, switch_account
from hanoi_programmes.people.services.history import Told
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.services.extensions import Reply, Request, ask, reply
from hanoi_programmes.programmes.services.history import record
from hanoi_programmes.programmes.states import State
from tests import factories
from tests.conftest import Cast, act, signed_in

DAY = timedelta(days=1)
SOON = localdate() + 10 * DAY


def made(owner: User, unit: Unit | None = None) -> str:
    """The secret of a new feed."""
    return service.make(owner, unit, act=act(owner))


def read(token: str, **headers: str) -> HttpResponse:
    """As a calendar program asks: no session."""
    return as_type("HttpResponse", Client().get(f"/feeds/{token}.ics", headers=headers))


def events(token: str) -> dict[str, Any]:
    """What the program finds, by the first two parts of each key."""
    answer = read(token)
    assert answer.status_code == 200
    found = Calendar.from_ical(answer.content).walk("VEVENT")
    return {"-".join(str(event["uid"]).split("-")[:2]): event for event in found}


def a_task(cast: Cast, unit: Unit | None = None, **changes: Any) -> Task:
    """Issued long ago, due soon."""
    dates = {"issued_on": localdate() - 40 * DAY, "deadline": SOON}
    task = factories.make_task(cast.programme, unit or cast.ward, **dates | changes)
    factories.make_spans([task]) if not task.spans.exists() else None
    return task


def change(task: Task, kind: str = "edit", **facts: Any) -> None:
    """As services do it: the row, its version, the event and the span."""
    Task.objects.filter(pk=task.pk).update(version=task.version + 1, **facts)
    task.refresh_from_db()
    record(task, act(None, localdate()), Told(kind, "Đổi"))


def status(event: Mapping[str, Any]) -> tuple[str, date]:
    """What the entry says of the day."""
    return str(event["status"]), event["dtstart"].dt


# What stands in it


def test_a_deadline_is_a_whole_day_with_all_that_one_must_know(cast: Cast) -> None:
    task = a_task(cast, text="Lập sổ, có dấu; chấm phẩy", product="Sổ \\ theo dõi")
    event = events(made(cast.ward_officer))[f"task-{task.pk}"]
    assert status(event) == ("CONFIRMED", SOON)
    assert event["dtend"].dt == SOON + DAY
    assert event["summary"] == "Hạn: Lập sổ, có dấu; chấm phẩy"
    told = str(event["description"])
    assert f"Đơn vị chủ trì: {cast.ward}" in told
    assert "Sản phẩm: Sổ \\ theo dõi" in told
    assert f"/tasks/{task.pk}/" in told
    assert event["url"].endswith(f"/tasks/{task.pk}/")
    assert event["sequence"] == task.version
    assert event["transp"] == "TRANSPARENT"
    assert "VALARM" not in read(made(cast.ward_officer)).content.decode()


def test_a_feed_holds_own_work_and_nobody_elses(cast: Cast) -> None:
    city = a_task(cast, cast.department)
    ward = a_task(cast, parent=city)
    other = a_task(cast, cast.other_ward, parent=city)
    a_task(cast, deadline=None)
    a_task(cast, state=State.DRAFT, issued_on=None)
    assert set(events(made(cast.ward_officer))) == {f"task-{ward.pk}"}
    assert set(events(made(cast.outsider))) == {f"task-{other.pk}"}
    assert set(events(made(cast.office))) == {f"task-{city.pk}"}
    assert set(events(made(cast.leader))) == {f"task-{city.pk}"}
    assert set(events(made(cast.office, cast.other_ward))) == {f"task-{other.pk}"}


def test_work_that_rests_stands_less_firmly(cast: Cast) -> None:
    task = a_task(cast, state=State.SUSPENDED)
    assert status(events(made(cast.ward_officer))[f"task-{task.pk}"]) == ("TENTATIVE", SOON)


def test_directions_and_decisions_stand_by_their_day_until_they_are_done(cast: Cast) -> None:
    today = localdate()
    task = a_task(cast)
    asked = task.directions.create(
        unit=cast.ward, kind="direction", by=cast.leader, on=today, text="Làm rõ", answer_by=SOON
    )
    stuck = task.obstacles.create(
        by=cast.ward_officer, raised_on=today, text="Thiếu kinh phí", decider=cast.department,
        decider_text="Sở Y tế", wanted_by=SOON + DAY,
    )  # fmt: skip
    ward, department = made(cast.ward_head), made(cast.officer)
    assert status(events(ward)[f"direction-{asked.pk}"]) == ("CONFIRMED", SOON)
    assert status(events(department)[f"obstacle-{stuck.pk}"]) == ("CONFIRMED", SOON + DAY)
    assert f"direction-{asked.pk}" not in events(department)
    asked.answer, asked.answered_on = "Đã rõ", today
    asked.save()
    stuck.resolved_on = today
    stuck.save()
    answered, decided = events(ward)[f"direction-{asked.pk}"], events(department)
    assert status(answered) == ("CANCELLED", SOON)
    assert answered["sequence"] == 1
    assert status(decided[f"obstacle-{stuck.pk}"]) == ("CANCELLED", SOON + DAY)


# What changes, what leaves


def test_a_moved_deadline_moves_the_same_entry(cast: Cast) -> None:
    task, token = a_task(cast), made(cast.ward_officer)
    before = events(token)[f"task-{task.pk}"]
    today = localdate()
    ask(task, Request(SOON + 30 * DAY, "Cần thêm thời gian"), act=act(cast.ward_head, today))
    granted = Reply("other_date", SOON + 20 * DAY, "Chỉ đến ngày này")
    reply(task.extensions.get(), granted, act=act(cast.office, today))
    after = events(token)[f"task-{task.pk}"]
    assert after["uid"] == before["uid"]
    assert status(after) == ("CONFIRMED", SOON + 20 * DAY)
    assert after["sequence"] > before["sequence"]
    assert after["last-modified"].dt > before["last-modified"].dt
    assert after["dtstamp"].dt == after["last-modified"].dt


@pytest.mark.parametrize(
    "facts",
    [
        {"state": State.COMPLETED, "completed_on": localdate()},
        {"state": State.CANCELLED},
        {"deadline": None, "precision": ""},
    ],
    ids=["completed", "cancelled", "without a day"],
)
def test_what_no_longer_stands_is_cancelled(cast: Cast, facts: dict[str, Any]) -> None:
    task, token = a_task(cast), made(cast.ward_officer)
    before = events(token)[f"task-{task.pk}"]
    change(task, **facts)
    after = events(token)[f"task-{task.pk}"]
    assert (after["uid"], status(after)) == (before["uid"], ("CANCELLED", SOON))
    assert after["sequence"] > before["sequence"]


def test_a_task_given_to_another_unit_leaves_the_one_and_comes_to_the_other(cast: Cast) -> None:
    task = a_task(cast, text="Chim hoàng yến")
    old, new = made(cast.ward_officer), made(cast.outsider)
    before = events(old)[f"task-{task.pk}"]
    change(task, "reassign", lead_unit=cast.other_ward)
    left, come = events(old)[f"task-{task.pk}"], events(new)[f"task-{task.pk}"]
    assert (left["uid"], left["status"]) == (before["uid"], "CANCELLED")
    assert left["sequence"] > before["sequence"]
    assert status(come) == ("CONFIRMED", SOON)
    # Whoever has both calendars loses the one entry and keeps the other.
    assert come["uid"] != left["uid"]
    # The ward does not see the task any more, so nothing of it is told.
    assert b"Chim" not in read(old).content


def test_cancellations_are_forgotten_after_ninety_days(cast: Cast) -> None:
    task, token = a_task(cast), made(cast.ward_officer)
    change(task, state=State.CANCELLED)
    gone = localdate() - 90 * DAY
    task.spans.filter(state=State.CANCELLED).update(starts_on=gone)
    task.spans.exclude(state=State.CANCELLED).update(starts_on=gone - DAY, ends_on=gone)
    assert events(token) == {}


def test_a_task_that_was_opened_again_stands_once(cast: Cast) -> None:
    task, token = a_task(cast), made(cast.ward_officer)
    change(task, state=State.COMPLETED, completed_on=localdate())
    task.spans.filter(state=State.COMPLETED).update(starts_on=localdate() - DAY)
    task.spans.exclude(state=State.COMPLETED).update(ends_on=localdate() - DAY)
    change(task, "reopen", state=State.IN_PROGRESS, completed_on=None)
    assert status(events(token)[f"task-{task.pk}"]) == ("CONFIRMED", SOON)
    assert read(token).content.count(b"BEGIN:VEVENT") == 1


# How it is written


HOSTILE = [
    'Phẩy, chấm phẩy; gạch \\ chéo: "ngoặc"',
    "Hai\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\ndòng",
    "Đ" * 500,
    "Chữ \u202eđảo\u202c ngược \u2066và\u2069 \u200fdấu \x07",
    "Ghép ký tự: e\u0302\u0301, 🏛️ 👩‍⚕️",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_title_breaks_the_calendar(cast: Cast, text: str) -> None:
    task = a_task(cast, text=text, product=text)
    raw = read(made(cast.ward_officer)).content
    lines = raw.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    for line in lines:
        line.decode()
    assert lines.count(b"BEGIN:VEVENT") == 1
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert not any(mark.encode() in raw for mark in "\u202e\u202c\u2066\u2069\u200f\x07")
    event = events(made(cast.ward_officer))[f"task-{task.pk}"]
    assert str(event["summary"]).startswith(f"Hạn: {text[:3]}")
    assert len(str(event["summary"])) <= 200


def test_the_head_of_the_feed_says_what_it_is_and_when_to_ask_again(cast: Cast) -> None:
    answer = read(made(cast.ward_officer))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-cache"
    text = answer.content.decode()
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    for line in ("VERSION:2.0", "METHOD:PUBLISH", "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
                 "X-PUBLISHED-TTL:PT1H", f"X-WR-CALNAME:Hạn việc: {cast.ward}"):  # fmt: skip
        assert f"{line}\r\n" in text


def test_an_entry_keeps_its_fields_on_the_way_there_and_back() -> None:
    path = "/tasks/1/"
    entry = Entry("task-1-a", SOON, 3, now(), "Tên", ("Một", "Hai"), path, "Hạn", "CONFIRMED")
    written = Calendar.from_ical(calendar("Lịch", [entry], "https://x.example"))
    event: Any = written.walk("VEVENT")[0]
    assert event["uid"] == "task-1-a@x.example"
    assert str(event["description"]) == "Một\nHai\nMở: https://x.example/tasks/1/"
    assert event["categories"].cats == ["Hạn"]
    assert event["sequence"] == 3


def test_what_has_not_changed_is_not_sent_again(cast: Cast) -> None:
    task, token = a_task(cast), made(cast.ward_officer)
    first = read(token)
    again = read(token, **{"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    change(task, text="Khác")
    assert read(token, **{"if-none-match": first["ETag"]}).status_code == 200


def test_reading_costs_the_same_however_many_tasks(cast: Cast) -> None:
    token = made(cast.ward_officer)

    def asked(tasks: int) -> int:
        for n in range(tasks):
            a_task(cast, deadline=SOON + n * DAY if n % 2 else SOON - 20 * DAY)
            change(a_task(cast), state=State.CANCELLED)
        read(token)
        with CaptureQueriesContext(connection) as queries:
            read(token)
        return len(queries)

    assert asked(1) == asked(20) <= 12


# Who may read it


def test_a_reader_needs_no_session_and_gets_no_cookie(cast: Cast) -> None:
    answer = read(made(cast.ward_officer))
    assert answer.cookies == {}
    assert Feed.objects.get().last_read_at


def test_only_a_hash_of_the_secret_is_kept(cast: Cast) -> None:
    token = made(cast.ward_officer)
    assert len(token) >= 43
    row = Feed.objects.values().get()
    assert token not in map(str, row.values())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_rowchange WHERE changes::text LIKE %s",
                       [f"%{token}%"])  # fmt: skip
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("token", ["x", "a" * 43, "a" * 2000, "đ", "..", "%20"])
def test_what_is_no_secret_of_ours_is_not_there(cast: Cast, token: str) -> None:
    answer = read(token)
    assert answer.status_code == 404
    assert answer.content.decode() == "Không có lịch ở địa chỉ này."


def test_a_revoked_address_is_gone_like_one_that_never_was(cast: Cast) -> None:
    token = made(cast.ward_officer)
    with CaptureQueriesContext(connection) as unknown:
        nothing = read("x")
    service.revoke(Feed.objects.get(), act=act(cast.ward_officer, localdate() + DAY))
    with CaptureQueriesContext(connection) as revoked:
        gone = read(token)
    assert (
        (gone.status_code, gone.content)
        == (nothing.status_code, nothing.content)
        == (404, gone.content)
    )
    assert len(unknown) == len(revoked) == 1


def test_a_feed_ends_when_its_owner_is_switched_off(cast: Cast) -> None:
    token = made(cast.ward_officer)
    switch_account(cast.ward_officer, is_active=False, act=act(cast.administrator))
    assert read(token).status_code == 404


def test_a_units_feed_ends_when_its_owner_leaves_the_unit(cast: Cast) -> None:
    ward, other = a_task(cast), a_task(cast, cast.other_ward)
    of_unit, own = made(cast.ward_officer, cast.ward), made(cast.ward_officer)
    assert set(events(of_unit)) == {f"task-{ward.pk}"}
    place_account(
        cast.ward_officer, role=Role.OFFICER, unit=cast.other_ward, act=act(cast.administrator)
    )
    assert read(of_unit).status_code == 404
    # One's own goes along, with what is seen from there.
    assert events(own)[f"task-{other.pk}"]["status"] == "CONFIRMED"
    assert f"task-{ward.pk}" not in events(own)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.INSPECTOR])
def test_a_role_without_a_calendar_ends_the_feed(cast: Cast, role: Role) -> None:
    token = made(cast.leader)
    place_account(cast.leader, role=role, unit=None, act=act(cast.administrator))
    assert read(token).status_code == 404


# The page


def test_the_address_is_shown_once(cast: Cast) -> None:
    client = signed_in(cast.ward_officer)
    form = {"form_key": "6a0b3d0e-6c55-4b2f-9d0e-6a3c9a8d0001", "of": "unit"}
    shown = client.post("/calendar/", form).content.decode()
    token = shown.partition("/feeds/")[2].partition(".ics")[0]
    assert read(token).status_code == 200
    assert Feed.objects.get().unit == cast.ward
    again = client.post("/calendar/", form).content.decode()
    assert "/feeds/" not in again
    assert "không xem lại được" in again
    assert Feed.objects.count() == 1
    assert "/feeds/" not in client.get("/calendar/").content.decode()


def test_revoking_works_at_once_and_twice(cast: Cast) -> None:
    token, client = made(cast.ward_officer), signed_in(cast.ward_officer)
    feed = Feed.objects.get()
    for key in ("6a0b3d0e-6c55-4b2f-9d0e-6a3c9a8d0002", "6a0b3d0e-6c55-4b2f-9d0e-6a3c9a8d0003"):
        assert client.post(f"/calendar/{feed.pk}/revoke/", {"form_key": key}).status_code == 302
        assert read(token).status_code == 404
    told = list(cast.ward_officer.account_events.values_list("kind", flat=True))
    assert sorted(told) == ["feed-make", "feed-revoke"]


def test_who_may_make_one_of_which_unit(cast: Cast) -> None:
    ward = {"form_key": "6a0b3d0e-6c55-4b2f-9d0e-6a3c9a8d0004", "of": "unit", "unit": cast.ward.pk}
    signed_in(cast.outsider).post("/calendar/", ward)
    assert Feed.objects.get(owner=cast.outsider).unit == cast.other_ward
    signed_in(cast.office).post(
        "/calendar/", ward | {"form_key": "6a0b3d0e-6c55-4b2f-9d0e-6a3c9a8d0005"}
    )
    assert Feed.objects.get(owner=cast.office).unit == cast.ward
    nobodys = {"form_key": "6a0b3d0e-6c55-4b2f-9d0e-6a3c9a8d0006", "of": "unit"}
    assert signed_in(cast.leader).post("/calendar/", nobodys).status_code == 422
    assert signed_in(cast.office).post("/calendar/", nobodys).status_code == 422


def test_there_are_at_most_ten(cast: Cast) -> None:
    for _ in range(10):
        made(cast.ward_officer)
    form = {"form_key": "6a0b3d0e-6c55-4b2f-9d0e-6a3c9a8d0007", "of": "mine"}
    answer = signed_in(cast.ward_officer).post("/calendar/", form)
    assert answer.status_code == 409
    assert "Hủy địa chỉ không dùng nữa" in answer.content.decode()
