"""Illustrative reports of several kinds, with words of the office: asked for, and then made by the
worker as any other."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction

from hanoi_programmes.lib.dates import SPANS, previous
from hanoi_programmes.people.models import Area, Unit, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.reports.kinds import Wish
from hanoi_programmes.reports.models import Report, ReportText, Subject
from hanoi_programmes.reports.services.asking import request
from hanoi_programmes.reports.states import Issuer, Kind, Rhythm, TextPart

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
_WARD = "00199"
_TEXTS = {
    TextPart.STRENGTHS: "(minh họa) Các đơn vị đã bám sát chương trình hành động, cập nhật tiến độ "
    "đều hơn kỳ trước; việc trả lời vướng mắc giữa các cấp nhanh hơn.",
    TextPart.AHEAD: "(minh họa) Tập trung xử lý dứt điểm các nhiệm vụ quá hạn trên 30 ngày.\n"
    "(minh họa) Rà soát các nhiệm vụ đến hạn trong quý tới, phân công rõ người chịu trách nhiệm.",
}


@dataclass(frozen=True, slots=True)
class _Story:
    """A report of the running period, or of the one `ended` before it."""

    kind: Kind
    rhythm: Rhythm
    ended: bool = False
    by_ward: bool = False
    named: bool = True

    @property
    def key(self) -> UUID:
        """The same each time it is loaded."""
        return uuid5(NAMESPACE_URL, f"illustrative-report:{self.kind}:{self.rhythm}:{self.named}")


_STORIES = (
    _Story(Kind.CITY, Rhythm.QUARTER),
    _Story(Kind.CITY, Rhythm.NINE, ended=True),
    _Story(Kind.EXCEPTIONS, Rhythm.WEEK),
    _Story(Kind.URGING, Rhythm.WEEK, named=False),
    _Story(Kind.TABLES, Rhythm.MONTH, ended=True),
    _Story(Kind.AREA, Rhythm.MONTH),
    _Story(Kind.UNIT, Rhythm.QUARTER, by_ward=True),
)


@transaction.atomic
def load_illustrative_reports(*, on: date, now: datetime) -> int:
    """Ask for them as of the day; what was asked for already is left. Returns how many."""
    users = User.objects.filter(is_illustrative=True)
    office = users.filter(role=Role.OFFICE).order_by("pk").first()
    officer = users.filter(unit__area__code=_WARD, role=Role.OFFICER).order_by("pk").first()
    keys = [story.key for story in _STORIES]
    known = set(Report.objects.filter(form_key__in=keys).values_list("form_key", flat=True))
    for story in _STORIES:
        by = officer if story.by_ward else office
        if by is not None and story.key not in known:
            _ask(story, by, on, min(datetime.combine(on, time(7, 30), HANOI), now))
    return Report.objects.filter(form_key__in=keys).count()


def _ask(story: _Story, by: User, on: date, at: datetime) -> None:
    period = SPANS[story.rhythm](on)
    if story.ended and period.end >= on:
        period = previous(period, story.rhythm)
    wish = Wish(
        kind=story.kind,
        period=period,
        as_of=min(period.end, on),
        issuer=Issuer.UNIT if story.by_ward else Issuer.BOARD,
        rhythm=story.rhythm,
        subject=_subject(story, by.unit),
        named=story.named,
    )
    report = request(wish, by=by, at=at, on=on, form_key=story.key)
    if story.kind == Kind.CITY:
        _write(report, by, at)


def _subject(story: _Story, unit: Unit | None) -> Subject | None:
    if story.kind == Kind.AREA:
        # Four axes meet in an area: no body of it sees the whole.
        return Area.objects.get(code=_WARD)
    return unit if story.by_ward else None


def _write(report: Report, by: User, at: datetime) -> None:
    for part, text in _TEXTS.items():
        ReportText.objects.get_or_create(
            kind=report.kind,
            subject=report.topic,
            period_start=report.period_start,
            period_end=report.period_end,
            part=part,
            defaults={"text": text, "by": by, "at": at},
        )
