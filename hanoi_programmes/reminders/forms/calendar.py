"""Forms of the working-day calendar: a day, taking one out, proposals of a year."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms

from hanoi_programmes.lib.holidays import LIBRARY
from hanoi_programmes.people.models import CalendarDay
from hanoi_programmes.people.roles import Confidence
from hanoi_programmes.people.services.calendar import DayEntry
from hanoi_programmes.people.shapes import Proposal
from hanoi_programmes.ui.fields import Day, FormKey
from hanoi_programmes.ui.wording import PlainForm

OFF, WORKING = "off", "working"
_KINDS = [(OFF, "Ngày nghỉ"), (WORKING, "Ngày làm việc (làm bù)")]
FORETOLD = f"thư viện {LIBRARY}, chưa có thông báo chính thức"


def _reason() -> forms.CharField:
    return forms.CharField(
        label="Lý do",
        help_text="Chỉ cần khi sửa ngày đã qua; ghi vào lịch sử",
        max_length=300,
        required=False,
    )


class DayForm(PlainForm):
    """One day that differs from the ordinary week."""

    form_key = FormKey()
    day = Day(label="Ngày", missing="Chọn ngày.")
    kind = forms.ChoiceField(
        label="Ngày này là",
        choices=_KINDS,
        widget=forms.RadioSelect,
        initial=OFF,
        error_messages={"required": "Chọn ngày nghỉ hay ngày làm việc."},
    )
    name = forms.CharField(
        label="Tên ngày",
        help_text="Như in trong thông báo, ví dụ Nghỉ hoán đổi dịp Tết Dương lịch",
        max_length=200,
        error_messages={"required": "Nhập tên ngày."},
    )
    source = forms.CharField(
        label="Căn cứ",
        help_text="Số, ngày của thông báo hoặc tên văn bản",
        max_length=300,
        error_messages={"required": "Nhập căn cứ: ai cho nghỉ hoặc cho làm bù, ở văn bản nào."},
    )
    reason = _reason()

    def entry(self) -> DayEntry:
        """What the form says, as the service takes it. Only after `is_valid()`."""
        data = self.cleaned_data
        return DayEntry(data["day"], data["kind"] == WORKING, data["name"], data["source"])

    def stamp(self) -> str:
        """What a preview is of: another day or kind is previewed again. After `is_valid()`."""
        return f"{self.cleaned_data['day']} {self.cleaned_data['kind']}"


def filled_from(day: CalendarDay) -> dict[str, Any]:
    """The form of a day that is in the calendar; a library is no basis to keep."""
    is_checked = day.confidence == Confidence.CONFIRMED
    return {
        "day": day.day,
        "kind": WORKING if day.is_working else OFF,
        "name": day.name,
        "source": day.source[:300] if is_checked else "",
    }


class RemoveDayForm(PlainForm):
    """A day goes out of the calendar."""

    form_key = FormKey()
    reason = _reason()


class ProposalsForm(PlainForm):
    """Which of the proposed days are taken over."""

    form_key = FormKey()
    days = forms.TypedMultipleChoiceField(
        label="Các ngày nhận vào lịch",
        coerce=date.fromisoformat,
        error_messages={"required": "Chọn ít nhất một ngày."},
    )

    def __init__(self, *args: Any, proposals: Sequence[Proposal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._open = {p.foretold.day: p.foretold for p in proposals if p.is_open}
        field = cast("forms.TypedMultipleChoiceField", self.fields["days"])
        field.choices = [(day.isoformat(), day.isoformat()) for day in self._open]

    @property
    def ticked(self) -> set[date]:
        """What was chosen; at first what the law alone settles."""
        if self.is_bound:
            sent = set(self.data.getlist("days"))  # type: ignore[attr-defined]
            return {day for day in self._open if day.isoformat() in sent}
        return {day for day, foretold in self._open.items() if foretold.is_settled}

    def entries(self) -> list[DayEntry]:
        """What the form says, as the service takes it. Only after `is_valid()`."""
        chosen = [self._open[day] for day in self.cleaned_data["days"]]
        return [
            DayEntry(one.day, one.is_working, one.name, FORETOLD, Confidence.RECALLED)
            for one in chosen
        ]

    def stamp(self) -> str:
        """What a preview is of: another choice is previewed again. Only after `is_valid()`."""
        return " ".join(sorted(map(str, self.cleaned_data["days"])))
