"""What a mail of any kind says: subject, text and HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.template.loader import render_to_string

from hanoi_programmes.reminders.models import Mail, Reminder


@dataclass(frozen=True, slots=True)
class Contents:
    """What a mail is written from: the lines that still hold, the day on which it leaves.

    `answers` are the addresses by which its reader answers for a task without signing in.
    """

    mail: Mail
    reminders: Sequence[Reminder]
    on: date
    answers: Mapping[int, str] = field(default_factory=dict)


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
