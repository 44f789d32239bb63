"""What the office types to urge by hand."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.timeliness import days_late
from hanoi_programmes.reminders.services.urging import MOST, Preview, Wish
from hanoi_programmes.ui.fields import FormKey
from hanoi_programmes.ui.wording import PlainForm

_TEXT_MAX = 4_000


class UrgeForm(PlainForm):
    """Own words for one task or many, and whether the level above hears them."""

    form_key = FormKey()
    text = forms.CharField(
        label="Nội dung đôn đốc",
        help_text="Câu gợi ý, sửa theo ý mình. Mọi nơi nhận đọc cùng một nội dung.",
        max_length=_TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Ghi nội dung cần đơn vị làm ngay."},
    )
    also_superior = forms.BooleanField(label="", required=False)

    def __init__(self, *args: Any, found: Preview, today: date, **kwargs: Any) -> None:
        ids = "-".join(["urge", *(str(task.pk) for task in found.tasks[:1]), "%s"])
        super().__init__(*args, **kwargs | {"auto_id": ids})
        self.found = found
        self.fields["text"].initial = opening(found.tasks, today)
        above = found.superiors
        self.fields["also_superior"].label = (
            f"Gửi thêm người đứng đầu cấp trên: {', '.join(map(str, above[:6]))}"
            + (f" và {len(above) - 6} người khác" if len(above) > 6 else "")
        )
        if not above:
            del self.fields["also_superior"]

    def wish(self) -> Wish:
        """As the service takes it. Only after `is_valid()`."""
        data = self.cleaned_data
        return Wish(data["text"], bool(data.get("also_superior")))


def opening(tasks: Sequence[Task], on: date) -> str:
    """A sentence to begin with: what is late and lacks, and what the unit is asked for."""
    wanted = (
        "Đề nghị hoàn thành và gửi minh chứng; nếu chưa xong, báo cáo việc đã làm, vướng mắc, "
        "cấp cần quyết định và ngày hoàn thành."
    )
    if len(tasks) == 1:
        late, product = days_late(tasks[0].deadline, on=on), tasks[0].product.strip().rstrip(".")
        since = f"Nhiệm vụ quá hạn {late} ngày" if late > 0 else "Nhiệm vụ chưa hoàn thành"
        return f"{since}{f', còn thiếu: {product}' if product else ''}. {wanted}"
    late = sum(1 for task in tasks if days_late(task.deadline, on=on) > 0)
    since = f"{len(tasks)} nhiệm vụ dưới đây chưa hoàn thành"
    return f"{since}{f', trong đó {late} nhiệm vụ đã quá hạn' if late else ''}. {wanted}"


def seen_text(tasks: Sequence[Task]) -> str:
    """The tasks of a preview as one field, however many."""
    return ",".join(str(task.pk) for task in tasks)


def read_seen(values: Sequence[str]) -> list[int]:
    """Keys of tasks, from one field or several; nothing when they are too many or no keys."""
    parts = [part for value in values for part in value.split(",") if part]
    fits = all(part.isascii() and part.isdecimal() and len(part) < 19 for part in parts)
    keys = dict.fromkeys(int(part) for part in parts) if fits else {}
    return list(keys) if len(keys) <= MOST else []
