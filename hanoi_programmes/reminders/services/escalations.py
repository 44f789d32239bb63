"""The planner's escalations in the history of their tasks: who was told above the unit, when."""

from datetime import date, datetime
from uuid import UUID, uuid5

from django.db.models import Count

from hanoi_programmes.people.services.history import Told
from hanoi_programmes.programmes.services.history import record_once
from hanoi_programmes.reminders.models import Reminder
from hanoi_programmes.reminders.states import AFTER, Escalation

# Under this name each (task, rung, deadline) has the one key of its event.
_SPACE = UUID("6d0c8a52-2f0b-5d7e-9a51-0b8f1f5f8c11")


def record_escalations(*, on: date, at: datetime) -> int:
    """Write down what the planner told of late tasks above their unit on the day.

    Called inside the planner's transaction, or at any later time: an escalation that is written
    down already stays as it is. Three queries, whatever their number. Returns how many were new.
    """
    told = Reminder.objects.told().filter(planned_on=on, rung__startswith=AFTER, matter=0)
    rows = told.order_by().values_list("task_id", "rung", "deadline").annotate(people=Count("pk"))
    words = {}
    for task, rung, deadline, people in rows:
        level = Escalation.of(int(rung.removeprefix(AFTER)))
        if level and level > Escalation.FIRST:
            key = uuid5(_SPACE, f"{task} {rung} {deadline}")
            words[task, key] = _told(level, deadline, people, on)
    return record_once(words, at=at, on=on)


def _told(level: Escalation, deadline: date, people: int, on: date) -> Told:
    late = (on - deadline).days
    return Told(
        "escalate",
        f"Tự động đôn đốc mức {level.rank}: {level.label}",
        f"quá hạn {late} ngày (thời hạn {deadline:%d/%m/%Y}), đã nhắc {people} người",
    )
