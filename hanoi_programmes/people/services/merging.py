"""Units and areas that become one: the old ends, its people and subtree move, its past stays."""

from datetime import date

from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Concat, Substr

from hanoi_programmes.lib.verdict import require
from hanoi_programmes.people import rules
from hanoi_programmes.people.models import (
    Area,
    Axis,
    Holding,
    PlaceEvent,
    Unit,
    UnitGroup,
    User,
)
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.services.history import Act, Told, place_was_changed, record_place


@transaction.atomic
def merge_units(*, unit: Unit, into: Unit, on: date, document: str, act: Act) -> None:
    """End `unit` on the day and let `into` follow it: accounts, units below, place in the tree.

    Its last day counts, as it does for holdings. Afterwards the old unit stands below the new one,
    so that the new one sees what the old one did. Who was head on past days stays as it was. Raises
    `Denied` with a sentence, and writes nothing, when the two cannot be one. The given objects are
    refreshed. Tasks are not touched: `programmes` moves them in the same transaction.
    """
    _one_at_a_time()
    _lock_units(unit, into)
    if place_was_changed(act):
        return
    if act.by is not None:
        require(rules.may_merge(act.by))
    require(rules.may_merge_units(unit, into, on=on, today=act.on))
    _merge(unit, into, on, document, act)


@transaction.atomic
def merge_areas(
    *, area: Area, into: Area, on: date, document: str, act: Act
) -> list[tuple[Unit, Unit]]:
    """End `area` on the day; its units become one with those of `into`, axis by axis.

    Returns the pairs (old unit, new unit), in the order of the axes; also when the same form comes
    a second time. Raises `Denied` like `merge_units`, with nothing written for any axis.
    """
    _one_at_a_time()
    list(Area.objects.select_for_update(no_key=True).filter(pk__in=[area.pk, into.pk]))
    area.refresh_from_db()
    into.refresh_from_db()
    if place_was_changed(act):
        return [(old, old.merged_into) for old in _merged_units(area, into) if old.merged_into]
    if act.by is not None:
        require(rules.may_merge(act.by))
    require(rules.may_merge_areas(area, into, on=on, today=act.on))
    pairs = _pairs(area, into)
    for old, new in pairs:
        merge_units(unit=old, into=new, on=on, document=document, act=act.for_part(old.pk))
    Area.objects.filter(pk=area.pk).update(ends_on=on, merged_into=into)
    area.refresh_from_db()
    record_place(act, _ended(str(into), on, document), area=area)
    record_place(act.for_part("into"), _grown(str(area), on, document), area=into)
    return pairs


@transaction.atomic
def follow_mergings() -> None:
    """Put merged units below their successors again, in the order in which they merged.

    The files of reference data tell how the tree stood once; loading them anew must not undo what
    became of it since.
    """
    merged = Unit.objects.filter(merged_into__isnull=False).order_by("ends_on", "pk")
    for pk in list(merged.values_list("pk", flat=True)):
        unit = Unit.objects.select_related("merged_into").get(pk=pk)
        if unit.merged_into and unit.parent_id != unit.merged_into_id:
            _move_subtree(unit, unit.merged_into)
            Unit.objects.filter(pk=pk).update(parent=unit.merged_into)


def _merged_units(area: Area, into: Area) -> list[Unit]:
    merged = area.units.filter(merged_into__area=into).select_related("merged_into")
    return list(merged.order_by("axis__order", "pk"))


def _pairs(area: Area, into: Area) -> list[tuple[Unit, Unit]]:
    there = {unit.axis_id: unit for unit in into.units.all()}
    running = area.units.filter(ends_on__isnull=True).order_by("axis__order", "pk")
    return [(old, there[old.axis_id]) for old in running]


def _one_at_a_time() -> None:
    """Two mergings at once could move one subtree twice: the axes' rows let one through."""
    list(Axis.objects.select_for_update(no_key=True).order_by("pk"))


def _lock_units(*units: Unit) -> None:
    """Lock in one order, then read again: an appointment meanwhile has ended or not begun."""
    ids = [unit.pk for unit in units]
    list(Unit.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
    for unit in units:
        unit.refresh_from_db()


def _merge(unit: Unit, into: Unit, on: date, document: str, act: Act) -> None:
    above = str(unit.parent or "")
    _move_subtree(unit, into)
    Unit.objects.filter(pk=unit.pk).update(ends_on=on, merged_into=into, parent=into)
    running = Q(ends_on__isnull=True) | Q(ends_on__gt=on)
    Holding.objects.filter(running, post__unit=unit).update(ends_on=on)
    for group in UnitGroup.objects.filter(members=unit):
        group.members.add(into)
    _move_accounts(unit, into, act)
    ended = _ended(str(into), on, document)
    ended.changes["parent"] = [above, str(into)]
    record_place(act, ended, unit=unit)
    record_place(act.for_part("into"), _grown(str(unit), on, document), unit=into)
    unit.refresh_from_db()
    into.refresh_from_db()


def _move_subtree(unit: Unit, into: Unit) -> None:
    """Running units below go to the new one; the ended ones stay below the old, which follows."""
    rest = Substr("path", len(unit.path) + 1)
    running = Q()
    for path in unit.children.filter(ends_on__isnull=True).values_list("path", flat=True):
        running |= Q(path__startswith=path)
    if running:
        moved = Unit.objects.filter(running)
        moved.filter(parent=unit).update(parent=into)
        moved.update(path=Concat(Value(into.path), rest))
    followed = Concat(Value(f"{into.path}{unit.code}/"), rest)
    Unit.objects.filter(path__startswith=unit.path).update(path=followed)


def _move_accounts(unit: Unit, into: Unit, act: Act) -> None:
    """Everybody keeps working at the new unit; its head stays its only head."""
    accounts = list(User.objects.select_for_update(no_key=True).filter(unit=unit).order_by("pk"))
    has_head = rules.head_of(into, on=act.on) is not None
    User.objects.filter(pk__in=[user.pk for user in accounts]).update(unit=into)
    if has_head:
        heads = [user.pk for user in accounts if user.role == Role.HEAD]
        User.objects.filter(pk__in=heads).update(role=Role.OFFICER)
    PlaceEvent.objects.bulk_create(
        _moved_account(user, unit, into, act, demoted=has_head and user.role == Role.HEAD)
        for user in accounts
    )


def _moved_account(user: User, unit: Unit, into: Unit, act: Act, *, demoted: bool) -> PlaceEvent:
    changes = {"unit": [str(unit), str(into)]}
    if demoted:
        changes["role"] = [Role.HEAD.label, Role.OFFICER.label]
    part = act.for_part(f"account-{user.pk}")
    return PlaceEvent(
        account=user,
        kind="move",
        told=f"Chuyển tài khoản sang {into} khi hợp nhất"[:300],
        changes=changes,
        by=act.by,
        at=act.at,
        on=act.on,
        form_key=part.form_key,
    )


def _ended(into: str, on: date, document: str) -> Told:
    words = f"Hợp nhất vào {into}, kết thúc ngày {on:%d/%m/%Y}"[:300]
    changes = {"ends_on": ["", on.isoformat()], "merged_into": ["", into]}
    return Told("merge", words, document, changes)


def _grown(old: str, on: date, document: str) -> Told:
    words = f"Tiếp nhận {old} do hợp nhất ngày {on:%d/%m/%Y}"[:300]
    return Told("receive", words, document, {"merged": ["", old]})
