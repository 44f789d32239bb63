"""Dates, numbers, states and icons as people read them."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template

from hanoi_programmes.programmes.timeliness import Group
from hanoi_programmes.ui.templatetags import ui

MONDAY = date(2026, 11, 16)


def test_dates_are_vietnamese() -> None:
    assert ui.vn_date(MONDAY) == "16/11/2026"
    assert ui.vn_day(MONDAY) == "16/11"
    assert ui.vn_weekday(MONDAY) == "Thứ Hai, 16/11/2026"
    assert ui.vn_weekday(date(2026, 11, 15)) == "Chủ nhật, 15/11/2026"


def test_no_date_prints_nothing() -> None:
    assert [ui.vn_date(None), ui.vn_day(None), ui.vn_weekday(None), ui.vn_datetime(None)] == [
        ""
    ] * 4


def test_an_hour_is_hanoi_time_in_a_template() -> None:
    utc = datetime(2026, 11, 16, 0, 30, tzinfo=ZoneInfo("UTC"))
    assert Template("{{ at|vn_datetime }}").render(Context({"at": utc})) == "07:30, 16/11/2026"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (24500, "24.500"),
        (60.68, "60,7"),
        (Decimal("61.00"), "61"),
        (1234567.25, "1.234.567,3"),
        (-2, "−2"),
        (0, "0"),
        (None, "—"),
    ],
)
def test_numbers(value: float | Decimal | None, shown: str) -> None:
    assert ui.number(value) == shown


def test_shares() -> None:
    assert ui.percent(0.6068) == "60,7%"
    assert ui.percent(0.61) == "61%"
    assert ui.percent(0.6068, 0) == "61%"
    assert ui.percent(None) == "—"


def test_changes_carry_their_sign() -> None:
    assert [ui.signed(3), ui.signed(-2), ui.signed(0)] == ["+3", "−2", "±0"]


def test_file_sizes() -> None:
    sizes = [900, 245_760, 1_258_291, 3 * 1024**3]
    assert [ui.filesize(size) for size in sizes] == ["900 B", "240 KB", "1,2 MB", "3 GB"]


def test_every_group_of_timeliness_has_the_same_words_here() -> None:
    assert {key: look.label for key, look in ui.LOOKS.items()} == dict(Group.choices)


@pytest.mark.parametrize(
    ("key", "days", "words"),
    [
        ("overdue", 12, "Quá hạn 12 ngày"),
        ("overdue", None, "Quá hạn"),
        ("due_soon", 4, "Còn 4 ngày"),
        ("due_soon", 0, "Hết hạn hôm nay"),
        ("in_term", 40, "Còn 40 ngày"),
        ("awaiting", 3, "Chờ xác nhận"),
        ("completed_late", 3, "Hoàn thành quá hạn"),
    ],
)
def test_a_state_says_how_many_days(key: str, days: int | None, words: str) -> None:
    tag = ui.state_tag(key, days)
    assert f"</svg>{words}</span>" in tag
    assert f'class="st {ui.state_class(key)}"' in tag
    assert f"#{ui.state_icon(key)}" in tag


def test_a_note_stands_beside_the_tag() -> None:
    assert ui.state_tag("awaiting", note="trình quá hạn").endswith(
        '</span> <span class="meta">trình quá hạn</span>'
    )


def test_an_unknown_state_is_an_error() -> None:
    with pytest.raises(KeyError):
        ui.state_tag("green")


def test_what_is_typed_is_escaped() -> None:
    assert "<b>" not in ui.state_tag("awaiting", note="<b>")
    assert "<b>" not in ui.icon('"><b>')
