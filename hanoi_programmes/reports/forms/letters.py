"""What a formal letter of urging is asked with."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, cast

from django import forms

from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.timeliness import days_late
from hanoi_programmes.reports.figures import LetterAsked
from hanoi_programmes.reports.rules import issuers_for
from hanoi_programmes.reports.states import Issuer
from hanoi_programmes.ui.fields import Day, FormKey
from hanoi_programmes.ui.wording import PlainForm

WEEK = timedelta(days=7)
_CLOSING_MAX = 2_000


class LetterForm(PlainForm):
    """Which late tasks of the unit, until when, in which words, under whose name."""

    form_key = FormKey()
    tasks = forms.TypedMultipleChoiceField(
        label="Nhiệm vụ quá hạn đưa vào công văn",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Chọn ít nhất một nhiệm vụ.",
            "invalid_choice": "Có nhiệm vụ không còn quá hạn. Xem lại danh sách rồi gửi lại.",
        },
    )
    answer_by = Day(label="Đề nghị báo cáo trước ngày")
    closing = forms.CharField(
        label="Ý kiến thêm",
        help_text="Đứng cuối công văn, mỗi dòng một đoạn. Để trống nếu không có.",
        required=False,
        max_length=_CLOSING_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    issuer = forms.TypedChoiceField(label="Cơ quan ban hành", coerce=Issuer)

    def __init__(
        self, *args: Any, late: Sequence[Task], user: User, today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "letter-%s"})
        self.today, self.late = today, late
        _offer(self.fields["tasks"], [(task.pk, _label(task, today)) for task in late])
        _offer(self.fields["issuer"], [(one.value, one.label) for one in issuers_for(user)])
        self.fields["issuer"].initial = Issuer.OFFICE
        self.fields["answer_by"].initial = today + WEEK

    def tick(self, tasks: Iterable[int]) -> None:
        """Begin with these ticked, or with all when none of them is offered."""
        offered, wanted = [task.pk for task in self.late], set(tasks)
        self.fields["tasks"].initial = [pk for pk in offered if pk in wanted] or offered

    def clean_answer_by(self) -> date:
        """There must be time to answer."""
        day: date = self.cleaned_data["answer_by"]
        if day < self.today:
            raise forms.ValidationError(f"Ngày {day:%d/%m/%Y} đã qua. Chọn ngày từ hôm nay trở đi.")
        return day

    def asked(self, unit: Unit) -> LetterAsked:
        """As the service takes it. Only after `is_valid()`."""
        data = self.cleaned_data
        return LetterAsked(unit, data["tasks"], data["answer_by"], data["closing"])


def _label(task: Task, on: date) -> str:
    late = days_late(task.deadline, on=on)
    return f"{task.code} {task.text} (quá hạn {late} ngày)"


def _offer(field: forms.Field, choices: Sequence[tuple[Any, str]]) -> None:
    cast("forms.ChoiceField", field).choices = list(choices)
