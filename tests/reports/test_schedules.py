"""Regular reports: one a period, on the first working day after it, for those who hold posts."""

from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import IntegrityError, connection, transaction

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import CalendarDay, Holding, PlaceEvent, Tiding, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.reports.models import Report, ReportRecipient, ReportSchedule, ScheduledRun
from hanoi_programmes.reports.services import planning
from hanoi_programmes.reports.services.planning import coming
from hanoi_programmes.reports.services.schedules import (
    change_schedule,
    create_schedule,
    end_schedule,
    pause_schedule,
    resume_schedule,
)
from hanoi_programmes.reports.states import Issuer, Kind, Profile, Rhythm
from tests import factories
from tests.conftest import Cast, act
from tests.reports.scheduling import (
    MONDAY,
    NEXT_MONDAY,
    OF_WARD,
    WEEKLY,
    head_post,
    run,
    set_up,
)

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


def holiday(on: date, *, is_working: bool = False) -> None:
    """A day that is not what its weekday says."""
    CalendarDay.objects.create(
        day=on, is_working=is_working, name="Ngày khác", confidence="confirmed"
    )


def test_a_week_is_told_on_the_monday_after_as_of_its_sunday(cast: Cast) -> None:
    schedule = set_up(cast.office)
    for day in range(7):
        assert run(MONDAY + day * DAY).reports == ()
    (pk,) = run(NEXT_MONDAY).reports
    report = Report.objects.get(pk=pk)
    assert (report.period_start, report.period_end) == (MONDAY, MONDAY + 6 * DAY)
    assert report.as_of == report.period_end
    assert (report.schedule, report.requested_by) == (schedule, cast.office)
    assert (report.kind, report.profile, report.issuer) == ("city", "party-05HD", "board")
    assert report.requested_on == NEXT_MONDAY


@pytest.mark.parametrize(
    ("rhythm", "day", "period"),
    [
        (Rhythm.MONTH, date(2026, 12, 1), (date(2026, 11, 1), date(2026, 11, 30))),
        # 1 January is a Friday and a holiday: the Monday after.
        (Rhythm.QUARTER, date(2027, 1, 4), (date(2026, 10, 1), date(2026, 12, 31))),
    ],
)
def test_months_and_quarters_too(
    cast: Cast, rhythm: Rhythm, day: date, period: tuple[date, date]
) -> None:
    holiday(date(2027, 1, 1))
    set_up(cast.office, replace(WEEKLY, rhythm=rhythm))
    before = [run(MONDAY + n * DAY).reports for n in range((day - MONDAY).days)]
    assert not any(before)
    (pk,) = run(day).reports
    report = Report.objects.get(pk=pk)
    assert (report.period_start, report.period_end) == period


def test_the_calendar_of_the_day_counts_not_that_of_the_setting_up(cast: Cast) -> None:
    schedule = set_up(cast.office)
    assert [one.day for one in coming(schedule)] == [NEXT_MONDAY + n * WEEK for n in range(3)]
    holiday(NEXT_MONDAY)
    assert coming(schedule)[0].day == NEXT_MONDAY + DAY
    assert run(NEXT_MONDAY).reports == ()
    assert len(run(NEXT_MONDAY + DAY).reports) == 1
    # A Sunday that is made up for is the first working day after its month.
    monthly = set_up(cast.office, replace(WEEKLY, rhythm=Rhythm.MONTH), on=date(2027, 1, 5))
    sunday = date(2027, 2, 1) - DAY
    assert sunday.weekday() == 6
    assert coming(monthly)[0].day == date(2027, 2, 1)


def test_a_missed_day_is_made_up_for_once(cast: Cast) -> None:
    set_up(cast.office)
    wednesday = NEXT_MONDAY + 2 * DAY
    assert len(run(wednesday).reports) == 1
    assert run(wednesday).reports == ()
    assert run(wednesday + DAY).reports == ()
    assert ScheduledRun.objects.count() == Report.objects.count() == 1


