"""The entry form of a task: its six rõ in the order of the card, then where it comes from."""

import json
from collections.abc import Collection
from datetime import date
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils.datastructures import MultiValueDict

from hanoi_programmes.lib.deadlines import names_no_rhythm, read, why_not
from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.people.shapes import UNITS
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.forms.fields import TEXT_MAX, FormKey, WholeNumber
from hanoi_programmes.programmes.models import ActionProgramme, Rhythm, Task, TaskGroup
from hanoi_programmes.programmes.querysets import TaskQuerySet
from hanoi_programmes.programmes.services.conflicts import MINE, Clash, Merge, decided
from hanoi_programmes.programmes.services.plans import Opened, Values, values_of
from hanoi_programmes.programmes.states import State
from hanoi_programmes.ui.choosing import Sought, SoughtField, SoughtManyField
from hanoi_programmes.ui.fields import Day
from hanoi_programmes.ui.wording import PlainForm


def _seek(rows: TaskQuerySet, words: str) -> TaskQuerySet:
    return rows.matching(words).order_by("code")


TASKS = Sought(
    "programmes:choose-task",
    _seek,
    lambda task: task.lead_unit.short_name if task.lead_unit else "",
    "Gõ mã hoặc vài chữ của nhiệm vụ",
)
Sent = MultiValueDict[str, str]
_EVERY_PERIOD = [(key, label.capitalize()) for key, label in Rhythm.choices if key]


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _line(**attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "off"} | attrs)


