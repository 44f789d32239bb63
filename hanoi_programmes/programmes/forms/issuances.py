"""Forms of units' own plans: one plan, and many pasted lines."""

from typing import Any

from django import forms

from hanoi_programmes.programmes.forms.fields import FormKey
from hanoi_programmes.programmes.models import PlanIssuance
from hanoi_programmes.programmes.services.issuances import (
    LONGEST_NUMBER,
    MOST_LINES,
    NUMBER,
    NUMBER_WANTED,
    Paper,
)
from hanoi_programmes.ui.fields import Day
from hanoi_programmes.ui.wording import PlainForm


class PlanForm(PlainForm):
    """What stands on a unit's plan."""

    form_key = FormKey()
    number = forms.RegexField(
        f"^{NUMBER.pattern}$",
        label="Số, ký hiệu kế hoạch",
        help_text="Ghi như trên văn bản, ví dụ 118/KH-UBND",
        max_length=LONGEST_NUMBER,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": NUMBER_WANTED, "invalid": NUMBER_WANTED},
    )
    issued_on = Day(label="Ngày ban hành", missing="Nhập ngày ghi trên văn bản.")
    title = forms.CharField(
        label="Trích yếu",
        help_text="Không bắt buộc",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @staticmethod
    def values_of(row: PlanIssuance | None) -> dict[str, Any]:
        """What the form begins with."""
        if row is None:
            return {}
        return {"number": row.number, "issued_on": row.issued_on, "title": row.title}

    def paper(self) -> Paper:
        """What the form says, as the service takes it. Only after `is_valid()`."""
        data = self.cleaned_data
        return Paper(data["number"], data["issued_on"], data["title"])


class PasteForm(PlainForm):
    """Many lines at once, for one programme and one group of units."""

    form_key = FormKey()
    programme = forms.ChoiceField(
        label="Chương trình",
        error_messages={"required": "Chọn chương trình."},
        widget=forms.RadioSelect,
    )
    group = forms.ChoiceField(label="Nhóm đơn vị", widget=forms.Select)
    lines = forms.CharField(
        label="Danh sách kế hoạch",
        help_text="Mỗi dòng một đơn vị: tên đơn vị; số; ngày. "
        "Chép thẳng ba cột từ bảng tính cũng được.",
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        error_messages={"required": "Dán ít nhất một dòng."},
    )

    def __init__(
        self,
        *args: Any,
        programmes: list[tuple[str, str]],
        groups: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("programme", programmes), ("group", groups)):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_lines(self) -> str:
        """No more lines than there are units."""
        text: str = self.cleaned_data["lines"]
        number = len(text.splitlines())
        if number > MOST_LINES:
            raise forms.ValidationError(
                f"Có {number} dòng, mỗi lần nhận tối đa {MOST_LINES}. Chia làm nhiều lần."
            )
        return text
