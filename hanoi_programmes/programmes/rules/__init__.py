"""May X do Y, and why not: verdicts with reasons in Vietnamese, never a write."""

from hanoi_programmes.programmes.rules.cascade import (
    assigns_below,
    fits_parent,
    groups_below,
    holds_children,
    is_ahead,
    may_fan_out,
    may_receive,
    may_run_again,
    may_undo,
)
from hanoi_programmes.programmes.rules.clear import (
    Clear,
    clear_name,
    six_clear,
    six_clear_many,
)
from hanoi_programmes.programmes.rules.handover import head_then, may_confirm, may_note, may_open
from hanoi_programmes.programmes.rules.issuances import (
    asks_for_plans,
    day_fits,
    may_be_issued,
    may_record_plan,
)
from hanoi_programmes.programmes.rules.known import Known
from hanoi_programmes.programmes.rules.merging import may_merge_work
from hanoi_programmes.programmes.rules.moves import (
    Given,
    could_ever,
    has_needs,
    is_ready,
    is_theirs,
    may_move,
    may_report,
    moves_for,
)
from hanoi_programmes.programmes.rules.papers import paper_day_fits
from hanoi_programmes.programmes.rules.plans import (
    FIXED_BY_ISSUE,
    faults_of,
    fills,
    may_change,
    may_plan,
)
from hanoi_programmes.programmes.rules.verification import Judgement, may_conclude

__all__ = [
    "FIXED_BY_ISSUE",
    "Clear",
    "Given",
    "Judgement",
    "Known",
    "asks_for_plans",
    "assigns_below",
    "clear_name",
    "could_ever",
    "day_fits",
    "faults_of",
    "fills",
    "fits_parent",
    "groups_below",
    "has_needs",
    "head_then",
    "holds_children",
    "is_ahead",
    "is_ready",
    "is_theirs",
    "may_be_issued",
    "may_change",
    "may_conclude",
    "may_confirm",
    "may_fan_out",
    "may_merge_work",
    "may_move",
    "may_note",
    "may_open",
    "may_plan",
    "may_receive",
    "may_record_plan",
    "may_report",
    "may_run_again",
    "may_undo",
    "moves_for",
    "paper_day_fits",
    "six_clear",
    "six_clear_many",
]
