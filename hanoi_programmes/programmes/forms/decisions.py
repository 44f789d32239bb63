"""What people type to ask for more time, to decide, to direct and to answer."""

from datetime import date, timedelta
from typing import Any, ClassVar, Self, cast
from uuid import uuid4

from django import forms

from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.querysets import UnitQuerySet
from hanoi_programmes.people.roles import Level
from hanoi_programmes.programmes.forms.fields import OLD_PAGE, TEXT_MAX, FormKey
from hanoi_programmes.programmes.models import Direction, Extension, Task
from hanoi_programmes.programmes.services.directions import Wish
from hanoi_programmes.programmes.services.extensions import Reply, Request
from hanoi_programmes.programmes.timeliness import days_late
from hanoi_programmes.ui.fields import Day
from hanoi_programmes.ui.wording import PlainForm

WEEK = timedelta(days=7)


class Words(forms.CharField):
    """A few sentences."""

    def __init__(self, label: str, *, asked: str = "", rows: int = 3, **kwargs: Any) -> None:
        super().__init__(
            label=label,
            max_length=TEXT_MAX,
            required=bool(asked),
            widget=forms.Textarea(attrs={"rows": rows}),
            error_messages={"required": asked} if asked else {},
            **kwargs,
        )


class AboutTask(PlainForm):
    """A form about a task: its key, and the version of the task that its reader saw."""

    prefix_of_ids: ClassVar[str] = "task"
    form_key = FormKey()
    version = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": OLD_PAGE, "invalid": OLD_PAGE}
    )

    def __init__(
        self, *args: Any, task: Task, today: date, subject: int = 0, **kwargs: Any
    ) -> None:
        self.task, self.today, self.subject = task, today, subject or task.pk
        ids = f"{self.prefix_of_ids}{self.subject}-%s"
        super().__init__(*args, **kwargs | {"auto_id": ids})
        self.fields["version"].initial = task.version
        self.prepare()

    def prepare(self) -> None:
        """Fill in what depends on the task and the day."""

    def renewed(self, task: Task) -> Self:
        """The same texts on the task as it is now, ready to be sent again under a new key."""
        data = dict(self.data.items()) | {"version": str(task.version), "form_key": str(uuid4())}
        form = type(self)(data, task=task, today=self.today, subject=self.subject)
        for error in self.non_field_errors():
            form.add_error(None, error)
        return form

    def not_past(self, name: str) -> date:
        """The day of a field, today or later."""
        day: date = self.cleaned_data[name]
        if day < self.today:
            raise forms.ValidationError(f"Ngày {day:%d/%m/%Y} đã qua. Chọn ngày từ hôm nay trở đi.")
        return day


def deciders(today: date, *, without: int | None = None) -> UnitQuerySet:
    """Bodies that can decide: of the city, in force, and not the one that is stuck itself."""
    return Unit.objects.active(today).exclude(level=Level.COMMUNE).exclude(pk=without or 0)


class AskForm(AboutTask):
    """The unit asks for another deadline."""

    prefix_of_ids = "ask"
    wanted = Day(label="Đề nghị gia hạn đến ngày")
    reason = Words(
        "Lý do",
        asked="Ghi lý do cần thêm thời gian, một hai câu.",
        help_text="Nêu việc đã làm, việc còn lại và vì sao chưa xong",
    )

    def prepare(self) -> None:
        """Say what the day is measured against."""
        due = self.task.deadline
        self.fields["wanted"].help_text = f"Thời hạn hiện tại {due:%d/%m/%Y}" if due else ""

    def request(self) -> Request:
        """As the service takes it. Only after `is_valid()`."""
        return Request(self.cleaned_data["wanted"], self.cleaned_data["reason"])


