"""Two contested figures of illustrative units: one that waits for the office, one answered."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.urls import reverse
from django.utils.http import urlencode

from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.services.history import Act
from hanoi_programmes.programmes.querysets import Choice
from hanoi_programmes.reports.figures import Asked, Scope, scorecard
from hanoi_programmes.reports.models import FigureContest
from hanoi_programmes.reports.services.contests import Objection, answer_contest, contest
from hanoi_programmes.reports.states import Figure
from hanoi_programmes.ui.templatetags.ui import number, percent

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class _Story:
    """Who contested which figure how many days ago; an answer, unless it waits."""

    unit: str
    figure: Figure
    days: int
    text: str
    answer: str = ""


_STORIES = (
    _Story(
        "00199-UBND",
        Figure.ON_TIME,
        9,
        "(minh họa) Một việc đến hạn trong tháng 10 đã có văn bản báo cáo trước hạn, phiếu ghi "
        "chưa hoàn thành. Đề nghị đối chiếu theo ngày văn bản.",
        "(minh họa) Văn bản được trình sau ngày chốt số liệu. Đã xác nhận; ngày hoàn thành lấy "
        "theo ngày văn bản, tỷ lệ trên phiếu đã tính lại.",
    ),
    _Story(
        "UBND-SYT",
        Figure.OVERDUE,
        1,
        "(minh họa) Việc nâng cấp trạm y tế đang chờ HĐND Thành phố quyết định danh mục đầu tư; "
        "đề nghị xem lại số ngày chậm tính cho đơn vị.",
    ),
)


@transaction.atomic
def load_illustrative_contests(*, on: date) -> int:
    """Store them as of the day; when there are any already, change nothing. Returns how many."""
    if not FigureContest.objects.exists():
        for story in _STORIES:
            _tell(story, on)
    return FigureContest.objects.count()


def _tell(story: _Story, today: date) -> None:
    unit, on = Unit.objects.get(code=story.unit), today - timedelta(days=story.days)
    users = User.objects.filter(is_illustrative=True)
    officer = users.filter(unit=unit, role=Role.OFFICER).order_by("pk")[0]
    asked = Asked(Scope(officer, on, today, Choice(unit=unit.code), led=True), f"{on.year}")
    address = reverse("reports:unit-scorecard", args=[unit.code])
    objection = Objection(
        figure=story.figure,
        shown=_shown(asked, story.figure),
        address=f"{address}?{urlencode({'period': asked.period, 'on': on.isoformat()})}",
        as_of=on,
        text=story.text,
    )
    contest(unit, objection, act=_act(officer, on, 10))
    if story.answer:
        office = users.filter(role=Role.OFFICE).order_by("pk")[0]
        row = FigureContest.objects.get(unit=unit, as_of=on)
        answered = _act(office, on + timedelta(days=1), 15)
        answer_contest(row, story.answer, is_upheld=True, act=answered)


def _shown(asked: Asked, figure: Figure) -> str:
    card = scorecard(asked)
    if figure == Figure.OVERDUE:
        return f"{number(card.tally.overdue)} (chậm nhất {number(card.worst)} ngày)"
    rate = card.due.on_time
    return f"{percent(rate.rate, 0)} ({number(rate.part)}/{number(rate.whole)} việc đến hạn)"


def _act(by: User, on: date, hour: int) -> Act:
    return Act(by=by, at=datetime.combine(on, time(hour), HANOI), on=on)
