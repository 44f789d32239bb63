"""What screens show: rows of tasks, and what waits for whose decision."""

from hanoi_programmes.programmes.shapes.lines import (
    ClearScore,
    Gap,
    Lack,
    Line,
    Wait,
    clear_score,
    gaps,
    leads_of,
    line,
    lines,
    submitted_late,
    waiting_for_verifier,
)

__all__ = [
    "ClearScore",
    "Gap",
    "Lack",
    "Line",
    "Wait",
    "clear_score",
    "gaps",
    "leads_of",
    "line",
    "lines",
    "submitted_late",
    "waiting_for_verifier",
]
