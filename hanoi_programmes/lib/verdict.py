"""A verdict: yes, or no with the reason in the reader's language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """Truthy when allowed; otherwise `reason` is a Vietnamese sentence for who asked."""

    reason: str = ""

    def __bool__(self) -> bool:
        return not self.reason


ALLOWED = Verdict()


class Denied(Exception):
    """What was asked is seen but not allowed; the edge turns it into a 403 page with the reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def require(verdict: Verdict) -> None:
    """Raise `Denied` with the verdict's reason unless it allows."""
    if not verdict:
        raise Denied(verdict.reason)
