"""What a verifier says: of each item of evidence, and of the submission as a whole."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import forms
from django.forms import BoundField

from hanoi_programmes.programmes.forms.fields import OLD_PAGE, TEXT_MAX, FormKey
from hanoi_programmes.programmes.models import Draft, Evidence, Task
from hanoi_programmes.programmes.rules import Given, Judgement
from hanoi_programmes.programmes.states import NEEDED, Need, Quality
from hanoi_programmes.ui.wording import PlainForm

ACCEPT, RETURN = "accept", "return"
_CHOICES = [(ACCEPT, "Đạt"), (RETURN, "Trả lại")]


@dataclass(frozen=True, slots=True)
class Item:
    """One waiting item with the two fields in which it is judged."""

    evidence: Evidence
    choice: BoundField
    note: BoundField


class VerifyForm(PlainForm):
    """One form for both outcomes: what was said of the items is kept whichever button is pressed.

    A single item shares the fate of the whole: it is not asked about twice.
    """

    form_key = FormKey()
    version = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": OLD_PAGE, "invalid": OLD_PAGE}
    )
    outcome = forms.ChoiceField(
        choices=[(ACCEPT, "Xác nhận hoàn thành"), (RETURN, "Trả lại")],
        widget=forms.HiddenInput,
        error_messages={"required": OLD_PAGE},
    )
    quality = forms.ChoiceField(
        label="Chất lượng sản phẩm",
        choices=Quality.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    reason = forms.CharField(
        label="Lý do trả lại",
        help_text="Đơn vị đọc lý do này để biết cần bổ sung gì",
        max_length=TEXT_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    # What was typed before and not sent, when the form opens with it.
    draft: Draft | None = None

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        self.task = task
        waiting = task.evidence.filter(verdict=Evidence.Verdict.WAITING)
        self._waiting = list(waiting.select_related("report__by__unit"))
        super().__init__(*args, **kwargs | {"auto_id": "verify-%s"})
        self.fields["version"].initial = task.version
        if len(self._waiting) > 1:
            for evidence in self._waiting:
                self._ask_about(evidence)

    def _ask_about(self, evidence: Evidence) -> None:
        choice = forms.ChoiceField(
            label=f"Kết quả xem xét {evidence}",
            choices=_CHOICES,
            widget=forms.RadioSelect,
            required=False,
            error_messages={"invalid_choice": "Chọn “Đạt” hoặc “Trả lại”."},
        )
        note = forms.CharField(
            label="Nhận xét, cần ghi khi trả lại",
            max_length=1_000,
            required=False,
            # Not one line: Enter in it must not accept the whole.
            widget=forms.Textarea(attrs={"rows": 1}),
        )
        self.add_field(f"item-{evidence.pk}", choice)
        self.add_field(f"note-{evidence.pk}", note)

    @property
    def items(self) -> list[Item]:
        """The waiting items that are judged one by one; none when there is only one."""
        return [
            Item(evidence, self[f"item-{evidence.pk}"], self[f"note-{evidence.pk}"])
            for evidence in self._waiting
            if f"item-{evidence.pk}" in self.fields
        ]

    def clean(self) -> dict[str, Any]:
        """What the outcome needs: a grade and every item judged, or a reason."""
        data = super().clean() or {}
        if data.get("outcome") == ACCEPT:
            self._need("quality", "Chọn mức chất lượng của sản phẩm.")
        elif data.get("outcome") == RETURN:
            self._need("reason", NEEDED[Need.REASON].refusal)
        for item in self.items:
            choice, note = item.choice.name, item.note.name
            if data.get("outcome") == ACCEPT:
                self._need(choice, f"Chọn “Đạt” hoặc “Trả lại” cho {item.evidence}.")
            if data.get(choice) == RETURN:
                self._need(note, f"Ghi vì sao trả lại {item.evidence}.")
        return data

    def _need(self, name: str, sentence: str) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, sentence)

    @property
    def accepts(self) -> bool:
        """Whether the submission is accepted as a whole. Only after `is_valid()`."""
        return bool(self.cleaned_data["outcome"] == ACCEPT)

    def judged(self) -> dict[int, Judgement]:
        """The verdicts by the items' keys. Only after `is_valid()`."""
        if not self.items:
            return {item.pk: Judgement(self.accepts) for item in self._waiting}
        data = self.cleaned_data
        return {
            item.evidence.pk: Judgement(data[item.choice.name] == ACCEPT, data[item.note.name])
            for item in self.items
            if data[item.choice.name]
        }

    def given(self) -> Given:
        """Grade or reason, as the rules take them. Only after `is_valid()`."""
        data = self.cleaned_data
        if self.accepts:
            return Given(quality=data["quality"])
        return Given(reason=data["reason"])

    def renewed(self, task: Task) -> "VerifyForm":
        """The same words on the task as it is now, ready to be sent again under a new key."""
        data = dict(self.data.items()) | {"version": str(task.version), "form_key": str(uuid4())}
        form = VerifyForm(data, task=task)
        for error in self.non_field_errors():
            form.add_error(None, error)
        return form
