"""The rungs that hold: the office's newest edition, else the table of PRODUCT §7."""

from collections.abc import Sequence

from django.db import connection, transaction

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.services.history import Act, Told, record_place
from hanoi_programmes.reminders.models import Ladder
from hanoi_programmes.reminders.policy import DEFAULT, Rung, may_hold, rung_from, rung_words
from hanoi_programmes.reminders.rules import may_edit_ladder

CHANGED_SINCE = (
    "Bộ nấc nhắc đã được người khác sửa từ khi mở trang này. Mở lại trang rồi sửa trên bản mới."
)
NOBODY = "Bộ nấc nhắc do người có trách nhiệm sửa, không phải máy."


def newest() -> Ladder | None:
    """The edition in force; None while the table of PRODUCT §7 is."""
    return Ladder.objects.select_related("by").order_by("-at", "-pk").first()


def current_rungs() -> tuple[Rung, ...]:
    """Read anew each time: an edition holds from the next run of the planner on."""
    return rungs_of(newest())


def rungs_of(edition: Ladder | None) -> tuple[Rung, ...]:
    """The rungs of an edition."""
    return tuple(map(rung_from, edition.rungs)) if edition else DEFAULT


def change_ladder(rungs: Sequence[Rung], *, note: str, seen: int | None, act: Act) -> Ladder:
    """Add an edition and return it; the same form sent twice finds the one it made.

    `seen` is the edition that the form was opened on. Raises `Denied` for whom it is not, for a
    ladder that may not hold, and when another edition has come since.
    """
    by = act.by
    if by is None:
        raise Denied(NOBODY)
    require(may_edit_ladder(by))
    require(may_hold(rungs))
    with transaction.atomic():
        _one_at_a_time()
        made = act.form_key and Ladder.objects.filter(form_key=act.form_key).first()
        if made:
            return made
        before = newest()
        if (before.pk if before else None) != seen:
            raise Denied(CHANGED_SINCE)
        edition = Ladder.objects.create(
            at=act.at,
            by=by,
            rungs=[rung.as_json() for rung in rungs],
            note=note,
            form_key=act.form_key,
        )
        record_place(act, _told(rungs_of(before), rungs, note))
        return edition


def _one_at_a_time() -> None:
    """Two offices that save at once: the second one sees what the first has written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('reminders_ladder'))")


def _told(before: Sequence[Rung], after: Sequence[Rung], note: str) -> Told:
    old, new = {rung.name: rung for rung in before}, {rung.name: rung for rung in after}
    changes = {
        rung_words(name): [_words(old.get(name)), _words(new.get(name))]
        for name in sorted(old | new)
        if old.get(name) != new.get(name)
    }
    return Told("ladder", "Sửa bộ nấc nhắc việc", note=note, changes=changes)


def _words(rung: Rung | None) -> str:
    if rung is None:
        return ""
    told = ", ".join(rung.told)
    return f"{told}; lặp lại mỗi {rung.repeats} ngày" if rung.repeats else told
