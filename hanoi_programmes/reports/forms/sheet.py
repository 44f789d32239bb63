"""A form with every kind of field, for the sheet of components; it is never sent."""

from django import forms

from hanoi_programmes.ui.fields import Day
from hanoi_programmes.ui.wording import PlainForm


class SampleForm(PlainForm):
    """One field of each shape that the component `field` draws."""

    name = forms.CharField(label="Tên việc", help_text="Như in trong chương trình", max_length=20)
    text = forms.CharField(label="Việc đã làm", widget=forms.Textarea(attrs={"rows": 3}))
    day = Day(label="Thời hạn")
    unit = forms.ChoiceField(label="Đơn vị", choices=[("", "Chọn đơn vị"), ("1", "Sở Y tế")])
    situation = forms.ChoiceField(
        label="Tình hình",
        choices=[("on", "Đang làm, không vướng"), ("stuck", "Vướng, cần tháo gỡ")],
        widget=forms.RadioSelect,
    )
    areas = forms.MultipleChoiceField(
        label="Trục",
        choices=[("d", "Đảng"), ("u", "Ủy ban nhân dân")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    paper = forms.FileField(label="Tệp minh chứng", help_text="Tối đa 20 MB", required=False)
    sure = forms.BooleanField(label="Đã đối chiếu với văn bản")
