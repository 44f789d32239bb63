"""Draws form controls: selects by a few lines of Python, all others by Django's own templates."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_NOTHING = SafeString("")
_SELECT = "django/forms/widgets/select.html"


class Renderer(DjangoTemplates):
    """Django renders a template for each option: with 126 wards to choose from that takes longer
    than the rest of a filter."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> SafeString:
        """The same HTML, but for white space."""
        if template_name == _SELECT:
            return _select(context["widget"])
        return SafeString(super().render(template_name, context, request))


def _select(widget: dict[str, Any]) -> SafeString:
    options = format_html_join("", "{}", ((part,) for part in _groups(widget["optgroups"])))
    return format_html(
        '<select name="{}"{}>{}</select>', widget["name"], _attributes(widget["attrs"]), options
    )


def _groups(groups: list[tuple[str | None, list[dict[str, Any]], int]]) -> Iterator[SafeString]:
    for name, options, _place in groups:
        drawn = format_html_join("", '<option value="{}"{}>{}</option>', map(_option, options))
        yield format_html('<optgroup label="{}">{}</optgroup>', name, drawn) if name else drawn


def _option(option: dict[str, Any]) -> tuple[str, SafeString, object]:
    return str(option["value"]), _attributes(option["attrs"]), option["label"]


def _attributes(named: Mapping[str, object]) -> SafeString:
    """In their order; True is a name alone, False is nothing."""
    if not named:
        return _NOTHING
    given = ((name, value) for name, value in named.items() if value is not False)
    return format_html_join(
        "",
        " {}",
        (
            (name if value is True else format_html('{}="{}"', name, value),)
            for name, value in given
        ),
    )
