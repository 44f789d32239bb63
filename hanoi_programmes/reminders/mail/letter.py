"""What a mail of any kind says: subject, text and HTML."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string


@dataclass(frozen=True, slots=True)
class Letter:
    """The words of one mail, without who gets it."""

    subject: str
    text: str
    html: str


def letter(context: Mapping[str, Any], *, subject: str, text: str, html: str) -> Letter:
    """Three templates filled; the subject is one line, whatever is in it."""
    line = render_to_string(subject, dict(context))
    words = (render_to_string(name, dict(context)) for name in (text, html))
    return Letter(" ".join(line.split()), *words)
