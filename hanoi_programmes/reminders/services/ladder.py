"""The rungs that hold: the office's newest edition, else the table of PRODUCT §7."""

from collections.abc import Sequence

from hanoi_programmes.reminders.models import Ladder
from hanoi_programmes.reminders.policy import DEFAULT, Rung, rung_from


def current_rungs() -> tuple[Rung, ...]:
    """Read anew each time: an edition holds from the next run of the planner on."""
    edition = Ladder.objects.order_by("-at", "-pk").first()
    return rungs_of(edition)


def rungs_of(edition: Ladder | None) -> tuple[Rung, ...]:
    """The rungs of an edition."""
    stored: Sequence[dict[str, object]] = edition.rungs if edition else ()
    return tuple(rung_from(rung) for rung in stored) if edition else DEFAULT
