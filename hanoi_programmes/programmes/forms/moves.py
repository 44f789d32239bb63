"""What a move along the table needs beside the click."""

from typing import Any
from uuid import uuid4

from django import forms

from hanoi_programmes.programmes.forms.fields import OLD_PAGE, TEXT_MAX, FormKey
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.rules import Given
from hanoi_programmes.programmes.states import Move, Need, Quality
from hanoi_programmes.ui.wording import PlainForm


class MoveForm(PlainForm):
    """What a move needs beside the click; only the fields that this move asks for."""

    form_key = FormKey()
    version = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": OLD_PAGE, "invalid": OLD_PAGE}
    )
    quality = forms.ChoiceField(
        label="Chất lượng sản phẩm",
        choices=Quality.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn mức chất lượng của sản phẩm."},
    )
    document = forms.CharField(
        label="Số, ký hiệu văn bản quyết định",
        max_length=60,
        error_messages={"required": "Nhập số, ký hiệu văn bản, ví dụ 118-QĐ/TU."},
    )
    reason = forms.CharField(
        label="Lý do",
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Ghi lý do để đơn vị biết cần làm gì tiếp."},
    )

    def __init__(self, *args: Any, task: Task, move: Move, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": f"{move.name}-%s"})
        self.move = move
        self.fields["version"].initial = task.version
        asked = {Need.QUALITY: "quality", Need.DOCUMENT: "document", Need.REASON: "reason"}
        for need, name in asked.items():
            if need not in move.needs:
                del self.fields[name]

    def given(self) -> Given:
        """What the form brings, as the rules take it. Only after `is_valid()`."""
        data = self.cleaned_data
        return Given(data.get("reason", ""), data.get("document", ""), data.get("quality", ""))

    def renewed(self, task: Task) -> "MoveForm":
        """The same texts on the task as it is now, ready to be sent again under a new key."""
        data = dict(self.data.items()) | {"version": str(task.version), "form_key": str(uuid4())}
        form = MoveForm(data, task=task, move=self.move)
        for error in self.non_field_errors():
            form.add_error(None, error)
        return form
