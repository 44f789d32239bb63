"""What a mail's reader answers."""

from datetime import date, timedelta
from typing import Any, cast

from django import forms

from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.roles import Level
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.models import Situation, Task
from hanoi_programmes.programmes.services.progress import Hindrance, Paper, Update
from hanoi_programmes.reminders.states import Reply
from hanoi_programmes.ui.fields import Day, FormKey
from hanoi_programmes.ui.wording import PlainForm

# As the form of the software asks: a decision within a week.
_DECIDED_WITHIN = timedelta(days=7)
_TEXT_MAX = 4_000


class AnswerForm(PlainForm):
    """One of three answers, and the least that the answer needs."""

    form_key = FormKey()
    reply = forms.ChoiceField(
        label="Trả lời",
        choices=Reply.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn một trong ba câu trả lời."},
    )
    document_number = forms.CharField(
        label="Số, ký hiệu văn bản sản phẩm",
        help_text="Ví dụ 118/BC-UBND",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    document_date = Day(
        label="Ngày văn bản",
        help_text="Ngày hoàn thành tính theo ngày này: sửa nếu văn bản ký ngày khác hôm nay",
        required=False,
    )
    document_issuer = forms.CharField(label="Cơ quan ban hành", max_length=200, required=False)
    obstacle = forms.CharField(
        label="Vướng ở đâu",
        help_text="Một hai câu",
        max_length=_TEXT_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    decider = forms.ModelChoiceField(
        label="Cần cấp nào quyết định",
        queryset=Unit.objects.none(),
        required=False,
        empty_label="Chọn cơ quan",
    )

    def __init__(
        self, *args: Any, task: Task, today: date, opened: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.task, self.today = task, today
        decider = cast("forms.ModelChoiceField[Unit]", self.fields["decider"])
        able = Unit.objects.active(today).exclude(level=Level.COMMUNE)
        decider.queryset = able.exclude(pk=task.lead_unit_id or 0)
        unit = task.lead_unit
        self.initial = {
            "reply": next((reply for reply in Reply if reply.word == opened), ""),
            "decider": _above(task),
            # The last day that it can be: left as it is, it makes nothing look earlier than it was.
            "document_date": today,
            "document_issuer": unit.name if unit else "",
        }

    def clean_document_date(self) -> date | None:
        """A document of the task lies between the day of issue and today."""
        day: date | None = self.cleaned_data["document_date"]
        if day and not (
            verdict := rules.paper_day_fits(day, issued_on=self.task.issued_on, today=self.today)
        ):
            raise forms.ValidationError(verdict.reason)
        return day

    def clean(self) -> dict[str, Any]:
        """Only what belongs to the chosen answer is asked for."""
        data = super().clean() or {}
        needed = _NEEDED.get(data.get("reply", ""), {})
        for name, words in needed.items():
            if not data.get(name) and name not in self.errors:
                self.add_error(name, words)
        return data

    def typed(self) -> list[tuple[str, str]]:
        """What was typed, by the name of its box, to be given back when the link has ended."""
        shown = ("document_number", "document_date", "document_issuer", "obstacle")
        return [
            (str(self.fields[name].label), words)
            for name in shown
            if (words := str(self.data.get(name, "")).strip())
            and words != str(self.initial.get(name, ""))
        ]

    def said(self) -> list[tuple[str, str]]:
        """What the answer says beside its name, as it was written. Only after `is_valid()`."""
        data = self.cleaned_data
        return [
            (
                str(self.fields[name].label),
                f"{said:%d/%m/%Y}" if isinstance(said, date) else str(said),
            )
            for name in _TOLD[self.chosen()]
            if (said := data[name])
        ]

    def chosen(self) -> Reply:
        """The chosen answer. Only after `is_valid()`."""
        return Reply(self.cleaned_data["reply"])

    def update(self) -> Update:
        """The answer as the report it becomes. Only after `is_valid()`."""
        data = self.cleaned_data
        paper = hindrance = None
        match self.chosen():
            case Reply.DONE:
                paper = Paper(
                    data["document_number"], data["document_date"], data["document_issuer"]
                )
            case Reply.STUCK:
                decider: Unit = data["decider"]
                hindrance = Hindrance(
                    text=data["obstacle"],
                    decider_text=decider.short_name,
                    decider=decider,
                    wanted_by=self.today + _DECIDED_WITHIN,
                )
        return Update(Situation(self.chosen()), paper=paper, hindrance=hindrance)


_NEEDED: dict[str, dict[str, str]] = {
    Reply.DONE: {
        "document_number": "Nhập số và ký hiệu, ví dụ 118/BC-UBND.",
        "document_date": "Nhập ngày của văn bản.",
    },
    Reply.STUCK: {
        "obstacle": "Ghi vướng ở đâu, một hai câu.",
        "decider": "Chọn cơ quan cần quyết định để việc được chuyển đúng chỗ.",
    },
}


_TOLD: dict[str, tuple[str, ...]] = {
    Reply.NOTHING: (),
    Reply.DONE: ("document_number", "document_date", "document_issuer"),
    Reply.STUCK: ("obstacle", "decider"),
}


def _above(task: Task) -> int | None:
    """Who most likely decides: the unit that gave the task, else the superior one."""
    if task.parent and task.parent.lead_unit_id != task.lead_unit_id:
        return task.parent.lead_unit_id
    return task.lead_unit.parent_id if task.lead_unit else None
