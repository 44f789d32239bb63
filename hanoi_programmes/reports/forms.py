"""What the dashboard and a report are asked with; every value is checked before it is used."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms

from hanoi_programmes.lib.dates import Period, quarter, quarter_number
from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models import ActionProgramme, Resolution
from hanoi_programmes.reports.rules import issuers_for
from hanoi_programmes.reports.services import Wanted
from hanoi_programmes.reports.states import Issuer

# No action programme is older; further ahead nothing can have happened.
FIRST_YEAR = 2025
_QUARTERS = [(1, "Quý I"), (2, "Quý II"), (3, "Quý III"), (4, "Quý IV")]
_OLD_PAGE = "Trang mở đã cũ. Tải lại trang rồi gửi lại."


class DashboardForm(forms.Form):
    """Which resolution, as of which day; empty means all of them, today."""

    resolution = forms.ModelChoiceField(
        label="Phạm vi",
        queryset=Resolution.objects.all(),
        to_field_name="key",
        required=False,
        empty_label="Tất cả Nghị quyết",
        error_messages={"invalid_choice": "Không có Nghị quyết này. Chọn trong danh sách."},
    )
    on = forms.DateField(
        label="Tính đến ngày",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"invalid": "Ngày chưa đúng. Nhập theo dạng ngày/tháng/năm, ví dụ 16/11/2026."},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        choice = self.fields["resolution"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.label_from_instance = lambda row: f"{row.short_number} {row.short}"

    def clean_on(self) -> date | None:
        """Figures of a day to come do not exist, and of days before the first programme neither."""
        on: date | None = self.cleaned_data["on"]
        if on and on > self.today:
            raise forms.ValidationError(
                f"Chưa có số liệu sau hôm nay. Chọn ngày đến {self.today:%d/%m/%Y}."
            )
        if on and on.year < FIRST_YEAR:
            raise forms.ValidationError(f"Chưa có số liệu trước năm {FIRST_YEAR}.")
        return on


class ReportForm(forms.Form):
    """Programme, quarter and issuer of a new report."""

    programme = forms.ModelChoiceField(
        label="Chương trình",
        queryset=ActionProgramme.objects.none(),
        to_field_name="key",
        required=False,
        empty_label="Tất cả chương trình hành động",
        error_messages={"invalid_choice": "Không có chương trình này. Chọn trong danh sách."},
    )
    quarter = forms.TypedChoiceField(
        label="Quý",
        choices=_QUARTERS,
        coerce=int,
        error_messages={"invalid_choice": "Chọn quý từ I đến IV.", "required": "Chọn quý."},
    )
    year = forms.IntegerField(
        label="Năm",
        min_value=FIRST_YEAR,
        error_messages={
            "invalid": "Năm gồm bốn chữ số, ví dụ 2026.",
            "required": "Nhập năm.",
            "min_value": f"Chưa có số liệu trước năm {FIRST_YEAR}.",
        },
    )
    issuer = forms.TypedChoiceField(
        label="Cơ quan ban hành",
        coerce=Issuer,
        error_messages={"invalid_choice": "Chọn cơ quan ban hành trong danh sách."},
    )
    form_key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages={"required": _OLD_PAGE, "invalid": _OLD_PAGE},
    )

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        initial = {"quarter": quarter_number(today), "year": today.year}
        super().__init__(*args, initial=initial | kwargs.pop("initial", {}), **kwargs)
        self.today = today
        programmes = self.fields["programme"]
        assert isinstance(programmes, forms.ModelChoiceField)
        programmes.queryset = ActionProgramme.objects.visible_to(user).select_related("resolution")
        programmes.label_from_instance = _programme_label
        self.fields["year"].widget.attrs["max"] = today.year
        issuers = self.fields["issuer"]
        assert isinstance(issuers, forms.TypedChoiceField)
        issuers.choices = [(issuer.value, _issuer_label(issuer, user)) for issuer in issuers_for(user)]

    def clean(self) -> dict[str, Any]:
        """A quarter that has not begun has nothing to report."""
        cleaned: dict[str, Any] = super().clean() or {}
        if {"quarter", "year"} <= cleaned.keys() and self._period().start > self.today:
            current = f"quý {_QUARTERS[quarter_number(self.today) - 1][1].split()[1]}/{self.today.year}"
            self.add_error("quarter", f"Quý này chưa bắt đầu. Chọn đến {current}.")
        return cleaned

    def _period(self) -> Period:
        return quarter(min(self.cleaned_data["year"], 9999), self.cleaned_data["quarter"])

    def wanted(self) -> Wanted:
        """What the service is asked for: as of the quarter's end, or today while it runs."""
        period = self._period()
        return Wanted(
            programme=self.cleaned_data["programme"],
            period=period,
            as_of=min(period.end, self.today),
            issuer=self.cleaned_data["issuer"],
        )


def _programme_label(programme: ActionProgramme) -> str:
    number = programme.number or "dự thảo"
    return f"{number} – {programme.resolution.short_number} {programme.resolution.short}"


def _issuer_label(issuer: Issuer, user: User) -> str:
    return user.unit.name if issuer == Issuer.UNIT and user.unit else issuer.label
