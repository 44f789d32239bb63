"""Scorecards: how a unit, an area or a head does, by which formula, beside which like units."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from hanoi_programmes.lib.verdict import require
from hanoi_programmes.people.http import Request
from hanoi_programmes.people.models import Axis, Unit
from hanoi_programmes.people.roles import Level
from hanoi_programmes.people.rules import may_see_programmes
from hanoi_programmes.programmes.querysets import Choice
from hanoi_programmes.programmes.timeliness import COME_DUE, Group
from hanoi_programmes.reports import charts, rules
from hanoi_programmes.reports.figures import (
    Asked,
    Part,
    Scope,
    Scorecard,
    Share,
    like_units,
    middle,
    peers,
    scorecard,
)
from hanoi_programmes.reports.figures.heads import headed, tenures
from hanoi_programmes.reports.forms import ScorecardForm
from hanoi_programmes.reports.models import FigureContest
from hanoi_programmes.reports.querysets import areas_scored_for, heads_scored_for, units_scored_for
from hanoi_programmes.reports.states import Figure, Kind
from hanoi_programmes.reports.views.links import days_in, report_address
from hanoi_programmes.reports.views.tiles import PartOf
from hanoi_programmes.ui.htmx import template
from hanoi_programmes.ui.pages import paginate
from hanoi_programmes.ui.templatetags.ui import number, percent

CONTESTS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure on top: the key by which it may be contested, where it leads, its words."""

    key: Figure
    query: str
    value: str
    kind: str
    icon: str
    note: str = ""
    rule: str = ""
    part: PartOf | None = None

    @property
    def label(self) -> str:
        """Its name."""
        return self.key.label

    @property
    def told(self) -> str:
        """The note with its number, as text."""
        return f"{self.part.number if self.part else ''}{self.note}"


def form_of(request: Request) -> ScorecardForm:
    """Period and day of the address; who sees no programmes is told so first."""
    require(may_see_programmes(request.user))
    return ScorecardForm(request.GET, today=localdate())


def asked_for(request: Request, form: ScorecardForm, choice: Choice, *, head: int = 0) -> Asked:
    """The figures of a choice, for the form's period and day."""
    scope = Scope(request.user, form.asked_on, form.today, choice, led=True, head=head)
    return Asked(scope, form.asked_period)


@require_safe
def unit_scorecard(request: Request, code: str) -> HttpResponse:
    """One unit; with `compare` also the middle of the units like it, which costs a second look."""
    form = form_of(request)
    units = units_scored_for(request.user).select_related("axis", "area")
    unit = get_object_or_404(units, code=code)
    asked = asked_for(request, form, Choice(unit=unit.code))
    if request.GET.get("compare") and request.htmx:
        context = {"unit": unit, **_beside(unit, asked)}
        return template(request, "reports/_peers.html", "reports/_peers.html", context)
    context = _context(request, form, asked)
    context |= {
        "title": unit.short_name,
        "unit": unit,
        "report_url": report_address(Kind.UNIT, unit_code=unit.code, **_days(form)),
        "tenures": tenures(unit, *asked.days),
        "may_contest": bool(rules.may_contest(request.user, unit)),
        "contests": _contests(request, unit),
        "peers_address": f"{request.path}?{urlencode({'compare': 1, **_kept(form)})}",
        **(_beside(unit, asked) if request.GET.get("compare") else {"asks": True}),
    }
    return _shown(request, form, context)


@require_safe
def area_scorecard(request: Request, code: str) -> HttpResponse:
    """One ward or commune: its units on the axes, together and each."""
    form = form_of(request)
    area = get_object_or_404(areas_scored_for(request.user), code=code)
    asked = asked_for(request, form, Choice(area=area.code))
    context = _context(request, form, asked)
    report_url = report_address(Kind.AREA, area_code=area.code, **_days(form))
    named = {"title": area.name, "area": area, "report_url": report_url}
    return _shown(request, form, context | named)


@require_safe
def head_scorecard(request: Request, pk: int) -> HttpResponse:
    """One person, by the head posts held on the day each task fell due."""
    form = form_of(request)
    person = get_object_or_404(heads_scored_for(request.user), pk=pk)
    asked = asked_for(request, form, Choice(), head=person.pk)
    held = headed(person, units_scored_for(request.user), *asked.days)
    context = _context(request, form, asked)
    post = next((tenure.post for tenure in held if tenure.until is None), None)
    context |= {
        "title": person.display_name,
        "person": person,
        "tenures": held,
        "report_url": report_address(Kind.HEAD, post=str(post), **_days(form)) if post else "",
    }
    return _shown(request, form, context)


