"""Cells of tables on paper, with the machine's value beside the printed one; a builtin.

The PDF prints the text; Word and Excel are made by walking the same HTML, and a sheet that can be
summed and sorted needs the number itself: `data-n`, `data-share` (of one) or `data-day`.
"""

from datetime import date, datetime
from decimal import Decimal

from django.template import Library
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from hanoi_programmes.ui.templatetags.ui import NOTHING, number, percent

register = Library()

Number = int | float | Decimal


@register.simple_tag
def cell(value: Number | date | str | None) -> SafeString:
    """`<td>` of a number, a day or a text; — for no value, which is no number in any form."""
    if value is None:
        return _NO_VALUE
    if isinstance(value, date):
        # A time of day would be another day in another zone: whoever has one says which it is.
        if isinstance(value, datetime):
            raise TypeError("a cell holds a day, not a time")
        return SafeString(f'<td class="c" data-day="{value.isoformat()}">{value:%d/%m/%Y}</td>')
    if isinstance(value, int | float | Decimal):
        return SafeString(f'<td class="r" data-n="{value}">{number(value)}</td>')
    return SafeString(f"<td>{conditional_escape(value)}</td>")


@register.simple_tag
def share_cell(share: float | Decimal | None) -> SafeString:
    """`<td>` of a share of one, printed as a percentage; — when nothing has come due."""
    if share is None:
        return _NO_VALUE
    return SafeString(f'<td class="r" data-share="{share}">{percent(share)}</td>')


@register.simple_tag
def place_cell(place: int) -> SafeString:
    """`<td>` of a row's place in its list: a number, in the middle of a narrow column."""
    return SafeString(f'<td class="c" data-n="{place:d}">{place}</td>')


_NO_VALUE = SafeString(f'<td class="r">{NOTHING}</td>')
