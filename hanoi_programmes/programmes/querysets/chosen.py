"""Which part of the tasks a page tells of: one meaning in every list, figure, matrix and export."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from hanoi_programmes.lib.dates import Period
from hanoi_programmes.lib.periods import read_period
from hanoi_programmes.people.models import Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hanoi_programmes.people.querysets import UnitQuerySet


@dataclass(frozen=True, slots=True)
class Choice:
    """What an address asks for, by the names it uses; empty means all.

    `field` is a group of tasks of a programme ("hn72-3"), `area` the code of a ward or commune,
    `area_kind` is "ward" or "commune" for all areas of the kind, `period` a key of `lib.periods`:
    tasks whose deadline of the day falls into it. With an `area` the tasks that its units lead are
    meant, at whatever level.
    """

    resolution: str = ""
    programme: str = ""
    field: str = ""
    axis: str = ""
    area: str = ""
    unit: str = ""
    tier: str = ""
    period: str = ""
    area_kind: str = ""

    @classmethod
    def read(cls, query: Mapping[str, Any]) -> Choice:
        """From a query string; what cannot be a value is as if not asked."""
        found = {field.name: str(query.get(field.name) or "").strip()[:60] for field in fields(cls)}
        if read_period(found["period"]) is None:
            found["period"] = ""
        if not found["field"].rpartition("-")[2].isdecimal():
            found["field"] = ""
        return cls(**found)

    @property
    def conditions(self) -> dict[str, str]:
        """What is asked for, as the query string carries it."""
        asked = {field.name: str(getattr(self, field.name)) for field in fields(self)}
        return {name: value for name, value in asked.items() if value}

    @property
    def span(self) -> Period | None:
        """The days of the period."""
        return read_period(self.period)

    @property
    def of_tasks(self) -> Q:
        """The condition on a task's own columns and on `due` of the annotated day."""
        found = Q()
        if self.resolution:
            found &= Q(programme__resolution__key=self.resolution)
        if self.programme:
            found &= Q(programme__key=self.programme)
        if self.field:
            programme, _, number = self.field.rpartition("-")
            found &= Q(task_group__programme__key=programme, task_group__number=int(number[:4]))
        if span := self.span:
            found &= Q(due__range=(span.start, span.end))
        return found

    @property
    def units(self) -> UnitQuerySet | None:
        """The units one of which leads on the day; None when any may."""
        asked = {
            "axis__code": self.axis,
            "area__code": self.area,
            "area__kind": self.area_kind,
            "code": self.unit,
            "level": self.tier,
        }
        places = {name: value for name, value in asked.items() if value}
        return Unit.objects.filter(**places) if places else None


EVERYTHING = Choice()
