"""Writes: reports that are made, figures that are contested."""

from hanoi_programmes.reports.services.contests import Objection, answer_contest, contest
from hanoi_programmes.reports.services.letters import request_letter
from hanoi_programmes.reports.services.making import (
    ATTEMPTS,
    LEASE,
    Stopped,
    cancel,
    claim,
    make,
    request,
    retry,
)

__all__ = [
    "ATTEMPTS",
    "LEASE",
    "Objection",
    "Stopped",
    "answer_contest",
    "cancel",
    "claim",
    "contest",
    "make",
    "request",
    "request_letter",
    "retry",
]
