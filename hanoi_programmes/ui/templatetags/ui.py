"""Formatting for people: icons, dates, numbers, states and fields; a builtin of all templates."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any
from uuid import uuid4

from django.core.paginator import Paginator
from django.forms import BaseForm, BoundField
from django.forms.widgets import (
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    RadioSelect,
    Textarea,
)
from django.template import Context, Library
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from hanoi_programmes.lib.text import parts_with
from hanoi_programmes.ui.shortcuts import ROW_KEYS, printed

register = Library()

NOTHING = "—"
_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
_KILO = 1024
# What a text area gets when its form names no height; on a phone it fills the screen.
_DJANGOS_ROWS = "10"
_SIZES = (("GB", _KILO**3), ("MB", _KILO**2), ("KB", _KILO))


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, extra: str = "") -> SafeString:
    """A picture from the sprite, silent for screen readers; words stand beside it."""
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" {extra}" if extra else "",
        static("icons.svg"),
        name,
    )


# Dates and numbers


@register.filter
def vn_date(value: date | None) -> str:
    """16/11/2026; nothing for no date."""
    return f"{value:%d/%m/%Y}" if value else ""


@register.filter
def vn_day(value: date | None) -> str:
    """16/11: where the year is plain from the place."""
    return f"{value:%d/%m}" if value else ""


@register.filter(expects_localtime=True)
def vn_time(value: datetime | None) -> str:
    """07:30: where the day is plain from the place."""
    return f"{value:%H:%M}" if value else ""


@register.filter(expects_localtime=True)
def vn_datetime(value: datetime | None) -> str:
    """07:30, 16/11/2026."""
    return f"{value:%H:%M, %d/%m/%Y}" if value else ""


@register.filter
def vn_weekday(value: date | None) -> str:
    """Thứ Hai, 16/11/2026."""
    return f"{_WEEKDAYS[value.weekday()]}, {value:%d/%m/%Y}" if value else ""


@register.filter
def vn_paper_date(value: date | None) -> str:
    """ngày 03 tháng 02 năm 2026: a 0 before days under 10 and before months 1 and 2."""
    if value is None:
        return ""
    month = f"{value.month:02d}" if value.month <= 2 else str(value.month)
    return f"ngày {value.day:02d} tháng {month} năm {value.year}"


@register.filter
def lower_first(text: str) -> str:
    """A sentence carried on in another: a small first letter, unless it begins an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


@register.filter
def phrase(text: str) -> str:
    """A text without its full stop, to be carried on in a sentence."""
    return text.strip().rstrip(".")


@register.filter
def number(value: float | Decimal | None, places: int = 1) -> str:
    """24.500 or 60,7: at most `places` decimals, none when they are zero; — for no value."""
    if value is None:
        return NOTHING
    if type(value) is int:
        # Hundreds of them stand on a page of figures.
        return f"{value:,}".replace(",", ".").replace("-", "−")
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    whole, _, rest = f"{exact:,f}".partition(".")
    rest = rest.rstrip("0")
    return whole.replace(",", ".").replace("-", "−") + (f",{rest}" if rest else "")


@register.filter
def percent(share: float | Decimal | None, places: int = 1) -> str:
    """A share of one as 60,7%; — when nothing has come due, never 0%."""
    return NOTHING if share is None else f"{number(Decimal(str(share)) * 100, places)}%"


@register.filter
def signed(value: float | Decimal) -> str:
    """+3 or −2: a change since the last time; ±0 when none."""
    mark = "+" if value > 0 else "" if value < 0 else "±"
    return mark + number(value)


@register.filter
def filesize(size: int) -> str:
    """1,2 MB."""
    for unit, factor in _SIZES:
        if size >= factor:
            return f"{number(size / factor)} {unit}"
    return f"{size} B"


# Words found

_SHOWN, _BEFORE = 220, 60


@register.filter
def highlight(text: str, words: list[str]) -> SafeString:
    """The text with the searched (folded) words marked, a long one from just before the first."""
    parts = parts_with(text, words)
    first = next(
        (len("".join(p for p, _ in parts[:n])) for n, (_, hit) in enumerate(parts) if hit), 0
    )
    start = text.rfind(" ", 0, first - _BEFORE) + 1 if first > _SHOWN - _BEFORE else 0
    if start:
        parts = [("…", False), *parts_with(text[start:], words)]
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", part) if hit else part,) for part, hit in parts)
    )


# First use


@register.inclusion_tag("components/hint.html", takes_context=True)
def hint(context: Context, key: str, text: str) -> dict[str, Any]:
    """What a newcomer learns on this page, until the reader puts it away."""
    seen = getattr(context.get("user"), "hints_seen", None)
    return {"key": key, "text": text, "is_new": seen is not None and key not in seen}


# Keyboard


@register.simple_tag
def shortcut(name: str) -> SafeString:
    """The key of a link, button or field, from the one list: `data-key="n"`."""
    return printed(name)


@register.simple_tag(takes_context=True)
def row_keys(context: Context) -> SafeString:
    """For the body: the keys that walk through rows; without it no key acts (WCAG 2.1.4)."""
    if not getattr(context.get("user"), "uses_shortcuts", False):
        return SafeString("")
    return format_html(' data-row-keys="{}"', ROW_KEYS)


