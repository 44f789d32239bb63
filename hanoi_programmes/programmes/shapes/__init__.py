"""What screens show: rows of tasks, and what waits for whose decision."""

from hanoi_programmes.programmes.shapes.lines import (
    Below,
    ClearScore,
    Gap,
    Lack,
    Line,
    Wait,
    below_parts,
    belows,
    clear_score,
    fillable,
    gaps,
    leads_of,
    line,
    lines,
    submitted_late,
    waiting_for_verifier,
)

__all__ = [
    "Below",
    "ClearScore",
    "Gap",
    "Lack",
    "Line",
    "Wait",
    "below_parts",
    "belows",
    "clear_score",
    "fillable",
    "gaps",
    "leads_of",
    "line",
    "lines",
    "submitted_late",
    "waiting_for_verifier",
]
