"""What people type about the progress of their tasks."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, Subquery

from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.roles import Level
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.forms.fields import (
    ACCEPTED,
    TEXT_MAX,
    FilesField,
    FormKey,
    ManyFiles,
    WholeNumber,
)
from hanoi_programmes.programmes.models import Draft, Obstacle, ProgressReport, Situation, Task
from hanoi_programmes.programmes.querysets import TaskQuerySet
from hanoi_programmes.programmes.services.progress import Hindrance, Paper, Update
from hanoi_programmes.ui.fields import Day
from hanoi_programmes.ui.wording import PlainForm

# Who is stuck asks for a decision within a week, unless somebody says otherwise.
DECIDED_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Limits:
    """The days between which a document of the task may lie."""

    issued_on: date | None
    today: date


@dataclass(frozen=True, slots=True)
class Before:
    """What was said of a task until now: the newest report, and the last numbers."""

    newest: int
    count: int | None
    percent: int | None
    has_children: bool


def _said_before(task: Task) -> Before:
    """One query, since the form opens with the first page."""
    reports = ProgressReport.objects.filter(task=OuterRef("pk"))
    numbered = reports.filter(Q(count__gte=0) | Q(percent__gte=0)).order_by("-at", "-pk")
    row = Task.objects.filter(pk=task.pk).values_list(
        Subquery(reports.order_by("-pk").values("pk")[:1]),
        Subquery(numbered.values("count")[:1]),
        Subquery(numbered.values("percent")[:1]),
        Exists(Task.objects.filter(parent=OuterRef("pk"))),
    )
    newest, count, percent, has_children = row[0]
    return Before(newest or 0, count, percent, has_children)


class ReportForm(PlainForm):
    """One update: a choice, and whatever the choice makes worth saying."""

    form_key = FormKey()
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    situation = forms.ChoiceField(
        label="Tình hình đến hôm nay",
        choices=Situation.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn tình hình đến hôm nay."},
    )
    count = WholeNumber(
        label="Số đã làm",
        min_value=0,
        max_value=2_000_000_000,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "Nhập số nguyên, ví dụ 21.870."},
    )
    percent = WholeNumber(
        label="Đã xong khoảng (%)",
        help_text="Từ 0 đến 100, không bắt buộc",
        min_value=0,
        max_value=100,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "Nhập số nguyên từ 0 đến 100."},
    )
    text = forms.CharField(
        label="Việc đã làm",
        help_text="Một hai câu, không bắt buộc",
        max_length=TEXT_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 1}),
    )
    next_step = forms.CharField(
        label="Việc tiếp theo",
        help_text="Không bắt buộc",
        max_length=TEXT_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    document_number = forms.CharField(
        label="Số, ký hiệu văn bản sản phẩm",
        max_length=60,
        required=False,
        help_text="Ví dụ 118/BC-UBND",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    document_date = Day(
        label="Ngày văn bản",
        help_text="Ngày hoàn thành tính theo ngày này",
        required=False,
    )
    papers = FilesField(
        label="Tệp minh chứng",
        help_text="PDF, ảnh, Word, Excel; tối đa 20 MB mỗi tệp. Trên điện thoại có thể chụp ảnh.",
        required=False,
        widget=ManyFiles(attrs={"accept": ACCEPTED, "data-max-bytes": settings.EVIDENCE_MAX_BYTES}),
    )
    reason = forms.CharField(
        label="Lý do trình khi nhiệm vụ thành phần chưa xong",
        max_length=TEXT_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    obstacle = forms.CharField(
        label="Vướng ở đâu",
        max_length=TEXT_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    cause = forms.ChoiceField(
        label="Nguyên nhân",
        choices=[("", "Chưa phân loại"), *Obstacle.Cause.choices],
        required=False,
    )
    decider = forms.ModelChoiceField(
        label="Cần cấp nào quyết định",
        queryset=Unit.objects.none(),
        required=False,
        empty_label="Chọn cơ quan",
    )
    wanted_by = Day(
        label="Cần trả lời chậm nhất ngày",
        required=False,
    )
    proposal = forms.CharField(
        label="Đề xuất",
        max_length=TEXT_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    # What was typed before and not sent, when the form opens with it.
    draft: Draft | None = None

    def __init__(self, *args: Any, task: Task, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": f"t{task.pk}-%s"})
        self.task = task
        self.limits = Limits(task.issued_on, today)
        decider = cast("forms.ModelChoiceField[Unit]", self.fields["decider"])
        able = Unit.objects.active(today).exclude(level=Level.COMMUNE)
        decider.queryset = able.exclude(pk=task.lead_unit_id or 0)
        self.fields["wanted_by"].initial = today + DECIDED_WITHIN
        self.last = _said_before(task)
        self.fields["seen"].initial = self.last.newest
        _name_the_count(self, task)
        if not self.last.has_children:
            del self.fields["reason"]

    def clean_document_date(self) -> date | None:
        """A document of the task lies between the day of issue and today."""
        day: date | None = self.cleaned_data["document_date"]
        limits = self.limits
        if day and not (
            verdict := rules.paper_day_fits(day, issued_on=limits.issued_on, today=limits.today)
        ):
            raise forms.ValidationError(verdict.reason)
        return day

    def clean(self) -> dict[str, Any]:
        """Parts that belong together: number with date, obstacle with decider, done with proof."""
        data = super().clean() or {}
        has_number = bool(data.get("document_number")) or "document_number" in self.errors
        has_day = bool(data.get("document_date"))
        if has_number and not has_day and "document_date" not in self.errors:
            self.add_error("document_date", "Nhập ngày của văn bản.")
        if has_day and not has_number:
            self.add_error("document_number", "Nhập số và ký hiệu, ví dụ 118/BC-UBND.")
        self._explain_less(data)
        situation = data.get("situation")
        if situation == Situation.DONE and not (
            has_number or data.get("papers") or self._bad_proof()
        ):
            self.add_error(
                "document_number",
                "Trình hoàn thành cần minh chứng: nhập số, ký hiệu và ngày văn bản, "
                "hoặc đính kèm tệp.",
            )
        if situation == Situation.STUCK:
            self._need_obstacle(data)
        return data

    def _explain_less(self, data: dict[str, Any]) -> None:
        """A number that goes down was wrong before or is wrong now: say which."""
        for name in ("count", "percent"):
            before, now = getattr(self.last, name), data.get(name)
            if before is not None and now is not None and now < before and not data.get("text"):
                self.add_error(
                    "text", f"Số giảm từ {before} xuống {now}: ghi lý do ở ô “Việc đã làm”."
                )

    def _bad_proof(self) -> bool:
        return bool({"papers", "document_number", "document_date"} & self.errors.keys())

    def _need_obstacle(self, data: dict[str, Any]) -> None:
        if not data.get("obstacle") and "obstacle" not in self.errors:
            self.add_error("obstacle", "Ghi vướng ở đâu, một hai câu.")
        if not data.get("decider"):
            self.add_error("decider", "Chọn cơ quan cần quyết định để việc được chuyển đúng chỗ.")
        day: date | None = data.get("wanted_by")
        if day and day < self.limits.today:
            self.add_error("wanted_by", f"Ngày {day:%d/%m/%Y} đã qua. Chọn từ hôm nay trở đi.")

    def update(self) -> Update:
        """What the form says, as the service takes it. Only after `is_valid()`."""
        data = self.cleaned_data
        paper = None
        if data["document_number"]:
            paper = Paper(number=data["document_number"], issued_on=data["document_date"])
        return Update(
            situation=Situation(data["situation"]),
            text=data["text"],
            next_step=data["next_step"],
            count=data["count"],
            percent=data["percent"],
            seen=data["seen"],
            paper=paper,
            uploads=tuple(data["papers"]),
            hindrance=self._hindrance(),
            reason=data.get("reason", ""),
        )

    def _hindrance(self) -> Hindrance | None:
        data = self.cleaned_data
        if data["situation"] != Situation.STUCK:
            return None
        decider: Unit = data["decider"]
        return Hindrance(
            text=data["obstacle"],
            decider_text=decider.short_name,
            decider=decider,
            cause=data["cause"],
            proposal=data["proposal"],
            wanted_by=data["wanted_by"] or self.limits.today + DECIDED_WITHIN,
        )


def _name_the_count(form: ReportForm, task: Task) -> None:
    """A countable product asks for its own number; other tasks do not ask for one."""
    before = form.last
    if not task.count_goal:
        form.fields["count"].widget = forms.HiddenInput()
        if before.percent is not None:
            form.fields["percent"].help_text = f"Từ 0 đến 100. Lần trước: {before.percent}%"
        return
    form.fields["percent"].widget = forms.HiddenInput()
    goal = f"{task.count_goal:,}".replace(",", ".")
    form.fields["count"].label = task.count_label
    form.fields["count"].help_text = f"Chỉ tiêu {goal} {task.count_unit}"
    if before.count is not None:
        last = f"{before.count:,}".replace(",", ".")
        form.fields["count"].help_text += f". Lần trước: {last}"


class NothingForm(PlainForm):
    """Tasks on which nothing arose this period, as ticked."""

    form_key = FormKey()
    task = forms.ModelMultipleChoiceField(queryset=Task.objects.none())

    def __init__(self, *args: Any, tasks: TaskQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelMultipleChoiceField[Task]", self.fields["task"]).queryset = tasks

    def chosen(self) -> list[Task]:
        """The ticked tasks. Only after `is_valid()`."""
        return list(self.cleaned_data["task"])