# States: the colours, shapes and words of the design; which state it is, is decided elsewhere


@dataclass(frozen=True, slots=True)
class Look:
    """How a group of timeliness appears: class `k-…`, icon `s-…`, words."""

    kind: str
    icon: str
    label: str


LOOKS = {
    "overdue": Look("late", "s-late", "Quá hạn"),
    "due_soon": Look("soon", "s-soon", "Sắp đến hạn"),
    "awaiting": Look("wait", "s-wait", "Chờ xác nhận"),
    "suspended": Look("hold", "pause", "Tạm dừng"),
    "no_deadline": Look("none", "s-none", "Chưa có thời hạn"),
    "in_term": Look("run", "s-run", "Trong hạn"),
    "ongoing": Look("run", "s-run", "Thường xuyên"),
    "completed_late": Look("dlate", "s-dlate", "Hoàn thành quá hạn"),
    "completed_on_time": Look("done", "s-done", "Hoàn thành đúng hạn"),
}
# Outside the nine groups: drafts and cancelled tasks appear in no figure, but in lists.
OUTSIDE = {
    "draft": Look("hold", "edit", "Dự thảo"),
    "cancelled": Look("hold", "refuse", "Dừng, hủy"),
    "refused": Look("soon", "undo", "Bị từ chối"),
}


def look_of(key: str) -> Look:
    """The look of a group or an outside state; an unknown key is an error, never a silent grey."""
    return LOOKS.get(key) or OUTSIDE[key]


@register.filter
def state_class(key: str) -> str:
    """`k-late`: hands the state's three colours to what carries it."""
    return f"k-{look_of(key).kind}"


@register.filter
def state_icon(key: str) -> str:
    """The name of the state's picture in the sprite."""
    return look_of(key).icon


@register.filter
def state_label(key: str) -> str:
    """The state in words."""
    return look_of(key).label


@register.simple_tag
def state_tag(key: str, days: int | None = None, note: str = "") -> SafeString:
    """The state as picture and words; `days` late or left; `note` beside it in plain text."""
    look = look_of(key)
    tag = format_html(
        '<span class="st k-{}">{}{}</span>', look.kind, icon(look.icon), _words(look, days)
    )
    return format_html('{} <span class="meta">{}</span>', tag, note) if note else tag


def _words(look: Look, days: int | None) -> str:
    if days is None or look.kind not in {"late", "soon", "run"}:
        return look.label
    if look.kind == "late":
        return f"Quá hạn {number(days)} ngày"
    return f"Còn {number(days)} ngày" if days else "Hết hạn hôm nay"


@register.filter
def note_kind(level: str) -> str:
    """The kind of note for a message's level."""
    return {"success": "done", "warning": "soon", "error": "late"}.get(level, "run")


@register.filter
def note_icon(kind: str) -> str:
    """The picture of a kind of note."""
    return f"s-{kind}" if kind in {"done", "soon", "late"} else "info"


# Lists


@register.filter
def page_steps(paginator: "Paginator[Any]", here: int) -> list[int]:
    """Page numbers to offer: the first, the last and the neighbours; 0 stands for a gap."""
    pages = paginator.get_elided_page_range(here, on_each_side=1, on_ends=1)
    return [step if isinstance(step, int) else 0 for step in pages]


# Forms


@register.simple_tag
def form_key() -> str:
    """A key born with a form written by hand: the same form sent twice is carried out once."""
    return str(uuid4())


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, *, hide_label: bool = False, small: bool = False) -> dict[str, Any]:
    """Label, hint, error and control of one form field, tied together for screen readers."""
    described = [f"{bound.auto_id}-h"] * bool(bound.help_text) + [f"{bound.auto_id}-e"] * bool(
        bound.errors
    )
    return {
        "bound": bound,
        "shape": _shape(bound),
        "control": _control(bound, " ".join(described), small=small),
        "described": " ".join(described),
        "hide_label": hide_label,
    }


def _shape(bound: BoundField) -> str:
    widget = bound.field.widget
    # Django's checkboxes are a kind of radio buttons: ask for them first.
    if isinstance(widget, CheckboxSelectMultiple):
        return "checks"
    if isinstance(widget, RadioSelect):
        return "picks"
    if isinstance(widget, CheckboxInput):
        return "check"
    return "file" if isinstance(widget, FileInput) else "control"


def _control(bound: BoundField, described: str, *, small: bool) -> SafeString:
    attrs: dict[str, Any] = {}
    widget = bound.field.widget
    if not isinstance(widget, CheckboxInput | FileInput):
        attrs["class"] = "in in--s" if small else "in"
    if isinstance(widget, Textarea) and widget.attrs["rows"] == _DJANGOS_ROWS:
        attrs["rows"] = 3
    if described:
        attrs["aria-describedby"] = described
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return bound.as_widget(attrs=attrs)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One line of the error summary."""

    target: str
    text: str


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """All that keeps a form from being sent, each line a link to its field."""
    wrong = [
        Mistake(_anchor(bound), str(text))
        for bound in form
        if bound.errors
        for text in bound.errors
    ]
    return {"general": form.non_field_errors(), "mistakes": wrong}


def _anchor(bound: BoundField) -> str:
    return f"{bound.auto_id}_0" if isinstance(bound.field.widget, RadioSelect) else bound.auto_id
