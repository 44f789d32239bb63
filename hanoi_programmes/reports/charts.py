"""Pictures of numbers as SVG from own templates: the same drawing on the page and on paper."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from hanoi_programmes.programmes.timeliness import Group
from hanoi_programmes.reports.figures import Curve, Point, Tally
from hanoi_programmes.ui.templatetags.ui import look_of

# Below this share of the bar a segment would not be seen; the exact number stands beside the bar.
LEAST_WIDTH = 0.8
GAP = 0.35
# Beside the colour, so that a grey print differs: upright lines, slanted lines.
PATTERNS = {"soon": "v", "hold": "d", "dlate": "h"}
# Groups that look alike share one segment and one name in the legend.
NAMES = {"in_term": "Trong hạn, thường xuyên"}


@dataclass(frozen=True, slots=True)
class Canvas:
    """Size of a drawing and its frame, in its own units; `paper` carries its colours with it."""

    name: str
    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    room: int = 88
    every: int = 1
    paper: bool = False


LARGE = Canvas("l", 660, 300, left=34, right=16, top=34, bottom=30)
SMALL = Canvas("s", 330, 250, left=28, right=10, top=34, bottom=28, every=2)
PAPER = Canvas("l", 660, 225, left=34, right=16, top=30, bottom=28, paper=True)


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a stacked bar: state, line pattern, start and width in percent of the bar."""

    kind: str
    pattern: str
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a place; `anchor` is the SVG text-anchor."""

    text: str
    x: str
    y: str
    anchor: str
    kind: str = ""


def segments(tally: Tally) -> list[Segment]:
    """The stacked bar of a tally, late first; groups that look alike and touch are one segment."""
    counts: dict[str, int] = {}
    for group, number in tally.groups:
        kind = look_of(group).kind
        counts[kind] = counts.get(kind, 0) + number
    shown = {kind: number for kind, number in counts.items() if number}
    widths = {kind: max(100 * n / tally.total, LEAST_WIDTH) for kind, n in shown.items()}
    scale, found, x = 100 / (sum(widths.values()) or 1), [], 0.0
    for kind, width in widths.items():
        drawn = max(width * scale - GAP, LEAST_WIDTH / 2)
        found.append(Segment(kind, PATTERNS.get(kind, ""), f"{x:.2f}", f"{drawn:.2f}"))
        x += width * scale
    return found


def bar(tally: Tally) -> SafeString:
    """A stacked bar for the page. It has no words: the figures stand beside it."""
    return _strip(segments(tally))


def paper_bar(tally: Tally, name: str) -> SafeString:
    """The same bar for paper, 205 wide: it carries its colours, its numbers in words, and patterns
    under a name of its own, since one document holds many."""
    numbers = (f"{group.label.lower()} {count}" for group, count in tally.groups if count)
    return _strip(segments(tally), name=name, title=", ".join(numbers), width=205)


def key() -> list[tuple[str, SafeString]]:
    """The legend of the bars for paper: each look once, with its name."""
    looks = {look_of(group).kind: group for group in reversed(Group)}
    return [
        (NAMES.get(group, group.label), _swatch(kind)) for kind, group in reversed(looks.items())
    ]


def _swatch(kind: str) -> SafeString:
    whole = [Segment(kind, PATTERNS.get(kind, ""), "0", "100")]
    return _strip(whole, name=f"key-{kind}", title="Mẫu", width=18)


def _strip(parts: list[Segment], *, name: str = "", title: str = "", width: int = 0) -> SafeString:
    context = {"segments": parts, "name": name, "title": title, "width": width}
    return render_to_string("reports/charts/bar.svg", context)


def curve(figures: Curve, canvas: Canvas) -> SafeString:
    """Planned and done through a year, with today's gap; its message is its name."""
    frame = _Frame(canvas, figures)
    done = [point for point in figures.points if point.done is not None]
    now = figures.now
    context = {
        "canvas": canvas,
        "message": message(figures),
        "rows": frame.rows(),
        "months": frame.months(),
        "plan": frame.line([(p.day, p.planned) for p in figures.points]),
        "done": frame.line([(p.day, p.done or 0) for p in done]),
        "lag": frame.band(done),
        "is_behind": figures.gap > 0,
        "x": frame.x(now.day),
        "y_plan": frame.y(now.planned),
        "y_done": frame.y(now.done or 0),
        "labels": frame.labels(),
        "day": f"{now.day:%d/%m}",
    }
    return render_to_string("reports/charts/curve.svg", context)


def message(figures: Curve) -> str:
    """What the curve says, for who does not see it."""
    now = figures.now
    return (
        f"Biểu đồ lũy kế năm {now.day.year}: đến {now.day:%d/%m} kế hoạch hoàn thành "
        f"{now.planned} nhiệm vụ, thực tế {now.done or 0}, {standing(figures)}."
    )


