"""The weekly text as it is edited before it is handed over."""

from django import forms

from hanoi_programmes.programmes.shapes.weekly import Weekly
from hanoi_programmes.ui.fields import FormKey
from hanoi_programmes.ui.wording import PlainForm

MOST = 20_000


def _part(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 7, "spellcheck": "false"}),
    )


class WeeklyForm(PlainForm):
    """Three parts, each of which may be empty; not all of them."""

    form_key = FormKey()
    results = _part("Kết quả nổi bật")
    difficulties = _part("Khó khăn, vướng mắc")
    next_week = _part("Nhiệm vụ tuần tới")

    def text(self) -> Weekly:
        """What was typed. Only after `is_valid()`."""
        data = self.cleaned_data
        return Weekly(data["results"], data["difficulties"], data["next_week"])
