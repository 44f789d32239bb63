"""What a reader can do about a task from its row: one button, by role and rule."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse

from hanoi_programmes.people.models import User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.programmes.rules.decisions import decidable, is_directing
from hanoi_programmes.reports.figures import Matter, Scope, View


@dataclass(frozen=True, slots=True)
class Acting:
    """A button; `in_place` when its form may open under the row."""

    label: str
    url: str
    in_place: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """A task with what its reader can do about it."""

    matter: Matter
    act: Acting


def rows_with_acts(scope: Scope, view: View, matters: Iterable[Matter], origin: str) -> list[Row]:
    """Each task with its button; `origin` is where its form leads back to. One query at most.

    Who may decide what a task waits for decides it; else a leader directs or asks for the reason,
    and the office urges. A past day is only read.
    """
    found = list(matters)
    decided = _to_be_decided(scope.user, view, found) if scope.on == scope.today else frozenset()
    return [Row(matter, _acting(scope, matter, decided, origin)) for matter in found]


def directing(scope: Scope, matter: Matter, origin: str) -> Acting | None:
    """The button by which a leader or the office directs; None for others, and on a past day."""
    if scope.on != scope.today or not is_directing(scope.user):
        return None
    label, words = _of_directing(matter)
    url = reverse("programmes:direction-give", args=[matter.pk])
    return Acting(label, f"{url}?{urlencode({'as': words, 'from': origin})}", in_place=False)


def _to_be_decided(user: User, view: View, matters: list[Matter]) -> frozenset[int]:
    """The obstacles among them that the reader may decide.

    Leaders and the office may decide many: they are offered it where a decision is what is asked
    for. Others only see it when it is theirs.
    """
    if is_directing(user) and view != View.BLOCKED:
        return frozenset()
    return decidable(user, [matter.obstacle_pk for matter in matters if matter.obstacle_pk])


def _acting(scope: Scope, matter: Matter, decided: frozenset[int], origin: str) -> Acting:
    back = {"from": origin}
    if matter.obstacle_pk in decided:
        url = reverse("programmes:obstacle-decide", args=[matter.obstacle_pk])
        return Acting("Quyết định", f"{url}?{urlencode(back)}")
    if scope.on == scope.today and scope.user.role == Role.OFFICE:
        query = urlencode({"task": matter.pk} | back)
        return Acting("Đôn đốc", f"{reverse('reminders:urge')}?{query}")
    if act := directing(scope, matter, origin):
        return replace(act, in_place=True)
    return Acting("Mở", reverse("programmes:task-page", args=[matter.pk]), in_place=False)


def _of_directing(matter: Matter) -> tuple[str, str]:
    if matter.late and not matter.obstacle:
        return "Hỏi lý do", "ask"
    return "Cho ý kiến", ""
