"""What merging asks for: which two, from when, by which document."""

from datetime import date
from typing import Any

from django import forms

from hanoi_programmes.people.models import Area, Unit
from hanoi_programmes.people.shapes import UNITS
from hanoi_programmes.ui.choosing import SoughtField
from hanoi_programmes.ui.fields import Day, FormKey
from hanoi_programmes.ui.wording import PlainForm


class MergeForm(PlainForm):
    """The day and the document; which two are the fields `old` and `into` of each kind."""

    form_key = FormKey()
    on = Day(
        label="Ngày cuối cùng của nơi hợp nhất",
        help_text="Từ ngày sau, người đứng đầu nơi tiếp nhận chịu trách nhiệm",
        missing="Chọn ngày.",
    )
    document = forms.CharField(
        label="Văn bản quyết định",
        help_text="Ví dụ Nghị quyết 12/NQ-HĐND",
        max_length=200,
        error_messages={"required": "Ghi số, ký hiệu văn bản quyết định."},
    )
    field_order = ("old", "into", "on", "document")


class MergeUnitsForm(MergeForm):
    """Two units of one axis and level."""

    old = SoughtField(
        Unit.objects.none(),
        sought=UNITS,
        label="Đơn vị kết thúc",
        error_messages={"required": "Tìm rồi chọn đơn vị kết thúc."},
    )
    into = SoughtField(
        Unit.objects.none(),
        sought=UNITS,
        label="Đơn vị tiếp nhận",
        error_messages={"required": "Tìm rồi chọn đơn vị tiếp nhận."},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("old", "into"):
            self.fields[name].queryset = Unit.objects.active(today)  # type: ignore[attr-defined]


class MergeAreasForm(MergeForm):
    """Two wards or communes, with all their units."""

    old = forms.ModelChoiceField(
        Area.objects.none(),
        label="Phường, xã kết thúc",
        empty_label="Chọn phường, xã",
        error_messages={"required": "Chọn phường, xã kết thúc."},
    )
    into = forms.ModelChoiceField(
        Area.objects.none(),
        label="Phường, xã tiếp nhận",
        empty_label="Chọn phường, xã",
        error_messages={"required": "Chọn phường, xã tiếp nhận."},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:  # noqa: ARG002
        super().__init__(*args, **kwargs)
        for name in ("old", "into"):
            running = Area.objects.filter(ends_on__isnull=True)
            self.fields[name].queryset = running  # type: ignore[attr-defined]