class ReplyForm(AboutTask):
    """The assigner's side answers a request for more time."""

    prefix_of_ids = "reply"
    answer = forms.ChoiceField(
        label="Trả lời",
        choices=[
            (Extension.Answer.AGREED, "Đồng ý"),
            (Extension.Answer.OTHER_DATE, "Ấn định ngày khác"),
            (Extension.Answer.REFUSED, "Không đồng ý"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn đồng ý, không đồng ý, hoặc ấn định ngày khác."},
    )
    granted = Day(label="Thời hạn mới", required=False, help_text="Chỉ điền khi ấn định ngày khác")
    note = Words("Ý kiến trả lời", rows=2, help_text="Bắt buộc khi không đồng ý")

    def clean(self) -> dict[str, Any]:
        """Another date needs the date, a refusal its reason."""
        data = super().clean() or {}
        answer = data.get("answer")
        bad = self.errors.keys()
        other = answer == Extension.Answer.OTHER_DATE
        if other and not data.get("granted") and "granted" not in bad:
            self.add_error("granted", "Chọn thời hạn mới.")
        if answer == Extension.Answer.REFUSED and not data.get("note") and "note" not in bad:
            self.add_error("note", "Ghi lý do không đồng ý để đơn vị biết cần làm gì tiếp.")
        return data

    def reply(self) -> Reply:
        """As the service takes it. Only after `is_valid()`."""
        data = self.cleaned_data
        return Reply(data["answer"], data["granted"], data["note"])


class DecideForm(AboutTask):
    """The level that was asked decides what stops the work."""

    prefix_of_ids = "decide"
    decision = Words("Quyết định", asked="Ghi quyết định để đơn vị thực hiện.")
    document = forms.CharField(
        label="Số, ký hiệu văn bản",
        help_text="Nếu có, ví dụ 118-KL/TU",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class PassOnForm(AboutTask):
    """Another level has to decide."""

    prefix_of_ids = "pass"
    unit = forms.ModelChoiceField(
        label="Chuyển tới",
        queryset=Unit.objects.none(),
        empty_label="Chọn cơ quan",
        error_messages={"required": "Chọn cơ quan có thẩm quyền quyết định."},
    )
    note = Words("Ý kiến khi chuyển", rows=2, help_text="Không bắt buộc")

    def prepare(self) -> None:
        """Offer the bodies that can decide."""
        field = cast("forms.ModelChoiceField[Unit]", self.fields["unit"])
        field.queryset = deciders(self.today, without=self.task.lead_unit_id)


class WithdrawForm(AboutTask):
    """The unit takes back what it asked."""

    prefix_of_ids = "withdraw"
    note = Words("Lý do rút", rows=2, help_text="Không bắt buộc")


class DirectForm(AboutTask):
    """A leader writes to a unit."""

    prefix_of_ids = "direct"
    kind = forms.ChoiceField(
        label="Loại",
        choices=Direction.Kind.choices,
        initial=Direction.Kind.DIRECTION,
        widget=forms.RadioSelect,
    )
    unit = forms.ModelChoiceField(
        label="Gửi đơn vị",
        queryset=Unit.objects.none(),
        empty_label="Chọn đơn vị",
        error_messages={"required": "Chọn đơn vị phải trả lời."},
    )
    answer_by = Day(label="Hạn trả lời")
    text = Words("Nội dung", asked="Ghi nội dung cần đơn vị thực hiện hoặc giải trình.")

    def prepare(self) -> None:
        """The lead unit first and chosen; then who joins, and the city's bodies."""
        near = [self.task.lead_unit_id or 0]
        near += self.task.participants.values_list("unit", flat=True)
        field = cast("forms.ModelChoiceField[Unit]", self.fields["unit"])
        field.queryset = deciders(self.today) | Unit.objects.active(self.today).filter(pk__in=near)
        field.initial = self.task.lead_unit_id
        self.fields["answer_by"].initial = self.today + WEEK

    def open_with(self, wanted: str) -> None:
        """Begin the text of an urging ("urge") or of a question for the reason ("ask")."""
        late = days_late(self.task.deadline, on=self.today) if self.task.is_open else 0
        if wanted == "ask":
            self.fields["kind"].initial = Direction.Kind.EXPLANATION
            self.fields["text"].initial = _question(late)
        elif wanted == "urge":
            self.fields["text"].initial = _urging(self.task, late)

    def clean_answer_by(self) -> date:
        """There must be time to answer."""
        return self.not_past("answer_by")

    def wish(self) -> Wish:
        """As the service takes it. Only after `is_valid()`."""
        data = self.cleaned_data
        return Wish(data["kind"], data["unit"], data["text"], data["answer_by"])


def _question(late: int) -> str:
    since = f"Nhiệm vụ quá hạn {late} ngày" if late else "Nhiệm vụ chưa hoàn thành"
    return (
        f"{since} nhưng chưa nêu vướng mắc. Giải trình lý do, nêu vướng mắc nếu có, "
        "cấp cần quyết định và ngày hoàn thành."
    )


def _urging(task: Task, late: int) -> str:
    since = f"Nhiệm vụ quá hạn {late} ngày" if late else "Nhiệm vụ chưa hoàn thành"
    lacking = f", còn thiếu: {task.product.strip().rstrip('.')}" if task.product else ""
    return (
        f"{since}{lacking}. Đề nghị hoàn thành và gửi minh chứng; nếu chưa xong, báo cáo "
        "việc đã làm, vướng mắc, cấp cần quyết định và ngày hoàn thành."
    )


class AnswerForm(AboutTask):
    """The unit answers."""

    prefix_of_ids = "answer"
    text = Words("Trả lời", asked="Ghi nội dung trả lời.", rows=4)


class CloseForm(AboutTask):
    """Who asked is content, or does not need the answer any more."""

    prefix_of_ids = "close"
    closing = Words("Kết luận", rows=2, help_text="Không bắt buộc")


class AgainForm(AboutTask):
    """Who asked needs more."""

    prefix_of_ids = "again"
    text = Words("Cần trả lời thêm", asked="Ghi điều đơn vị cần trả lời thêm.")
    answer_by = Day(label="Hạn trả lời")

    def prepare(self) -> None:
        """A week, unless somebody says otherwise."""
        self.fields["answer_by"].initial = self.today + WEEK

    def clean_answer_by(self) -> date:
        """There must be time to answer."""
        return self.not_past("answer_by")
