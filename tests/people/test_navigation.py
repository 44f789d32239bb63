"""What each role finds in the side navigation, and where it is."""

import re

import pytest
from django.test import Client

from tests.conftest import Cast, signed_in

READING = [
    "Bảng điều hành",
    "Nhiệm vụ",
    "Phường, xã",
    "Chương trình",
    "Báo cáo",
    "Báo cáo tuần",
    "Đơn vị, địa bàn",
    "Tài khoản",
]
# Who follows what others do is offered the list of what is to be urged.
FOLLOWING = [*READING[:2], "Đôn đốc", *READING[2:]]
MENUS = {
    "inspector": [*FOLLOWING[:7], "Lịch sử", "Nhật ký đọc", *FOLLOWING[7:]],
    "administrator": [
        "Tình trạng hệ thống",
        "Nhật ký đọc",
        "Đơn vị, địa bàn",
        "Các tài khoản",
        "Tài khoản",
    ],
    "ward_officer": ["Việc của tôi", "Cần quyết định", *READING],
    "ward_head": ["Việc của tôi", "Cần quyết định", *FOLLOWING],
    "office": ["Việc của tôi", "Cần quyết định", *FOLLOWING],
    "leader": ["Cần quyết định", *FOLLOWING],
}


@pytest.mark.parametrize("name", MENUS)
def test_each_role_has_its_own_entries(cast: Cast, name: str) -> None:
    entries = signed_in(getattr(cast, name)).get("/account/").context["navigation"]
    assert [entry.label for entry in entries] == MENUS[name]
    assert [entry.label for entry in entries if entry.current] == ["Tài khoản"]


@pytest.mark.parametrize("name", MENUS)
def test_every_entry_opens(cast: Cast, name: str) -> None:
    client = signed_in(getattr(cast, name))
    for entry in client.get("/account/").context["navigation"]:
        page = client.get(entry.url)
        assert page.status_code == 200
        marked = re.findall(
            r'aria-current="page"[^>]*href="([^"]+)"|href="([^"]+)"[^>]*aria-current="page"',
            page.content.decode(),
        )
        assert {entry.url} >= {url for pair in marked for url in pair if url}


def test_a_phone_has_room_for_five(cast: Cast) -> None:
    for name in MENUS:
        entries = signed_in(getattr(cast, name)).get("/account/").context["navigation"]
        assert len([entry for entry in entries if not entry.only_large]) <= 5


def test_a_stranger_has_no_navigation(cast: Cast) -> None:
    assert Client().get("/sign-in/").context["navigation"] == []
