"""The filter of the task list, drawn: the conditions of the address in their fields."""

from datetime import date
from typing import Any, cast

from django import forms

from hanoi_programmes.lib.dates import ONE_DAY, month_of, quarter_number
from hanoi_programmes.lib.periods import period_label
from hanoi_programmes.people.models import Area, Axis, Unit, User
from hanoi_programmes.people.roles import Level
from hanoi_programmes.programmes.filters.asked import LEVELS, MARKS, SPECIALS, TaskFilter
from hanoi_programmes.programmes.models import ActionProgramme, Resolution, TaskGroup
from hanoi_programmes.programmes.shapes.columns import COLUMNS, read_columns
from hanoi_programmes.programmes.timeliness import Group
from hanoi_programmes.ui.fields import Day
from hanoi_programmes.ui.wording import PlainForm

Choices = list[tuple[str, str]]
_HEADING = 70


def _select(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False)


class FilterForm(PlainForm):
    """Only drawn, never validated: the address is read by `TaskFilter`, which ignores nonsense."""

    q = forms.CharField(label="Từ khóa", max_length=200)
    resolution, unit = _select("Nghị quyết"), _select("Đơn vị chủ trì")
    group, special = _select("Tình trạng"), _select("Cần chú ý")
    axis, level = _select("Trục"), _select("Cấp")
    programme, field = _select("Chương trình"), _select("Lĩnh vực")
    area, period = _select("Phường, xã"), _select("Thời hạn trong kỳ")
    on = Day(label="Tính đến ngày")
    states = forms.MultipleChoiceField(
        label="Nhiều tình trạng", choices=Group.choices, widget=forms.CheckboxSelectMultiple
    )
    mark = forms.MultipleChoiceField(
        label="Đánh dấu",
        choices=[(key, words) for key, (words, _) in MARKS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    columns = forms.MultipleChoiceField(
        label="Cột hiện trên bảng và trong tệp Excel",
        choices=[(key, column.label) for key, column in COLUMNS.items()],
        widget=forms.CheckboxSelectMultiple,
    )

    main = ("resolution", "unit", "group", "axis")
    further = ("special", "level", "programme", "field", "area", "period", "on")

    def __init__(self, asked: TaskFilter, *, user: User) -> None:
        super().__init__(auto_id="f-%s", label_suffix="", initial=_initial(asked))
        self.asked, choice, many = asked, asked.choice, len(asked.groups)
        self._offer("resolution", "Tất cả", _resolutions())
        self._offer("unit", "Tất cả", _units(choice.unit))
        self._offer("group", f"Đã chọn {many}" if many > 1 else "Tất cả", Group.choices)
        self._offer("axis", "Tất cả", [(row.code, row.name) for row in Axis.objects.all()])
        specials = [(key, label) for key, (label, _) in SPECIALS.items()]
        self._offer("special", "Không chọn", specials)
        self._offer("level", "Không chọn", list(LEVELS.items()))
        self._offer("programme", "Tất cả", _programmes(user))
        self._offer("field", "Tất cả", _fields())
        self._offer("area", "Tất cả", [(row.code, str(row)) for row in Area.objects.all()])
        self._offer("period", "Mọi thời hạn", _periods(asked.today, choice.period))
        self.fields["on"].widget.attrs["max"] = asked.today.isoformat()
        self.fields["states"].widget.attrs["name"] = "group"
        for name in (*self.main, *self.further, "q"):
            self.fields[name].widget.attrs["class"] = "in in--s"

    def _offer(self, name: str, nothing: str, choices: Choices) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = [("", nothing), *choices]

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """The first row."""
        return [self[name] for name in self.main]

    @property
    def further_fields(self) -> list[forms.BoundField]:
        """Behind "Thêm điều kiện"."""
        return [self[name] for name in self.further]

    @property
    def more(self) -> int:
        """How many conditions are set among those behind "Thêm điều kiện"."""
        asked = self.asked
        set_there = [self.initial[name] for name in self.further if name != "on"]
        is_past = asked.on != asked.today
        return sum(map(bool, (*set_there, is_past, len(asked.groups) > 1))) + len(asked.marks)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Conditions of the address that no field shows: they stay."""
        shown = {*self.fields, "mark", "group", "columns"}
        return [
            (name, value)
            for name, values in self.asked.raw.items()
            if name not in shown
            for value in values
        ]


def _initial(asked: TaskFilter) -> dict[str, Any]:
    groups = [group.value for group in asked.groups]
    return asked.choice.conditions | {
        "q": asked.q,
        "special": asked.special,
        "level": asked.level,
        "programme": asked.choice.programme,
        "field": asked.choice.field,
        "area": asked.choice.area,
        "period": asked.choice.period,
        "group": groups[0] if len(groups) == 1 else "",
        "states": groups if len(groups) > 1 else [],
        "mark": list(asked.marks),
        "columns": list(read_columns(asked.raw.get("columns", []))),
        "on": asked.on,
    }


def _resolutions() -> Choices:
    rows = Resolution.objects.all()
    return [(row.key, f"{row.short_number} {row.short}") for row in rows]


def _units(chosen: str) -> Choices:
    """The city's bodies; of the wards only the one that is chosen: they have a field of theirs."""
    rows = Unit.objects.exclude(level=Level.COMMUNE) | Unit.objects.filter(code=chosen)
    return [(row.code, row.short_name) for row in rows.order_by("sort_key")]


def _programmes(user: User) -> Choices:
    rows = ActionProgramme.objects.visible_to(user).select_related("resolution")
    return [(row.key, f"{row.resolution.short_number} – {row.number or 'dự thảo'}") for row in rows]


def _fields() -> Choices:
    rows = TaskGroup.objects.select_related("programme__resolution")
    return [
        (
            f"{row.programme.key}-{row.number}",
            f"{row.programme.resolution.short_number} · {row.number}. {row.heading[:_HEADING]}",
        )
        for row in rows
    ]


def _periods(today: date, chosen: str) -> Choices:
    """This month and the next, the year's quarters and halves, and what the address asks."""
    year, following = today.year, month_of(today).end + ONE_DAY
    keys = [f"{today:%Y-%m}", f"{following:%Y-%m}"]
    keys += [f"{year}-Q{number}" for number in range(quarter_number(today), 5)]
    keys += [f"{year}-H1", f"{year}-9M", f"{year}", f"{year + 1}"]
    keys += [chosen] if chosen and chosen not in keys else []
    return [(key, period_label(key)[0].upper() + period_label(key)[1:]) for key in keys]