def _shown(request: Request, form: ScorecardForm, context: dict[str, Any]) -> HttpResponse:
    nobody: dict[str, Any] = {
        "unit": None,
        "area": None,
        "person": None,
        "tenures": [],
        "contests": None,
        "report_url": "",
    }
    rest = {"may_contest": False, "peers": None, "place": "", "asks": False, "peers_address": ""}
    status = 422 if form.errors else 200
    page = "reports/scorecard.html"
    return template(request, page, page, nobody | rest | context, status=status)


def _context(request: Request, form: ScorecardForm, asked: Asked) -> dict[str, Any]:
    card, rows = scorecard(asked), reverse("programmes:task-list")
    return {
        "form": form,
        "asked": asked,
        "card": card,
        "kept": urlencode(_kept(form)),
        "tiles": tiles(asked, card),
        "months": charts.columns(card.months, base=rows),
        "bars": [(part, _bar(part, rows)) for part in _all_and_each(asked, card)],
        "reported": asked.reported(),
        "running": asked.open(),
        "late_query": asked.query(Group.OVERDUE, Group.COMPLETED_LATE),
        "come_due": asked.query(*COME_DUE),
        "first_due": asked.by_original(*COME_DUE),
        "grades": [(grade, asked.happened(grade.key)) for grade in card.grades],
        "submitted": asked.happened("submitted"),
        "returned": asked.happened("returned"),
        "extended": asked.happened("extended"),
        "lines": card.lines if len(card.lines) > 1 else (),
        "address": request.path,
    }


def _kept(form: ScorecardForm) -> dict[str, str]:
    """The choice as an address keeps it: the day too, so that it opens the same figures again."""
    return {"period": form.asked_period, "on": form.asked_on.isoformat()}


def _days(form: ScorecardForm) -> dict[str, str]:
    return days_in(form.asked_period, form.asked_on, form.today)


def _all_and_each(asked: Asked, card: Scorecard) -> list[Part]:
    whole = Part("all", "Tất cả", "", asked.scope.query(), card.tally, longest=card.worst)
    return [whole, *card.resolutions] if len(card.resolutions) > 1 else list(card.resolutions)


def _bar(part: Part, rows: str) -> str:
    def links(*groups: Group) -> str:
        return f"{rows}?{part.query}&{urlencode([('group', group.value) for group in groups])}"

    return charts.bar(part.tally, links)


def _beside(unit: Unit, asked: Asked) -> dict[str, object]:
    """The middle of like units, and on which side of it the unit stands; never its rank."""
    scope = asked.scope
    found = peers(unit, asked.period, on=scope.on, today=scope.today)
    own = next(iter(like_units(asked.in_period)), None)
    if found is None or own is None or not own.has_enough:
        words = "đơn vị này có dưới 3 việc đến hạn nên không so sánh"
    else:
        words = f"{unit.short_name} {_side(own.on_time.rate or 0, found.median)} trung vị"
    return {"peers": found, "place": words, "asks": False}


def _side(rate: float, median: float) -> str:
    if round(100 * rate) == round(100 * median):
        return "bằng"
    return "cao hơn" if rate > median else "thấp hơn"


def _contests(request: Request, unit: Unit) -> list[FigureContest]:
    rows = FigureContest.objects.visible_to(request.user).filter(unit=unit)
    return list(rows.select_related("by__unit", "answered_by__unit")[:CONTESTS_SHOWN])


def tiles(asked: Asked, card: Scorecard) -> list[Tile]:
    """The figures on top, late first; each leads to its rows."""
    return [*_due_tiles(asked, card), *_done_tiles(asked, card)]


def _late_tile(asked: Asked, card: Scorecard) -> Tile:
    late = card.tally.overdue
    return Tile(
        Figure.OVERDUE,
        asked.scope.query(group=Group.OVERDUE.value),
        number(late),
        "late" if late else "none",
        "s-late",
        f"chậm nhất {number(card.worst)} ngày" if late else "không có việc quá hạn",
        "Mọi việc chưa hoàn thành và đã qua thời hạn, kể cả hạn trước kỳ",
    )