def test_after_a_long_silence_each_period_is_made_and_what_is_too_old_says_so(cast: Cast) -> None:
    set_up(cast.office)
    back = NEXT_MONDAY + 6 * WEEK
    made = run(back).reports
    runs = list(ScheduledRun.objects.order_by("period_start"))
    assert len(runs) == 7
    assert [bool(one.report_id) for one in runs] == [False, False] + [True] * 5
    assert all("30 ngày" in one.note for one in runs[:2])
    assert len(made) == 5
    assert run(back).reports == ()


def test_holders_of_the_day_get_it_and_a_vacant_post_is_said(cast: Cast) -> None:
    posts = (head_post(cast.ward), head_post(cast.other_ward))
    schedule = set_up(cast.ward_head, replace(OF_WARD, posts=posts[:1]))
    old = Holding.objects.get(post=posts[0])
    Holding.objects.filter(pk=old.pk).update(ends_on=NEXT_MONDAY - DAY)
    new = factories.make_user("successor", Role.HEAD, cast.ward)
    Holding.objects.create(post=posts[0], user=new, starts_on=NEXT_MONDAY)
    run(NEXT_MONDAY)
    assert [row.user for row in ReportRecipient.objects.all()] == [new]
    Holding.objects.filter(post=posts[0], user=new).update(ends_on=NEXT_MONDAY)
    run(NEXT_MONDAY + WEEK)
    latest = schedule.runs.first()
    assert latest is not None
    assert "chức danh đang khuyết" in latest.note
    assert latest.report is not None
    assert latest.report.recipients.count() == 0


def test_who_left_the_post_no_longer_sees_what_came_through_it(cast: Cast) -> None:
    post = head_post(cast.ward)
    schedule = set_up(cast.ward_officer, replace(OF_WARD, posts=(post,)))
    run(NEXT_MONDAY)
    holding = Holding.objects.get(post=post)
    assert Report.objects.visible_to(cast.ward_head).filter(schedule=schedule).count() == 1
    # By the wall clock, which asks when the page is opened.
    Holding.objects.filter(pk=holding.pk).update(ends_on=date(2026, 3, 31))
    assert Report.objects.visible_to(cast.ward_head).count() == 0
    assert Report.objects.visible_to(cast.ward_officer).count() == 1
    assert Report.objects.visible_to(cast.outsider).count() == 0


def test_of_two_posts_the_one_that_is_still_held_is_enough(cast: Cast) -> None:
    first = head_post(cast.ward)
    second = cast.ward.posts.create(title="Phó Chủ tịch")
    Holding.objects.create(post=second, user=cast.ward_head, starts_on=MONDAY)
    set_up(cast.ward_officer, replace(OF_WARD, posts=(first, second)))
    run(NEXT_MONDAY)
    Holding.objects.filter(post=first).update(ends_on=date(2026, 3, 31))
    Holding.objects.filter(post=second).update(starts_on=date(2026, 3, 31))
    assert Report.objects.visible_to(cast.ward_head).count() == 1


def test_a_post_whose_holder_may_not_read_it_cannot_be_chosen(cast: Cast) -> None:
    ward, department = head_post(cast.ward), head_post(cast.department)
    for posts in [(ward,), (department,)]:
        with pytest.raises(Denied, match="không được xem hết số liệu"):
            set_up(cast.office, replace(WEEKLY, posts=posts))
    factories.make_head("other_head", cast.other_ward)
    with pytest.raises(Denied, match="không được xem hết số liệu"):
        set_up(cast.ward_officer, replace(OF_WARD, posts=(head_post(cast.other_ward),)))
    assert not ReportSchedule.objects.exists()
    # The ward's own report is the ward's to read, whoever has it made.
    own = replace(WEEKLY, kind=Kind.UNIT, subject=cast.ward, posts=(ward,))
    assert set_up(cast.office, own).posts.get() == ward


def test_who_may_no_longer_read_it_on_the_day_gets_nothing(cast: Cast) -> None:
    post = head_post(cast.ward)
    schedule = set_up(cast.ward_officer, replace(OF_WARD, posts=(post,)))
    User.objects.filter(pk=cast.ward_head.pk).update(unit=cast.other_ward)
    run(NEXT_MONDAY)
    assert "không được xem hết" in schedule.runs.get().note
    assert not ReportRecipient.objects.exists()


