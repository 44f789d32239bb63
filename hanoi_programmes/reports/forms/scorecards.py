"""Which period and day a scorecard tells of; what a unit says of a figure, and the answer."""

from datetime import date
from typing import Any, cast

from django import forms
from django.utils.datastructures import MultiValueDict

from hanoi_programmes.lib.dates import month_of, quarter_number
from hanoi_programmes.lib.periods import period_label, read_period
from hanoi_programmes.reports.forms.periods import FIRST_YEAR
from hanoi_programmes.reports.states import Figure
from hanoi_programmes.ui.fields import Day, FormKey
from hanoi_programmes.ui.wording import PlainForm

TEXT_MAX = 2_000
_SHORT = "Viết rõ hơn: số nào, đúng ra là bao nhiêu, theo văn bản nào."


class ScorecardForm(PlainForm):
    """A period by its key (`lib.periods`) and a day; empty means this year, today."""

    period = forms.CharField(label="Kỳ", required=False, max_length=30)
    on = Day(label="Tính đến ngày", required=False)

    def __init__(self, data: MultiValueDict[str, str], *, today: date) -> None:
        super().__init__(data, auto_id="s-%s")
        self.today = today
        self.full_clean()

    def clean_period(self) -> str:
        """A period that has begun."""
        key: str = self.cleaned_data["period"].strip()
        if not key:
            return str(self.today.year)
        span = read_period(key)
        if span is None or span.start.year < FIRST_YEAR:
            raise forms.ValidationError("Không có kỳ này. Chọn trong danh sách.")
        if span.start > self.today:
            raise forms.ValidationError("Kỳ này chưa bắt đầu. Chọn kỳ trước đó.")
        return key

    def clean_on(self) -> date:
        """Figures of a day to come do not exist, and of days before the first programme neither."""
        on: date | None = self.cleaned_data["on"]
        if on and on > self.today:
            raise forms.ValidationError(
                f"Chưa có số liệu sau hôm nay. Chọn ngày đến {self.today:%d/%m/%Y}."
            )
        if on and on.year < FIRST_YEAR:
            raise forms.ValidationError(f"Chưa có số liệu trước năm {FIRST_YEAR}.")
        return on or self.today

    @property
    def asked_on(self) -> date:
        """The day; today when it was refused."""
        return cast("date", self.cleaned_data.get("on", self.today))

    @property
    def asked_period(self) -> str:
        """The period; this year when it was refused."""
        return str(self.cleaned_data.get("period", self.today.year))

    @property
    def asked_label(self) -> str:
        """The period in words."""
        return _label(self.asked_period, self.today)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Periods that have begun, this year's first, and the one asked for whatever it is."""
        rows = _periods(self.today)
        asked = self.asked_period
        known = {key for key, _label in rows}
        return rows if asked in known else [(asked, _label(asked, self.today)), *rows]


def _periods(today: date) -> list[tuple[str, str]]:
    year = today.year
    keys = [f"{year}", f"{year}-H1", f"{year}-9M"]
    keys += [f"{year}-Q{number}" for number in range(quarter_number(today), 0, -1)]
    keys += [f"{year}-{month:02d}" for month in range(today.month, 0, -1)]
    keys += [f"{before}" for before in range(year - 1, FIRST_YEAR - 1, -1)]
    # Six and nine months are asked for when they are over.
    ended = {f"{year}-H1": 6, f"{year}-9M": 9}
    return [(key, _label(key, today)) for key in keys if today.month > ended.get(key, 0)]


def _label(key: str, today: date) -> str:
    words = period_label(key)
    span = read_period(key)
    runs = span is not None and span.start <= today < span.end and span != month_of(today)
    label = words[:1].upper() + words[1:]
    return f"{label}, đến nay" if runs else label


class ContestForm(PlainForm):
    """Which figure, and what is wrong with it."""

    figure = forms.ChoiceField(
        label="Số liệu chưa đúng",
        error_messages={"required": "Chọn số liệu chưa đúng."},
    )
    text = forms.CharField(
        label="Chỗ chưa đúng",
        help_text="Số đúng là bao nhiêu, của nhiệm vụ nào, theo văn bản nào.",
        min_length=10,
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Viết rõ chỗ chưa đúng.", "min_length": _SHORT},
    )
    form_key = FormKey()

    def __init__(self, *args: Any, shown: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown = shown
        labels = [(key, f"{Figure(key).label}: {value}") for key, value in shown.items()]
        labels.append((Figure.OTHER.value, Figure.OTHER.label))
        cast("forms.ChoiceField", self.fields["figure"]).choices = [("", "Chọn số liệu"), *labels]


class AnswerForm(PlainForm):
    """Whether the figure was wrong, and what is said to the unit."""

    is_upheld = forms.TypedChoiceField(
        label="Kết luận",
        choices=[("yes", "Số liệu sai, đã sửa hoặc sẽ sửa"), ("no", "Số liệu đúng")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn kết luận."},
    )
    answer = forms.CharField(
        label="Trả lời đơn vị",
        help_text="Nêu căn cứ; nếu sai thì sửa gì, khi nào số liệu đúng.",
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Viết câu trả lời."},
    )
    form_key = FormKey()
