"""Who may hold which post from when to when, and why not."""

from datetime import date

from django.db.models import Q, QuerySet

from hanoi_programmes.lib.verdict import ALLOWED, Verdict
from hanoi_programmes.people.models import Holding, Post, Unit, User
from hanoi_programmes.people.roles import Role


def may_keep_places(user: User) -> Verdict:
    """Units, posts and accounts are the administrator's (PRODUCT §2)."""
    if user.role == Role.ADMINISTRATOR:
        return ALLOWED
    return Verdict(
        "Trang này dành cho quản trị hệ thống. Cần đổi chức danh, người giữ chức danh "
        "hoặc tài khoản thì báo Văn phòng Thành ủy."
    )


def may_appoint(
    post: Post, user: User, *, starts_on: date, ends_on: date | None, succeeds: Holding | None
) -> Verdict:
    """Nobody else holds the post in these days, beside whom the new holder succeeds."""
    if ends_on and ends_on < starts_on:
        return Verdict(
            f"Ngày thôi giữ {ends_on:%d/%m/%Y} trước ngày nhận {starts_on:%d/%m/%Y}. Sửa lại ngày."
        )
    if reason := _outside_life(post.unit, starts_on, ends_on):
        return Verdict(reason)
    if not user.is_active:
        return Verdict(f"Tài khoản {user.username} đang tắt. Bật lại tài khoản rồi giao chức danh.")
    if succeeds and succeeds.user_id == user.pk:
        return Verdict(f"{user} đang giữ chức danh này {span(succeeds)}. Không cần giao lại.")
    if succeeds and succeeds.starts_on >= starts_on:
        return Verdict(
            f"{succeeds.user} nhận chức danh này từ {succeeds.starts_on:%d/%m/%Y}, nên không thể "
            "thôi giữ vào ngày trước đó. Chọn ngày nhận muộn hơn."
        )
    others = overlapping(post, starts_on, ends_on)
    other = others.exclude(pk=succeeds.pk if succeeds else 0).first()
    return Verdict(held_by(other)) if other else ALLOWED


def may_end(holding: Holding, *, ends_on: date) -> Verdict:
    """A holding ends on or after its first day, and before the next holder begins."""
    if ends_on < holding.starts_on:
        return Verdict(
            f"{holding.user} nhận chức danh này từ {holding.starts_on:%d/%m/%Y}, nên không thể "
            f"thôi giữ ngày {ends_on:%d/%m/%Y}. Chọn ngày từ {holding.starts_on:%d/%m/%Y} trở đi."
        )
    if holding.ends_on == ends_on:
        return Verdict(f"Đã ghi {holding.user} thôi giữ từ hết ngày {ends_on:%d/%m/%Y}.")
    post = holding.post
    if reason := _outside_life(post.unit, holding.starts_on, ends_on):
        return Verdict(reason)
    other = overlapping(post, holding.starts_on, ends_on).exclude(pk=holding.pk).first()
    return Verdict(held_by(other)) if other else ALLOWED


def may_withdraw(holding: Holding, *, today: date) -> Verdict:
    """What has not begun may be taken back; what has begun is history."""
    if holding.starts_on > today:
        return ALLOWED
    return Verdict(
        f"{holding.user} đã nhận chức danh này từ {holding.starts_on:%d/%m/%Y}. "
        "Việc đã diễn ra thì không xóa; ghi ngày thôi giữ chức danh."
    )


def may_name_post(unit: Unit, title: str, *, today: date, post: Post | None = None) -> Verdict:
    """A running unit, and a title that no other of its posts has."""
    if unit.ends_on and unit.ends_on < today:
        return Verdict(
            f"{unit} đã kết thúc ngày {unit.ends_on:%d/%m/%Y}, không thêm, đổi chức danh."
        )
    same = unit.posts.filter(title__iexact=title).exclude(pk=post.pk if post else 0)
    if same.exists():
        return Verdict(f"{unit} đã có chức danh “{title}”. Đặt tên khác.")
    return ALLOWED


def may_add_head_post(unit: Unit) -> Verdict:
    """Each unit has one head post."""
    head = unit.posts.filter(is_head=True).first()
    if head is None:
        return ALLOWED
    return Verdict(
        f"{unit} đã có chức danh đứng đầu là “{head}”. Đổi tên chức danh đó, hoặc bỏ đánh dấu."
    )


def overlapping(post: Post, starts_on: date, ends_on: date | None) -> QuerySet[Holding]:
    """Holdings of the post that share a day with these days; the earliest first."""
    running = Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on)
    rows = Holding.objects.filter(running, post=post).select_related("user", "post")
    if ends_on:
        rows = rows.filter(starts_on__lte=ends_on)
    return rows.order_by("starts_on")


def held_by(holding: Holding) -> str:
    """Why a post cannot be given: who holds it, and when."""
    return (
        f"Chức danh {holding.post} do {holding.user} giữ {span(holding)}. Một chức danh không giao "
        "cho hai người cùng lúc: chọn ngày khác, hoặc ghi thôi giữ cho người đó trước."
    )


def span(holding: Holding) -> str:
    """'từ 01/06/2026 đến 30/06/2026', 'từ 01/06/2026 đến nay' is not said: it may be to come."""
    end = f" đến {holding.ends_on:%d/%m/%Y}" if holding.ends_on else ""
    return f"từ {holding.starts_on:%d/%m/%Y}{end}"


def _outside_life(unit: Unit, starts_on: date, ends_on: date | None) -> str:
    """Nobody holds a post of a unit that does not exist."""
    if unit.starts_on and starts_on < unit.starts_on:
        return f"{unit} thành lập ngày {unit.starts_on:%d/%m/%Y}. Chọn ngày nhận từ ngày đó."
    if unit.ends_on and (ends_on is None or ends_on > unit.ends_on):
        return (
            f"{unit} đã kết thúc ngày {unit.ends_on:%d/%m/%Y}. "
            "Chỉ ghi được việc giữ chức danh kết thúc chậm nhất ngày đó."
        )
    return ""