def _due_tiles(asked: Asked, card: Scorecard) -> list[Tile]:
    return [
        _late_tile(asked, card),
        Tile(
            Figure.ON_TIME,
            asked.query(*COME_DUE),
            percent(card.due.on_time.rate, 0),
            "done",
            "s-done",
            _of(card.due.due),
            "Hoàn thành đúng hạn trên số đã đến hạn trong kỳ, theo thời hạn hiện tại",
            _part(asked.query(Group.COMPLETED_ON_TIME), card.due.on_time),
        ),
        Tile(
            Figure.ORIGINAL,
            asked.by_original(*COME_DUE),
            percent(card.original.rate, 0),
            "done",
            "s-done",
            _of(card.original.whole),
            "Như trên, theo thời hạn giao ban đầu",
            _part(asked.by_original(Group.COMPLETED_ON_TIME), card.original),
        ),
        Tile(
            Figure.LATE_DONE,
            asked.query(Group.COMPLETED_LATE),
            number(card.due.completed_late),
            "dlate",
            "s-dlate",
            "không có" if card.late_by is None else f"trung bình {number(card.late_by)} ngày",
            "Việc có thời hạn trong kỳ, hoàn thành sau thời hạn",
        ),
    ]


def _done_tiles(asked: Asked, card: Scorecard) -> list[Tile]:
    return [
        Tile(
            Figure.UPDATED,
            asked.reported(),
            percent(card.updated.rate, 0),
            "run",
            "edit",
            _updated(card),
            f"Việc đang mở có cập nhật trong tháng {card.on.month}",
        ),
        Tile(
            Figure.EXTENDED,
            asked.happened("extended"),
            number(card.extended.times),
            "none",
            "cal",
            f"lần, ở {number(card.extended.tasks)} nhiệm vụ",
            "Lần được gia hạn trong kỳ",
        ),
        Tile(
            Figure.RETURNED,
            asked.happened("returned"),
            number(card.returned.times),
            "wait",
            "undo",
            f"trên {number(card.submissions.times)} lượt trình",
            "Lần bị trả lại trong kỳ",
        ),
    ]


def _part(query: str, share: Share) -> PartOf | None:
    """The numerator of a rate; the tile itself leads to the denominator's rows."""
    if not share.whole:
        return None
    url = f"{reverse('programmes:task-list')}?{query}"
    return PartOf(url, number(share.part), "việc hoàn thành đúng hạn")


def _of(whole: int) -> str:
    return f"/{number(whole)} việc đến hạn" if whole else "chưa có việc đến hạn"


def _updated(card: Scorecard) -> str:
    part, whole = card.updated.part, card.updated.whole
    return f"{number(part)}/{number(whole)} việc đang mở" if whole else "chưa có việc đang mở"


@require_safe
def index(request: Request) -> HttpResponse:
    """Like units side by side, and the way to each scorecard."""
    form = form_of(request)
    level, axis = _like(request)
    choice = Choice(axis=axis, tier=level, period=form.asked_period)
    scope = Scope(request.user, form.asked_on, form.today, choice, led=True)
    rows = [row for row in like_units(scope) if _is_seen(request, row.unit)]
    whole, words = middle(rows), request.GET.get("q", "").strip()[:100]
    if words:
        found = set(units_scored_for(request.user).matching(words).values_list("pk", flat=True))
        rows = [row for row in rows if row.unit.pk in found]
    context = {
        "form": form,
        "level": level,
        "axis": axis,
        "levels": Level.choices,
        "axes": Axis.objects.all(),
        "q": words,
        "page": paginate(rows, request, per_page=50),
        "middle": whole,
        "kept": urlencode(_kept(form)),
        "own": request.user.unit if request.user.sees_by_unit else None,
    }
    status = 422 if form.errors else 200
    return template(
        request, "reports/scorecards.html", "reports/_scorecards.html", context, status=status
    )


def _like(request: Request) -> tuple[str, str]:
    """Level and axis of the table: those asked for, else the reader's own or the departments'."""
    unit = request.user.unit if request.user.sees_by_unit else None
    asked = request.GET.get("level", ""), request.GET.get("axis", "")
    own = (unit.level, unit.axis.code) if unit else (Level.DEPARTMENT, "ubnd")
    return asked[0] if asked[0] in Level.values else own[0], asked[1][:20] or own[1]


def _is_seen(request: Request, unit: Unit) -> bool:
    user = request.user
    return user.sees_all or (user.unit is not None and unit.path.startswith(user.unit.path))