class TaskForm(PlainForm):
    """All that the office may say of a task; after issue only what issue left open."""

    form_key = FormKey()
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    opened = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100_000)

    task_group = forms.ModelChoiceField(
        label="Nhóm nhiệm vụ", queryset=TaskGroup.objects.none(), empty_label="Chọn nhóm"
    )
    code = forms.CharField(label="Mã", max_length=40, required=False, widget=_line())
    text = forms.CharField(
        label="Nội dung nhiệm vụ",
        max_length=TEXT_MAX,
        widget=_area(3),
        error_messages={"required": "Ghi nội dung nhiệm vụ theo văn bản."},
    )
    is_key = forms.BooleanField(label="Trọng tâm", required=False)
    is_hard = forms.BooleanField(label="Việc khó", required=False)
    is_new = forms.BooleanField(label="Việc mới", required=False)
    is_unprecedented = forms.BooleanField(label="Chưa có tiền lệ", required=False)
    lead_unit = SoughtField(
        Unit.objects.none(), sought=UNITS, label="Đơn vị chủ trì", required=False
    )
    officer = forms.ModelChoiceField(
        label="Chuyên viên theo dõi",
        queryset=User.objects.none(),
        required=False,
        empty_label="Chưa phân công",
    )
    partners = SoughtManyField(
        Unit.objects.none(), sought=UNITS, label="Đơn vị phối hợp", required=False
    )
    partners_text = forms.CharField(
        label="Phối hợp, ghi như văn bản",
        help_text="Ví dụ: các sở, ngành liên quan",
        max_length=TEXT_MAX,
        required=False,
        widget=_area(1),
    )
    starts_on = Day(
        label="Ngày bắt đầu",
        help_text="Không bắt buộc",
        required=False,
    )
    deadline_text = forms.CharField(
        label="Thời hạn, ghi như văn bản",
        help_text="15/12/2026, Tháng 12/2026, Quý IV/2026, Năm 2026, Thường xuyên, Hằng quý",
        max_length=120,
        required=False,
        widget=_line(),
    )
    rhythm = forms.ChoiceField(
        label="Kỳ báo cáo",
        help_text="Chỉ cho việc thường xuyên",
        choices=[("", "Theo thời hạn đã ghi"), *_EVERY_PERIOD],
        required=False,
    )
    product = forms.CharField(max_length=TEXT_MAX, required=False, widget=_area(2))
    count_label = forms.CharField(
        label="Tên chỉ số", max_length=200, required=False, widget=_line()
    )
    count_goal = WholeNumber(
        label="Số cần đạt",
        min_value=1,
        max_value=2_000_000_000,
        required=False,
        widget=_line(inputmode="numeric"),
        error_messages={"invalid": "Nhập số nguyên, ví dụ 24.500."},
    )
    count_unit = forms.CharField(label="Đơn vị tính", max_length=60, required=False, widget=_line())
    authority = forms.CharField(
        label="Thẩm quyền quyết định",
        help_text="Cấp, cơ quan quyết định kết quả",
        max_length=300,
        required=False,
        widget=_line(),
    )
    source_document = forms.CharField(
        label="Văn bản giao", max_length=200, required=False, widget=_line()
    )
    clause = forms.CharField(label="Điểm, mục", max_length=200, required=False, widget=_line())
    parent = SoughtField(
        Task.objects.none(), sought=TASKS, label="Nhiệm vụ cấp trên", required=False
    )
    budget_given = WholeNumber(
        label="Kinh phí được giao (đồng)",
        min_value=0,
        max_value=99_999_999_999_999,
        required=False,
        widget=_line(inputmode="numeric"),
        error_messages={"invalid": "Nhập số tiền bằng đồng, ví dụ 1.200.000.000."},
    )

    def __init__(
        self,
        data: Sent | None = None,
        *,
        programme: ActionProgramme,
        tasks: TaskQuerySet,
        today: date,
        task: Task | None = None,
        only: Collection[str] = (),
        **kwargs: Any,
    ) -> None:
        """`tasks` are those that may be named as the parent; `only` leaves out all other fields."""
        self.task = task
        self.given: dict[str, Any] = {
            "programme": programme,
            "tasks": tasks,
            "today": today,
            "task": task,
        }
        self.undecided = _undecided(data) if data is not None else []
        super().__init__(_with_picks(data) if data is not None else None, **kwargs)
        if task is not None:
            shown = values_of(task)
            opened = json.dumps(shown, ensure_ascii=False)
            own = {"version": task.version, "opened": opened}
            self.initial = {**shown, **own, **self.initial}
        self._narrow(task, only)
        self._offer(programme, tasks, today)
        if "product" in self.fields:
            self.fields["product"].label = settings.PRODUCT_LABEL

    def _narrow(self, task: Task | None, only: Collection[str]) -> None:
        fixed = rules.FIXED_BY_ISSUE if task and task.state != State.DRAFT else frozenset()
        for name in [*self.fields]:
            is_own = name in {"form_key", "version", "opened"}
            if name in fixed or (only and name not in only and not is_own):
                del self.fields[name]
        if only:
            for name in {*only} & set(self.fields) - {"rhythm"}:
                self.fields[name].required = True

    def _offer(self, programme: ActionProgramme, tasks: TaskQuerySet, today: date) -> None:
        """The rows that the choices choose from."""
        parents = tasks.filter(programme=programme).unfinished()
        rows: dict[str, Any] = {
            "task_group": programme.groups.all(),
            "lead_unit": Unit.objects.active(today),
            # A partner that has ended since stays what it was; the rule refuses to add one.
            "partners": Unit.objects.all(),
            "parent": parents.exclude(pk=self.task.pk) if self.task else parents,
            "officer": self._officers(),
        }
        for name, found in rows.items():
            if name in self.fields:
                field = cast("forms.ModelChoiceField[Any]", self.fields[name])
                field.queryset = found.select_related("lead_unit") if name == "parent" else found

    def _officers(self) -> Any:  # noqa: ANN401 - users of a unit, or none
        """Those of the lead unit that the form names now, else of the task's."""
        unit = self.task.lead_unit if self.task else None
        if "lead_unit" in self.fields and self.is_bound:
            chosen = self["lead_unit"].value()
            rows = Unit.objects.filter(pk=chosen) if str(chosen).isdecimal() else None
            unit = rows.first() if rows is not None else None
        return officers_of(unit)

    def clean(self) -> dict[str, Any]:
        """What is printed must be a deadline, unless it stood there before and stays."""
        data = super().clean() or {}
        for name in ("text", "product", "partners_text"):
            if isinstance(data.get(name), str):
                data[name] = data[name].replace("\r\n", "\n")
        text = data.get("deadline_text", "")
        if "deadline_text" not in data or (self.task and text == self.task.deadline_text):
            return data
        found = read(text) if text else None
        if text and found is None:
            self.add_error("deadline_text", why_not(text))
        elif found and not names_no_rhythm(text):
            data["rhythm"] = found.rhythm
        elif found:
            data["rhythm"] = data.get("rhythm") or found.rhythm
        return data

    def values(self) -> Values:
        """What the form says, as the service compares it. Only after `is_valid()`."""
        own = {"form_key", "version", "opened"}
        return {name: _plain(value) for name, value in self.cleaned_data.items() if name not in own}

    def seen(self) -> Opened | None:
        """What the form showed when it was opened; None when it does not say."""
        values = _told(self.cleaned_data["opened"])
        if values is None:
            return None
        if self.undecided:
            # Nothing chosen: as if never seen, so that it is asked again.
            return Opened(0, values | dict.fromkeys(self.undecided))
        return Opened(self.cleaned_data["version"] or 0, values)

    def to_decide(self, task: Task, merge: Merge) -> "TaskForm":
        """The form of the conflict page: what was merged, and mine where a person must decide."""
        mine = {clash.name: clash.mine for clash in merge.clashes}
        data: Sent = MultiValueDict()
        for name, value in (merge.values | mine).items():
            listed = value if isinstance(value, list) else ["" if value is None else value]
            data.setlist(name, [str(one) for one in listed])
        data["form_key"] = str(uuid4())
        data["version"] = str(task.version)
        data["opened"] = json.dumps(values_of(task), ensure_ascii=False)
        return TaskForm(data, **self.given | {"task": task})

    def add_faults(self, faults: dict[str, str]) -> None:
        """Each at its field; at the top when the form does not show the field."""
        for name, sentence in faults.items():
            self.add_error(name if name in self.fields else None, sentence)