@pytest.mark.parametrize("what", ["left", "moved", "lost"])
def test_without_its_maker_a_schedule_stops_and_the_office_hears_of_it_once(
    cast: Cast, what: str
) -> None:
    schedule = set_up(cast.ward_head, OF_WARD)
    changes: dict[str, dict[str, Any]] = {
        "left": {"is_active": False},
        "moved": {"unit": cast.other_ward},
        "lost": {"role": Role.ADMINISTRATOR},
    }
    User.objects.filter(pk=cast.ward_head.pk).update(**changes[what])
    assert run(NEXT_MONDAY).stopped == 1
    assert run(NEXT_MONDAY).stopped == 0
    schedule.refresh_from_db()
    assert not schedule.is_active
    assert "ward_head" in schedule.stopped
    told = Tiding.objects.get(recipient=cast.office)
    assert told.headline == "Lịch báo cáo đã tự dừng"
    assert told.by_mail
    assert schedule.stopped in told.text
    assert Tiding.objects.filter(recipient=cast.ward_head).exists() == (what != "left")
    assert PlaceEvent.objects.filter(kind="plan-schedule-stop").count() == 1
    assert not Report.objects.exists()
    with pytest.raises(Denied):
        resume_schedule(schedule, act=act(cast.office, form_key=uuid4()))


def test_a_period_that_cannot_be_told_says_why_and_the_next_one_is(cast: Cast) -> None:
    post = head_post(cast.ward)
    schedule = set_up(
        cast.office, replace(WEEKLY, kind=Kind.HEAD, subject=post, issuer=Issuer.OFFICE)
    )
    Holding.objects.filter(post=post).update(ends_on=MONDAY)
    assert run(NEXT_MONDAY).reports == ()
    assert "không có người giữ" in schedule.runs.get().note
    Holding.objects.filter(post=post).update(ends_on=None)
    assert len(run(NEXT_MONDAY + WEEK).reports) == 1


def test_nothing_is_made_while_it_rests_nor_afterwards_for_that_time(cast: Cast) -> None:
    schedule = set_up(cast.office)
    pause_schedule(schedule, act=act(cast.office, form_key=uuid4()))
    assert run(NEXT_MONDAY).reports == ()
    resume_schedule(schedule, act=act(cast.office, on=NEXT_MONDAY + DAY, form_key=uuid4()))
    assert run(NEXT_MONDAY + DAY).reports == ()
    assert len(run(NEXT_MONDAY + WEEK).reports) == 1
    end_schedule(schedule, act=act(cast.office, form_key=uuid4()))
    assert run(NEXT_MONDAY + 2 * WEEK).reports == ()
    schedule.refresh_from_db()
    with pytest.raises(Denied, match="đã kết thúc"):
        resume_schedule(schedule, act=act(cast.office, form_key=uuid4()))


def test_another_rhythm_begins_with_its_own_period(cast: Cast) -> None:
    schedule = set_up(cast.office, on=date(2026, 6, 1))
    assert len(run(date(2026, 6, 8)).reports) == 1
    schedule.refresh_from_db()
    changed = replace(WEEKLY, rhythm=Rhythm.MONTH)
    by = act(cast.office, on=date(2026, 6, 9), form_key=uuid4())
    change_schedule(schedule, changed, version=schedule.version, act=by)
    # The first week and the month begin on one day, and both are told.
    (pk,) = run(date(2026, 7, 1)).reports
    assert Report.objects.get(pk=pk).period_end == date(2026, 6, 30)
    assert schedule.runs.count() == 2


def test_each_act_is_one_event_and_a_form_sent_twice_acts_once(cast: Cast) -> None:
    by = act(cast.office, form_key=uuid4())
    first, again = create_schedule(WEEKLY, act=by), create_schedule(WEEKLY, act=by)
    assert first == again
    changed = act(cast.office, form_key=uuid4())
    unnamed = replace(WEEKLY, named=False)
    change_schedule(first, unnamed, version=1, act=changed)
    change_schedule(first, unnamed, version=1, act=changed)
    kinds = PlaceEvent.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["plan-schedule-create", "plan-schedule-change"]
    assert PlaceEvent.objects.latest("pk").changes == {"named": ["có", "không"]}
    with pytest.raises(Denied, match="người khác sửa"):
        change_schedule(first, WEEKLY, version=1, act=act(cast.office, form_key=uuid4()))


