"""What tests of a fan-out share: what is asked for, and the act on what the preview shows."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hanoi_programmes.people.models import UnitGroup, User
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.services import cascade
from hanoi_programmes.programmes.services.cascade_plan import Order, planned
from tests.conftest import TODAY, act

DAY = timedelta(days=1)
DUE = TODAY + 20 * DAY
CHILD_DUE = TODAY + 10 * DAY


def order(*groups: UnitGroup, **changes: Any) -> Order:
    common = Order(
        groups=groups, text="Khám sức khỏe tại {địa bàn}", product="Báo cáo của {Đơn_vị}",
        authority="{don vi}", deadlines={"commune": CHILD_DUE, "department": CHILD_DUE - DAY},
    )  # fmt: skip
    return replace(common, **changes)


def issue(parent: Task, asked: Order, by: User, **changes: Any) -> cascade.Issued:
    """Issue to all that the preview shows."""
    shown = {p.unit.pk for p in planned(parent, asked, by=by, on=TODAY).issued}
    fields: dict[str, Any] = {"act": act(by), "agreed": shown} | changes
    return cascade.issue(parent, asked, **fields)
