"""The query string of the matrix: read once, carried on by every link, shown as chips."""

from dataclasses import dataclass, field, fields
from datetime import date
from urllib.parse import urlencode

from django.utils.datastructures import MultiValueDict

from hanoi_programmes.lib.periods import period_label
from hanoi_programmes.people.models import Area, Axis, Unit
from hanoi_programmes.programmes.models import ActionProgramme, Resolution, TaskGroup
from hanoi_programmes.programmes.querysets import EVERYTHING, Choice
from hanoi_programmes.reports.figures import By, Only, Order

KINDS = {"ward": "Chỉ phường", "commune": "Chỉ xã"}
# What the form itself asks for; the rest of the choice comes along from where the reader was.
_SHOWN = frozenset({"resolution", "axis", "area_kind"})
_EARLIEST = date(2000, 1, 1)
ALL = "all"


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition in words, and the query string without it."""

    label: str
    undo: str


@dataclass(frozen=True, slots=True)
class MatrixFilter:
    """What the address asks for; anything it does not understand is as if not asked.

    `pick` is the resolution that a phone shows, "all" for every one.
    """

    on: date
    today: date
    choice: Choice = EVERYTHING
    by: By = By.TASK
    order: str = ""
    only: str = ""
    name: str = ""
    pick: str = ""
    raw: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, query: MultiValueDict[str, str], *, today: date) -> "MatrixFilter":
        """Read a query string; a day that cannot be read, lies ahead or long ago, becomes today."""
        by, only, order = (query.get(name, "") for name in ("by", "only", "order"))
        asked = {
            "by": by if by in By.values and by != By.TASK else "",
            "order": order[:24] if order != Order.LATE else "",
            "only": only if only in Only.values else "",
            "name": query.get("name", "").strip()[:100],
            "pick": query.get("pick", "")[:60],
        }
        on = min(_day(query.get("on", "")) or today, today)
        choice = Choice.read(query)
        day = {"on": on.isoformat()} if on != today else {}
        return cls(
            on=on,
            today=today,
            choice=choice,
            by=By(asked["by"] or By.TASK),
            order=asked["order"],
            only=asked["only"],
            name=asked["name"],
            pick=asked["pick"],
            raw={key: text for key, text in asked.items() if text} | choice.conditions | day,
        )

    def address(self, **changes: str) -> str:
        """The query string with some conditions changed; an empty value drops one."""
        asked = self.raw | changes
        query = urlencode({name: text for name, text in asked.items() if text})
        # A lone "?" is the page without conditions: an empty link would lead to itself.
        return f"?{query}"

    @property
    def carried(self) -> dict[str, str]:
        """Conditions that the form has no field for."""
        names = [item.name for item in fields(Choice) if item.name not in _SHOWN]
        return {name: self.raw[name] for name in [*names, "pick"] if name in self.raw}

    def chips(self) -> list[Chip]:
        """The conditions in words, each with the address that drops it."""
        words = {
            "name": f"Tên có “{self.name}”",
            "only": f"Chỉ nơi: {Only(self.only).label.lower()}" if self.only else "",
            "on": f"Tính đến {self.on:%d/%m/%Y}",
            "period": f"Thời hạn trong {period_label(self.choice.period)}",
            "area_kind": KINDS.get(self.choice.area_kind, self.choice.area_kind),
            **self._places(),
        }
        return [Chip(words[name], self.address(**{name: ""})) for name in self.raw if name in words]

    def _places(self) -> dict[str, str]:
        choice = self.choice
        programmes = ActionProgramme.objects.filter(key=choice.programme)
        programme, _, number = choice.field.rpartition("-")
        groups = TaskGroup.objects.filter(programme__key=programme, number=number or 0)
        rows = {
            "programme": programmes.select_related("resolution"),
            "field": groups,
            "resolution": Resolution.objects.filter(key=choice.resolution),
            "unit": Unit.objects.filter(code=choice.unit),
            "area": Area.objects.filter(code=choice.area),
            "axis": Axis.objects.filter(code=choice.axis),
        }
        return {
            name: str(found.first() or self.raw[name])
            for name, found in rows.items()
            if name in self.raw
        }


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day >= _EARLIEST else None
