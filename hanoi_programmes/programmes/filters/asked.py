"""The query string of the task list: read once, applied to the scoped queryset, shown as chips."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import cast
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import F, Q
from django.db.models.expressions import OrderBy
from django.utils.datastructures import MultiValueDict

from hanoi_programmes.lib.periods import period_label
from hanoi_programmes.people.models import Area, Axis, Unit, User
from hanoi_programmes.people.roles import Level
from hanoi_programmes.programmes.filters.worst import WorstFirst
from hanoi_programmes.programmes.models import ActionProgramme, Resolution, Task, TaskGroup
from hanoi_programmes.programmes.querysets import EVERYTHING, Choice, TaskQuerySet
from hanoi_programmes.programmes.querysets.clear import ANY
from hanoi_programmes.programmes.querysets.scored import UNSCORED, Scored
from hanoi_programmes.programmes.rules import clear_name
from hanoi_programmes.programmes.rules.charges import charged_to
from hanoi_programmes.programmes.rules.stuck import past_deadline, stuck_at
from hanoi_programmes.programmes.shapes.columns import DEFAULT, read_columns
from hanoi_programmes.programmes.states import Clarity, State
from hanoi_programmes.programmes.timeliness import Group, Side, rank_expression

# Conditions that are not a group of timeliness: words, and the question they ask of the rows.
SPECIALS: dict[str, tuple[str, Callable[[TaskQuerySet, date, date], TaskQuerySet]]] = {
    "blocked": ("Chờ quyết định", lambda tasks, on, _today: tasks.blocked_on(on)),
    "silent": (
        f"Không cập nhật quá {settings.SILENT_DAYS} ngày",
        lambda tasks, on, _today: tasks.silent_on(on, days=settings.SILENT_DAYS),
    ),
    "returned": ("Bị trả lại", lambda tasks, on, today: tasks.returned_by(on, today=today)),
    "not_updated": ("Cần cập nhật kỳ này", lambda tasks, on, _today: tasks.not_updated(on)),
    "unacknowledged": ("Chưa tiếp nhận", lambda tasks, _on, _today: tasks.unacknowledged()),
    "seriously_late": (
        f"Quá hạn trên {settings.SERIOUSLY_LATE_DAYS} ngày",
        lambda tasks, on, _today: tasks.late_on(on, days=settings.SERIOUSLY_LATE_DAYS),
    ),
    "past": (
        "Đã quá thời hạn, chưa hoàn thành",
        lambda tasks, on, _today: past_deadline(tasks, on),
    ),
    "at_unit": (
        "Quá hạn, đang ở đơn vị chủ trì",
        lambda tasks, on, _today: stuck_at(tasks, Side.UNIT, on),
    ),
    "at_decider": (
        "Quá hạn, đang chờ quyết định",
        lambda tasks, on, _today: stuck_at(tasks, Side.DECIDER, on),
    ),
    "at_verifier": (
        "Quá thời hạn, đang chờ xác nhận",
        lambda tasks, on, _today: stuck_at(tasks, Side.VERIFIER, on),
    ),
    "refused": ("Bị từ chối", lambda tasks, _on, _today: tasks.filter(state=State.REFUSED)),
    "extension": ("Chờ quyết định gia hạn", lambda tasks, _on, _today: tasks.asking_for_time()),
    "direction": ("Có ý kiến chỉ đạo chưa kết thúc", lambda tasks, _on, _today: tasks.directed()),
    # Its rows depend on who asks, and lie in other units than their own: see `_base`.
    "verify": ("Chờ đơn vị mình xác nhận", lambda tasks, _on, _today: tasks),
    "draft": ("Dự thảo, chưa giao", lambda tasks, _on, _today: tasks.filter(state=State.DRAFT)),
}
# Rows of these may be drafts, or be asked by units below the reader's and of units beside it.
_ANYWHERE = frozenset({"draft", "extension", "direction"})
# Columns that sort, by the name that the address uses; "-" before it turns the order round.
ORDERS = {
    "code": "code",
    "unit": "lead_unit__sort_key",
    "due": "due",
    "updated": "last_report_on",
    "state": "group_rank",
    "original": "original_deadline",
    "quality": "quality",
}
# What a task is marked with: words, and the question asked of the rows for a reader.
MARKS: dict[str, tuple[str, Callable[[User], Q]]] = {
    "mine": ("Tôi theo dõi", lambda user: Q(officer=user.pk)),
    "key": ("Trọng tâm", lambda _user: Q(is_key=True)),
    "hard": ("Việc khó", lambda _user: Q(is_hard=True)),
    "new": ("Việc mới", lambda _user: Q(is_new=True)),
    "unprecedented": ("Chưa có tiền lệ", lambda _user: Q(is_unprecedented=True)),
    "extended": ("Đã đổi thời hạn", lambda _user: ~Q(due=F("original_deadline"))),
}
LEVELS = {
    "city": "Cấp Thành phố",
    "commune": "Phường, xã",
    "apart": "Phường, xã, việc giao riêng",
    "led": "Mọi cấp, đã giao",
    "all": "Mọi cấp, cả dự thảo",
}

# Whose days of a delay may be asked for, with the words of the chip.
CHARGED = {
    Side.UNIT: "Có ngày chậm tính cho đơn vị thực hiện",
    Side.DECIDER: "Có ngày chậm chờ {whom} quyết định",
    Side.VERIFIER: "Có ngày chậm chờ {whom} xác nhận",
}

# What `lacks=` may ask for: one of the six rõ, or any of them.
LACKS = frozenset({ANY, *Clarity})


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition in words, and the query string without it."""

    label: str
    undo: str


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """What the address asks for; anything it does not understand is as if not asked."""

    on: date
    today: date
    q: str = ""
    choice: Choice = EVERYTHING
    scored: Scored = UNSCORED
    level: str = ""
    parent: str = ""
    below: str = ""
    lacks: str = ""
    special: str = ""
    charged: str = ""
    whom: str = ""
    order: str = ""
    groups: tuple[Group, ...] = ()
    marks: tuple[str, ...] = ()
    raw: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, query: MultiValueDict[str, str], *, today: date) -> "TaskFilter":
        """Read a query string; a day that cannot be read, lies ahead or long ago, becomes today."""
        known = {k: list(filter(None, query.getlist(k))) for k in _FIELDS if any(query.getlist(k))}
        special, level = query.get("special", ""), query.get("level", "")
        parent, below = query.get("parent", "")[:18], query.get("below", "")[:18]
        lacks, charged = query.get("lacks", ""), query.get("charged", "")
        order = query.get("order", "")
        return cls(
            on=min(_day(query.get("on", "")) or today, today),
            today=today,
            q=query.get("q", "").strip()[:200],
            choice=_choice(query),
            scored=Scored.read(query),
            level=level if level in LEVELS else "",
            parent=parent if parent.isdecimal() else "",
            below=below if below.isdecimal() else "",
            lacks=lacks if lacks in LACKS else "",
            special=special if special in SPECIALS else "",
            charged=charged if charged in CHARGED else "",
            whom=query.get("whom", "")[:300],
            order=order if order.removeprefix("-") in ORDERS else "",
            groups=tuple(Group(g) for g in query.getlist("group") if g in Group.values),
            marks=tuple(mark for mark in MARKS if mark in query.getlist("mark")),
            raw=known,
        )

    def apply(self, visible: TaskQuerySet, user: User) -> TaskQuerySet:
        """The rows asked for, with their group on the day; `visible` is all that the user may see,
        and never less: what the user's own units lead is not looked for in it."""
        rows = self._base(visible.with_group_on(self.on, today=self.today), user)
        if not self._has_outside():
            rows = rows.in_figures()
        rows = self.scored.chosen(rows, self.choice).matching(self.q)
        if self.groups:
            rows = self.scored.in_groups(rows, self.groups)
        for mark in self.marks:
            rows = rows.filter(MARKS[mark][1](user))
        rows = self.scored.narrow(rows, on=self.on, user=user)
        if self.lacks:
            rows = rows.lacking(self.lacks, self.on)
        if self.special:
            rows = SPECIALS[self.special][1](rows, self.on, self.today)
        if self.charged:
            rows = charged_to(rows, Side(self.charged), self.whom, self.on)
        return rows.annotate(group_rank=rank_expression()).order_by(*self._columns())

    def keys(self, visible: TaskQuerySet, user: User) -> Sequence[int]:
        """The keys of those rows: only what is shown of them is looked for."""
        rows = self.apply(visible, user)
        if not self.order:
            return WorstFirst(rows)
        return cast("Sequence[int]", rows.values_list("pk", flat=True))

    def found(self, ids: list[int]) -> list[Task]:
        """Tasks that `apply` found, by their keys and in their order, with all that a row tells."""
        rows = Task.objects.with_group_on(self.on, today=self.today).filter(pk__in=ids)
        tasks = {task.pk: task for task in rows.select_related(*_TOLD)}
        return [tasks[pk] for pk in ids if pk in tasks]

    def _columns(self) -> list[OrderBy | str]:
        """The column asked for, else urgency; empty values last either way."""
        if not self.order:
            return ["group_rank", F("due").asc(nulls_last=True), "code"]
        name = ORDERS[self.order.removeprefix("-")]
        if self.on < self.today:
            # Who led then is joined already, together with what else was true then.
            name = name.replace("lead_unit__", "span__lead_unit__")
        column = F(name)
        down = self.order.startswith("-")
        ordered = column.desc(nulls_last=True) if down else column.asc(nulls_last=True)
        return [ordered, "code"]

    def _base(self, tasks: TaskQuerySet, user: User) -> TaskQuerySet:
        """Words search every level; without them the list shows what the figures count."""
        if self.parent:
            return tasks.filter(parent=int(self.parent))
        if self.below:
            return tasks.filter(ancestors__contains=[int(self.below)])
        if self.special == "verify":
            return tasks.to_be_verified_by(user)
        if self.level in {"commune", "apart"}:
            rows = tasks.led_within(Unit.objects.filter(level=Level.COMMUNE))
            return rows.apart() if self.level == "apart" else rows
        if self.level == "led" or self.choice.area or self._has_outside():
            return tasks
        if self.on == self.today:
            # What the reader's units lead today, the reader sees: the door need not be asked again.
            tasks = Task.objects.with_group(self.on)
        own = tasks.city_or_led(user)
        return own.filter(parent__isnull=True) if self.level == "city" else own

    def _has_outside(self) -> bool:
        """Whether drafts and cancelled tasks, which no figure counts, may be among the rows."""
        if self.level in {"city", "commune", "apart", "led"}:
            return False
        return self.level == "all" or self.special in _ANYWHERE or bool(self.q or self.lacks)

    @property
    def has_usual_columns(self) -> bool:
        """The address names the columns that are shown anyway."""
        return read_columns(self.raw.get("columns", [])) == DEFAULT and "columns" in self.raw

    @property
    def address(self) -> str:
        """The shortest query string that asks the same."""
        rest = dict(self.raw)
        if self.has_usual_columns:
            del rest["columns"]
        return urlencode(rest, doseq=True)

    def chips(self) -> list[Chip]:
        """The conditions in words, each with the address that drops it."""
        chips = [self._chip("group", group, f"Tình trạng: {group.label}") for group in self.groups]
        if self.special:
            chips.append(self._chip("special", self.special, SPECIALS[self.special][0]))
        if self.charged:
            words = CHARGED[Side(self.charged)].format(whom=self.whom or "nơi khác")
            chips.append(self._chip("charged", self.charged, words))
        if self.parent:
            chips.append(self._chip("parent", self.raw["parent"][0], "Nhiệm vụ thành phần"))
        if self.below:
            chips.append(self._chip("below", self.raw["below"][0], "Nhiệm vụ các cấp dưới"))
        if self.level:
            chips.append(self._chip("level", self.level, LEVELS[self.level]))
        if self.on != self.today:
            chips.append(self._chip("on", self.raw["on"][0], f"Tính đến {self.on:%d/%m/%Y}"))
        if self.q:
            chips.append(self._chip("q", self.raw["q"][0], f"Từ khóa: {self.q}"))
        chips += [self._chip("mark", mark, MARKS[mark][0]) for mark in self.marks]
        chips += [self._chip(*words) for words in self.scored.words()]
        return [*chips, *self._lack_chips(), *self._choice_chips(), *self._place_chips()]

    def _lack_chips(self) -> list[Chip]:
        if not self.lacks:
            return []
        name = "đủ 6 rõ" if self.lacks == ANY else clear_name(Clarity(self.lacks)).lower()
        return [self._chip("lacks", self.lacks, f"Chưa {name}")]

    def _choice_chips(self) -> list[Chip]:
        tier, period = self.choice.tier, self.choice.period
        tiers = [self._chip("tier", tier, f"Chủ trì: {Level(tier).label}")] if tier else []
        if kind := self.choice.area_kind:
            name = {"ward": "phường", "commune": "xã"}.get(kind, kind)
            tiers.append(self._chip("area_kind", kind, f"Chỉ các {name}"))
        label = f"Thời hạn trong {period_label(period)}"
        return [*tiers, self._chip("period", period, label)] if period else tiers

    def _place_chips(self) -> list[Chip]:
        choice = self.choice
        programmes = ActionProgramme.objects.filter(key=choice.programme)
        programme, _, number = choice.field.rpartition("-")
        models = (
            ("programme", choice.programme, programmes.select_related("resolution")),
            (
                "field",
                choice.field,
                TaskGroup.objects.filter(programme__key=programme, number=number or 0),
            ),
            ("resolution", choice.resolution, Resolution.objects.filter(key=choice.resolution)),
            ("unit", choice.unit, Unit.objects.filter(code=choice.unit)),
            ("area", choice.area, Area.objects.filter(code=choice.area)),
            ("axis", choice.axis, Axis.objects.filter(code=choice.axis)),
        )
        return [
            self._chip(name, value, str(rows.first() or value))
            for name, value, rows in models
            if value
        ]

    def _chip(self, name: str, value: str, label: str) -> Chip:
        rest = {k: [v for v in vs if (k, v) != (name, value)] for k, vs in self.raw.items()}
        return Chip(label, urlencode(rest, doseq=True))


_FIELDS = (
    "q",
    *(item.name for item in (*fields(Choice), *fields(Scored))),
    "level",
    "parent",
    "below",
    "lacks",
    "special",
    "charged",
    "whom",
    "order",
    "group",
    "mark",
    "columns",
    "on",
    "per",
)
# What of its neighbours a row tells.
_TOLD = ("lead_unit__axis", "programme__resolution", "task_group", "officer__unit")
_EARLIEST = date(2000, 1, 1)


def _choice(query: MultiValueDict[str, str]) -> Choice:
    """What is chosen; a level that there is not is as if not asked."""
    asked = Choice.read(query)
    return asked if asked.tier in Level.values else replace(asked, tier="")


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # Rules count days back from it, and the calendar has a first day.
    return day if day >= _EARLIEST else None


def task_counts(user: User, on: date) -> dict[str, int]:
    """How many of the user's counted tasks each view holds: the numbers beside the views' names."""
    found = Task.objects.counted_for(user).with_group(on).tally("group")
    return {"all": sum(found.values())} | {group: found.get(group, 0) for group in Group}
