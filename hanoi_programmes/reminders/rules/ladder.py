"""Who may read and who may change the rungs."""

from hanoi_programmes.lib.verdict import ALLOWED, Verdict
from hanoi_programmes.people.models import User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.rules import may_see_programmes


def may_see_ladder(user: User) -> Verdict:
    """Whoever is reminded may know when."""
    return may_see_programmes(user)


def may_edit_ladder(user: User) -> Verdict:
    """The office."""
    if user.role == Role.OFFICE:
        return ALLOWED
    return Verdict("Bộ nấc nhắc do Văn phòng Thành ủy quy định.")
