"""Illustrative plans of units: most wards have issued theirs, some are missing, drafts ask none."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from hanoi_programmes.people.models import PlaceEvent, Unit, User
from hanoi_programmes.people.roles import Level, Role
from hanoi_programmes.programmes.models import ActionProgramme, PlanIssuance

_HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
# Of a hundred units so many have issued a plan, by axis; the rest is missing.
_SHARES = {"ubnd": 80, "dang": 88, "hdnd": 42, "mttq": 63}
_SIGNS = {"ubnd": "KH-UBND", "dang": "KH-ĐU", "hdnd": "KH-HĐND", "mttq": "KH-MTTQ"}
_OF_DEPARTMENTS = 72
# The programme's own day where it could be read, else this many days before loading.
_AGE = timedelta(days=250)


@transaction.atomic
def load_illustrative_plans(*, on: date) -> int:
    """Store the plans as of the day, each with its event; when there are any, change nothing."""
    kept = PlanIssuance.objects.filter(is_illustrative=True)
    if not kept.exists():
        rows = list(_plans(on))
        PlanIssuance.objects.bulk_create(rows)
        PlaceEvent.objects.bulk_create(PlaceEvent(**_event(row)) for row in rows)
    return kept.count()


def _plans(on: date) -> Iterator[PlanIssuance]:
    by = User.objects.filter(is_illustrative=True, role=Role.OFFICE).order_by("pk")[0]
    asking = ActionProgramme.objects.filter(status=ActionProgramme.Status.ISSUED)
    units = list(
        Unit.objects.active(on)
        .filter(level__in=[Level.COMMUNE, Level.DEPARTMENT])
        .select_related("axis")
        .order_by("code")
    )
    for programme in asking.order_by("key"):
        random = Random(programme.key)  # noqa: S311 - the same plans on every machine
        start = programme.issued_on or on - _AGE
        for unit in units:
            share = _SHARES.get(unit.axis.code, 0)
            share = _OF_DEPARTMENTS if unit.level == Level.DEPARTMENT else share
            if random.randrange(100) >= share:
                continue
            day = min(start + timedelta(days=random.randint(9, 70)), on)
            sign = _SIGNS.get(unit.axis.code, "KH")
            yield PlanIssuance(
                programme=programme,
                unit=unit,
                number=f"{random.randint(5, 180)}/{sign}",
                title=f"Kế hoạch thực hiện Chương trình {programme.number}",
                issued_on=day,
                by=by,
                recorded_at=datetime.combine(day, time(9), _HANOI),
                is_illustrative=True,
            )


def _event(row: PlanIssuance) -> dict[str, Any]:
    words = f"Ban hành kế hoạch {row} thực hiện chương trình {row.programme}"
    return {
        "kind": "plan-issue",
        "told": words[:300],
        "unit": row.unit,
        "by": row.by,
        "at": row.recorded_at,
        "on": row.issued_on,
    }
