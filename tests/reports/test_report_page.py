"""A report's page: figures then and now, what moved since, its files and versions; every kind."""

import hashlib
from collections import Counter
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils.timezone import localdate, now
from pytest_django import DjangoAssertNumQueries

from hanoi_programmes.lib.dates import month_of
from hanoi_programmes.people.models import Area, Post, User
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.timeliness import Group
from hanoi_programmes.reports.kinds import KINDS
from hanoi_programmes.reports.models import Report, ReportRecipient
from hanoi_programmes.reports.shapes import freeze
from hanoi_programmes.reports.states import Kind
from tests import factories, uploads
from tests.conftest import Cast, signed_in
from tests.reports.conftest import City, MakeCity

DAY = timedelta(days=1)
PAST = timedelta(days=30)


@pytest.fixture(autouse=True)
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Which reports a worker was woken for."""
    bell: list[int] = []
    monkeypatch.setattr("hanoi_programmes.reports.jobs.ring", bell.append)
    return bell


def done(by: User, on: date, kind: Kind = Kind.CITY, **about: object) -> Report:
    """A finished report of the month of the day, with its figures of then and a PDF."""
    month = month_of(on)
    report = Report(
        kind=kind,
        profile="party-05HD",
        issuer="office",
        unit=by.unit,
        rhythm="month",
        period_start=month.start,
        period_end=month.end,
        as_of=on,
        requested_by=by,
        requested_at=now(),
        requested_on=on,
        finished_at=now(),
        form_key=uuid4(),
        state="done",
        sha256="a" * 64,
        size=len(uploads.PDF),
        pages=1,
        **about,
    )
    report.snapshot = freeze(KINDS[kind].figures(report, localdate()))
    report.file.save("reports/00/1.pdf", ContentFile(uploads.PDF), save=False)
    report.save()
    return report


def page_of(report: Report) -> str:
    """Its address."""
    return reverse("reports:by-code", args=[report.code])


def groups(city: City, user: User, on: date) -> dict[int, Group]:
    """The group of each counted task on the day, told without SQL."""
    found = {row.task.pk: row.group(on) for row in city.counted(user, on)}
    return {pk: group for pk, group in found.items() if group}


def test_each_figure_stands_beside_todays_and_what_moved_is_listed(
    make_city: MakeCity, media: Path
) -> None:
    today = localdate()
    city = make_city(7, today)
    office = city.cast.office
    report = done(office, today - PAST)
    found = signed_in(office).get(page_of(report)).context
    then, after = groups(city, office, today - PAST), groups(city, office, today)
    lines = {line.label: (line.then, line.now) for line in found["since"].lines}
    before, counts = Counter(then.values()), Counter(after.values())
    assert lines["Tổng nhiệm vụ"] == (len(then), len(after))
    for group in Group:
        assert lines[group.label] == (before[group], counts[group])
    moved = {
        pk: (then.get(pk), after.get(pk)) for pk in {*then, *after} if then.get(pk) != after.get(pk)
    }
    assert len(moved) > 5
    told = {move.pk: (move.then or None, move.now or None) for move in found["since"].moves}
    assert told == moved
    assert found["since"].moves[0].now == Group.OVERDUE


def test_each_number_opens_its_rows(make_city: MakeCity, media: Path) -> None:
    city = make_city(11, localdate())
    client = signed_in(city.cast.office)
    found = client.get(page_of(done(city.cast.office, localdate() - PAST))).context["since"]
    for line in found.lines:
        for number, query in ((line.then, line.then_query), (line.now, line.now_query)):
            rows = client.get(f"{reverse('programmes:task-list')}?{query}").context["page"]
            assert rows.paginator.count == number, (line.label, query)


def test_places_that_changed_are_told_apart_from_those_that_did_not(
    make_city: MakeCity, media: Path
) -> None:
    today = localdate()
    city = make_city(7, today)
    report = done(city.cast.office, today - PAST, Kind.TABLES)
    since = signed_in(city.cast.office).get(page_of(report)).context["since"]
    assert {place.key for place in since.places} == {"UBND-SYT", "UBND", "00001-UBND"}
    health = next(place for place in since.places if place.key == "UBND-SYT")
    assert health in since.placed
    rows = [row for row in city.counted(city.cast.office, today) if row.group(today)]
    led = [row for row in rows if row.task.lead_unit == city.cast.department]
    assert health.now.total == len(led)


KINDS_ASKED = [kind for kind in Kind if kind != Kind.LETTER]


@pytest.mark.parametrize("kind", KINDS_ASKED)
def test_every_kind_shows_what_has_changed_since(
    cast: Cast, media: Path, kind: Kind, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    today = localdate()
    task = factories.make_task(
        cast.programme, cast.ward, issued_on=today - PAST, deadline=today - 2 * DAY
    )
    began = {"state": "in_progress", "deadline": task.deadline, "completed_on": None}
    factories.make_history(task, (today - PAST, began))
    subjects: dict[Kind, dict[str, object]] = {
        Kind.RESOLUTION: {"resolution": cast.programme.resolution},
        Kind.PROGRAMME: {"programme": cast.programme},
        Kind.AXIS: {"axis": cast.ward.axis},
        Kind.UNIT: {"about_unit": cast.ward},
        Kind.AREA: {"area": Area.objects.get(code="00001")},
        Kind.HEAD: {"post": Post.objects.get(unit=cast.ward)},
    }
    report = done(cast.office, today - 5 * DAY, kind, **subjects.get(kind, {}))
    with django_assert_max_num_queries(40):
        answer = signed_in(cast.office).get(page_of(report))
    since = answer.context["since"]
    assert [(move.pk, move.now) for move in since.moves] == [(task.pk, "overdue")]
    assert task.text in unescape(answer.content.decode())
    assert report.subject in unescape(answer.content.decode())


def test_moved_tasks_come_in_pages(make_city: MakeCity, media: Path) -> None:
    city = make_city(7, localdate())
    report = done(city.cast.office, localdate() - timedelta(days=200))
    client = signed_in(city.cast.office)
    first = client.get(page_of(report)).context
    number = first["moved"].paginator.count
    assert number > 25
    second = client.get(page_of(report), {"page": 2}).context
    listed = [task.pk for task, _move in (*first["moved_rows"], *second["moved_rows"])]
    assert len(listed) == len(set(listed)) == min(number, 50)


def test_whoever_is_sent_a_report_reads_it_but_counts_nothing_of_others(
    cast: Cast, media: Path
) -> None:
    factories.make_task(cast.programme, cast.department)
    report = done(cast.office, localdate())
    ReportRecipient.objects.create(report=report, user=cast.officer)
    answer = signed_in(cast.officer).get(page_of(report))
    assert answer.context["since"] is None
    assert "chỉ hiện cho người lập" in unescape(answer.content.decode())
    assert signed_in(cast.outsider).get(page_of(report)).status_code == 404


def test_files_stand_with_their_sums(cast: Cast, media: Path) -> None:
    report = done(cast.office, localdate())
    report.excel.save("reports/00/1.xlsx", ContentFile(b"sheet"))
    page = unescape(signed_in(cast.leader).get(page_of(report)).content.decode())
    assert report.sha256 in page
    assert hashlib.sha256(b"sheet").hexdigest() in page
    files = signed_in(cast.leader).get(page_of(report)).context["files"]
    assert [(file.label, file.size) for file in files] == [("PDF", report.size), ("Excel", 5)]


def test_another_version_shares_the_figures(cast: Cast, media: Path, rung: list[int]) -> None:
    report = done(cast.office, localdate())
    client = signed_in(cast.office)
    first = client.get(page_of(report))
    assert first.context["form"].initial["named"] == "no"
    form = {"named": "no", "profile": "party-05HD", "form_key": str(uuid4())}
    answer = client.post(reverse("reports:version", args=[report.pk]), form)
    made = Report.objects.exclude(pk=report.pk).get()
    assert (made.source, made.named) == (report, False)
    assert answer.status_code == 303
    assert answer["Location"] == page_of(made)
    # Asked for again, it is the same one; both pages name each other.
    form["form_key"] = str(uuid4())
    client.post(reverse("reports:version", args=[report.pk]), form)
    assert Report.objects.count() == 2
    assert made.code in client.get(page_of(report)).content.decode()
    assert report.code in client.get(page_of(made)).content.decode()


def test_cleared_files_are_made_again_on_request(cast: Cast, media: Path, rung: list[int]) -> None:
    report = done(cast.office, localdate())
    Report.objects.update(file="")
    client = signed_in(cast.leader)
    page = unescape(client.get(page_of(report)).content.decode())
    assert "Lập lại tệp từ số liệu đã chốt" in page
    refused = client.get(reverse("reports:download", args=[report.pk]))
    assert refused.status_code == 403
    assert "Tệp đã được dọn theo thời hạn lưu" in unescape(refused.content.decode())
    assert client.post(reverse("reports:redraw", args=[report.pk])).status_code == 303
    report.refresh_from_db()
    assert (report.state, report.snapshot is None) == ("waiting", False)


def test_the_page_of_an_unfinished_report_shows_its_state_and_asks_again(
    cast: Cast, media: Path
) -> None:
    report = done(cast.office, localdate())
    Report.objects.update(state="waiting", file="", finished_at=None)
    page = unescape(signed_in(cast.office).get(page_of(report)).content.decode())
    assert "Đang chờ" in page
    assert f'hx-get="{reverse("reports:row", args=[report.pk])}"' in page


def test_a_task_that_was_dropped_or_given_since_says_so(cast: Cast, media: Path) -> None:
    today = localdate()
    gone = factories.make_task(cast.programme, cast.department, issued_on=today - PAST)
    running = {"state": "in_progress", "deadline": gone.deadline, "completed_on": None}
    stopped = {"state": "cancelled", "deadline": gone.deadline, "completed_on": None}
    factories.make_history(gone, (today - PAST, running), (today - DAY, stopped))
    Task.objects.filter(pk=gone.pk).update(state="cancelled")
    new = factories.make_task(cast.programme, cast.department, issued_on=today)
    factories.make_history(new, (today, running))
    report = done(cast.office, today - 5 * DAY)
    page = unescape(signed_in(cast.office).get(page_of(report)).content.decode())
    assert "đã dừng, hủy hoặc chuyển đi" in page
    assert "chưa giao, hoặc ngoài phạm vi" in page
