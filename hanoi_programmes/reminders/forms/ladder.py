"""The office's form of the ladder: one row a rung, a blank one under each subject."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.forms import BaseFormSet, formset_factory

from hanoi_programmes.reminders import policy
from hanoi_programmes.reminders.policy import (
    AUDIENCES,
    COUNT_WORKING_DAYS,
    FARTHEST,
    LONGEST_LADDER,
    Rung,
    required_audience,
)
from hanoi_programmes.reminders.states import Audience, Subject
from hanoi_programmes.ui.fields import FormKey
from hanoi_programmes.ui.wording import PlainForm

_BEFORE, _AFTER = "before", "after"
_SIDES = [(_BEFORE, "ngày trước"), (_AFTER, "ngày sau")]


class RungForm(PlainForm):
    """One rung: how many days before or after, whom it tells, how often again."""

    days = forms.IntegerField(label="Số ngày", min_value=0, max_value=FARTHEST, required=False)
    # A browser sends the first choice of a blank row too: it must not count as typed.
    side = forms.ChoiceField(label="Trước hay sau", choices=_SIDES, initial=_BEFORE, required=False)
    audience = forms.MultipleChoiceField(
        label="Nhắc ai", widget=forms.CheckboxSelectMultiple, required=False
    )
    repeats = forms.IntegerField(
        label="Lặp lại mỗi (ngày)", min_value=0, max_value=FARTHEST, required=False
    )
    drop = forms.BooleanField(label="Bỏ nấc này", required=False)

    def __init__(self, *args: Any, subject: Subject, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject = subject
        self.required = self._required()
        audience = cast("forms.MultipleChoiceField", self.fields["audience"])
        audience.choices = [
            (part.value, part.label) for part in AUDIENCES[subject] if part not in self.required
        ]
        if not self.is_two_sided:
            del self.fields["side"]
        if self.required:
            del self.fields["drop"]
            self.fields["days"].disabled = True
            if "side" in self.fields:
                self.fields["side"].disabled = True

    def _required(self) -> frozenset[Audience]:
        """Whom this row must tell: of a statutory rung, which keeps its day too."""
        offset = self.initial.get("offset")
        return frozenset() if offset is None else required_audience(self.subject, offset)

    @property
    def is_two_sided(self) -> bool:
        """It counts from a day that has a before and an after."""
        return self.subject not in COUNT_WORKING_DAYS and self.subject != Subject.UPDATE

    @property
    def unit(self) -> str:
        """What the days of a one-sided ladder are."""
        before = self.subject == Subject.UPDATE
        return "ngày làm việc trước cuối tháng" if before else "ngày làm việc"

    @property
    def name(self) -> str:
        """What the row is about, for who hears the page."""
        offset = self.initial.get("offset")
        if offset is None:
            return "Nấc mới"
        return policy.rung_words(policy.rung_name(self.subject, offset))

    @property
    def required_words(self) -> str:
        """Whom a statutory rung tells in any case."""
        return ", ".join(part.label for part in AUDIENCES[self.subject] if part in self.required)

    def clean(self) -> dict[str, Any]:
        """A row that says something says for how many days and to whom."""
        data = super().clean() or {}
        if self._is_kept() and not self.errors:
            if data.get("days") is None:
                self.add_error("days", "Nhập số ngày; 0 là đúng ngày đó.")
            elif self.subject in COUNT_WORKING_DAYS and data["days"] == 0:
                self.add_error("days", "Nhập số ngày làm việc từ 1 trở lên.")
            if not data.get("audience") and not self.required:
                self.add_error("audience", "Chọn ít nhất một nơi nhận.")
        return data

    def _is_kept(self) -> bool:
        return (self.has_changed() or "offset" in self.initial) and not self.cleaned_data.get(
            "drop"
        )

    def rung(self) -> Rung | None:
        """The rung of a valid row; None for a blank or dropped one."""
        if not self._is_kept():
            return None
        data = self.cleaned_data
        before = self.subject == Subject.UPDATE or data.get("side") == _BEFORE
        return Rung(
            subject=self.subject,
            offset=-data["days"] if before else data["days"],
            audience=frozenset(Audience(part) for part in data["audience"]) | self.required,
            repeats=data.get("repeats") or 0,
            is_statutory=bool(self.required),
        )


if TYPE_CHECKING:
    Rows = BaseFormSet[RungForm]
else:
    Rows = BaseFormSet
_Rows: type[Rows] = formset_factory(
    RungForm, extra=1, max_num=LONGEST_LADDER + 1, absolute_max=LONGEST_LADDER + 5
)


class LadderForm(PlainForm):
    """What belongs to the whole: why, and the edition that the form was opened on."""

    form_key = FormKey()
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(
        label="Lý do, căn cứ",
        help_text="Không bắt buộc; ghi trong lịch sử",
        max_length=300,
        required=False,
    )


def rows_of(rungs: Sequence[Rung], data: Mapping[str, Any] | None = None) -> dict[Subject, Rows]:
    """The rows of each subject, filled from a ladder, or from what was sent over that ladder."""
    return {
        subject: _Rows(
            data,
            prefix=subject.value,
            initial=[_initial(rung) for rung in policy.about(subject, rungs)],
            form_kwargs={"subject": subject},
        )
        for subject in Subject
    }


def rungs_in(rows: dict[Subject, Rows]) -> tuple[Rung, ...]:
    """The ladder that valid rows say."""
    return tuple(_said(rows))


def _said(rows: dict[Subject, Rows]) -> Iterator[Rung]:
    for part in rows.values():
        for form in part.forms:
            if rung := form.rung():
                yield rung


def _initial(rung: Rung) -> dict[str, Any]:
    return {
        "offset": rung.offset,
        "days": abs(rung.offset),
        "side": _BEFORE if rung.offset < 0 else _AFTER,
        "audience": [
            part.value for part in rung.audience - required_audience(rung.subject, rung.offset)
        ],
        "repeats": rung.repeats or None,
    }
