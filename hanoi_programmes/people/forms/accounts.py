"""Forms of accounts: who gets one, with which role and unit."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.services.accounts import Details
from hanoi_programmes.people.shapes import UNITS
from hanoi_programmes.ui.choosing import SoughtField
from hanoi_programmes.ui.fields import FormKey
from hanoi_programmes.ui.wording import PlainForm


class KeyForm(PlainForm):
    """A button that writes: only the key that makes it write once."""

    form_key = FormKey()


class PlaceForm(PlainForm):
    """Which role, in which unit."""

    form_key = FormKey()
    role = forms.ChoiceField(
        label="Vai trò",
        choices=Role.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn vai trò."},
    )
    unit = SoughtField(
        Unit.objects.none(),
        sought=UNITS,
        label="Đơn vị",
        help_text="Chuyên viên và người đứng đầu phải có đơn vị",
        required=False,
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("SoughtField", self.fields["unit"]).queryset = units

    def role_chosen(self) -> Role:
        """Only after `is_valid()`."""
        return Role(self.cleaned_data["role"])


class AccountForm(PlaceForm):
    """A new account."""

    field_order = ("form_key", "username", "display_name", "email", "role", "unit")
    username = forms.RegexField(
        r"^[a-z0-9][a-z0-9._-]{2,59}$",
        label="Tên đăng nhập",
        help_text="Chữ thường không dấu, số, dấu chấm; ví dụ chuyenvien.lang",
        max_length=60,
        error_messages={
            "required": "Nhập tên đăng nhập.",
            "invalid": "Chỉ dùng chữ thường không dấu, số, dấu chấm, gạch ngang; từ 3 ký tự.",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    display_name = forms.CharField(
        label="Tên hiển thị",
        help_text="Như sẽ hiện trong lịch sử, ví dụ Chuyên viên Văn phòng",
        max_length=200,
        error_messages={"required": "Nhập tên hiển thị."},
    )
    email = forms.EmailField(
        label="Thư điện tử",
        help_text="Để nhận nhắc việc; không bắt buộc",
        required=False,
        error_messages={"invalid": "Nhập địa chỉ thư, ví dụ ten@hanoi.gov.vn."},
    )

    def details(self) -> Details:
        """What the form says, as the service takes it. Only after `is_valid()`."""
        data = self.cleaned_data
        return Details(
            username=data["username"],
            display_name=data["display_name"],
            email=data["email"],
            role=self.role_chosen(),
            unit=data["unit"],
        )