def officers_of(unit: Unit | None) -> Any:  # noqa: ANN401 - users of a unit, or none
    """Whom a task of the unit may be given to."""
    return unit.users.filter(is_active=True) if unit else User.objects.none()


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a field holds
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "values_list"):
        return sorted(value.values_list("pk", flat=True))
    return getattr(value, "pk", value)


# Deciding a conflict: for each clashing field a choice, theirs being what the form says it opened.


def _undecided(data: Sent) -> list[str]:
    """Fields of the conflict page on which nothing was chosen yet."""
    return [name for name in data.getlist("clash") if not data.get(f"pick-{name}")]


def _told(opened: str | None) -> Values | None:
    """What the hidden field says, or None when no page of ours has written it."""
    try:
        values = json.loads(opened or "null")
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None


def _picked(data: Sent) -> list[Clash]:
    theirs = _told(data.get("opened"))
    if theirs is None:
        return []
    names = [name for name in data.getlist("clash") if name in TaskForm.base_fields]
    mine: dict[str, Any] = {name: data.get(name) for name in names}
    if "partners" in mine:
        mine["partners"] = data.getlist("partners")
    return [Clash(name, None, theirs.get(name), mine[name]) for name in names]


def _with_picks(data: Sent) -> Sent:
    """What was sent, each clashing field with the value that was chosen for it."""
    changed = data.copy()
    for clash in _picked(data):
        value = decided(clash, data.get(f"pick-{clash.name}") or MINE)
        changed.setlist(
            clash.name,
            [str(v) for v in value]
            if isinstance(value, list)
            else ["" if value is None else str(value)],
        )
    return changed
