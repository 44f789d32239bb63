"""Another version of a report that is done: with or without names, in another layout."""

from typing import Any, cast

from django import forms

from hanoi_programmes.reports.models import Report
from hanoi_programmes.reports.rules import profiles_for
from hanoi_programmes.reports.states import Issuer, Profile
from hanoi_programmes.ui.fields import FormKey
from hanoi_programmes.ui.wording import PlainForm


class VersionForm(PlainForm):
    """Begins with what the report is not: the version without names of one that has them."""

    form_key = FormKey()
    named = forms.TypedChoiceField(
        label="Tên người",
        choices=[("yes", "Nêu tên người đứng đầu"), ("no", "Không nêu tên")],
        coerce=lambda value: value == "yes",
    )
    profile = forms.TypedChoiceField(label="Thể thức", coerce=Profile)

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "version-%s"})
        allowed = profiles_for(Issuer(report.issuer), report.unit)
        profile = cast("forms.ChoiceField", self.fields["profile"])
        profile.choices = [(one.value, one.label) for one in allowed]
        self.initial.update(named="no" if report.named else "yes", profile=report.profile)
