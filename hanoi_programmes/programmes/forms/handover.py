"""What a hand-over asks for: a note, a confirmation."""

from django import forms

from hanoi_programmes.programmes.forms.fields import TEXT_MAX
from hanoi_programmes.ui.fields import FormKey
from hanoi_programmes.ui.wording import PlainForm


class OpenForm(PlainForm):
    """Only a click."""

    form_key = FormKey()


class NoteForm(PlainForm):
    """What the next head should know."""

    form_key = FormKey()
    note = forms.CharField(
        label="Nội dung cần lưu ý",
        help_text="Việc đã hứa, đầu mối, hồ sơ giấy; ghi được đến khi xác nhận",
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ConfirmForm(PlainForm):
    """Which side confirms; by which paper, when the office does it."""

    form_key = FormKey()
    side = forms.ChoiceField(
        choices=[("outgoing", "Bên giao"), ("incoming", "Bên nhận")], widget=forms.HiddenInput
    )
    document = forms.CharField(
        label="Số, ký hiệu biên bản giấy",
        help_text="Khi người giao hoặc người nhận không xác nhận được trên hệ thống",
        max_length=100,
        required=False,
    )
