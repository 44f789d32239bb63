"""The keys of the house, in one list: pages print their keys from it, and the page of "?" shows it.

A key stands for a click on what a page shows, so it can do nothing that its reader could not do
with a mouse. "g" and a second key, one after the other, lead to a page.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

# As a keyboard shows them.
_CAPS = {"ArrowRight": "→", "ArrowLeft": "←", "ArrowDown": "↓", "ArrowUp": "↑", "Escape": "Esc",
         "Space": "Phím cách", "PageDown": "Page Down", "PageUp": "Page Up"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Keys as the script reads them ("g h", or several that do the same), and what they do."""

    name: str
    keys: str
    does: str

    @property
    def caps(self) -> list[list[str]]:
        """Each way to press it, as the caps to press one after the other."""
        ways: list[list[str]] = []
        for word in self.keys.split():
            cap = _CAPS.get(word, word.upper() if len(word) == 1 else word)
            if ways and ways[-1] == ["G"]:
                ways[-1].append(cap)
            else:
                ways.append([cap])
        return ways


# Walking through rows: the body of every page tells these to the script.
ROWS = (
    Shortcut("next", "j", "Dòng sau"),
    Shortcut("previous", "k", "Dòng trước"),
    Shortcut("tick", "x", "Đánh dấu, bỏ đánh dấu dòng"),
    Shortcut("open", "o", "Mở dòng (hoặc Enter)"),
)
SECTIONS: dict[str, tuple[Shortcut, ...]] = {
    "Đi đến": (
        Shortcut("go-home", "g h", "Việc của tôi"),
        Shortcut("go-dashboard", "g d", "Bảng điều hành"),
        Shortcut("go-list", "g l", "Danh sách nhiệm vụ"),
        Shortcut("go-matrix", "g m", "Bảng địa bàn và nhiệm vụ"),
        Shortcut("go-decisions", "g c", "Cần quyết định"),
        Shortcut("go-programmes", "g p", "Chương trình"),
        Shortcut("go-reports", "g r", "Báo cáo"),
        Shortcut("go-units", "g u", "Đơn vị, địa bàn"),
        Shortcut("go-notices", "g n", "Thông báo"),
    ),
    "Mọi trang": (
        Shortcut("find", "/", "Tìm nhiệm vụ, đơn vị, số văn bản"),
        Shortcut("shortcuts", "?", "Bảng phím tắt này"),
    ),
    "Trong danh sách": (
        *ROWS,
        Shortcut("filter", "f", "Vào ô lọc của danh sách"),
        Shortcut("save-view", "s", "Lưu bộ lọc đang dùng"),
        Shortcut("new", "n", "Thêm mới"),
    ),
    "Trên trang một nhiệm vụ": (
        Shortcut("report", "u", "Cập nhật tiến độ"),
        Shortcut("verify", "v", "Xác nhận hoàn thành"),
        Shortcut("direct", "d", "Cho ý kiến chỉ đạo"),
        Shortcut("edit", "e", "Sửa nhiệm vụ"),
    ),
    "Chế độ họp": (
        Shortcut("slide-next", "ArrowRight PageDown Space", "Việc sau"),
        Shortcut("slide-previous", "ArrowLeft PageUp", "Việc trước"),
        Shortcut("slide-first", "Home", "Về màn hình số liệu"),
        Shortcut("slide-direct", "d", "Cho ý kiến chỉ đạo việc đang xem"),
        Shortcut("slide-close", "Escape", "Thoát chế độ họp"),
    ),
}


def everything() -> Iterator[Shortcut]:
    """All of them."""
    for shortcuts in SECTIONS.values():
        yield from shortcuts


_BY_NAME = {shortcut.name: shortcut for shortcut in everything()}
ROW_KEYS = " ".join(f"{shortcut.name}:{shortcut.keys}" for shortcut in ROWS)


def printed(name: str) -> SafeString:
    """The attribute that gives its key to a link, button or field; an unknown name is a fault."""
    return format_html('data-key="{}"', _BY_NAME[name].keys)
