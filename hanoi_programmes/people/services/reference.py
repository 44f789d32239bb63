"""The writers of people: reference bodies and areas, illustrative accounts."""

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Model

from hanoi_programmes.lib.text import sort_key
from hanoi_programmes.people.models import (
    Area,
    Axis,
    CalendarDay,
    Holding,
    Post,
    Unit,
    UnitGroup,
    User,
)
from hanoi_programmes.people.roles import Confidence, Level
from hanoi_programmes.people.services.calendar import decided_by_hand
from hanoi_programmes.people.services.merging import follow_mergings

DATA = Path(__file__).parent.parent / "data"
_KINDS = {"phường": "ward", "xã": "commune"}
_TERRITORY = "HN"


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _upsert(model: type[Model], rows: Iterable[Model], key: str, fields: Sequence[str]) -> None:
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=[key], update_fields=[*fields]
    )


@transaction.atomic
def load_organisations() -> dict[str, int]:
    """Write axes, areas, units, head posts and the calendar from the data files; safe to repeat.

    A body that was not confirmed comes switched off; what the office switches on later stays on.
    """
    _load_axes_and_areas()
    _load_bodies()
    _load_commune_units()
    follow_mergings()
    _load_groups()
    _load_calendar()
    return {
        "axes": Axis.objects.count(),
        "areas": Area.objects.count(),
        "units": Unit.objects.count(),
        "groups of units": UnitGroup.objects.count(),
        "head posts": Post.objects.filter(is_head=True).count(),
        "calendar days": CalendarDay.objects.count(),
    }


def _load_axes_and_areas() -> None:
    axes = [
        Axis(
            code=r["code"],
            name=r["name"],
            short_name=r["short_name"],
            order=int(r["order"]),
            source=r["source"],
            confidence=r["confidence"],
        )
        for r in _rows("axes.csv")
    ]
    _upsert(Axis, axes, "code", ["name", "short_name", "order", "source", "confidence"])
    areas = [
        Area(
            code=r["code"],
            name=r["name"],
            kind=_KINDS[r["kind"]],
            sort_key=sort_key(r["name"]),
            source=r["source"],
            confidence=r["confidence"],
        )
        for r in _rows("areas.csv")
    ]
    _upsert(Area, areas, "code", ["name", "kind", "sort_key", "source", "confidence"])


_UNIT_FIELDS = (
    "name", "short_name", "kind", "level", "axis", "area", "parent", "path", "sort_key",
    "source", "confidence",
)  # fmt: skip


def _load_bodies() -> None:
    """City bodies, parents before children. `HN` is a territory, not a body."""
    rows = [row for row in _rows("organisations.csv") if row["code"] != _TERRITORY]
    axes = {axis.code: axis for axis in Axis.objects.all()}
    known: dict[str, Unit] = {}
    while rows:
        ready = [r for r in rows if r["parent"] in known or r["parent"] in {"", _TERRITORY}]
        units = [_body(row, axes[row["axis"]], known.get(row["parent"])) for row in ready]
        _upsert(Unit, units, "code", _UNIT_FIELDS)
        codes = [row["code"] for row in ready]
        known |= {unit.code: unit for unit in Unit.objects.filter(code__in=codes)}
        _add_head_posts({row["code"]: row["head_title"] for row in ready})
        rows = [row for row in rows if row["code"] not in known]


def _body(row: dict[str, str], axis: Axis, parent: Unit | None) -> Unit:
    return Unit(
        code=row["code"],
        name=row["name"],
        short_name=row["short_name"],
        kind=row["kind"],
        level=row["level"],
        axis=axis,
        parent=parent,
        path=f"{parent.path if parent else '/'}{row['code']}/",
        sort_key=sort_key(row["name"]),
        is_active=row["confidence"] == Confidence.CONFIRMED,
        source=row["source"],
        confidence=row["confidence"],
    )


def _load_commune_units() -> None:
    """The four units of each area, one on each axis, each under its city body (PRODUCT §4)."""
    axes = {axis.code: axis for axis in Axis.objects.all()}
    parents = {unit.code: unit for unit in Unit.objects.exclude(level=Level.COMMUNE)}
    areas = list(Area.objects.all())
    for pattern in _rows("commune_units.csv"):
        parent = parents[pattern["parent"]]
        units = [_commune_unit(pattern, area, axes[pattern["axis"]], parent) for area in areas]
        _upsert(Unit, units, "code", _UNIT_FIELDS)
        _add_head_posts({unit.code: pattern["head_title"] for unit in units})


