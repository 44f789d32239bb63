"""Draws form controls: selects and inputs by some lines of Python, others by Django's templates."""

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

_WIDGETS = "django/forms/widgets"
_SELECT = f"{_WIDGETS}/select.html"
_INPUTS = {f"{_WIDGETS}/{kind}.html" for kind in ("date", "email", "hidden", "number", "text")}


class Renderer(DjangoTemplates):
    """Django renders a template for each option and each list of attributes: with 126 wards to
    choose from that takes longer than the rest of a filter."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> SafeString:
        """The same HTML, but for white space."""
        if template_name == _SELECT:
            return _select(context["widget"])
        if template_name in _INPUTS:
            return _input(context["widget"])
        return SafeString(super().render(template_name, context, request))


def _input(widget: dict[str, Any]) -> SafeString:
    given = {} if widget["value"] is None else {"value": widget["value"]}
    named = {"type": widget["type"], "name": widget["name"], **given, **widget["attrs"]}
    return format_html("<input{}>", _attributes(named))


def _select(widget: dict[str, Any]) -> SafeString:
    options = "".join(_group(name, its) for name, its, _place in widget["optgroups"])
    return format_html(
        '<select name="{}"{}>{}</select>',
        widget["name"],
        _attributes(widget["attrs"]),
        SafeString(options),
    )


def _group(name: str | None, options: list[dict[str, Any]]) -> str:
    drawn = "".join(map(_option, options))
    return (
        format_html('<optgroup label="{}">{}</optgroup>', name, SafeString(drawn))
        if name
        else drawn
    )


def _option(option: dict[str, Any]) -> str:
    value, label = _text(option["value"]), conditional_escape(option["label"])
    return f'<option value="{value}"{_attributes(option["attrs"])}>{label}</option>'


def _attributes(named: Mapping[str, object]) -> SafeString:
    """In their order; True is a name alone, False is nothing."""
    given = ((name, value) for name, value in named.items() if value is not False)
    return SafeString(
        "".join(
            f" {name}" if value is True else f' {name}="{_text(value)}"' for name, value in given
        )
    )


def _text(value: object) -> str:
    return conditional_escape(str(value))
