"""Which units and areas may become one, and why not."""

from datetime import date

from hanoi_programmes.lib.verdict import ALLOWED, Verdict
from hanoi_programmes.people.models import Area, Holding, Unit, User
from hanoi_programmes.people.roles import Role


def may_merge(user: User) -> Verdict:
    """Administrators keep the tree of units; the office answers for the work that moves with it."""
    if user.role in {Role.ADMINISTRATOR, Role.OFFICE}:
        return ALLOWED
    return Verdict(
        "Việc này của quản trị hệ thống hoặc Văn phòng Thành ủy. Cần hợp nhất thì báo Văn phòng."
    )


def may_merge_units(unit: Unit, into: Unit, *, on: date, today: date) -> Verdict:
    """Two running units of one axis and level, on a day that has come, neither inside the other."""
    reason = _places(unit, into, on, today) or _kinds(unit, into) or _later_holding(unit, on)
    return Verdict(reason) if reason else ALLOWED


def may_merge_areas(area: Area, into: Area, *, on: date, today: date) -> Verdict:
    """Two running areas, on a day that has come, with a unit to go to on each axis."""
    reason = _places(area, into, on, today) or _missing_axis(area, into)
    return Verdict(reason) if reason else ALLOWED


def _places(old: Unit | Area, into: Unit | Area, on: date, today: date) -> str:
    """What holds for units and areas alike."""
    if old.pk == into.pk:
        return f"{old} không thể hợp nhất vào chính mình. Chọn nơi tiếp nhận khác."
    if on > today:
        return (
            f"Ngày {on:%d/%m/%Y} chưa tới. Hợp nhất chuyển việc và tài khoản ngay, "
            "nên chỉ thực hiện từ ngày có hiệu lực."
        )
    for place in (old, into):
        if place.ends_on:
            return f"{place} đã kết thúc ngày {place.ends_on:%d/%m/%Y}. Chọn nơi đang hoạt động."
        if place.starts_on and place.starts_on > on:
            return f"{place} thành lập ngày {place.starts_on:%d/%m/%Y}. Chọn ngày hợp nhất sau đó."
    return ""


def _kinds(unit: Unit, into: Unit) -> str:
    if unit.axis_id != into.axis_id:
        return f"{unit} và {into} không cùng trục. Chỉ hợp nhất đơn vị trên cùng một trục."
    if unit.level != into.level:
        return f"{unit} và {into} không cùng cấp. Chỉ hợp nhất đơn vị cùng cấp."
    if not into.is_active:
        return f"{into} chưa bật. Bật đơn vị tiếp nhận rồi hợp nhất."
    if into.path.startswith(unit.path):
        return f"{into} trực thuộc {unit}. Đơn vị không thể hợp nhất vào nơi trực thuộc mình."
    return ""


def _later_holding(unit: Unit, on: date) -> str:
    """A holding that begins after the unit's last day would end before it starts."""
    later = Holding.objects.filter(post__unit=unit, starts_on__gt=on)
    found = later.select_related("user", "post").first()
    if found is None:
        return ""
    return (
        f"{found.user} giữ chức danh {found.post} của {unit} từ {found.starts_on:%d/%m/%Y}, "
        "sau ngày hợp nhất. Chọn ngày hợp nhất muộn hơn, hoặc hủy việc giao chức danh đó trước."
    )


def _missing_axis(area: Area, into: Area) -> str:
    there = into.units.values("axis")
    alone = area.units.filter(ends_on__isnull=True).exclude(axis__in=there).first()
    if alone is None:
        return ""
    return f"{into} chưa có đơn vị trên trục của {alone}. Lập đơn vị đó rồi hợp nhất."
