"""Regular reports by hand: set up, changed, at rest, ended; each is one transaction, one event."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from hanoi_programmes.lib.dates import SPANS, Period
from hanoi_programmes.lib.text import cut, one_line
from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.models import Holding, Post, User
from hanoi_programmes.people.services.history import (
    WORK,
    Act,
    Told,
    place_was_changed,
    record_place,
)
from hanoi_programmes.reports import rules
from hanoi_programmes.reports.kinds import Wish
from hanoi_programmes.reports.models import ReportSchedule, Subject
from hanoi_programmes.reports.models.about import FIELDS, field_of
from hanoi_programmes.reports.services.asking import FORM_USED, check
from hanoi_programmes.reports.states import REGULAR, Issuer, Kind, Profile, Rhythm


@dataclass(frozen=True, slots=True)
class Standing:
    """What a schedule asks for; `subject` None is all of it."""

    kind: Kind
    rhythm: Rhythm
    issuer: Issuer
    profile: Profile
    named: bool = True
    subject: Subject | None = None
    posts: tuple[Post, ...] = ()

    def wish(self, period: Period, as_of: date) -> Wish:
        """The report of one period."""
        return Wish(
            kind=self.kind,
            period=period,
            as_of=as_of,
            issuer=self.issuer,
            rhythm=self.rhythm,
            subject=self.subject,
            profile=self.profile,
            named=self.named,
        )


@transaction.atomic
def create_schedule(wanted: Standing, *, act: Act) -> ReportSchedule:
    """Set it up; the first period told of is the one that runs. The same form sets up once.

    Raises `Denied` for what its maker may not report on, and for posts that may not read it.
    """
    if act.by is None or act.form_key is None:
        raise Denied("Lịch báo cáo phải do một người lập.")
    by = _locked_maker(act.by)
    if place_was_changed(act):
        return _made_by_form(by, act.form_key)
    _require_right(wanted, by, act.on)
    schedule = ReportSchedule.objects.create(
        **_columns(wanted),
        unit=by.unit,
        made_by=by,
        made_at=act.at,
        form_key=act.form_key,
        next_start=SPANS[wanted.rhythm](act.on).start,
    )
    schedule.posts.set(wanted.posts)
    record(act, schedule, "create", f"Lập lịch báo cáo: {schedule}", _changed({}, schedule))
    return schedule


@transaction.atomic
def change_schedule(
    schedule: ReportSchedule, wanted: Standing, *, version: int, act: Act
) -> ReportSchedule:
    """Ask for something else from the period that runs on; the maker's rights count, whoever
    changes it. Raises `Denied` when somebody has changed it since the form was opened."""
    found = _locked(schedule)
    if place_was_changed(act):
        return found
    _require_may_change(found, act)
    if found.version != version:
        raise Denied("Lịch vừa được người khác sửa. Tải lại trang, xem rồi sửa lại.")
    _require_right(wanted, found.made_by, act.on)
    before = _said(found)
    if found.rhythm != wanted.rhythm:
        found.next_start = SPANS[wanted.rhythm](act.on).start
    for name, value in _columns(wanted).items():
        setattr(found, name, value)
    found.version += 1
    found.save()
    found.posts.set(wanted.posts)
    record(act, found, "change", f"Sửa lịch báo cáo: {found}", _changed(before, found))
    return found


@transaction.atomic
def pause_schedule(schedule: ReportSchedule, *, act: Act) -> None:
    """Let it rest: nothing is made until somebody lets it run again."""
    found = _locked(schedule)
    if place_was_changed(act):
        return
    _require_may_change(found, act)
    if not found.is_active:
        raise Denied("Lịch này đang tạm dừng. Tải lại trang để xem.")
    rest(found)
    record(act, found, "pause", f"Tạm dừng lịch báo cáo: {found}")


@transaction.atomic
def resume_schedule(schedule: ReportSchedule, *, act: Act) -> None:
    """Let it run again from the period that runs; what ended while it rested is not made."""
    found = _locked(schedule)
    if place_was_changed(act):
        return
    _require_may_change(found, act)
    if found.is_active:
        raise Denied("Lịch này đang chạy. Tải lại trang để xem.")
    require(rules.may_go_on(found))
    found.next_start = max(found.next_start, SPANS[found.rhythm](act.on).start)
    found.is_active, found.stopped = True, ""
    found.version += 1
    found.save(update_fields=["next_start", "is_active", "stopped", "version"])
    record(act, found, "resume", f"Chạy lại lịch báo cáo: {found}")


@transaction.atomic
def end_schedule(schedule: ReportSchedule, *, act: Act) -> None:
    """It makes nothing more; what it made stays."""
    found = _locked(schedule)
    if place_was_changed(act):
        return
    _require_may_change(found, act)
    found.ended_at = act.at
    rest(found)
    record(act, found, "end", f"Kết thúc lịch báo cáo: {found}")


def _locked_maker(by: User) -> User:
    """Two clicks at once wait for each other here."""
    people = User.objects.select_for_update(of=("self",), no_key=True).select_related("unit__axis")
    return people.get(pk=by.pk)


def _made_by_form(by: User, form_key: UUID) -> ReportSchedule:
    made = ReportSchedule.objects.filter(form_key=form_key, made_by=by).first()
    if made is None:
        raise Denied(FORM_USED)
    return made


SHOWN = ("made_by__unit__axis", "unit", *ReportSchedule.JOINS)


def _locked(schedule: ReportSchedule) -> ReportSchedule:
    rows = ReportSchedule.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related(*SHOWN).get(pk=schedule.pk)


def _require_may_change(schedule: ReportSchedule, act: Act) -> None:
    if act.by is not None:
        require(rules.may_change_schedule(act.by, schedule))


def _require_right(wanted: Standing, maker: User, on: date) -> None:
    """What could be asked for today by hand, regularly, by who may read it."""
    if wanted.rhythm not in REGULAR:
        raise Denied("Lịch lập theo tuần, tháng hoặc quý. Kỳ khác thì lập ở trang Báo cáo.")
    period = SPANS[wanted.rhythm](on)
    check(wanted.wish(period, on), by=maker, on=on)
    held = holders([post.pk for post in wanted.posts], on)
    for post in wanted.posts:
        require(rules.may_receive(post, held.get(post.pk), maker=maker, subject=wanted.subject))


def rest(schedule: ReportSchedule) -> None:
    """Nothing is made until somebody lets it run again."""
    schedule.is_active = False
    schedule.version += 1
    schedule.save(update_fields=["is_active", "ended_at", "stopped", "version"])


def _columns(wanted: Standing) -> dict[str, Any]:
    chosen = field_of(wanted.subject) if wanted.subject else ""
    return {
        "kind": wanted.kind,
        **{name: wanted.subject if name == chosen else None for name in FIELDS},
        "rhythm": wanted.rhythm,
        "profile": wanted.profile,
        "issuer": wanted.issuer,
        "named": wanted.named,
    }


def _said(schedule: ReportSchedule) -> dict[str, str]:
    """Each choice as the history says it."""
    posts = schedule.posts.select_related("unit").order_by("pk")
    return {
        "kind": str(schedule),
        "profile": schedule.get_profile_display(),
        "issuer": schedule.get_issuer_display(),
        "named": "có" if schedule.named else "không",
        "posts": "; ".join(f"{post} ({post.unit.short_name})" for post in posts),
    }


def _changed(before: dict[str, str], schedule: ReportSchedule) -> dict[str, list[Any]]:
    after = _said(schedule)
    return {
        name: [before.get(name, ""), said]
        for name, said in after.items()
        if before.get(name, "") != said
    }


def record(
    act: Act,
    schedule: ReportSchedule,
    kind: str,
    words: str,
    changes: dict[str, list[Any]] | None = None,
) -> None:
    """The one event: of the unit's work, so only who sees that work reads it."""
    told = Told(f"{WORK}schedule-{kind}", cut(one_line(words), 299), "", changes or {})
    record_place(act, told, unit=schedule.unit)


def holders(posts: list[int], on: date) -> dict[int, User]:
    """Who holds each of the posts on the day; a vacant one is not there."""
    held = Holding.objects.held(on).filter(post__in=posts).select_related("user__unit")
    return {holding.post_id: holding.user for holding in held}