def test_whose_it_is_and_the_office_may_change_it(cast: Cast) -> None:
    schedule = set_up(cast.ward_officer, OF_WARD)
    for person in (cast.ward_head, cast.leader, cast.inspector, cast.outsider):
        with pytest.raises(Denied):
            pause_schedule(schedule, act=act(person, form_key=uuid4()))
    # The maker's rights count, not those of the office that changes it.
    with pytest.raises(Denied):
        change_schedule(
            schedule,
            replace(OF_WARD, issuer=Issuer.BOARD, profile=Profile.PARTY),
            version=schedule.version,
            act=act(cast.office, form_key=uuid4()),
        )
    pause_schedule(schedule, act=act(cast.office, form_key=uuid4()))


def test_the_database_itself_lets_no_period_be_run_twice(cast: Cast) -> None:
    schedule = set_up(cast.office)
    run(NEXT_MONDAY)
    made = schedule.runs.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ScheduledRun.objects.create(
            schedule=schedule,
            period_start=made.period_start,
            period_end=made.period_end,
            at=made.at,
        )


@pytest.mark.django_db(transaction=True)
def test_two_planners_at_once_make_one_of_each(cast: Cast) -> None:
    for _ in range(3):
        set_up(cast.office, replace(WEEKLY, rhythm=Rhythm.WEEK))
    set_up(cast.ward_officer, replace(OF_WARD, posts=(head_post(cast.ward),)))
    barrier, failed = Barrier(4), []

    def plan() -> None:
        try:
            barrier.wait()
            if run(NEXT_MONDAY).broken:
                failed.append("broken")
        finally:
            connection.close()

    threads = [Thread(target=plan) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert ScheduledRun.objects.count() == 4
    # Three that want the same paper share it while it waits.
    assert Report.objects.count() == 2
    assert ReportRecipient.objects.filter(user=cast.ward_head).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("where", ["_send", "_ask"])
def test_killed_between_leaves_nothing_half_and_the_next_hour_makes_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """The transaction is cut where a kill would cut it: all of a period or nothing is there."""
    schedule = set_up(cast.ward_officer, replace(OF_WARD, posts=(head_post(cast.ward),)))
    whole = getattr(planning, where)

    def dies(*args: object, **kwargs: object) -> object:
        whole(*args, **kwargs)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(planning, where, dies)
        with pytest.raises(KeyboardInterrupt):
            run(NEXT_MONDAY)
    assert not Report.objects.exists()
    assert not ScheduledRun.objects.exists()
    schedule.refresh_from_db()
    assert schedule.next_start == MONDAY
    assert len(run(NEXT_MONDAY).reports) == 1
    assert ReportRecipient.objects.get().user == cast.ward_head


@pytest.mark.django_db(transaction=True)
def test_one_that_breaks_keeps_nobody_else_waiting(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(cast.office)
    set_up(cast.ward_officer, OF_WARD)
    ask = planning._ask

    def breaks(schedule: ReportSchedule, *args: object) -> object:
        if schedule.made_by_id == cast.office.pk:
            raise RuntimeError
        return ask(schedule, *args)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(planning, "_ask", breaks)
        ran = run(NEXT_MONDAY)
    assert (len(ran.reports), ran.broken) == (1, 1)
    assert len(run(NEXT_MONDAY).reports) == 1


def test_a_job_whose_time_is_up_stops_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(cast.office)

    def too_long(*_args: object) -> object:
        raise SoftTimeLimitExceeded

    with monkeypatch.context() as patch:
        patch.setattr(planning, "_ask", too_long)
        with pytest.raises(SoftTimeLimitExceeded):
            run(NEXT_MONDAY)
    assert len(run(NEXT_MONDAY).reports) == 1
