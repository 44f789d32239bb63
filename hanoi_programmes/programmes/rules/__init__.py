"""May X do Y, and why not: verdicts with reasons in Vietnamese, never a write."""

from hanoi_programmes.programmes.rules.cascade import fits_parent, holds_children
from hanoi_programmes.programmes.rules.known import Known
from hanoi_programmes.programmes.rules.moves import (
    Clear,
    Given,
    could_ever,
    has_needs,
    is_ready,
    is_theirs,
    may_move,
    may_report,
    moves_for,
    six_clear,
)

__all__ = [
    "Clear",
    "Given",
    "Known",
    "could_ever",
    "fits_parent",
    "has_needs",
    "holds_children",
    "is_ready",
    "is_theirs",
    "may_move",
    "may_report",
    "moves_for",
    "six_clear",
]
