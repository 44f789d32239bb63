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

__all__ = [
    "ATTEMPTS",
    "LEASE",
    "Cleared",
    "Objection",
    "Sent",
    "Stopped",
    "answer_contest",
    "cancel",
    "claim",
    "clean",
    "contest",
    "draw_again",
    "lend_hand",
    "make",
    "request",
    "request_letter",
    "request_version",
    "retry",
]
