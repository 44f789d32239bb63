"""The kinds of reports as the form offers them: in groups, each with a line on what it tells."""

from dataclasses import dataclass

from hanoi_programmes.people.models import User
from hanoi_programmes.reports.states import LISTS, Kind


@dataclass(frozen=True, slots=True)
class Offer:
    """One kind on the form: its name, and in plain words what its paper holds."""

    kind: Kind
    label: str
    says: str


_CITY = {
    Kind.CITY: ("Toàn thành phố", "Mọi nghị quyết trong một báo cáo"),
    Kind.RESOLUTION: ("Nghị quyết", "Kết quả thực hiện một nghị quyết"),
    Kind.PROGRAMME: ("Chương trình", "Một chương trình hành động"),
    Kind.AXIS: ("Trục", "Khối Đảng, chính quyền, Mặt trận"),
}
_PLACES = {
    Kind.UNIT: ("Đơn vị", "Một sở, ban, ngành, phường, xã"),
    Kind.AREA: ("Phường, xã", "Mọi đơn vị trên một địa bàn"),
    Kind.HEAD: ("Người đứng đầu", "Việc thuộc một chức vụ"),
    Kind.AREAS: ("Tất cả phường, xã", "Mỗi địa bàn một báo cáo, lập một lần"),
}
_ROWS = {
    Kind.EXCEPTIONS: ("Cần tập trung", "Việc quá hạn, vướng mắc, im lặng"),
    Kind.URGING: ("Cần đôn đốc", "Đơn vị nào chậm, thiếu sản phẩm gì"),
    Kind.TABLES: ("Phụ lục đơn vị", "Từng nhiệm vụ của từng đơn vị"),
}
_GROUPS = (
    ("Kết quả thực hiện", _CITY),
    ("Theo nơi chịu trách nhiệm", _PLACES),
    ("Danh sách, phụ lục", _ROWS),
)
# What a unit's people see is their unit's own: papers on the whole city are not theirs to make.
_OF_THE_CITY = frozenset({Kind.CITY, Kind.AXIS, Kind.AREAS})


def offers_for(user: User, *, has_areas: bool) -> list[tuple[str, list[Offer]]]:
    """Kinds that the user may ask for, in groups; `has_areas`: sees some ward or commune whole."""
    hidden = frozenset() if user.sees_all else _OF_THE_CITY
    hidden |= frozenset() if has_areas else {Kind.AREA, Kind.AREAS}
    found = [
        (name, [Offer(kind, *words) for kind, words in kinds.items() if kind not in hidden])
        for name, kinds in _GROUPS
    ]
    return [(name, offers) for name, offers in found if offers]


# What a list may be narrowed to, in the words of its form; "" is all that the reader sees.
NARROWED = {
    "": "Tất cả", "resolution": "Một nghị quyết", "programme": "Một chương trình",
    "axis": "Một trục", "about_unit": "Một đơn vị", "area": "Một phường, xã",
    "post": "Một người đứng đầu",
}  # fmt: skip


def is_list(kind: Kind) -> bool:
    """Whether the kind lists tasks, of everything or of a part."""
    return kind in LISTS
