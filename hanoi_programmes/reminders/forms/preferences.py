"""How a person wants the mails."""

from datetime import timedelta
from typing import Any

from django import forms

from hanoi_programmes.people.models import User
from hanoi_programmes.reminders.models import Preference
from hanoi_programmes.reminders.states import WEEKDAYS, Delivery
from hanoi_programmes.ui.fields import Day, FormKey
from hanoi_programmes.ui.wording import PlainForm

# Longer absences are a matter of the post: somebody else holds it meanwhile.
LONGEST_ABSENCE = timedelta(days=92)


class PreferenceForm(PlainForm):
    """One digest or a mail a task, and days without any."""

    form_key = FormKey()
    delivery = forms.ChoiceField(
        label="Cách nhận thư", choices=Delivery.choices, widget=forms.RadioSelect
    )
    quiet_weekdays = forms.TypedMultipleChoiceField(
        label="Ngày trong tuần không nhận thư",
        choices=list(WEEKDAYS.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    quiet_from = Day(label="Không nhận thư từ ngày", required=False)
    quiet_until = Day(label="Đến hết ngày", required=False)

    def __init__(self, *args: Any, kept: Preference, **kwargs: Any) -> None:
        names = ("delivery", "quiet_weekdays", "quiet_from", "quiet_until")
        initial = {name: getattr(kept, name) for name in names}
        super().__init__(*args, **{"initial": initial} | kwargs)

    def clean_quiet_weekdays(self) -> list[int]:
        """A day on which all that waited can come."""
        days: list[int] = self.cleaned_data["quiet_weekdays"]
        if len(days) == len(WEEKDAYS):
            raise forms.ValidationError("Để lại ít nhất một ngày trong tuần để nhận thư.")
        return days

    def clean(self) -> dict[str, Any]:
        """An absence has both ends, in their order, and does not last for ever."""
        data = super().clean() or {}
        first, last = data.get("quiet_from"), data.get("quiet_until")
        if {"quiet_from", "quiet_until"} & self.errors.keys():
            return data
        if bool(first) != bool(last):
            missing = "quiet_until" if first else "quiet_from"
            self.add_error(missing, "Nhập cả ngày đầu và ngày cuối, hoặc để trống cả hai.")
        elif first and last and last < first:
            self.add_error("quiet_until", f"Chọn từ ngày {first:%d/%m/%Y} trở đi.")
        elif first and last and last - first > LONGEST_ABSENCE:
            self.add_error(
                "quiet_until",
                "Tối đa ba tháng. Vắng lâu hơn thì đề nghị Văn phòng Thành ủy ghi nhận người thay.",
            )
        return data

    def wanted(self, user: User) -> Preference:
        """What the person wants, not yet stored. Only after `is_valid()`."""
        data = self.cleaned_data
        return Preference(
            user=user,
            delivery=data["delivery"],
            quiet_weekdays=sorted(data["quiet_weekdays"]),
            quiet_from=data["quiet_from"],
            quiet_until=data["quiet_until"],
        )
