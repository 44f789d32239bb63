"""Form fields that know no domain: the key of a form, days as people write them."""

from uuid import uuid4

from django import forms

OLD_PAGE = "Trang mở đã cũ. Tải lại trang rồi gửi lại."
# As browsers send a day, and as papers print it; never the American order.
DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y")


class FormKey(forms.UUIDField):
    """A key born with the form: the same form sent twice is carried out once."""

    def __init__(self) -> None:
        super().__init__(
            widget=forms.HiddenInput,
            initial=uuid4,
            error_messages={"required": OLD_PAGE, "invalid": OLD_PAGE},
        )


class Day(forms.DateField):
    """A day, picked in the browser's calendar or typed as on paper."""

    def __init__(
        self, *, label: str, help_text: str = "", required: bool = True, missing: str = ""
    ) -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            required=required,
            input_formats=DAYS,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={
                "required": missing or "Chọn ngày.",
                "invalid": "Nhập ngày theo dạng ngày/tháng/năm, ví dụ 13/11/2026.",
            },
        )
