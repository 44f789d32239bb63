"""Controls drawn in Python say what Django's own templates say."""

import re
from datetime import date

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from hanoi_programmes.ui.renderer import Renderer

DAY = date(2026, 11, 29)
CHOICES: list[tuple[object, object]] = [
    ("", "Tất cả"),
    (7, 'Phường "A" & <B>'),
    ("Xã", [("00004", "Xã Suối Hai"), ("00008", mark_safe("Xã&nbsp;Đông Anh"))]),
    (None, "không rõ"),
]


def squeezed(html: str) -> str:
    return re.sub(r"\s*(<[^>]+>)\s*", r"\1", html)


@pytest.mark.parametrize("value", ["", "00004", 7, "7", None, "nothing of these"])
@pytest.mark.parametrize("kind", [forms.Select, forms.SelectMultiple])
def test_a_select_is_djangos_but_for_white_space(kind: type[forms.Select], value: object) -> None:
    widget = kind(attrs={"class": "in in--s", "required": True, "data-off": False}, choices=CHOICES)
    attrs = {"id": "f-area", "aria-label": 'Nơi "chọn"'}
    drawn, own = (
        squeezed(widget.render("area", value, attrs, renderer=renderer))
        for renderer in (Renderer(), DjangoTemplates())
    )
    assert drawn == own


@pytest.mark.parametrize("value", ["", "<b>", mark_safe("&lt;"), 7, 1.5, None, DAY])
@pytest.mark.parametrize(
    "kind",
    [forms.TextInput, forms.DateInput, forms.NumberInput, forms.EmailInput, forms.HiddenInput],
)
def test_an_input_is_djangos(kind: type[forms.TextInput], value: object) -> None:
    widget = kind(attrs={"class": "in", "required": True, "data-off": False, "title": "a\"b'"})
    drawn, own = (
        widget.render("q", value, {"id": "q"}, renderer=renderer)
        for renderer in (Renderer(), DjangoTemplates())
    )
    assert drawn == own
    assert drawn.startswith("<input type=")


def test_other_controls_are_drawn_by_templates() -> None:
    html = forms.Textarea().render("q", "<b>", {"id": "q"}, renderer=Renderer())
    assert '<textarea name="q"' in html
    assert "&lt;b&gt;</textarea>" in html
