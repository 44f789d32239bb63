"""Who would get what in a fan-out: read for the preview, and again before anything is issued."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from hanoi_programmes.lib.text import fold
from hanoi_programmes.people.models import Holding, Unit, UnitGroup, User
from hanoi_programmes.people.roles import Level
from hanoi_programmes.people.rules import heads_of
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.models import Task

# Words in braces that stand for each unit's own: {đơn vị} and {địa bàn}, marks or not.
BLANKS = re.compile(r"\{([^{}]*)\}")
UNIT, AREA = "don vi", "dia ban"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be issued, and to whom: groups and single units without the exceptions."""

    groups: tuple[UnitGroup, ...] = ()
    units: tuple[Unit, ...] = ()
    without: tuple[Unit, ...] = ()
    text: str = ""
    product: str = ""
    authority: str = ""
    deadlines: dict[str, date] = field(default_factory=dict)
    rhythm: str = ""
    count_label: str = ""
    count_unit: str = ""
    count_goal: int | None = None


@dataclass(frozen=True, slots=True)
class Portion:
    """One unit's part. `reason` says why it gets none; empty when it does."""

    unit: Unit
    head: Holding | None
    deadline: date | None
    text: str
    product: str
    authority: str
    reason: str = ""
    existing: Task | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """All portions, from the top down: those to be issued, and those that are not."""

    portions: list[Portion]

    @property
    def issued(self) -> list[Portion]:
        """Who gets a task."""
        return [portion for portion in self.portions if not portion.reason]

    @property
    def skipped(self) -> list[Portion]:
        """Who has an open one from this task already."""
        return [portion for portion in self.portions if portion.existing]

    @property
    def left_out(self) -> list[Portion]:
        """Who cannot be given one, each with the reason."""
        return [p for p in self.portions if p.reason and not p.existing]

    def levels(self) -> dict[Level, list[Portion]]:
        """Those to be issued, level by level."""
        found = {
            level: [p for p in self.issued if p.unit.level == level]  # one portion, one level
            for level in Level
        }
        return {level: portions for level, portions in found.items() if portions}


def planned(parent: Task, order: Order, *, by: User | None, on: date) -> Plan:
    """Judge every chosen unit; four queries, however many they are."""
    units = list(_chosen(order))
    ids = {unit.pk for unit in units}
    heads = heads_of(ids, on=on)
    below = Task.objects.open_below(parent).filter(lead_unit__in=ids)
    existing = {task.lead_unit_id: task for task in below.order_by("pk")}
    judge = _Judge(parent, order, by, on)
    return Plan([judge.portion(u, heads.get(u.pk), existing.get(u.pk)) for u in units])


def _chosen(order: Order) -> Iterable[Unit]:
    ids = {unit.pk for unit in order.units}
    for group in order.groups:
        ids |= set(Unit.objects.in_group(group).values_list("pk", flat=True))
    ids -= {unit.pk for unit in order.without}
    return Unit.objects.filter(pk__in=ids).from_the_top()


@dataclass(frozen=True, slots=True)
class _Judge:
    parent: Task
    order: Order
    by: User | None
    on: date

    def portion(self, unit: Unit, head: Holding | None, existing: Task | None) -> Portion:
        """What the unit gets, or why it gets nothing."""
        words = {UNIT: unit.short_name, AREA: area_of(unit)}
        order = self.order
        return Portion(
            unit=unit,
            head=head,
            deadline=order.deadlines.get(unit.level),
            text=filled(order.text, words),
            product=filled(order.product, words),
            authority=filled(order.authority, words)[:300],
            reason=next(self._reasons(unit, head, existing), ""),
            existing=existing,
        )

    def _reasons(self, unit: Unit, head: Holding | None, existing: Task | None) -> Iterator[str]:
        if existing:
            yield f"đã có nhiệm vụ {existing.code}"
        receive = rules.may_receive(self.by, unit, self.parent, on=self.on)
        if not receive:
            yield receive.reason
        if head is None:
            yield "chưa có người đứng đầu đương nhiệm nên chưa đủ 6 rõ"


def area_of(unit: Unit) -> str:
    """The unit's area as it stands in a sentence, or the unit when it has none."""
    name = unit.area.name if unit.area else unit.short_name
    return name[0].lower() + name[1:] if unit.area else name


def blank(found: str) -> str:
    """What a blank is called, whatever way it is typed: {Đơn vị}, {don_vi}."""
    return fold(found).replace("_", " ").strip()


def filled(text: str, words: dict[str, str]) -> str:
    """The text with each unit's own words in the blanks; what is no blank stays as typed."""
    return BLANKS.sub(lambda found: words.get(blank(found[1]), found[0]), text)
