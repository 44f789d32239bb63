"""Who is answerable where, and who may look up what."""

from datetime import date

from django.db.models import QuerySet

from hanoi_programmes.lib.verdict import ALLOWED, Verdict
from hanoi_programmes.people.models import CalendarDay, Holding, Unit, User
from hanoi_programmes.people.roles import Role


def head_of(unit: Unit, *, on: date) -> Holding | None:
    """Who held the unit's head post on the day, or None when it was vacant (PRODUCT §4)."""
    return (
        Holding.objects.of_heads()
        .held(on)
        .filter(post__unit=unit)
        .select_related("user", "post")
        .first()
    )


def heads_of(units: set[int], *, on: date) -> dict[int, Holding]:
    """Heads on the day by unit id, in one query; a vacant post is missing from the answer."""
    holdings = Holding.objects.of_heads().held(on).filter(post__unit__in=units)
    return {h.post.unit_id: h for h in holdings.select_related("post", "user")}


def is_head(user: User, unit: Unit, *, on: date) -> bool:
    """Whether the user held the unit's head post on the day."""
    return Holding.objects.of_heads().held(on).filter(post__unit=unit, user=user).exists()


def works_for(user: User, unit: Unit) -> bool:
    """Whether the user acts for the unit: an officer or head placed exactly there."""
    return user.sees_by_unit and user.unit_id == unit.pk


def sees_work_of(user: User, unit: Unit) -> bool:
    """Whether the unit's work lies in the user's scope: any, or the own unit and those below."""
    if user.sees_all:
        return True
    return user.sees_by_unit and user.unit is not None and unit.path.startswith(user.unit.path)


def may_see_programmes(user: User) -> Verdict:
    """Administrators keep accounts and settings, not programme content (PRODUCT §2)."""
    if user.role == Role.ADMINISTRATOR:
        return Verdict(
            "Tài khoản quản trị không xem nội dung chương trình. "
            "Cần xem thì đề nghị Văn phòng Thành ủy cấp tài khoản nghiệp vụ."
        )
    return ALLOWED


def calendar_exceptions(start: date, end: date) -> dict[date, bool]:
    """Days that differ from the ordinary week: holidays False, make-up days True."""
    return dict(
        CalendarDay.objects.filter(day__range=(start, end)).values_list("day", "is_working")
    )


def holdings_in(unit: Unit) -> QuerySet[Holding]:
    """Who held the unit's posts, the latest first; every reader of the unit may know."""
    return Holding.objects.filter(post__unit=unit).order_by("-starts_on", "-pk")
