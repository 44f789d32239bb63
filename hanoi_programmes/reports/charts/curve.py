"""Planned against done through a year: the S-curve, with today's gap in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from hanoi_programmes.reports.figures import Curve, Point

# From one line of words to the next.
_LINE = 17


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
class Label:
    """Words at a place; `anchor` is the SVG text-anchor."""

    text: str
    x: str
    y: str
    anchor: str
    kind: str = ""


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
        in the year, under both lines; the gap in words under that. Where lines that rise late leave
        no room under them, all words stand above."""
        now = self.figures.now
        plan = (now.planned, f"Kế hoạch {now.planned}", "")
        done = (now.done or 0, f"Thực tế {now.done or 0}", "b")
        high, low = (plan, done) if self.figures.gap >= 0 else (done, plan)
        x, room, foot = float(self.x(now.day)), self.canvas.room, self._y(0)
        left = (-9, "end") if x > self.canvas.left + room else (9, "start")
        side = (9, "start") if x < self.canvas.width - room else (-7, "end")
        down = self._y(low[0]) + 8 if side[0] > 0 else self._under_both(x - room, x) + 18
        above = max(self._y(high[0]) - 9, 30)
        lines = _LINE * (2 if self.figures.gap else 1)
        if side[0] < 0 and down > foot - 22 and above - lines >= 30:
            above, down = above - lines, above - lines + _LINE
        down = min(down, foot - 22)
        found = [
            Label(high[1], f"{x + left[0]:.1f}", f"{above:.1f}", left[1], high[2]),
            Label(low[1], f"{x + side[0]:.1f}", f"{down:.1f}", side[1], low[2]),
        ]
        kind = "tx" if self.figures.gap > 0 else "b"
        under = f"{down + _LINE:.1f}"
        gap = Label(standing(self.figures), f"{x + side[0]:.1f}", under, side[1], kind)
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
