"""What a fan-out asks for: to whom, what, until when; and why it is taken back or changed."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any, cast

from django import forms

from hanoi_programmes.people.models import Unit, UnitGroup, User
from hanoi_programmes.people.roles import Level
from hanoi_programmes.people.shapes import UNITS
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.forms.fields import OLD_PAGE, TEXT_MAX, FormKey, WholeNumber
from hanoi_programmes.programmes.models import Rhythm, Task
from hanoi_programmes.programmes.services.cascade_change import Change
from hanoi_programmes.programmes.services.cascade_plan import (
    AREA,
    BLANKS,
    UNIT,
    Order,
    Plan,
    blank,
)
from hanoi_programmes.ui.choosing import SoughtManyField
from hanoi_programmes.ui.fields import Day
from hanoi_programmes.ui.wording import PLAIN, PlainForm

_BLANKS_HELP = (
    "Viết {đơn vị} hoặc {địa bàn} ở chỗ cần tên riêng của từng nơi; "
    "phần mềm tự điền, ví dụ “phường Láng”."
)
_LEVEL_LABELS = {
    Level.CITY: "Thời hạn của cơ quan cấp Thành phố",
    Level.DEPARTMENT: "Thời hạn của sở, ban, ngành",
    Level.COMMUNE: "Thời hạn của phường, xã",
}


def _area(label: str, rows: int, **extra: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=TEXT_MAX, widget=widget, **extra)


class _Dated(PlainForm):
    """Deadlines by level, judged against today and against the parent's."""

    form_key = FormKey()
    version = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": OLD_PAGE, "invalid": OLD_PAGE}
    )
    deadline_city = Day(label=_LEVEL_LABELS[Level.CITY], required=False)
    deadline_department = Day(label=_LEVEL_LABELS[Level.DEPARTMENT], required=False)
    deadline_commune = Day(label=_LEVEL_LABELS[Level.COMMUNE], required=False)

    def __init__(self, *args: Any, task: Task, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.task, self.today = task, today
        self.fields["version"].initial = task.version
        if task.is_recurring:
            for level in Level:
                del self.fields[f"deadline_{level}"]

    @property
    def dates(self) -> list[forms.BoundField]:
        """The fields of deadlines, from the top down."""
        return [self[name] for name in self.fields if name.startswith("deadline_")]

    def deadlines(self) -> dict[str, date]:
        """The dates that were given, by level. Only after `is_valid()`."""
        days = {level.value: self.cleaned_data.get(f"deadline_{level}") for level in Level}
        return {level: day for level, day in days.items() if day}

    def clean(self) -> dict[str, Any]:
        """Each date is today or later, and not after the parent's."""
        for level in Level:
            day = self.cleaned_data.get(f"deadline_{level}")
            for verdict in (
                rules.is_ahead(day, on=self.today),
                rules.fits_parent(day, self.task),
            ):
                if not verdict:
                    self.add_error(f"deadline_{level}", verdict.reason)
        return self.cleaned_data

    def _blanks(self, name: str) -> str:
        """Only the two words that can be filled in stand in braces."""
        text: str = self.cleaned_data[name]
        wrong = [found for found in BLANKS.findall(text) if blank(found) not in {UNIT, AREA}]
        if wrong:
            raise forms.ValidationError(
                f"Chưa hiểu “{{{wrong[0]}}}”. Trong ngoặc nhọn chỉ viết đơn vị hoặc địa bàn."
            )
        return text

    def clean_text(self) -> str:
        """No blank that nobody can fill."""
        return self._blanks("text")


class FanOutForm(_Dated):
    """One task for many units; what is left as it stands comes from the parent."""

    groups = forms.ModelMultipleChoiceField(
        label="Nhóm đơn vị",
        queryset=UnitGroup.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_pk_value": PLAIN["invalid_choice"]},
    )
    units = SoughtManyField(
        Unit.objects.none(), sought=UNITS, label="Thêm từng đơn vị", required=False
    )
    without = SoughtManyField(
        Unit.objects.none(), sought=UNITS, label="Trừ các đơn vị", required=False
    )
    text = _area("Nội dung nhiệm vụ", 4, help_text=_BLANKS_HELP)
    product = _area("Sản phẩm phải nộp", 2)
    authority = forms.CharField(label="Thẩm quyền quyết định", max_length=300)
    rhythm = forms.ChoiceField(
        label="Nhịp báo cáo", choices=[c for c in Rhythm.choices if c[0]], required=False
    )
    count_goal = WholeNumber(
        label="Số phải đạt của mỗi đơn vị", min_value=1, max_value=2_000_000_000, required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    count_label = forms.CharField(label="Đếm cái gì", max_length=200, required=False)
    count_unit = forms.CharField(label="Đơn vị tính", max_length=60, required=False)
    # The units that the preview showed.
    agreed = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, task: Task, user: User, today: date, **kwargs: Any) -> None:
        initial = {
            "text": task.text,
            "product": task.product,
            "authority": "{đơn vị}",
            "rhythm": task.rhythm,
            "count_label": task.count_label,
            "count_unit": task.count_unit,
        }
        super().__init__(*args, task=task, today=today, initial=initial, **kwargs)
        if not task.is_recurring:
            del self.fields["rhythm"]
        units = Unit.objects.active(today)
        for name in ("units", "without"):
            cast("SoughtManyField", self.fields[name]).queryset = units
        groups = cast("forms.ModelMultipleChoiceField[UnitGroup]", self.fields["groups"])
        groups.queryset = rules.groups_below(user, task)
        sizes = Counter(units.order_by().values_list("axis", "level"))
        groups.label_from_instance = lambda obj: _sized(obj, sizes)  # type: ignore[method-assign]

    def clean_product(self) -> str:
        """No blank that nobody can fill."""
        return self._blanks("product")

    def clean_authority(self) -> str:
        """No blank that nobody can fill."""
        return self._blanks("authority")

    def clean(self) -> dict[str, Any]:
        """Somebody is chosen, and a number says of what."""
        data = super().clean()
        if "units" in data and not data.get("groups") and not data["units"]:
            self.add_error("groups", "Chọn ít nhất một nhóm hoặc một đơn vị nhận việc.")
        if data.get("count_goal") and not data.get("count_label"):
            self.add_error("count_label", "Ghi đếm cái gì, ví dụ “Người cao tuổi được khám”.")
        return data

    def order(self) -> Order:
        """What is asked for. Only after `is_valid()`."""
        data = self.cleaned_data
        return Order(
            groups=tuple(data["groups"]),
            units=tuple(data["units"]),
            without=tuple(data["without"]),
            text=data["text"],
            product=data["product"],
            authority=data["authority"],
            deadlines=self.deadlines(),
            rhythm=data.get("rhythm", ""),
            count_label=data["count_label"],
            count_unit=data["count_unit"],
            count_goal=data["count_goal"],
        )

    def fits(self, plan: Plan) -> bool:
        """Whether somebody gets something, and each level a date; else the form says it."""
        if not plan.issued:
            reasons = "; ".join(f"{p.unit}: {p.reason}" for p in plan.portions[:5] if p.reason)
            self.add_error("groups", f"Không có đơn vị nào giao được. {reasons}")
        for level, portions in plan.levels().items():
            name = f"deadline_{level}"
            if name in self.fields and portions[0].deadline is None and not self.has_error(name):
                self.add_error(name, f"Nhập thời hạn: có {len(portions)} đơn vị ở cấp này.")
        return not self.errors

    def agreed_units(self) -> set[int]:
        """The ids of the units that the preview showed; what is no id is nobody's."""
        words = self.cleaned_data["agreed"].split(",")
        return {int(word) for word in words if word.isdecimal() and len(word) < 19}

    def carried(self, plan: Plan) -> Iterator[tuple[str, str]]:
        """Name and value of everything that the confirmation sends again."""
        for name in ("groups", "units", "without"):
            yield from ((name, str(row.pk)) for row in self.cleaned_data[name])
        skipped = {"groups", "units", "without", "agreed", "version"}
        for name in self.fields:
            if name not in skipped:
                yield name, str(self.data.get(name, ""))
        yield "version", str(self.task.version)
        yield "agreed", ",".join(str(portion.unit.pk) for portion in plan.issued)


def _sized(group: UnitGroup, sizes: Counter[tuple[int, str]]) -> str:
    """The group and how many of it there are now, where a rule makes it."""
    if not group.level:
        return group.name
    fitting = (
        number
        for (axis, level), number in sizes.items()
        if level == group.level and group.axis_id in {None, axis}
    )
    return f"{group.name} ({sum(fitting)})"


class UndoForm(PlainForm):
    """Why a fan-out is taken back: the units read it."""

    form_key = FormKey()
    reason = _area("Lý do thu hồi", 2, help_text="Các đơn vị đã được giao sẽ đọc lý do này.")


class ChangeBelowForm(_Dated):
    """A new deadline or text for the open tasks below; what stays empty stays as it is."""

    text = _area(
        "Nội dung mới", 4, required=False, help_text=f"Để trống thì giữ nguyên. {_BLANKS_HELP}"
    )
    units = SoughtManyField(
        Unit.objects.none(), sought=UNITS, label="Chỉ đổi của các đơn vị", required=False,
        help_text="Không chọn thì đổi của mọi đơn vị còn đang thực hiện.",
    )  # fmt: skip
    reason = _area("Lý do thay đổi", 2, help_text="Các đơn vị đọc được lý do này.")

    def __init__(self, *args: Any, task: Task, today: date, **kwargs: Any) -> None:
        super().__init__(*args, task=task, today=today, **kwargs)
        units = Unit.objects.filter(led_tasks__parent=task).distinct()
        cast("SoughtManyField", self.fields["units"]).queryset = units

    def clean(self) -> dict[str, Any]:
        """Something is to be changed."""
        data = super().clean()
        if not self.errors and not self.deadlines() and not data["text"]:
            self.add_error(None, "Nhập thời hạn mới hoặc nội dung mới.")
        return data

    def change(self) -> Change:
        """What is asked for. Only after `is_valid()`."""
        data = self.cleaned_data
        return Change(data["reason"], self.deadlines(), data["text"], tuple(data["units"]))
