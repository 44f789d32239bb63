"""Asking for a report: what is wished, by whom; equal wishes share one result."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from hanoi_programmes.lib.verdict import ALLOWED, Denied, Verdict, require
from hanoi_programmes.people.models import Post, User
from hanoi_programmes.people.roles import SEE_ALL
from hanoi_programmes.reports import rules
from hanoi_programmes.reports.kinds import KINDS, Wish, holder
from hanoi_programmes.reports.models import Report, ReportRecipient, ReportSchedule
from hanoi_programmes.reports.models.about import FIELDS, field_of
from hanoi_programmes.reports.states import UNFINISHED, Issuer, Kind, Profile, State

_ENDED = (State.FAILED, State.CANCELLED)
FORM_USED = "Biểu mẫu này đã được dùng. Tải lại trang rồi chọn lại."


@dataclass(frozen=True, slots=True)
class Sent:
    """One sending of a form: who, when, on which day of the calendar, and the form's own key."""

    by: User
    at: datetime
    on: date
    form_key: UUID


def request(
    wish: Wish,
    *,
    by: User,
    at: datetime,
    on: date,
    form_key: UUID,
    schedule: ReportSchedule | None = None,
) -> Report:
    """Write the request down. The same form, or the same wish while one waits, is one report.

    Raises `Denied` for what the asker may not see or issue, and for days that cannot be.
    """
    check(wish, by=by, on=on)
    asked = _columns(wish, by)
    rest = {"schedule": schedule} if schedule else {}
    return _written(asked, Sent(by, at, on, form_key), **rest)


def _written(asked: dict[str, Any], sent: Sent, **rest: object) -> Report:
    if Report.objects.filter(form_key=sent.form_key).exists():
        return _twin(asked, sent)
    if (twin := _shared(asked, sent.by)) is not None:
        return twin
    try:
        with transaction.atomic():
            return Report.objects.create(
                **asked,
                **rest,
                unit=sent.by.unit,
                requested_by=sent.by,
                requested_at=sent.at,
                requested_on=sent.on,
                form_key=sent.form_key,
            )
    except IntegrityError:
        return _twin(asked, sent)


def _shared(asked: dict[str, Any], by: User) -> Report | None:
    """An equal one that is being made already, by the asker or, for who sees all, by another who
    does: their figures are the same, so both get it."""
    same = Q(requested_by=by)
    if by.sees_all:
        same |= Q(requested_by__role__in=SEE_ALL)
    found = Report.objects.unfinished().filter(same, **asked).order_by("pk").first()
    if found is not None and found.requested_by_id != by.pk:
        ReportRecipient.objects.get_or_create(report=found, user=by, post=None)
    return found


def _twin(asked: dict[str, Any], sent: Sent) -> Report:
    same = Q(form_key=sent.form_key) | Q(**asked, state__in=UNFINISHED)
    return asked_before(same, by=sent.by)


def asked_before(same: Q, *, by: User) -> Report:
    """The one that this person asked for already; raises `Denied` when the form was another's."""
    twin = Report.objects.filter(same, requested_by=by).first()
    if twin is None:
        raise Denied(FORM_USED)
    return twin


def check(wish: Wish, *, by: User, on: date) -> None:
    """Raise `Denied` for what the asker may not see or issue, and for days that cannot be."""
    require(rules.may_make(by))
    require(_is_about_the_right_thing(wish))
    require(rules.may_report_on(by, wish.subject))
    if wish.issuer not in rules.issuers_for(by):
        raise Denied("Không lập được báo cáo dưới tên cơ quan này. Chọn cơ quan ban hành khác.")
    if wish.profile and wish.profile not in rules.profiles_for(wish.issuer, by.unit):
        raise Denied("Cơ quan ban hành này không dùng thể thức đã chọn. Chọn thể thức khác.")
    if wish.period.end < wish.period.start:
        raise Denied("Ngày kết thúc trước ngày bắt đầu. Chọn lại hai ngày.")
    if wish.period.start > on:
        raise Denied("Kỳ này chưa bắt đầu nên chưa có số liệu. Chọn kỳ đã đến.")
    if not wish.period.start <= wish.as_of <= min(wish.period.end, on):
        raise Denied("Ngày chốt số liệu phải nằm trong kỳ và không sau hôm nay.")
    if isinstance(wish.subject, Post) and holder(wish.subject, wish.as_of) is None:
        raise Denied("Chức vụ này không có người giữ vào ngày chốt số liệu. Chọn ngày khác.")


def _is_about_the_right_thing(wish: Wish) -> Verdict:
    """The kind says what must or may be chosen."""
    spec = KINDS[wish.kind]
    if wish.kind == Kind.LETTER:
        return Verdict("Công văn đôn đốc lập tại trang riêng.")
    if wish.subject is None:
        return Verdict("Chọn đối tượng của báo cáo.") if spec.must else ALLOWED
    if field_of(wish.subject) not in spec.about:
        return Verdict("Loại báo cáo này không lập cho đối tượng đã chọn. Chọn lại.")
    return ALLOWED


def _columns(wish: Wish, by: User) -> dict[str, Any]:
    """The wish as the columns of a report, also those that are empty."""
    chosen = field_of(wish.subject) if wish.subject else ""
    subject = {name: wish.subject if name == chosen else None for name in FIELDS}
    return {
        "kind": wish.kind,
        **subject,
        "rhythm": wish.rhythm,
        "period_start": wish.period.start,
        "period_end": wish.period.end,
        "as_of": wish.as_of,
        "issuer": wish.issuer,
        "profile": wish.profile or rules.profile_for(wish.issuer, by.unit),
        "named": wish.named,
        "source": None,
    }


def request_version(
    report: Report, *, named: bool, profile: Profile | None = None, sent: Sent
) -> Report:
    """Another version of the same figures: with or without names, or in another layout.

    One that exists already is that one. Raises `Denied` while the figures are not frozen.
    """
    if report.state != State.DONE or report.kind == Kind.LETTER:
        raise Denied("Chỉ lập được bản khác từ báo cáo đã xong.")
    if profile and profile not in rules.profiles_for(Issuer(report.issuer), report.unit):
        raise Denied("Cơ quan ban hành này không dùng thể thức đã chọn. Chọn thể thức khác.")
    first = report.source or report
    wanted = {"named": named, "profile": profile or report.profile}
    known: Report
    for known in (first, *first.versions.exclude(state__in=_ENDED).order_by("-pk")):
        if all(getattr(known, name) == value for name, value in wanted.items()):
            return known
    copied = ("kind", *FIELDS, "rhythm", "period_start", "period_end", "as_of", "issuer")
    asked = {name: getattr(report, name) for name in copied} | wanted | {"source": first}
    return _written(asked, sent)
