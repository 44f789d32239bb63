"""Who may merge units together with their work."""

from hanoi_programmes.lib.verdict import ALLOWED, Verdict
from hanoi_programmes.people.models import User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.rules import may_see_programmes


def may_merge_work(user: User) -> Verdict:
    """The office: it sees the work that moves, which an administrator does not."""
    if user.role == Role.OFFICE:
        return ALLOWED
    verdict = may_see_programmes(user)
    return Verdict("Việc này do Văn phòng Thành ủy thực hiện.") if verdict else verdict
