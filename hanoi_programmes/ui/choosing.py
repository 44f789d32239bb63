"""One row out of hundreds, or several: found by typing part of a name, also without JavaScript.

A field is given what is sought (`Sought`); its page shows the rows chosen, a box for words and the
rows found. With htmx the rows come while one types; without it the form that is sent comes back
with the rows to choose from, or takes the only row that the words fit.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

SHOWN = 12
# Stands among the values when words fit no row, or several: no row has it as its id.
UNDECIDED = "?"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,40}")
_MOST_CHOSEN = 1_000


@dataclass(frozen=True, slots=True)
class Sought:
    """What kind of row: the address that answers with rows, how words find them, a line on each."""

    address: str
    seek: Callable[[Any, str], Any]
    note: Callable[[Any], str]
    hint: str = "Gõ vài chữ của tên, không cần dấu"


@dataclass(frozen=True, slots=True)
class Found:
    """What the component shows. `rows` are (value, label, note), at most `SHOWN` of them."""

    name: str
    many: bool
    optional: bool
    words: str
    chosen: list[tuple[str, str, str]]
    rows: list[tuple[str, str, str]] = field(default_factory=list)
    has_more: bool = False


def find(
    sought: Sought,
    rows: QuerySet[Any],
    words: str,
    chosen: Iterable[str],
    *,
    likely: QuerySet[Any] | None = None,
    **shown: Any,
) -> Found:
    """The chosen rows, and after them those that the words fit; ids that are none are left out.

    `likely` are the rows to offer before a word is typed.
    """
    ids = _ids(chosen)
    kept = list(rows.filter(pk__in=ids)) if ids else []
    offered = sought.seek(rows, words) if words else likely
    fitting = [] if offered is None else list(offered.exclude(pk__in=ids)[: SHOWN + 1])

    def shape(found: list[Model]) -> list[tuple[str, str, str]]:
        return [(str(row.pk), str(row), sought.note(row)) for row in found]

    return Found(
        words=words,
        chosen=shape(kept),
        rows=shape(fitting[:SHOWN]),
        has_more=len(fitting) > SHOWN,
        **shown,
    )


def asked(request: HttpRequest, sought: Sought, rows: QuerySet[Any]) -> Found:
    """What an address of `Sought` answers: `?name=` of the field, its words and its choices."""
    query = request.GET
    name = query.get("name", "")
    name = name if _NAME.fullmatch(name) else "choice"
    words = (query.get(f"{name}-q") or query.get("q") or "").strip()[:200]
    many, optional = "many" in query, "optional" in query
    chosen = query.getlist(name)
    return find(sought, rows, words, chosen, name=name, many=many, optional=optional)


def _ids(values: Iterable[str]) -> list[str]:
    """Those that can be the id of a row; a list longer than any real one is cut."""
    return [value for value in values if value.isdecimal() and len(value) < 19][:_MOST_CHOSEN]


class SoughtBox(forms.Widget):
    """The box for words and the rows under it."""

    choices: Any = None
    words = ""
    likely: QuerySet[Any] | None = None

    def __init__(self, sought: Sought, *, many: bool = False) -> None:
        super().__init__()
        self.sought, self.many = sought, many

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:  # noqa: ANN401, ARG002
        """The chosen ids; words that none of them fits choose the only row that does."""
        values = data.getlist(name) if hasattr(data, "getlist") else _listed(data.get(name))
        values = [value for value in values if value]
        self.words = (data.get(f"{name}-q") or "").strip()[:200]
        if self.words and "\0" not in self.words:
            values = self._with_words(values)
        return values if self.many else (values[-1] if values else None)

    def _with_words(self, values: list[str]) -> list[str]:
        fitting = self.sought.seek(self.choices.queryset, self.words)
        if values and fitting.filter(pk__in=_ids(values)).exists():
            return values
        two = [str(row.pk) for row in fitting[:2]]
        return [*values, two[0] if len(two) == 1 else UNDECIDED]

    def render(
        self,
        name: str,
        value: Any,  # noqa: ANN401 - what the form holds
        attrs: Mapping[str, Any] | None = None,
        renderer: Any = None,  # noqa: ANN401, ARG002
    ) -> SafeString:
        """The component; `value` is an id, a list of ids, or rows."""
        chosen = [str(getattr(one, "pk", one)) for one in _listed(value)]
        found = find(
            self.sought,
            self.choices.queryset,
            self.words,
            chosen,
            name=name,
            many=self.many,
            optional=not self.is_required,
            likely=self.likely,
        )
        context = {
            "found": found,
            "attrs": dict(attrs or {}),
            "address": reverse(self.sought.address),
            "hint": self.sought.hint,
        }
        return render_to_string("components/chooser.html", context)

    def use_required_attribute(self, initial: Any) -> bool:  # noqa: ANN401, ARG002
        """The box for words may stay empty."""
        return False


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 - what a form holds
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list | tuple | set | QuerySet) else [value]


_UNDECIDED = "Chưa rõ chọn dòng nào: chọn trong danh sách tìm được, hoặc xóa chữ vừa gõ."


if TYPE_CHECKING:
    _One = forms.ModelChoiceField[Any]
    _Many = forms.ModelMultipleChoiceField[Any]
else:
    _One, _Many = forms.ModelChoiceField, forms.ModelMultipleChoiceField


class SoughtField(_One):
    """One row, found by typing."""

    def __init__(self, queryset: QuerySet[Any], *, sought: Sought, **extra: Any) -> None:
        super().__init__(queryset, widget=SoughtBox(sought), **extra)

    def to_python(self, value: Any) -> Any:  # noqa: ANN401 - as in Django
        """The row; words that left it open are answered with the rows to choose from."""
        if value == UNDECIDED:
            raise forms.ValidationError(_UNDECIDED, code="undecided")
        return super().to_python(value)


class SoughtManyField(_Many):
    """Several rows, each found by typing."""

    def __init__(self, queryset: QuerySet[Any], *, sought: Sought, **extra: Any) -> None:
        super().__init__(queryset, widget=SoughtBox(sought, many=True), **extra)

    def clean(self, value: Any) -> Any:  # noqa: ANN401 - as in Django
        """The rows; words that left one open are answered with the rows to choose from."""
        if UNDECIDED in (value or []):
            raise forms.ValidationError(_UNDECIDED, code="undecided")
        return super().clean(value)
