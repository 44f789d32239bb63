"""The numbers on top of the dashboard and of the meeting screen, with their rows and rules."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from hanoi_programmes.programmes.timeliness import COME_DUE, COMPLETED_GROUPS, DUE_SOON, Group
from hanoi_programmes.reports.figures import (
    Overview,
    Scope,
    View,
    address_of,
    definitions,
    group_address,
)
from hanoi_programmes.ui.templatetags.ui import number, percent


@dataclass(frozen=True, slots=True)
class Change:
    """What a number became since a week before: an arrow and an amount, and the same in words.

    It is `worse` only where more means more late work: nothing else is drawn in red.
    """

    sign: str
    amount: str
    words: str
    worse: bool = False


@dataclass(frozen=True, slots=True)
class PartOf:
    """A number in a tile's note that opens rows of its own; `words` say what it counts.

    `url` is the whole address.
    """

    url: str
    number: str
    words: str


@dataclass(frozen=True, slots=True)
class Tile:
    """One number: where it leads, its words, its change, and how it is counted.

    The note goes on where `part` ends.
    """

    key: str
    url: str
    label: str
    value: str
    rule: str
    note: str
    kind: str = ""
    icon: str = ""
    change: Change | None = None
    part: PartOf | None = None


def tiles(scope: Scope, figures: Overview) -> list[Tile]:
    """Late first; each number leads to its rows."""
    return [*_wanting(scope, figures), *_standing(scope, figures)]


def _wanting(scope: Scope, figures: Overview) -> list[Tile]:
    """What needs somebody."""
    late, blocked, known = figures.tally.overdue, figures.blocked, definitions()
    return [
        Tile(
            key="overdue",
            url=group_address(scope, Group.OVERDUE),
            label="Quá hạn",
            value=number(late),
            # Red only for what is late: a zero is good news.
            kind="late" if late else "none",
            icon="s-late",
            change=_change(figures, "overdue", more_is_worse=True),
            part=_serious(scope, figures),
            note=_late_note(late),
            rule=known["overdue"].rule,
        ),
        Tile(
            key="blocked",
            url=address_of(scope, View.BLOCKED),
            label="Chờ quyết định",
            value=number(blocked.number),
            kind="wait",
            icon="gavel",
            change=_change(figures, "blocked"),
            note=f"lâu nhất {blocked.longest} ngày" if blocked.number else "không có",
            rule=known["blocked"].rule,
        ),
        Tile(
            key="silent",
            url=address_of(scope, View.SILENT),
            label="Không cập nhật",
            value=number(figures.silent),
            kind="none",
            icon="s-none",
            change=_change(figures, "silent"),
            note=f"quá {settings.SILENT_DAYS} ngày",
            rule=known["silent"].rule,
        ),
    ]


def _standing(scope: Scope, figures: Overview) -> list[Tile]:
    tally, known = figures.tally, definitions()
    return [
        Tile(
            key="due_soon",
            url=group_address(scope, Group.DUE_SOON),
            label="Sắp đến hạn",
            value=number(tally.due_soon),
            kind="soon",
            icon="s-soon",
            change=_change(figures, "due_soon"),
            note=f"trong {DUE_SOON.days} ngày tới",
            rule=known["due_soon"].rule,
        ),
        Tile(
            key="on_time",
            url=group_address(scope, *COME_DUE),
            label="Đúng hạn",
            value=percent(tally.on_time.rate, 0),
            kind="done",
            icon="s-done",
            change=_points(figures),
            part=_on_time(scope, figures),
            note=_of_due(figures),
            rule=known["on_time"].rule,
        ),
        Tile(
            key="total",
            url=scope.query(),
            label="Tổng nhiệm vụ",
            value=number(tally.total),
            change=_change(figures, "total"),
            part=_completed(scope, figures),
            note=" hoàn thành",
            rule=known["total"].rule,
        ),
    ]


def _on_time(scope: Scope, figures: Overview) -> PartOf | None:
    """The numerator; the tile itself leads to the denominator's rows."""
    if not figures.tally.due:
        return None
    query = group_address(scope, Group.COMPLETED_ON_TIME)
    return PartOf(_rows(query), number(figures.tally.on_time.part), "việc hoàn thành đúng hạn")


def _of_due(figures: Overview) -> str:
    """The denominator, and the rate against the deadlines given first."""
    if not figures.tally.due:
        return "chưa có việc đến hạn"
    original = percent(figures.tally.on_time_original.rate, 0)
    return f"/{number(figures.tally.due)} · hạn gốc {original}"


def _completed(scope: Scope, figures: Overview) -> PartOf:
    query = group_address(scope, *COMPLETED_GROUPS)
    return PartOf(_rows(query), number(figures.tally.completed), "việc đã hoàn thành")


def _change(figures: Overview, name: str, *, more_is_worse: bool = False) -> Change | None:
    change = figures.change(name)
    if not change:
        return None
    more, amount = change > 0, number(abs(change))
    words = f"{'tăng' if more else 'giảm'} {amount} so với tuần trước"
    return Change(_arrow(more=more), amount, words, worse=more and more_is_worse)


def _points(figures: Overview) -> Change | None:
    """The rate of what is done in time: a fall of it is worse, and is about being late."""
    points = round(figures.change_of_rate or 0)
    if not points:
        return None
    more, amount = points > 0, f"{number(abs(points))} điểm"
    words = f"{'tăng' if more else 'giảm'} {amount} phần trăm so với tuần trước"
    return Change(_arrow(more=more), amount, words, worse=not more)


def _arrow(*, more: bool) -> str:
    return "↑" if more else "↓"


def _late_note(late: int) -> str:
    """It goes on behind the number of those that are seriously late."""
    days = settings.SERIOUSLY_LATE_DAYS
    return f" việc quá {days} ngày" if late else "không có việc quá hạn"


def _serious(scope: Scope, figures: Overview) -> PartOf | None:
    if not figures.tally.overdue:
        return None
    query = scope.query(special="seriously_late")
    return PartOf(_rows(query), number(figures.serious), "việc quá hạn lâu")


def _rows(query: str) -> str:
    return f"{reverse('programmes:task-list')}?{query}"
