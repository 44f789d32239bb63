"""The dashboard's question, read from its address: each value is checked, and can be undone."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.utils.datastructures import MultiValueDict

from hanoi_programmes.lib.periods import period_label, read_period
from hanoi_programmes.people.models import Area, Axis, User
from hanoi_programmes.people.roles import Level
from hanoi_programmes.programmes.filters import Chip
from hanoi_programmes.programmes.models import Resolution
from hanoi_programmes.programmes.querysets import Choice
from hanoi_programmes.reports.figures import Scope, View
from hanoi_programmes.reports.forms.periods import FIRST_YEAR
from hanoi_programmes.ui.fields import Day

# Stands for the two days beside it; the address then carries them as one period.
DAYS = "dates"
# The order of the address, so that the same question always has the same address.
NAMES = ("resolution", "programme", "field", "axis", "area", "period")
_HEADING = 70
Choices = list[tuple[str, Any]]


class Chosen(forms.ChoiceField):
    """One of a list, or nothing; `wrong` says what to do about anything else."""

    def __init__(self, label: str, wrong: str) -> None:
        super().__init__(label=label, required=False, error_messages={"invalid_choice": wrong})


class DashboardForm(forms.Form):
    """Which part of the tasks, as of which day; empty means all of them, today."""

    resolution = Chosen("Nghị quyết", "Không có Nghị quyết này. Chọn trong danh sách.")
    programme = Chosen("Chương trình", "Không có chương trình này trong phạm vi đã chọn. Chọn lại.")
    field = Chosen(
        "Lĩnh vực (nhóm nhiệm vụ)", "Lĩnh vực này không thuộc phạm vi đã chọn. Chọn lại."
    )
    axis = Chosen("Trục", "Không có trục này. Chọn trong danh sách.")
    area = Chosen("Phường, xã", "Không có phường, xã này. Chọn trong danh sách.")
    period = Chosen("Thời hạn trong kỳ", "Kỳ này chưa đúng. Chọn trong danh sách.")
    start = Day(label="Từ ngày", required=False)
    end = Day(label="Đến ngày", required=False)
    on = Day(label="Tính đến ngày", required=False)

    def __init__(self, data: MultiValueDict[str, str], *, user: User, today: date) -> None:
        asked_of = _completed(data)
        asked_of["on"] = asked_of["on"] or today.isoformat()
        super().__init__(asked_of, auto_id="f-%s", label_suffix="")
        self.user, self.today = user, today
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        self._view = str(data.get("view") or "")
        asked = {name: str(self.data.get(name) or "") for name in NAMES}
        plans = _plans()
        self._offer("resolution", "Tất cả Nghị quyết", _resolutions(plans))
        plans = [row for row in plans if asked["resolution"] in {"", row.resolution}]
        self._offer("programme", "Tất cả chương trình", _programmes(plans))
        self._offer("field", "Tất cả lĩnh vực", _groups(plans, asked["programme"]))
        self._offer("period", "Mọi thời hạn", _periods(today, asked["period"]))
        if _chooses_place(user):
            self._offer("axis", "Tất cả trục", list(Axis.objects.values_list("code", "name")))
            self._offer("area", "Tất cả phường, xã", _areas())
        else:
            del self.fields["axis"], self.fields["area"]

    def _offer(self, name: str, nothing: str, choices: Choices) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = [("", nothing), *choices]

    def clean_on(self) -> date | None:
        """Figures of a day to come do not exist, and of days before the first programme neither."""
        on: date | None = self.cleaned_data["on"]
        if on and on > self.today:
            raise forms.ValidationError(
                f"Chưa có số liệu sau hôm nay. Chọn ngày đến {self.today:%d/%m/%Y}."
            )
        if on and on.year < FIRST_YEAR:
            raise forms.ValidationError(f"Chưa có số liệu trước năm {FIRST_YEAR}.")
        return None if on == self.today else on

    def clean(self) -> dict[str, Any]:
        """Two days make a period: both, the earlier one first."""
        cleaned: dict[str, Any] = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if cleaned.get("period") == DAYS:
            known = {"start", "end"} <= cleaned.keys() and (start or end)
            cleaned["period"] = self._span(start, end) if known else ""
        return cleaned

    def _span(self, start: date | None, end: date | None) -> str:
        if start is None or end is None:
            name, which = ("start", "ngày đầu") if start is None else ("end", "ngày cuối")
            self.add_error(name, f"Nhập {which} của kỳ.")
        elif start > end:
            self.add_error("end", "Ngày cuối kỳ phải từ ngày đầu kỳ trở đi.")
        else:
            return f"{start}..{end}"
        return ""

    @property
    def scope(self) -> Scope:
        """What is asked for; a refused value is as if not asked. After `full_clean()`."""
        found = self.cleaned_data
        asked = {name: found.get(name) or "" for name in NAMES}
        return Scope(self.user, found.get("on") or self.today, self.today, Choice(**asked))

    @property
    def view(self) -> View:
        """The tab that is open."""
        return View(self._view) if self._view in View.values else View.OVERDUE

    def address(self, view: View | None = None, *, without: str = "") -> str:
        """The shortest query string that asks the same, perhaps of another tab or without one of
        its conditions."""
        scope, view = self.scope, view or self.view
        asked = {n: v for n, v in scope.choice.conditions.items() if n != without}
        if scope.on != self.today and without != "on":
            asked["on"] = scope.on.isoformat()
        if view != View.OVERDUE:
            asked["view"] = view.value
        return urlencode(asked, safe=":")

    @property
    def now(self) -> str:
        """The same question as of today."""
        return self.address(without="on")

    @property
    def chips(self) -> list[Chip]:
        """What is chosen in words, each with the query string that drops it."""
        scope = self.scope
        found = [
            Chip(self._words(name, value), self.address(without=name))
            for name, value in scope.choice.conditions.items()
        ]
        if scope.on != self.today:
            words = f"Tính đến {scope.on:%d/%m/%Y}"
            found.append(Chip(words, self.address(without="on")))
        return found

    def _words(self, name: str, value: str) -> str:
        if name == "period":
            return f"Thời hạn trong {period_label(value)}"
        return _label_of(cast("forms.ChoiceField", self.fields[name]).choices, value)

    @property
    def more(self) -> int:
        """How many conditions are chosen among those behind "Thêm điều kiện"."""
        choice = self.scope.choice
        hidden = (choice.programme, choice.field, choice.axis, choice.area, ".." in choice.period)
        return sum(map(bool, hidden))

    @property
    def wants_days(self) -> bool:
        """A period of any days was chosen, and its days are still to be named."""
        return self.data.get("period") == DAYS and not self.scope.choice.period

    @property
    def is_more_open(self) -> bool:
        """They are shown: one of them was refused, or the days of the period are missing."""
        return self.wants_days or bool(
            self.errors.keys() & {"programme", "field", "axis", "area", "start", "end"}
        )


def _completed(data: MultiValueDict[str, str]) -> dict[str, str]:
    """As the form asks: a period of any days comes back as its two days."""
    found = {name: str(data.get(name) or "").strip() for name in (*NAMES, "start", "end", "on")}
    start, dots, end = found["period"].partition("..")
    if dots and read_period(found["period"]):
        found |= {"period": DAYS, "start": start, "end": end}
    return found


def _chooses_place(user: User) -> bool:
    """Whose tasks lie in several places; a ward's all lie in its own."""
    return user.sees_all or (user.unit is not None and user.unit.level != Level.COMMUNE)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A group of tasks, the programme it belongs to, and its resolution; empty where none is."""

    resolution: str
    number: str
    short: str
    programme: str | None
    programme_number: str | None
    group: int | None
    heading: str | None

    @property
    def decided(self) -> str:
        return f"{Resolution.short_of(self.number)} {self.short}"

    @property
    def named(self) -> str:
        return f"{self.programme_number or 'dự thảo'} – {self.decided}"


def _plans() -> list[_Plan]:
    """All that there are, in one query for three lists."""
    group = "programmes__groups"
    keys = ("key", "number", "short", "programmes__key", "programmes__number")
    rows = Resolution.objects.order_by("number", "programmes__pk", f"{group}__number")
    return [_Plan(*row) for row in rows.values_list(*keys, f"{group}__number", f"{group}__heading")]


def _resolutions(plans: list[_Plan]) -> Choices:
    return list({row.resolution: row.decided for row in plans}.items())


def _programmes(plans: list[_Plan]) -> Choices:
    return list({row.programme: row.named for row in plans if row.programme}.items())


def _groups(plans: list[_Plan], programme: str) -> Choices:
    """The groups of tasks of the chosen programme; of all of them, one list under each."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in plans:
        if row.heading is not None and programme in {"", row.programme}:
            options = found.setdefault(row.named, [])
            options.append((f"{row.programme}-{row.group}", _group(f"{row.group}. {row.heading}")))
    return (
        list(found.items()) if len(found) > 1 else [row for rows in found.values() for row in rows]
    )


