"""The on-time rate month by month: columns on a scale of 100 %, each a way to its rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from hanoi_programmes.reports.charts.curve import Canvas
from hanoi_programmes.reports.figures import Month
from hanoi_programmes.ui.templatetags.ui import number, percent

MONTHS = Canvas("m", 360, 196, left=28, right=0, top=22, bottom=26)
PAPER_MONTHS = Canvas("p", 360, 196, left=28, right=0, top=22, bottom=26, paper=True)
# One or two months would else be drawn as walls.
LEAST_SLOTS = 6
WIDEST, SHARE_OF_SLOT = 34, 0.72
# A mark of no height would not be seen: zero of five is not nothing.
LEAST_HEIGHT = 2.5
_RULES = (0, 50, 100)


@dataclass(frozen=True, slots=True)
class Column:
    """One month, placed: its slot, its column (no `height` when nothing came due), its words."""

    name: str
    label: str
    title: str
    url: str
    is_few: bool
    slot: str
    slot_width: str
    middle: str
    x: str
    y: str
    width: str
    height: str
    foot: str


def columns(months: Sequence[Month], canvas: Canvas = MONTHS, *, base: str = "") -> SafeString:
    """The drawing; `base` is the address that a month's query is put behind, empty for none."""
    placed = [_column(months, n, canvas, base) for n in range(len(months))]
    rules = [(rule, f"{_height(canvas, rule):.1f}") for rule in _RULES]
    feet = [f"{_height(canvas, rule) + 4:.1f}" for rule in _RULES]
    context = {
        "canvas": canvas,
        "columns": placed,
        "rules": [(*rule, foot) for rule, foot in zip(rules, feet, strict=True)],
        "message": trend(months),
        "is_linked": bool(base),
        "floor": f"{canvas.height - canvas.bottom}",
        "depth": f"{canvas.height - canvas.bottom - canvas.top}",
    }
    return render_to_string("reports/charts/months.svg", context)


def trend(months: Sequence[Month]) -> str:
    """What the columns say, for who does not see them: first, lowest and last month with a rate."""
    known = [(month, rate) for month in months if (rate := month.on_time.rate) is not None]
    if not known:
        return "Chưa có việc đến hạn trong năm."
    lowest = min(known, key=lambda pair: pair[1])
    told = list(dict.fromkeys([known[0], lowest, known[-1]]))
    told.sort(key=lambda pair: pair[0].first)
    parts = (f"tháng {month.first.month} {percent(rate, 0)}" for month, rate in told)
    return f"Tỷ lệ đúng hạn theo tháng: {', '.join(parts)}."


def _column(months: Sequence[Month], index: int, canvas: Canvas, base: str) -> Column:
    month = months[index]
    slot = (canvas.width - canvas.left - canvas.right) / max(len(months), LEAST_SLOTS)
    start = canvas.left + slot * index
    width = min(slot * SHARE_OF_SLOT, WIDEST)
    rate, floor = month.on_time.rate, canvas.height - canvas.bottom
    top = min(_height(canvas, 100 * (rate or 0)), floor - LEAST_HEIGHT)
    return Column(
        name=f"T{month.first.month}",
        label="–" if rate is None else percent(rate, 0).rstrip("%"),
        title=_words(month),
        url=f"{base}?{month.query}" if base and month.on_time.whole else "",
        is_few=month.is_few,
        slot=f"{start:.1f}",
        slot_width=f"{slot:.1f}",
        middle=f"{start + slot / 2:.1f}",
        x=f"{start + (slot - width) / 2:.1f}",
        y=f"{top:.1f}",
        width=f"{width:.1f}",
        height="" if rate is None else f"{floor - top:.1f}",
        foot=f"{(floor if rate is None else top) - 5:.1f}",
    )


def _words(month: Month) -> str:
    name, share = f"Tháng {month.first.month}", month.on_time
    if share.rate is None:
        return f"{name}: không có việc đến hạn"
    return f"{name}: {percent(share.rate, 0)}, đúng hạn {number(share.part)}/{number(share.whole)}"


def _height(canvas: Canvas, rate: float) -> float:
    room = canvas.height - canvas.top - canvas.bottom
    return canvas.height - canvas.bottom - room * rate / 100
