"""What a report is asked with; every value is checked before it is used."""

from datetime import date
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.utils.datastructures import MultiValueDict

from hanoi_programmes.lib.dates import Period, quarter, quarter_number
from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models import ActionProgramme
from hanoi_programmes.reports.kinds import Wish
from hanoi_programmes.reports.rules import issuers_for
from hanoi_programmes.reports.states import Issuer, Kind

# No action programme is older; further ahead nothing can have happened.
FIRST_YEAR = 2025
_QUARTERS = [(1, "Quý I"), (2, "Quý II"), (3, "Quý III"), (4, "Quý IV")]
_OLD_PAGE = "Trang mở đã cũ. Tải lại trang rồi gửi lại."


class ReportForm(forms.Form):
    """Programme, quarter and issuer of a new report."""

    programme = forms.ChoiceField(
        label="Chương trình",
        required=False,
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
        error_messages={
            "invalid_choice": "Chọn cơ quan ban hành trong danh sách.",
            "required": "Chọn cơ quan ban hành.",
        },
    )
    form_key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages={"required": _OLD_PAGE, "invalid": _OLD_PAGE},
    )

    def __init__(
        self, data: MultiValueDict[str, str] | None = None, *, user: User, today: date
    ) -> None:
        super().__init__(data, initial={"quarter": quarter_number(today), "year": today.year})
        self.today = today
        rows = ActionProgramme.objects.visible_to(user).select_related("resolution")
        self._programmes = {row.key: row for row in rows}
        labels = [(key, _programme_label(row)) for key, row in self._programmes.items()]
        _offer(self.fields["programme"], [("", "Tất cả chương trình hành động"), *labels])
        issuers = [(issuer.value, _issuer_label(issuer, user)) for issuer in issuers_for(user)]
        _offer(self.fields["issuer"], issuers)
        self.fields["year"].widget.attrs["max"] = today.year

    def clean(self) -> dict[str, Any]:
        """A quarter that has not begun has nothing to report."""
        cleaned: dict[str, Any] = super().clean() or {}
        if {"quarter", "year"} <= cleaned.keys() and self._is_ahead():
            name = _QUARTERS[quarter_number(self.today) - 1][1].lower()
            self.add_error("quarter", f"Quý này chưa bắt đầu. Chọn đến {name}/{self.today.year}.")
        return cleaned

    def _is_ahead(self) -> bool:
        asked = (self.cleaned_data["year"], self.cleaned_data["quarter"])
        return bool(asked > (self.today.year, quarter_number(self.today)))

    def wanted(self) -> Wish:
        """What the service is asked for: as of the quarter's end, or today while it runs."""
        period: Period = quarter(self.cleaned_data["year"], self.cleaned_data["quarter"])
        programme = self._programmes.get(self.cleaned_data["programme"])
        return Wish(
            kind=Kind.PROGRAMME if programme else Kind.CITY,
            subject=programme,
            period=period,
            as_of=min(period.end, self.today),
            issuer=self.cleaned_data["issuer"],
        )


def _offer(field: forms.Field, choices: list[tuple[str, str]]) -> None:
    cast("forms.ChoiceField", field).choices = choices


def _programme_label(programme: ActionProgramme) -> str:
    resolution = f"{programme.resolution.short_number} {programme.resolution.short}"
    return f"{programme.number or 'dự thảo'} – {resolution}"


def _issuer_label(issuer: Issuer, user: User) -> str:
    return user.unit.name if issuer == Issuer.UNIT and user.unit else issuer.label
