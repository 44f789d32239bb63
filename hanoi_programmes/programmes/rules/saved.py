"""Who keeps and who shares a filter of the list, and which filters are worth a name."""

from hanoi_programmes.lib.verdict import ALLOWED, Verdict
from hanoi_programmes.people.models import User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.programmes.models import SavedView

# A strip of more is no longer read; the list of tasks counts each of them.
MOST_OWN = 12
LONGEST_QUERY = 2000


def may_share(user: User) -> Verdict:
    """What everybody finds beside the list is the office's word."""
    if user.role == Role.OFFICE:
        return ALLOWED
    return Verdict("Bộ lọc dùng chung do Văn phòng Thành ủy lưu. Bỏ chọn dùng chung rồi lưu.")


def may_change_view(user: User, view: SavedView) -> Verdict:
    """Only who saved it; a shared one of another is there to be used."""
    if view.owner_id == user.pk:
        return ALLOWED
    return Verdict(
        f"Bộ lọc dùng chung này do {view.owner.signature} lưu. "
        "Cần đổi thì đề nghị người lưu, hoặc lưu một bộ lọc riêng."
    )


def may_be_kept(query: str) -> Verdict:
    """A name for the whole list would only repeat it; an address has an end."""
    if not query:
        return Verdict("Bộ lọc chưa có điều kiện nào. Chọn ít nhất một điều kiện rồi lưu.")
    if len(query) > LONGEST_QUERY:
        return Verdict("Bộ lọc có quá nhiều điều kiện. Bỏ bớt rồi lưu.")
    return ALLOWED


def has_room(number: int) -> Verdict:
    """Whether one more fits beside so many."""
    if number < MOST_OWN:
        return ALLOWED
    return Verdict(f"Đã có {MOST_OWN} bộ lọc, mức nhiều nhất. Xóa bớt một bộ lọc rồi lưu.")
