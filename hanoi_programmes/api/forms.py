"""Forms of calendar feeds."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.shapes import UNITS
from hanoi_programmes.ui.choosing import SoughtField
from hanoi_programmes.ui.fields import FormKey
from hanoi_programmes.ui.wording import PlainForm

MINE, UNIT = "mine", "unit"


class KeyForm(PlainForm):
    """A button that writes: only the key that makes it write once."""

    form_key = FormKey()


class FeedForm(PlainForm):
    """Whose tasks: one's own work, or a unit's. Who may choose any unit is given `units`."""

    form_key = FormKey()
    of = forms.ChoiceField(
        label="Lịch gồm",
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn lịch của ai."},
    )

    def __init__(
        self, *args: Any, own: Unit | None, units: QuerySet[Unit] | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(MINE, "Việc của tôi: đổi theo chỗ tôi làm việc")]
        if units is not None:
            choices.append((UNIT, "Việc của một đơn vị"))
            any_unit = SoughtField(units, sought=UNITS, label="Đơn vị", required=False)
            self.add_field("unit", any_unit)
        elif own is not None:
            choices.append((UNIT, f"Việc của đơn vị: {own.short_name}"))
        cast("forms.ChoiceField", self.fields["of"]).choices = choices
        self._own = own

    def clean(self) -> dict[str, Any]:
        """The unit that was meant, under its own name."""
        data = super().clean() or self.cleaned_data
        unit = data.get("unit") if "unit" in self.fields else self._own
        if data.get("of") == UNIT and unit is None and "unit" not in self.errors:
            self.add_error("unit", "Chọn đơn vị.")
        data["whose"] = unit if data.get("of") == UNIT else None
        return data
