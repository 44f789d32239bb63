"""Cells on paper: what is printed, and the value that a sheet takes."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template

from hanoi_programmes.ui.templatetags import paper


@pytest.mark.parametrize(
    ("value", "markup"),
    [
        (12, '<td class="r" data-n="12">12</td>'),
        (24500, '<td class="r" data-n="24500">24.500</td>'),
        (0, '<td class="r" data-n="0">0</td>'),
        (-2, '<td class="r" data-n="-2">−2</td>'),
        (Decimal("60.68"), '<td class="r" data-n="60.68">60,7</td>'),
        (date(2026, 11, 30), '<td class="c" data-day="2026-11-30">30/11/2026</td>'),
        (None, '<td class="r">—</td>'),
        ("", "<td></td>"),
        ("Sở Y tế", "<td>Sở Y tế</td>"),
        ('<script>"&', "<td>&lt;script&gt;&quot;&amp;</td>"),
    ],
)
def test_a_cell_prints_and_tells_its_value(value: object, markup: str) -> None:
    assert Template("{% cell value %}").render(Context({"value": value})) == markup


def test_a_share_keeps_all_its_digits() -> None:
    page = Template("{% share_cell a %}{% share_cell b %}{% place_cell c %}")
    made = page.render(Context({"a": 119 / 158, "b": None, "c": 1234}))
    assert made == (
        f'<td class="r" data-share="{119 / 158!r}">75,3%</td><td class="r">—</td>'
        '<td class="c" data-n="1234">1234</td>'
    )


def test_a_time_is_no_day() -> None:
    with pytest.raises(TypeError):
        paper.cell(datetime(2026, 11, 30, 1, tzinfo=ZoneInfo("UTC")))
