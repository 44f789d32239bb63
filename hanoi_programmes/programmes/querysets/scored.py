"""What a scorecard asks of tasks beside what is chosen: whose head, by which deadline, what befell.

The task list reads the same words, so that each figure of a scorecard opens exactly its rows.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Least

from hanoi_programmes.lib.dates import Period
from hanoi_programmes.lib.periods import period_label, read_period
from hanoi_programmes.people.models import Holding, Unit
from hanoi_programmes.programmes.querysets.chosen import Choice
from hanoi_programmes.programmes.states import Quality
from hanoi_programmes.programmes.timeliness import OPEN_GROUPS, Group

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hanoi_programmes.people.models import User
    from hanoi_programmes.programmes.querysets.tasks import TaskQuerySet

ORIGINAL = "original"
DONE = (Group.COMPLETED_ON_TIME, Group.COMPLETED_LATE)
# What may have happened to a task in some days, in the words of the list.
HAPPENED = {
    "reported": "Có cập nhật",
    "submitted": "Đã trình",
    "returned": "Bị trả lại",
    "extended": "Được gia hạn",
    "finished": "Hoàn thành",
    "lapsed": "Trở thành quá hạn",
    "unheard": "Không có cập nhật",
} | {key.value: f"Chất lượng: {key.label}" for key in Quality}
_EVENTS = {"submitted": "submit", "returned": "return"}
GRANTED = ("agreed", "other_date")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Scored:
    """By the names the address uses; empty asks nothing.

    `head` is the key of an account: tasks that its holder answers for as head (`headed_by`). With
    `against` "original" period and groups are judged by the original deadline. `happened` names
    what happened to the task within the days of the period key `during`.
    """

    head: str = ""
    against: str = ""
    happened: str = ""
    during: str = ""

    @classmethod
    def read(cls, query: Mapping[str, Any]) -> Scored:
        """From a query string; what cannot be a value is as if not asked."""
        found = {item.name: str(query.get(item.name) or "")[:30] for item in fields(cls)}
        head = found["head"] if found["head"].isascii() and found["head"].isdigit() else ""
        happened = found["happened"] if found["happened"] in HAPPENED else ""
        if read_period(found["during"]) is None or not happened:
            happened, found["during"] = "", ""
        against = ORIGINAL if found["against"] == ORIGINAL else ""
        return cls(head[:18], against, happened, found["during"])

    def chosen(self, rows: TaskQuerySet, choice: Choice) -> TaskQuerySet:
        """`rows.chosen`, whose period is that of the original deadline if that judges."""
        if not self.against:
            return rows.chosen(choice)
        rows = rows.chosen(replace(choice, period=""))
        return _first_due(rows, choice.span) if choice.span else rows

    def in_groups(self, rows: TaskQuerySet, groups: Sequence[Group]) -> TaskQuerySet:
        """`rows.in_groups`, by the deadline that judges."""
        return (
            rows.filter(Q(original_group__in=groups)) if self.against else rows.in_groups(*groups)
        )

    def narrow(self, rows: TaskQuerySet, *, on: date, user: User) -> TaskQuerySet:
        """Whose head it is and what happened; after `with_group_on`."""
        if self.head:
            rows = headed_by(rows, int(self.head), on=on, user=user)
        span = read_period(self.during)
        return happened(rows, self.happened, span, on=on) if span else rows

    def words(self) -> list[tuple[str, str, str]]:
        """Name, value and words of each condition; `during` goes with what happened."""
        found = [("head", self.head, "Việc của người đứng đầu đã chọn")] if self.head else []
        if self.against:
            found.append(("against", self.against, "Tính theo hạn gốc"))
        if self.happened:
            label = f"{HAPPENED[self.happened]} trong {period_label(self.during)}"
            found.append(("happened", self.happened, label))
        return found


UNSCORED = Scored()


def headed_by(rows: TaskQuerySet, head: int, *, on: date, user: User) -> TaskQuerySet:
    """Tasks that a person answers for as head: held the head post of the lead unit on the day the
    task fell due, or on the day `on` while it has not. Only of units in the reader's part of the
    tree; after `with_group_on`."""
    units = Unit.objects.filter(posts__is_head=True, posts__holdings__user=head)
    if not user.sees_all:
        units = units.within(user.unit) if user.unit else units.none()
    # The earlier of both; no deadline is later than any day.
    day = Least(OuterRef("due"), Value(on))
    held = Holding.objects.of_heads().filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day),
        user=head,
        post__unit=OuterRef("lead"),
        starts_on__lte=day,
    )
    return rows.led_within(units).filter(Exists(held))


def happened(rows: TaskQuerySet, what: str, span: Period, *, on: date) -> TaskQuerySet:
    """Tasks to which it happened within the days, up to `on`; after `with_group_on`."""
    days = (span.start, min(span.end, on))
    if what in Quality.values:
        return rows.in_groups(*DONE).filter(Q(done_on__range=days, quality=what))
    if what == "finished":
        return rows.in_groups(*DONE).filter(Q(done_on__range=days))
    if what == "lapsed":
        # The first late day is the one after the deadline.
        last = (days[0] - _DAY, days[1] - _DAY)
        return rows.in_groups(Group.OVERDUE, Group.COMPLETED_LATE).filter(Q(due__range=last))
    if what == "unheard":
        heard = _where(rows, "reported", days)
        silent = rows.in_groups(*OPEN_GROUPS).exclude(pk__in=heard)
        return silent.filter(issued_on__lt=days[0])
    return rows.filter(pk__in=_where(rows, what, days))


def _where(rows: TaskQuerySet, what: str, days: tuple[date, date]) -> QuerySet[Any]:
    tasks = rows.model.objects.order_by()
    if what in _EVENTS:
        found = tasks.filter(events__kind=_EVENTS[what], events__on__range=days)
    elif what == "extended":
        found = tasks.filter(extensions__answer__in=GRANTED, extensions__decided_on__range=days)
    else:
        found = tasks.filter(reports__on__range=days)
    return found.values("pk")


def _first_due(rows: TaskQuerySet, span: Period) -> TaskQuerySet:
    """The deadline that was given first is kept for ever: it needs no span of the past."""
    return rows.filter(original_deadline__range=(span.start, span.end))
