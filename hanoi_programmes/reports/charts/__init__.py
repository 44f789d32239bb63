"""Pictures of numbers as SVG from own templates: the same drawing on the page and on paper."""

from hanoi_programmes.reports.charts.cells import Drawn, Head, grouped, heads, lines, totals
from hanoi_programmes.reports.charts.curve import (
    LARGE,
    PAPER,
    SMALL,
    Canvas,
    curve,
    message,
    standing,
)
from hanoi_programmes.reports.charts.months import (
    MONTHS,
    PAPER_MONTHS,
    columns,
    trend,
)
from hanoi_programmes.reports.charts.strip import (
    GAP,
    LEAST_WIDTH,
    Links,
    bar,
    key,
    paper_bar,
    segments,
)

__all__ = [
    "GAP",
    "LARGE",
    "LEAST_WIDTH",
    "MONTHS",
    "PAPER",
    "PAPER_MONTHS",
    "SMALL",
    "Canvas",
    "Drawn",
    "Head",
    "Links",
    "bar",
    "columns",
    "curve",
    "grouped",
    "heads",
    "key",
    "lines",
    "message",
    "paper_bar",
    "segments",
    "standing",
    "totals",
    "trend",
]
