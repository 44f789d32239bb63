"""Which ladders may hold: whom a rung can be about, and what the office may not take away."""

from collections import Counter
from collections.abc import Iterator, Sequence

from hanoi_programmes.lib.verdict import ALLOWED, Verdict
from hanoi_programmes.reminders.policy.rungs import DEFAULT, Rung, about, rung_name
from hanoi_programmes.reminders.states import Audience, Subject

# Whom a rung of a subject can be about at all.
AUDIENCES: dict[Subject, tuple[Audience, ...]] = {
    Subject.DEADLINE: (
        Audience.OFFICER,
        Audience.HEAD,
        Audience.SUPERIOR,
        Audience.OFFICE,
        Audience.LEADER,
    ),
    Subject.UPDATE: (Audience.OFFICER, Audience.HEAD, Audience.SUPERIOR),
    Subject.VERIFY: (Audience.VERIFIER, Audience.OFFICE, Audience.LEADER),
    Subject.DIRECTION: (
        Audience.OFFICER,
        Audience.HEAD,
        Audience.SUPERIOR,
        Audience.GIVER,
        Audience.OFFICE,
    ),
    Subject.OBSTACLE: (Audience.DECIDER, Audience.OFFICE, Audience.LEADER),
    Subject.EXTENSION: (Audience.DECIDER, Audience.OFFICE, Audience.LEADER),
}
FARTHEST = 90
LONGEST_LADDER = 15


def required_audience(subject: Subject, offset: int) -> frozenset[Audience]:
    """Who must be told at this rung whatever the office wants; empty unless it is statutory."""
    named = rung_name(subject, offset)
    return next(
        (rung.audience for rung in DEFAULT if rung.name == named and rung.is_statutory), frozenset()
    )


def may_hold(rungs: Sequence[Rung]) -> Verdict:
    """Each rung once and told to somebody; what is statutory stays, at least as wide as it was."""
    return next((verdict for verdict in _faults(rungs) if not verdict), ALLOWED)


def _faults(rungs: Sequence[Rung]) -> Iterator[Verdict]:
    names = Counter(rung.name for rung in rungs)
    for rung in rungs:
        if names[rung.name] > 1:
            yield Verdict(f"Nấc “{rung.words}” có hai lần. Bỏ bớt một.")
        if not rung.audience:
            yield Verdict(f"Nấc “{rung.words}” chưa chọn nhắc ai.")
        if not rung.audience <= frozenset(AUDIENCES[rung.subject]):
            yield Verdict(f"Nấc “{rung.words}” không nhắc được người đã chọn.")
    for subject in Subject:
        if len(about(subject, rungs)) > LONGEST_LADDER:
            yield Verdict(f"{subject.label}: nhiều nhất {LONGEST_LADDER} nấc. Bỏ bớt.")
    yield from _missing(rungs)


def _missing(rungs: Sequence[Rung]) -> Iterator[Verdict]:
    held = {rung.name: rung for rung in rungs}
    for needed in DEFAULT:
        kept = held.get(needed.name)
        if needed.is_statutory and not (kept and _as_strict(kept, needed)):
            yield Verdict(
                f"Nấc “{needed.words}” là bắt buộc: không bỏ và không nhắc ít người hơn, thưa hơn "
                "quy định."
            )


def _as_strict(kept: Rung, needed: Rung) -> bool:
    often = not needed.repeats or 0 < kept.repeats <= needed.repeats
    return kept.is_statutory and kept.audience >= needed.audience and often
