"""A report that ends tells maker and recipients in the transaction that ended it: each once."""

from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.utils.timezone import now

from hanoi_programmes.lib.dates import month_of, week_of
from hanoi_programmes.people.models import Holding, Tiding, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.reminders.models import Mail, Notice
from hanoi_programmes.reminders.services.tidings import take_tidings
from hanoi_programmes.reports import services
from hanoi_programmes.reports.kinds import Wish
from hanoi_programmes.reports.models import Report, ReportRecipient, ScheduledRun
from hanoi_programmes.reports.services import making, planning, telling
from hanoi_programmes.reports.states import Issuer, Kind, Profile, State
from tests import factories
from tests.conftest import HANOI, TODAY, Cast, signed_in
from tests.reports.scheduling import NEXT_MONDAY, OF_WARD, WEEKLY, head_post, run, set_up

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stored(media: Path) -> Path:
    """A folder of its own for files."""
    return media


def asked(by: User, *, ago: timedelta = timedelta(0)) -> Report:
    """A small report of a ward's own work, asked for a while ago."""
    wish = Wish(Kind.UNIT, month_of(TODAY), TODAY, Issuer.UNIT, subject=by.unit)
    return services.request(wish, by=by, at=now() - ago, on=TODAY, form_key=uuid4())


def tidings() -> list[tuple[User, str, bool]]:
    """Who is told what, and whether by mail."""
    rows = Tiding.objects.select_related("recipient").order_by("pk")
    return [(row.recipient, row.headline, row.by_mail) for row in rows]


def test_who_sat_waiting_hears_a_bell_and_who_had_to_wait_gets_a_mail_too(cast: Cast) -> None:
    quick, slow = asked(cast.ward_officer), asked(cast.ward_head, ago=timedelta(seconds=61))
    assert services.make(quick.pk, today=TODAY)
    assert services.make(slow.pk, today=TODAY)
    assert tidings() == [
        (cast.ward_officer, "Báo cáo đã lập xong", False),
        (cast.ward_head, "Báo cáo đã lập xong", True),
    ]
    assert take_tidings(on=TODAY, at=now()) == (2, 1)
    assert Mail.objects.get().recipient == cast.ward_head
    link = Notice.objects.get(recipient=cast.ward_officer).path
    assert link == f"/reports/code/{quick.code}/"
    assert signed_in(cast.ward_officer).get(link).status_code == 200
    assert signed_in(cast.outsider).get(link).status_code == 404


def test_a_regular_report_reaches_its_maker_and_the_holders_by_mail(cast: Cast) -> None:
    left = factories.make_user("left", Role.OFFICER, cast.ward)
    second = cast.ward.posts.create(title="Phó Chủ tịch")
    gone = Holding.objects.create(post=second, user=left, starts_on=TODAY - timedelta(days=90))
    unit = replace(OF_WARD, kind=Kind.UNIT, subject=cast.ward, posts=(head_post(cast.ward), second))
    set_up(cast.ward_officer, unit)
    (pk,) = run(NEXT_MONDAY).reports
    assert ReportRecipient.objects.filter(report=pk).count() == 2
    # One of them leaves the post while it is made: what came through it does not come any more.
    Holding.objects.filter(pk=gone.pk).update(ends_on=TODAY - timedelta(days=60))
    services.make(pk, today=NEXT_MONDAY)
    assert tidings() == [
        (cast.ward_officer, "Báo cáo định kỳ đã lập xong", True),
        (cast.ward_head, "Báo cáo định kỳ đã lập xong", True),
    ]
    address = f"/reports/code/{Report.objects.get(pk=pk).code}/"
    assert signed_in(cast.ward_head).get(address).status_code == 200
    assert signed_in(left).get(address).status_code == 404
    assert signed_in(left).get(f"/reports/{pk}/file/").status_code == 404
    with closing(signed_in(cast.ward_head).get(f"/reports/{pk}/file/")) as file:
        assert file.status_code == 200


