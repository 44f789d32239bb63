"""Who acts, and how a change of a unit, post or account is written down."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from hanoi_programmes.people.models import Area, PlaceEvent, Unit, User


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts, at which moment, on which day in Hanoi, and by which form (if any).

    Services get time from outside: `at` is aware, `on` is its local date. `way` is how it came when
    it was no page of the software ("trả lời từ thư"); the history says it behind what was done.
    """

    by: User | None
    at: datetime
    on: date
    form_key: UUID | None = None
    way: str = ""

    def for_part(self, part: int | str) -> "Act":
        """The same act on one of several things: each has its own event, hence its own key."""
        return replace(self, form_key=uuid5(self.form_key, str(part)) if self.form_key else None)


@dataclass(slots=True)
class Told:
    """What the history will say: kind for machines, words for people, changed fields."""

    kind: str
    words: str
    note: str = ""
    changes: dict[str, list[Any]] = field(default_factory=dict)


# Events of a unit's work, not of the unit itself, have kinds that begin so: only who sees the
# work reads them, while the past of the unit is open to every account.
WORK = "plan-"


def place_was_changed(act: Act) -> bool:
    """Whether the form was already carried out: a second click or a replay writes nothing.

    Call it after locking what changes, so that two clicks at once cannot both see "no".
    """
    return act.form_key is not None and PlaceEvent.objects.filter(form_key=act.form_key).exists()


def record_place(
    act: Act,
    told: Told,
    *,
    unit: Unit | None = None,
    area: Area | None = None,
    account: User | None = None,
) -> PlaceEvent:
    """Write the one event of a change to a unit, an area or an account."""
    return PlaceEvent.objects.create(
        unit=unit,
        area=area,
        account=account,
        kind=told.kind,
        told=told.words,
        note=told.note,
        changes=told.changes,
        by=act.by,
        at=act.at,
        on=act.on,
        form_key=act.form_key,
    )
