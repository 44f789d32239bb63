"""Where late work lies on a day (with the unit, a decider, a verifier), and whose its days are."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from hanoi_programmes.programmes.rules.charges import Delay, Late, delays_of
from hanoi_programmes.programmes.rules.stuck import past_deadline, stuck_at
from hanoi_programmes.programmes.timeliness import Group, Side
from hanoi_programmes.reports.figures.scope import Scope

# Days are split one by one; beyond so many tasks that takes longer than a page may.
TASKS_SPLIT = 1500
NAMED = 3
_PLACES = {
    Side.UNIT: ("at_unit", "Đơn vị chủ trì"),
    Side.DECIDER: ("at_decider", "Chờ quyết định"),
    Side.VERIFIER: ("at_verifier", "Chờ xác nhận"),
}


@dataclass(frozen=True, slots=True)
class Holder:
    """A body that late work waits or waited for, and the days that are charged to it."""

    name: str
    days: int


@dataclass(frozen=True, slots=True)
class Place:
    """One of the three places: how many late tasks lie there now, with the list's query string.

    `days` are all days of delay of the late tasks that are charged to this side, also of tasks
    that lie elsewhere by now; None when there are too many tasks to split. `days_query` opens the
    tasks behind them. `holders` are those to whom most of them are charged; empty for the units.
    """

    side: Side
    name: str
    query: str
    days_query: str
    number: int
    days: int | None
    holders: tuple[Holder, ...] = ()


@dataclass(frozen=True, slots=True)
class Stuck:
    """The three places. Unit and decision add up to what is overdue; verification stands beside it,
    since its work was handed in. `query` opens all of them; `delays` are by task."""

    places: tuple[Place, ...]
    query: str
    delays: Mapping[int, Delay] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """All late tasks."""
        return sum(place.number for place in self.places)

    @property
    def days(self) -> int | None:
        """All days that are charged to somebody."""
        known = [place.days for place in self.places if place.days is not None]
        return sum(known) if len(known) == len(self.places) else None

    @property
    def worst(self) -> Place | None:
        """Where most late tasks lie; None without any."""
        first = max(self.places, key=lambda place: place.number)
        return first if first.number else None


def stuck(scope: Scope) -> Stuck:
    """One query for the places, and those of `delays_of` for the days; too many tasks to split
    are asked in SQL for the one thing that their delays would have told."""
    rows = past_deadline(scope.counted(), scope.on)
    # Unpacked: of the annotated names the type checker knows nothing.
    columns = ("pk", "due", "group")
    found = list(rows.order_by().values_list(*columns))
    late = [Late(pk, due, scope.on) for pk, due, _group in found]
    delays = delays_of(late, on=scope.on) if len(late) <= TASKS_SPLIT else None
    overdue = [pk for pk, _due, group in found if group == Group.OVERDUE]
    asked = (
        stuck_at(scope.counted(), Side.DECIDER, scope.on).count()
        if delays is None
        else sum(delays[pk].is_asked for pk in overdue)
    )
    numbers = {
        Side.UNIT: len(overdue) - asked,
        Side.DECIDER: asked,
        Side.VERIFIER: len(found) - len(overdue),
    }
    days = _days(delays) if delays is not None else None
    return Stuck(
        places=tuple(_place(scope, side, numbers[side], days) for side in _PLACES),
        query=scope.query(special="past"),
        delays=delays or {},
    )


def _days(delays: Mapping[int, Delay]) -> dict[Side, Counter[str]]:
    found: dict[Side, Counter[str]] = defaultdict(Counter)
    for delay in delays.values():
        for charge in delay.charges:
            found[charge.side][charge.whom] += charge.days
    return found


def _place(
    scope: Scope, side: Side, number: int, days: Mapping[Side, Counter[str]] | None
) -> Place:
    special, name = _PLACES[side]
    charged = (days or {}).get(side, Counter[str]())
    named = sorted(charged.items(), key=lambda row: (-row[1], row[0])) if side != Side.UNIT else []
    return Place(
        side=side,
        name=name,
        query=scope.query(special=special),
        days_query=scope.query(special="past", charged=side.value),
        number=number,
        days=None if days is None else charged.total(),
        holders=tuple(Holder(*row) for row in named[:NAMED]),
    )
