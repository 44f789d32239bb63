"""The office's words for a paper: a place for each part, with what its writer had seen there."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms

from hanoi_programmes.reports.services.texts import Typed, Written, mark_of
from hanoi_programmes.reports.states import TextPart
from hanoi_programmes.ui.fields import FormKey
from hanoi_programmes.ui.wording import PlainForm

TEXT_MAX = 10_000
_SAYS = {
    TextPart.RESULTS: "Việc lớn đã xong trong kỳ, sản phẩm, tác động",
    TextPart.STRENGTHS: "Nơi làm tốt, cách làm đáng nhân rộng",
    TextPart.LIMITS: "Việc chậm, nơi chậm, sản phẩm chưa đạt",
    TextPart.CAUSES: "Khách quan, chủ quan, thuộc trách nhiệm nơi nào",
    TextPart.AHEAD: "Trọng tâm kỳ tới, việc đến hạn",
    TextPart.PROPOSALS: "Đề nghị cấp nào quyết định việc gì",
}
Sent = Any


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the form: its box, who wrote it last, what the figures suggest, what was before.

    `theirs` is what somebody else wrote meanwhile; the box keeps what was typed.
    """

    part: TextPart
    box: forms.BoundField
    hidden: list[forms.BoundField]
    row: Any
    suggested: str
    before: str
    theirs: Any = None


class TextsForm(PlainForm):
    """A text, a version and a mark for each part."""

    form_key = FormKey()

    def __init__(
        self, data: Sent = None, *, stored: Written, read_only: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs | {"auto_id": "t-%s"})
        self.stored, self.read_only = stored, read_only
        for part in TextPart:
            self._add(part)

    def _add(self, part: TextPart) -> None:
        row = self.stored.get(part)
        text = row.text if row else ""
        area = forms.Textarea(attrs={"rows": 5} | ({"readonly": True} if self.read_only else {}))
        field = forms.CharField(
            label=part.label,
            help_text=_SAYS[part],
            required=False,
            max_length=TEXT_MAX,
            widget=area,
        )
        self.add_field(part.value, field)
        version = forms.IntegerField(widget=forms.HiddenInput, required=False)
        self.add_field(f"version-{part.value}", version)
        self.add_field(f"seen-{part.value}", forms.CharField(widget=forms.HiddenInput))
        self.initial.update(
            {
                part.value: text,
                f"version-{part.value}": row.version if row else 0,
                f"seen-{part.value}": mark_of(text),
            }
        )

    def typed(self) -> dict[TextPart, Typed]:
        """What the service keeps. Only after `is_valid()`."""
        data = self.cleaned_data
        return {
            part: Typed(
                text=even(data[part.value]),
                version=data[f"version-{part.value}"] or 0,
                seen=data[f"seen-{part.value}"],
            )
            for part in TextPart
        }

    def put(self, part: TextPart, text: str) -> None:
        """Add a text below what stands in a part, without keeping it yet."""
        standing = even(str(self.initial[part.value]))
        self.initial[part.value] = "\n".join(filter(None, [standing, text]))

    def parts(
        self,
        suggested: dict[TextPart, str],
        before: Written,
        theirs: Written | None = None,
    ) -> Iterable[Part]:
        """The parts in the order of the paper."""
        for part in TextPart:
            yield Part(
                part=part,
                box=self[part.value],
                hidden=[self[f"version-{part.value}"], self[f"seen-{part.value}"]],
                row=self.stored.get(part),
                suggested=suggested.get(part, ""),
                before=before[part].text if part in before else "",
                theirs=theirs.get(part) if theirs else None,
            )


def even(text: str) -> str:
    """One kind of line end, and nothing behind the last word."""
    return text.replace("\r\n", "\n").strip()
