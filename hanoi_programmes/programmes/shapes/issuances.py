"""Which units have issued their own plan for which programme: the table, its counts, who lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from hanoi_programmes.lib.text import words_of
from hanoi_programmes.people.models import Unit, UnitGroup, User
from hanoi_programmes.people.querysets import UnitQuerySet
from hanoi_programmes.people.roles import Level
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.models import ActionProgramme, PlanIssuance

# All wards and communes on every axis: no group of the data.
EVERY_AXIS = "moi-truc"
EVERY_AXIS_NAME = "Phường, xã trên mọi trục"
_KINDS = frozenset({"ward", "commune"})
_SHOWS = frozenset({"issued", "missing"})


@dataclass(frozen=True, slots=True)
class PlansAsked:
    """Which rows: a group of units, a kind of area, words, and who has or lacks a plan.

    With a `programme`, `show` ("issued", "missing") speaks of that one; without, of any.
    """

    group: str = ""
    kind: str = ""
    area: str = ""
    programme: str = ""
    show: str = ""
    q: str = ""

    @classmethod
    def read(cls, query: Mapping[str, Any]) -> PlansAsked:
        """From a query string; what cannot be a value is as if not asked."""
        found = {field.name: str(query.get(field.name) or "").strip() for field in fields(cls)}
        if found["kind"] not in _KINDS:
            found["kind"] = ""
        if found["show"] not in _SHOWS:
            found["show"] = ""
        return cls(**{name: value[:200] for name, value in found.items()})

    @property
    def conditions(self) -> dict[str, str]:
        """What is asked for, as the query string carries it."""
        asked = {field.name: str(getattr(self, field.name)) for field in fields(self)}
        return {name: value for name, value in asked.items() if value}


@dataclass(frozen=True, slots=True)
class PlanCell:
    """A unit and a programme: the plan, or none; `is_asked` is False for a draft programme."""

    programme: ActionProgramme
    issuance: PlanIssuance | None
    is_asked: bool
    may_record: bool = False

    @property
    def is_missing(self) -> bool:
        """A plan is owed and not there."""
        return self.is_asked and self.issuance is None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A unit with one cell a programme."""

    unit: Unit
    cells: list[PlanCell]

    @property
    def missing(self) -> int:
        """How many plans it owes."""
        return sum(cell.is_missing for cell in self.cells)


@dataclass(frozen=True, slots=True)
class PlanColumn:
    """A programme over some units. `days` since it was issued; None for a draft or unread day."""

    programme: ActionProgramme
    is_asked: bool
    issued: int
    total: int
    days: int | None

    @property
    def missing(self) -> int:
        """Units that owe a plan."""
        return self.total - self.issued if self.is_asked else 0


@dataclass(frozen=True, slots=True)
class PlanTable:
    """The columns count all units of the choice, `rows` are those of them that are shown."""

    columns: list[PlanColumn]
    rows: list[PlanRow]

    @property
    def missing_names(self) -> list[str]:
        """The shown units that owe a plan."""
        return [row.unit.short_name for row in self.rows if row.missing]


def asked_units(user: User, *, on: date) -> UnitQuerySet:
    """Units whose plans the reader may look at: all, or the own one and those below it."""
    units = Unit.objects.active(on).select_related("axis", "area")
    if user.sees_all:
        return units
    if not user.sees_by_unit or user.unit is None:
        return units.none()
    return units.within(user.unit)


def plan_groups(user: User, *, on: date) -> list[tuple[str, str]]:
    """Key and name of the groups that hold a unit of the reader; two queries."""
    held = set(asked_units(user, on=on).order_by().values_list("axis", "level").distinct())
    groups = UnitGroup.objects.exclude(level="").filter(axis__isnull=False)
    found = [(g.key, g.name) for g in groups if (g.axis_id, g.level) in held]
    wards = sum(level == Level.COMMUNE for _axis, level in held)
    return [*found, (EVERY_AXIS, EVERY_AXIS_NAME)] if wards > 1 else found


