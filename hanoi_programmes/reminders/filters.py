"""The query string of the list of what is to be urged: read once, shown as chips, carried on."""

from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.datastructures import MultiValueDict

from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.people.roles import Level
from hanoi_programmes.programmes.filters import Chip
from hanoi_programmes.programmes.models import ActionProgramme, Resolution, Task
from hanoi_programmes.programmes.querysets import EVERYTHING, Choice, TaskQuerySet
from hanoi_programmes.reminders.figures import (
    Pressed,
    Why,
    at_level,
    followed_by,
    pressing,
    with_ledger,
    worst_first,
)
from hanoi_programmes.reminders.states import Escalation

LEVELS = {"commune": "Phường, xã", "all": "Mọi cấp"}
# Carried up how far, by the value of the address.
CARRIED: dict[str, tuple[str, Escalation | None]] = {
    "no": ("Chưa vượt cấp, chưa nhắc", None),
    **{str(level.value): (f"Mức {level.rank}: {level.label}", level) for level in Escalation},
}
URGED = {"never": "Chưa đôn đốc lần nào", "once": "Đã đôn đốc"}
_NO_FIELD = ("resolution", "why", "urged")
# What of its neighbours a row tells.
_TOLD = ("lead_unit__axis", "parent__lead_unit", "programme__resolution")
_OF_CHOICE = ("resolution", "programme", "unit")


@dataclass(frozen=True, slots=True)
class UrgingFilter:
    """What the address asks for; anything it does not understand is as if not asked."""

    on: date
    choice: Choice = EVERYTHING
    level: str = ""
    why: str = ""
    carried: str = ""
    urged: str = ""
    q: str = ""
    raw: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, query: MultiValueDict[str, str], *, today: date) -> "UrgingFilter":
        """Read a query string."""
        known = {"level": LEVELS, "why": Why.values, "carried": CARRIED, "urged": URGED}
        asked = {
            name: query.get(name, "") for name, values in known.items() if query.get(name) in values
        }
        if words := query.get("q", "").strip()[:200]:
            asked["q"] = words
        choice = Choice.read({name: query.get(name, "") for name in _OF_CHOICE})
        return cls(on=today, choice=choice, raw=choice.conditions | asked, **asked)

    def base(self, tasks: TaskQuerySet, user: User) -> TaskQuerySet:
        """The part of what the reader follows that the numbers of the page tell of."""
        rows = followed_by(tasks, user, self.level).filter(self.choice.of_tasks)
        if self.choice.unit:
            rows = rows.filter(lead_unit__in=Unit.objects.filter(code=self.choice.unit))
        return rows.matching(self.q)

    def apply(self, tasks: TaskQuerySet, user: User) -> TaskQuerySet:
        """The rows asked for, the worst on top."""
        rows = with_ledger(pressing(self.base(tasks, user), self.on, self.why), self.on)
        if self.carried:
            rows = at_level(rows, CARRIED[self.carried][1])
        if self.urged:
            rows = rows.filter(Q(urged_on__isnull=self.urged == "never"))
        return worst_first(rows, self.on)

    def found(self, tasks: TaskQuerySet, ids: list[int]) -> list[Task]:
        """Tasks that `apply` found, by their keys and in their order, with all that a row tells."""
        rows = with_ledger(tasks.with_group(self.on), self.on).filter(pk__in=ids)
        by_key = {task.pk: task for task in rows.select_related(*_TOLD)}
        return [by_key[pk] for pk in ids if pk in by_key]

    def number_of(self, pressed: Pressed) -> int | None:
        """How many rows `apply` finds, where the numbers of the page tell it."""
        level = CARRIED[self.carried][1] if self.carried else None
        asked = bool(self.carried)
        return pressed.of(why=self.why, level=level, is_leveled=asked, urged=self.urged)

    @property
    def whole(self) -> "UrgingFilter":
        """The same part of the tasks for any reason, at any level, urged or not."""
        return replace(self, why="", carried="", urged="")

    def address(self, **changes: str) -> str:
        """The query string with some conditions changed; an empty value drops one."""
        asked = {name: text for name, text in (self.raw | changes).items() if text}
        # A lone "?" is the page without conditions: an empty link would lead to itself.
        return f"?{urlencode(asked)}"

    @property
    def carried_along(self) -> list[tuple[str, str]]:
        """Conditions that the form has no field for: they stay."""
        return [(name, self.raw[name]) for name in _NO_FIELD if name in self.raw]

    def chips(self) -> list[Chip]:
        """The conditions in words, each with the address that drops it."""
        words = {
            "q": f"Từ khóa: {self.q}",
            "level": LEVELS.get(self.level, ""),
            "why": Why(self.why).label if self.why else "",
            "carried": CARRIED[self.carried][0] if self.carried else "",
            "urged": URGED.get(self.urged, ""),
            **self._places(),
        }
        return [
            Chip(words[name], self.address(**{name: ""}).removeprefix("?")) for name in self.raw
        ]

    def _places(self) -> dict[str, str]:
        rows = {
            "resolution": Resolution.objects.filter(key=self.choice.resolution),
            "programme": ActionProgramme.objects.filter(key=self.choice.programme).select_related(
                "resolution"
            ),
            "unit": Unit.objects.filter(code=self.choice.unit),
        }
        return {
            name: str(found.first() or self.raw[name])
            for name, found in rows.items()
            if name in self.raw
        }


def offered(user: User, chosen: str) -> dict[str, list[tuple[str, str]]]:
    """What the form lets choose from; of the wards only the one that is chosen."""
    units = Unit.objects.exclude(level=Level.COMMUNE) | Unit.objects.filter(code=chosen)
    return {
        "programmes": [
            (row.key, f"{row.resolution.short_number} – {row.number or 'dự thảo'}")
            for row in ActionProgramme.objects.visible_to(user).select_related("resolution")
        ],
        "units": [(row.code, row.short_name) for row in units.order_by("sort_key")],
        "levels_offered": list(LEVELS.items()) if user.sees_all else [],
        "carrieds": [(key, words) for key, (words, _) in CARRIED.items()],
    }