def _group(text: str) -> str:
    return text if len(text) <= _HEADING else text[: _HEADING - 1].rsplit(" ", 1)[0] + "…"


def _areas() -> Choices:
    """All that there are and were: a past day may be asked about."""
    rows = list(Area.objects.values_list("code", "name", "kind"))
    kinds = (("ward", "Phường"), ("commune", "Xã"))
    return [
        (label, [(code, name) for code, name, its in rows if its == kind]) for kind, label in kinds
    ]


def _periods(today: date, asked: str) -> Choices:
    """This month and the last one first; then the parts of the year, and any days."""
    year, last = today.year, today.replace(day=1).toordinal() - 1
    before = date.fromordinal(last)
    week = today.isocalendar()
    near = [
        (f"{week.year}-W{week.week:02d}", "Tuần này"),
        (f"{today:%Y-%m}", f"Tháng này ({today.month}/{year})"),
        (f"{before:%Y-%m}", f"Tháng trước ({before.month}/{before.year})"),
    ]
    parts = [f"{year}-{part}" for part in ("Q1", "Q2", "Q3", "Q4", "H1", "9M")]
    keys = [*parts, str(year), str(year + 1)]
    found = [*near, *((key, _capital(period_label(key))) for key in keys)]
    known = {key for key, _ in found}
    if asked and asked not in known and asked != DAYS and read_period(asked):
        found.insert(0, (asked, _capital(period_label(asked))))
    return [*found, (DAYS, "Từ ngày … đến ngày …")]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _label_of(choices: Any, value: str) -> str:  # noqa: ANN401 - options, or lists of them by name
    for key, label in choices:
        if key == value:
            return str(label)
        if isinstance(label, list | tuple) and (found := dict(label).get(value)):
            return str(found)
    return value