def standing(figures: Curve) -> str:
    """'chậm 30', 'vượt 2' or 'đúng kế hoạch'."""
    gap = figures.gap
    if gap == 0:
        return "đúng kế hoạch"
    return f"chậm {gap}" if gap > 0 else f"vượt {-gap}"


class _Frame:
    """Places days and numbers on a canvas."""

    def __init__(self, canvas: Canvas, figures: Curve) -> None:
        self.canvas = canvas
        self.figures = figures
        self.first = figures.points[0].day
        self.days = (figures.points[-1].day - self.first).days
        self.unit = _step(figures.top)
        self.rows_count = max(-(-figures.top // self.unit), 1)

    def x(self, day: date) -> str:
        room = self.canvas.width - self.canvas.left - self.canvas.right
        return f"{self.canvas.left + room * (day - self.first).days / self.days:.1f}"

    def y(self, number: float) -> str:
        return f"{self._y(number):.1f}"

    def _y(self, number: float) -> float:
        room = self.canvas.height - self.canvas.top - self.canvas.bottom
        share = number / (self.unit * self.rows_count)
        return self.canvas.height - self.canvas.bottom - room * share

    def rows(self) -> list[tuple[int, str, str]]:
        """Each ruled line: its number, its height, and the foot of its label."""
        numbers = [self.unit * n for n in range(self.rows_count + 1)]
        return [(n, self.y(n), f"{self._y(n) + 4:.1f}") for n in numbers]

    def months(self) -> list[tuple[str, str]]:
        """Month names under the middle of their month; every other one where it is narrow."""
        months = range(1, 13, self.canvas.every)
        return [(f"T{month}", self.x(date(self.figures.on.year, month, 15))) for month in months]

    def line(self, points: Sequence[tuple[date, float]]) -> str:
        return "M" + " ".join(f"{self.x(day)},{self.y(number)}" for day, number in points)

    def band(self, done: list[Point]) -> str:
        """The area where done lies under plan, closed: red says late, so nothing where it leads."""
        spots = list(_spots(done))
        there = [(day, plan) for day, plan, _ in spots]
        back = [(day, min(plan, real)) for day, plan, real in reversed(spots)]
        return self.line(there + back) + "z"

    def labels(self) -> list[Label]:
        """The higher line by name left of the day and above it; the lower one right of it or, late
        in the year, under both lines; the gap in words under that."""
        now = self.figures.now
        plan = (now.planned, f"Kế hoạch {now.planned}", "")
        done = (now.done or 0, f"Thực tế {now.done or 0}", "b")
        high, low = (plan, done) if self.figures.gap >= 0 else (done, plan)
        x, room, foot = float(self.x(now.day)), self.canvas.room, self._y(0)
        left = (-9, "end") if x > self.canvas.left + room else (9, "start")
        side = (9, "start") if x < self.canvas.width - room else (-7, "end")
        down = self._y(low[0]) + 8 if side[0] > 0 else self._under_both(x - room, x) + 18
        above, down = max(self._y(high[0]) - 9, 30), min(down, foot - 22)
        found = [
            Label(high[1], f"{x + left[0]:.1f}", f"{above:.1f}", left[1], high[2]),
            Label(low[1], f"{x + side[0]:.1f}", f"{down:.1f}", side[1], low[2]),
        ]
        kind = "tx" if self.figures.gap > 0 else "b"
        gap = Label(standing(self.figures), f"{x + side[0]:.1f}", f"{down + 17:.1f}", side[1], kind)
        return [*found, gap] if self.figures.gap else found

    def _under_both(self, start: float, end: float) -> float:
        """A place under both lines from one place of the day's axis to another: they never fall."""
        first = [p for p in self.figures.points if float(self.x(p.day)) <= start][-1:]
        near = [p for p in self.figures.points if start <= float(self.x(p.day)) <= end]
        numbers = [min(p.planned, p.done or 0) for p in (first or near) if p.done is not None]
        return self._y(min(numbers, default=0))


def _spots(done: list[Point]) -> Iterator[tuple[date, float, float]]:
    """Day, planned and done of each point, and of the crossing between two where there is one."""
    for one, other in pairwise(done):
        real, next_real = one.done or 0, other.done or 0
        yield one.day, one.planned, real
        gap, next_gap = one.planned - real, other.planned - next_real
        if gap * next_gap < 0:
            share = gap / (gap - next_gap)
            met = real + (next_real - real) * share
            yield one.day + (other.day - one.day) * share, met, met
    for last in done[-1:]:
        yield last.day, last.planned, last.done or 0


def _step(top: int) -> int:
    """A round distance between ruled lines that needs at most five of them."""
    factor = 1
    while True:
        for base in (1, 2, 4, 5):
            if base * factor * 5 >= top:
                return base * factor
        factor *= 10
