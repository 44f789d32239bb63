"""Who keeps the working-day calendar, and what may stand in it."""

from datetime import date

from hanoi_programmes.lib.dates import is_working_day
from hanoi_programmes.lib.verdict import ALLOWED, Verdict
from hanoi_programmes.people.models import CalendarDay, User
from hanoi_programmes.people.roles import Role

# A slip of the pen in the year is caught: nobody plans farther ahead or mends farther back.
_YEARS_BACK, _YEARS_AHEAD = 3, 5
_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


def may_keep_calendar(user: User) -> Verdict:
    """The office, which knows the announcements, and the administrator (PRODUCT §2, §7)."""
    if user.role in {Role.OFFICE, Role.ADMINISTRATOR}:
        return ALLOWED
    return Verdict(
        "Lịch làm việc do Văn phòng Thành ủy và quản trị hệ thống sửa. "
        "Thấy ngày chưa đúng thì báo Văn phòng Thành ủy."
    )


def years_kept(today: date) -> range:
    """The years whose calendar can be shown and changed."""
    return range(today.year - _YEARS_BACK, today.year + _YEARS_AHEAD + 1)


def may_set_day(day: date, *, is_working: bool, reason: str, today: date) -> Verdict:
    """What stands in the calendar differs from its weekday; the past is touched for a reason."""
    years = years_kept(today)
    if day.year not in years:
        return Verdict(f"Chọn ngày trong các năm {years[0]} đến {years[-1]}.")
    if is_working == is_working_day(day, {}):
        usual = "ngày làm việc" if is_working else "ngày nghỉ cuối tuần"
        return Verdict(
            f"{_WEEKDAYS[day.weekday()]}, {day:%d/%m/%Y} vốn là {usual}. Lịch chỉ ghi ngày khác "
            "tuần làm việc thường lệ."
        )
    return may_touch(day, reason=reason, today=today)


def may_touch(day: date, *, reason: str, today: date) -> Verdict:
    """Days that are over have been counted: days of waiting, delays, reports that quote them."""
    if day >= today or reason.strip():
        return ALLOWED
    return Verdict(
        f"Ngày {day:%d/%m/%Y} đã qua và đã được tính vào số ngày chờ xác nhận, ngày chậm. "
        "Nêu lý do sửa lịch của ngày đã qua rồi gửi lại."
    )


def days_of(year: int) -> list[CalendarDay]:
    """What differs from the ordinary week in a year, in its order."""
    return list(CalendarDay.objects.filter(day__year=year).order_by("day"))


def special_day(day: date | None) -> CalendarDay | None:
    """What the calendar says of a day; nothing of an ordinary one."""
    return CalendarDay.objects.filter(day=day).first() if day else None
