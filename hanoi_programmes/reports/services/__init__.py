"""Writes: reports that are made, figures that are contested."""

from hanoi_programmes.reports.services.asking import Sent, request, request_version
from hanoi_programmes.reports.services.cleaning import Cleared, clean
from hanoi_programmes.reports.services.contests import Objection, answer_contest, contest
from hanoi_programmes.reports.services.letters import request_letter
from hanoi_programmes.reports.services.making import (
    ATTEMPTS,
    LEASE,
    Stopped,
    cancel,
    claim,
    draw_again,
    lend_hand,
    make,
    retry,
)
from hanoi_programmes.reports.services.texts import (
    Clashed,
    Typed,
    Written,
    keep_texts,
    mark_of,
    written,
    written_before,
)

__all__ = [
    "ATTEMPTS",
    "LEASE",
    "Clashed",
    "Cleared",
    "Objection",
    "Sent",
    "Stopped",
    "Typed",
    "Written",
    "answer_contest",
    "cancel",
    "claim",
    "clean",
    "contest",
    "draw_again",
    "keep_texts",
    "lend_hand",
    "make",
    "mark_of",
    "request",
    "request_letter",
    "request_version",
    "retry",
    "written",
    "written_before",
]
