"""May X do Y, and why not: verdicts with reasons in Vietnamese, never a write."""

from hanoi_programmes.programmes.rules.cascade import fits_parent, holds_children
from hanoi_programmes.programmes.rules.moves import (
    Clear,
    Given,
    has_needs,
    is_theirs,
    may_move,
    may_report,
    moves_for,
    six_clear,
)

__all__ = [
    "Clear",
    "Given",
    "fits_parent",
    "has_needs",
    "holds_children",
    "is_theirs",
    "may_move",
    "may_report",
    "moves_for",
    "six_clear",
]
