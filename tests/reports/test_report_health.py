"""The health page of reports: what waits, failed and lies on the disk; titles for the office."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.timezone import localdate, now

from hanoi_programmes.reports.models import RenderedSection, Report, ReportSection
from hanoi_programmes.reports.services.health import health
from hanoi_programmes.reports.states import State
from tests.conftest import Cast, signed_in
from tests.frozen import make_report
from tests.reports.scheduling import NEXT_MONDAY, run, set_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
WHY = "Không ghi được tệp: máy chủ hết chỗ hoặc thiếu quyền ghi."


def fail(report: Report, at: datetime) -> Report:
    """A report that ended badly."""
    Report.objects.filter(pk=report.pk).update(state=State.FAILED, error=WHY, finished_at=at)
    return report


def section(report: Report, place: int, **changes: object) -> None:
    """One part of a report that is being made."""
    found = {"key": f"unit-{place}", "digest": f"{place:064x}"} | changes
    ReportSection.objects.create(report=report, position=place, **found)


def test_it_counts_what_waits_what_is_drawn_and_what_lies_there(cast: Cast) -> None:
    at = now()
    make_report(cast.ward_officer, key=1)
    running = make_report(cast.ward_officer, key=2)
    Report.objects.filter(pk=running.pk).update(
        state=State.RUNNING, claim=uuid4(), lease_until=at - timedelta(minutes=1)
    )
    make_report(cast.ward_officer, key=3, state="done")
    section(running, 0, state="done", pages=2)
    section(running, 1, claim=uuid4(), lease_until=at + timedelta(minutes=1))
    section(running, 2)
    RenderedSection.objects.create(
        digest="a" * 64, file="reports/parts/a.pdf", pages=1, size=2048, made_at=at, used_at=at
    )
    found = health()
    assert (found.queue.waiting, found.queue.running, found.queue.left) == (1, 1, 1)
    assert found.queue.parts_done == 1
    assert (found.queue.parts_in_work, found.queue.parts_waiting) == (1, 1)
    assert (found.store.parts, found.store.parts_size, found.store.reports) == (1, 2048, 1)
    assert found.queue.oldest == Report.objects.order_by("requested_at")[0].requested_at


def test_titles_and_buttons_are_for_the_office_and_reasons_for_both(cast: Cast) -> None:
    failed = fail(make_report(cast.ward_officer, key=1), now())
    set_up(cast.office)
    run(NEXT_MONDAY)
    office, keeper = (
        signed_in(user).get(reverse("reports:health")).content.decode()
        for user in (cast.office, cast.administrator)
    )
    retry = reverse("reports:retry", args=[failed.pk])
    for page in (office, keeper):
        assert WHY in page
        assert failed.code in page
        assert "tuần 47, 16/11 đến 22/11/2026" in page
        assert "180 ngày" in page
    assert retry in office
    assert failed.subject in office
    assert retry not in keeper
    assert failed.subject not in keeper
    assert "/reports/schedules/" not in keeper


def test_the_offices_button_puts_it_back_into_the_queue(cast: Cast) -> None:
    failed = fail(make_report(cast.ward_officer, key=1), now())
    answer = signed_in(cast.office).post(reverse("reports:retry", args=[failed.pk]))
    assert answer.status_code == 303
    failed.refresh_from_db()
    assert failed.state == State.WAITING
    assert health().failures == 0
    assert failed.requested_on == localdate()
