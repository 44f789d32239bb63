"""What a move along the table needs beside the click, on one task or on many."""

from datetime import date
from typing import Any, cast
from uuid import uuid4

from django import forms

from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.shapes import UNITS
from hanoi_programmes.programmes.forms.fields import OLD_PAGE, TEXT_MAX, FormKey
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.rules import Given
from hanoi_programmes.programmes.services.following import followers_of
from hanoi_programmes.programmes.states import NEEDED, Move, Need, Quality, State
from hanoi_programmes.ui.choosing import SoughtField
from hanoi_programmes.ui.wording import PlainForm


class NeedsForm(PlainForm):
    """The fields of all typed needs; what the move at hand does not need is taken out."""

    form_key = FormKey()
    lead_unit = SoughtField(
        Unit.objects.none(),
        sought=UNITS,
        label="Đơn vị chủ trì mới",
        help_text="Đơn vị có người đứng đầu đương nhiệm. Thời hạn của nhiệm vụ giữ nguyên.",
        error_messages={"required": NEEDED[Need.LEAD_UNIT].refusal},
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
        error_messages={"required": NEEDED[Need.REASON].refusal},
    )
    with_children = forms.BooleanField(
        required=False,
        help_text="Không đánh dấu thì các nhiệm vụ này giữ nguyên. Nhiệm vụ đang chờ xác nhận "
        "hoặc đã xong không thay đổi.",
    )

    def __init__(self, *args: Any, move: Move, today: date, following: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": f"{move.name}-%s"})
        self.move, self.today = move, today
        for need, words in NEEDED.items():
            if words.typed and need not in move.needs:
                del self.fields[words.typed]
        if "lead_unit" in self.fields:
            units = cast("SoughtField", self.fields["lead_unit"])
            units.queryset = Unit.objects.active(today)
        if following:
            self.fields["with_children"].label = _following(move, following)
        else:
            del self.fields["with_children"]

    def given(self) -> Given:
        """What the form brings, as the rules take it. Only after `is_valid()`."""
        data = self.cleaned_data
        return Given(
            reason=data.get("reason", ""),
            document=data.get("document", ""),
            quality=data.get("quality", ""),
            lead_unit=data.get("lead_unit"),
            with_children=data.get("with_children", False),
        )


class MoveForm(NeedsForm):
    """A move on one task, as its reader saw it; only the fields that this move asks for."""

    version = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": OLD_PAGE, "invalid": OLD_PAGE}
    )

    def __init__(self, *args: Any, task: Task, move: Move, today: date, **kwargs: Any) -> None:
        following = followers_of(task, move).count() if move.carries else 0
        super().__init__(*args, move=move, today=today, following=following, **kwargs)
        self.fields["version"].initial = task.version

    def renewed(self, task: Task) -> "MoveForm":
        """The same texts on the task as it is now, ready to be sent again under a new key."""
        data = dict(self.data.items()) | {"version": str(task.version), "form_key": str(uuid4())}
        form = MoveForm(data, task=task, move=self.move, today=self.today)
        for error in self.non_field_errors():
            form.add_error(None, error)
        return form


def _following(move: Move, following: int) -> str:
    state = "tạm dừng" if State.SUSPENDED in move.sources else "mở"
    return f"Kể cả {following} nhiệm vụ thành phần đang {state}"