def plan_table(user: User, asked: PlansAsked, *, on: date) -> PlanTable:
    """Every unit of the choice, those that owe most first; four queries."""
    units = list(_chosen(asked_units(user, on=on), asked))
    programmes = list(ActionProgramme.objects.visible_to(user).select_related("resolution"))
    plans = _plans(user, units)
    rows = [_row(unit, programmes, plans, user) for unit in units]
    columns = [
        column_of(programme, [row.cells[place] for row in rows], on=on)
        for place, programme in enumerate(programmes)
    ]
    shown = [row for row in rows if _is_shown(row, asked)]
    return PlanTable(columns, sorted(shown, key=lambda row: -row.missing))


def _chosen(units: UnitQuerySet, asked: PlansAsked) -> UnitQuerySet:
    rows = units.order_by("axis__order", "level", "sort_key")
    if asked.area:
        rows = rows.filter(area__code=asked.area)
    elif asked.group == EVERY_AXIS:
        rows = rows.filter(level=Level.COMMUNE)
    elif group := UnitGroup.objects.filter(key=asked.group).first():
        rows = rows.in_group(group)
    if asked.kind:
        rows = rows.filter(area__kind=asked.kind)
    return rows.matching(asked.q) if words_of(asked.q) else rows


def _plans(user: User, units: Iterable[Unit]) -> dict[tuple[int, int], PlanIssuance]:
    rows = PlanIssuance.objects.visible_to(user).filter(unit__in=[unit.pk for unit in units])
    return {(row.unit_id, row.programme_id): row for row in rows.order_by()}


def _row(
    unit: Unit,
    programmes: list[ActionProgramme],
    plans: Mapping[tuple[int, int], PlanIssuance],
    user: User,
) -> PlanRow:
    return PlanRow(
        unit,
        [
            PlanCell(
                programme,
                plans.get((unit.pk, programme.pk)),
                rules.asks_for_plans(programme),
                bool(rules.may_record_plan(user, unit, programme)),
            )
            for programme in programmes
        ],
    )


def column_of(programme: ActionProgramme, cells: list[PlanCell], *, on: date) -> PlanColumn:
    """The counts of one programme over the cells of some units."""
    days = (on - programme.issued_on).days if programme.issued_on else None
    issued = sum(cell.issuance is not None for cell in cells)
    return PlanColumn(programme, rules.asks_for_plans(programme), issued, len(cells), days)


def _is_shown(row: PlanRow, asked: PlansAsked) -> bool:
    if not asked.show:
        return True
    cells = [c for c in row.cells if asked.programme in {"", c.programme.key}]
    if asked.show == "missing":
        return any(cell.is_missing for cell in cells)
    return any(cell.issuance for cell in cells)


@dataclass(frozen=True, slots=True)
class GroupPlans:
    """How far a group of units is with its plans for one programme; `missing` by name."""

    key: str
    name: str
    issued: int
    total: int
    missing: list[Unit]

    @property
    def first(self) -> list[Unit]:
        """As many of the missing as a page names."""
        return self.missing[:NAMED]

    @property
    def more(self) -> int:
        """How many are not named."""
        return len(self.missing) - len(self.first)


NAMED = 12


def group_plans(user: User, programme: ActionProgramme, *, on: date) -> list[GroupPlans]:
    """The programme's plans group by group, as the reader may see them; three queries."""
    units = list(asked_units(user, on=on).order_by("sort_key"))
    rows = PlanIssuance.objects.visible_to(user).filter(programme=programme)
    issued = set(rows.order_by().values_list("unit", flat=True))
    found = []
    for group in UnitGroup.objects.exclude(level="").filter(axis__isnull=False):
        members = [u for u in units if (u.axis_id, u.level) == (group.axis_id, group.level)]
        missing = [unit for unit in members if unit.pk not in issued]
        done = len(members) - len(missing)
        found.append(GroupPlans(group.key, group.name, done, len(members), missing))
    return [group for group in found if group.total]


def unit_plans(user: User, unit: Unit) -> PlanRow:
    """One unit's plans, programme by programme; two queries."""
    programmes = list(ActionProgramme.objects.visible_to(user).select_related("resolution"))
    return _row(unit, programmes, _plans(user, [unit]), user)