def breaking(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> pytest.MonkeyPatch:
    """Joining the papers ends in an error."""

    def breaks(*_args: object, **_kwargs: object) -> None:
        raise error

    monkeypatch.setattr(making, "files_of", breaks)
    return monkeypatch


def test_a_failure_is_told_and_after_a_retry_so_is_the_end(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = asked(cast.ward_officer)
    for _ in range(2):
        with monkeypatch.context() as patch:
            breaking(patch, OSError("disk full"))
            with pytest.raises(OSError, match="disk full"):
                services.make(report.pk, today=TODAY)
        services.retry(report, by=cast.ward_officer)
    services.make(report.pk, today=TODAY)
    assert [headline for _who, headline, _mail in tidings()] == [
        "Không lập được báo cáo", "Không lập được báo cáo", "Báo cáo đã lập xong",
    ]  # fmt: skip


def test_killed_for_the_last_time_it_is_told_by_who_finds_it(cast: Cast) -> None:
    report = asked(cast.ward_officer)
    Report.objects.filter(pk=report.pk).update(
        state=State.RUNNING,
        attempts=making.ATTEMPTS,
        claim=uuid4(),
        lease_until=datetime(2026, 1, 1, tzinfo=HANOI),
    )
    assert services.make(report.pk, today=TODAY) is None
    assert services.make(report.pk, today=TODAY) is None
    assert [headline for _who, headline, _mail in tidings()] == ["Không lập được báo cáo"]


@pytest.mark.django_db(transaction=True)
def test_killed_while_it_tells_it_is_neither_done_nor_told_and_then_both(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = asked(cast.ward_officer)
    tell = telling.tell_ended

    def dies(pk: int) -> None:
        tell(pk)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(making, "tell_ended", dies)
        with pytest.raises(KeyboardInterrupt):
            services.make(report.pk, today=TODAY)
    report.refresh_from_db()
    assert report.state == State.RUNNING
    assert not Tiding.objects.exists()
    Report.objects.update(lease_until=datetime(2026, 1, 1, tzinfo=HANOI))
    services.make(report.pk, today=TODAY)
    assert Report.objects.get().state == State.DONE
    assert Tiding.objects.count() == 1


def test_cancelled_and_drawn_again_tell_nobody(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = asked(cast.ward_head)
    services.cancel(stopped, by=cast.ward_head)
    report = asked(cast.ward_officer)
    services.make(report.pk, today=TODAY)
    assert len(tidings()) == 1
    Report.objects.filter(pk=report.pk).update(file="", word="", excel="", archive="")
    report.refresh_from_db()
    services.draw_again(report)
    with monkeypatch.context() as patch:
        breaking(patch, OSError("disk full"))
        with pytest.raises(OSError, match="disk full"):
            services.make(report.pk, today=TODAY)
    services.retry(report, by=cast.ward_officer)
    assert services.make(report.pk, today=TODAY)
    assert len(tidings()) == 1


def test_a_report_that_was_being_made_already_is_shared_and_tells_the_new_readers(
    cast: Cast,
) -> None:
    """What a schedule wants is asked for by hand a moment before: one paper, both told."""
    wanted = replace(WEEKLY, issuer=Issuer.OFFICE, profile=Profile.PARTY)
    schedule = set_up(cast.office, wanted)
    week = week_of(schedule.next_start)
    wish = wanted.wish(week, week.end)
    by_hand = services.request(wish, by=cast.office, at=now(), on=NEXT_MONDAY, form_key=uuid4())
    run(NEXT_MONDAY)
    assert ScheduledRun.objects.get().report == by_hand
    assert Report.objects.count() == 1
    services.make(by_hand.pk, today=NEXT_MONDAY)
    assert tidings() == [(cast.office, "Báo cáo định kỳ đã lập xong", True)]


def test_one_that_ended_just_before_its_new_readers_were_written_down_tells_them_too(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker is done between the planner's finding the report and its locking it."""
    unit = replace(OF_WARD, kind=Kind.UNIT, subject=cast.ward, posts=(head_post(cast.ward),))
    schedule = set_up(cast.ward_officer, unit)
    week = week_of(schedule.next_start)
    by_hand = services.request(
        unit.wish(week, week.end), by=cast.ward_officer, at=now(), on=NEXT_MONDAY, form_key=uuid4()
    )

    def slow(*args: Any, **kwargs: Any) -> Report:
        found = services.request(*args, **kwargs)
        services.make(found.pk, today=NEXT_MONDAY)
        return found

    monkeypatch.setattr(planning, "request", slow)
    run(NEXT_MONDAY)
    assert ScheduledRun.objects.get().report == by_hand
    assert [(who, mail) for who, _words, mail in tidings()] == [
        (cast.ward_officer, False), (cast.ward_head, True),
    ]  # fmt: skip