def _commune_unit(pattern: dict[str, str], area: Area, axis: Axis, parent: Unit) -> Unit:
    code = f"{area.code}-{pattern['code_suffix']}"
    lowered = area.name[0].lower() + area.name[1:]
    name = pattern["name_pattern"].format(area=lowered)
    return Unit(
        code=code,
        name=name,
        short_name=pattern["short_pattern"].format(area=lowered),
        kind=pattern["kind"],
        level=Level.COMMUNE,
        axis=axis,
        area=area,
        parent=parent,
        path=f"{parent.path}{code}/",
        sort_key=sort_key(name),
        is_active=True,
        source=pattern["source"],
        confidence=pattern["confidence"],
    )


def _add_head_posts(titles: dict[str, str]) -> None:
    units = Unit.objects.filter(code__in=titles)
    posts = [
        Post(unit=unit, title=titles[unit.code], is_head=True)
        for unit in units
        if titles[unit.code]
    ]
    Post.objects.bulk_create(posts, ignore_conflicts=True)


def _load_groups() -> None:
    """Groups as documents name them; their members follow from level and axis."""
    axes = {axis.code: axis for axis in Axis.objects.all()}
    groups = [
        UnitGroup(
            key=r["key"],
            name=r["name"],
            axis=axes[r["axis"]],
            level=r["level"],
            order=int(r["order"]),
            source=r["source"],
            confidence=r["confidence"],
        )
        for r in _rows("unit_groups.csv")
    ]
    _upsert(UnitGroup, groups, "key", ["name", "axis", "level", "order", "source", "confidence"])


def _load_calendar() -> None:
    """What the office decided about a day by hand stays, also that it is an ordinary one."""
    kept = decided_by_hand()
    days = [
        CalendarDay(
            day=date.fromisoformat(r["day"]),
            is_working=r["is_working"] == "1",
            name=r["name"],
            source=r["source"],
            confidence=r["confidence"],
        )
        for r in _rows("calendar.csv")
        if date.fromisoformat(r["day"]) not in kept
    ]
    _upsert(CalendarDay, days, "day", ["is_working", "name", "source", "confidence"])


# Published in the README: these accounts exist only where the setting ILLUSTRATIVE is on.
ILLUSTRATIVE_PASSWORD = "minh-hoa-2026"  # noqa: S105


def illustrative_accounts() -> list[dict[str, Any]]:
    """The accounts of the data file, by post and never by a person's name."""
    accounts: list[dict[str, Any]] = json.loads((DATA / "accounts.json").read_text("utf-8"))[
        "accounts"
    ]
    return accounts


@transaction.atomic
def load_illustrative_people(*, password: str, since: date) -> None:
    """Accounts of each role, and a made-up holder for every other head post; safe to repeat.

    The holders cannot sign in; they exist so that every unit has an answerable head to show.
    """
    # One hash for all: it is one published password, and sixteen hashes cost two seconds.
    hashed = make_password(password)
    for account in illustrative_accounts():
        _load_account(account, hashed, since)
    vacant = Post.objects.filter(is_head=True, holdings__isnull=True).select_related("unit")
    posts = list(vacant.filter(unit__is_active=True))
    unusable = make_password(None)
    holders = [_holder(post, unusable) for post in posts]
    User.objects.bulk_create(holders)
    Holding.objects.bulk_create(
        Holding(post=post, user=user, starts_on=since)
        for post, user in zip(posts, holders, strict=True)
    )


def _load_account(account: dict[str, Any], hashed: str, since: date) -> None:
    unit = _place(account)
    user, created = User.objects.get_or_create(
        username=account["username"],
        defaults={
            "password": hashed,
            "display_name": account["display_name"],
            "email": account["email"],
            "role": account["role"],
            "unit": unit,
            "is_illustrative": True,
        },
    )
    if created and account["is_head"]:
        post = Post.objects.get(unit=unit, is_head=True)
        Holding.objects.create(post=post, user=user, starts_on=since)


def _place(account: dict[str, Any]) -> Unit:
    if account["unit"]:
        return Unit.objects.get(code=account["unit"])
    return Unit.objects.get(area__code=account["area"], axis__code=account["axis"])


def _joined(title: str, unit: str) -> str:
    """'Giám đốc Sở' and 'Sở Nội vụ' make 'Giám đốc Sở Nội vụ'."""
    words = title.split()
    tails = (" ".join(words[start:]) for start in range(len(words)))
    shared = next((tail for tail in tails if unit.startswith(tail)), "")
    return f"{title} {unit.removeprefix(shared).strip()}".strip()


def _holder(post: Post, password: str) -> User:
    return User(
        username=f"minhhoa.{post.unit.code.lower()}",
        display_name=_joined(post.title, post.unit.short_name),
        password=password,
        role="head",
        unit=post.unit,
        is_illustrative=True,
    )
