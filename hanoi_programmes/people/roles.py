"""Roles and fixed words about people and places."""

from django.db.models import TextChoices


class Role(TextChoices):
    """What a user comes for; together with the place in the unit tree it decides the scope."""

    OFFICER = "officer", "Chuyên viên"
    HEAD = "head", "Người đứng đầu"
    OFFICE = "office", "Văn phòng"
    LEADER = "leader", "Lãnh đạo"
    INSPECTOR = "inspector", "Kiểm tra"
    ADMINISTRATOR = "administrator", "Quản trị"


# PRODUCT §9: leader, office and inspector see all; an officer or head by place in the unit tree;
# an administrator sees no programme content.
SEE_ALL = frozenset({Role.OFFICE, Role.LEADER, Role.INSPECTOR})
SEE_BY_UNIT = frozenset({Role.OFFICER, Role.HEAD})


class Level(TextChoices):
    """Where a unit stands between city and ward."""

    CITY = "city", "Cấp Thành phố"
    DEPARTMENT = "department", "Sở, ban, ngành"
    COMMUNE = "commune", "Cấp xã"


class Confidence(TextChoices):
    """How far a reference record can be trusted (docs of the reference data)."""

    CONFIRMED = "confirmed", "Đã đối chiếu nguồn"
    PARTIAL = "partial", "Đối chiếu một phần"
    RECALLED = "recalled", "Chưa đối chiếu"
    UNKNOWN = "unknown", "Chưa rõ"
    ILLUSTRATIVE = "illustrative", "Minh họa"
