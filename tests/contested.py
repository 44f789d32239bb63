"""Makers of rows that scorecards count or keep: events by hand, figures that a unit contests."""

from datetime import date
from typing import Any

from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.programmes.models import Event, Task
from hanoi_programmes.reports.models import FigureContest


def make_event(task: Task, kind: str, by: User, on: date) -> Event:
    """An event of the task's history; the rows that it tells of are not changed."""
    return Event.objects.create(task=task, kind=kind, told=kind, by=by, on=on, at=f"{on}T08:00:00Z")


def make_contest(unit: Unit, by: User, on: date, **changes: Any) -> FigureContest:
    """A figure that the unit says is wrong; it waits for the office."""
    fields = {
        "figure": "on_time",
        "shown": "57% (4/7 việc đến hạn)",
        "address": f"/scorecards/units/{unit.code}/?period={on.year}&on={on}",
        "as_of": on,
        "text": "Một việc đã xong trước hạn theo văn bản số 12.",
        "at": f"{on}T08:00:00Z",
    } | changes
    return FigureContest.objects.create(unit=unit, by=by, **fields)
