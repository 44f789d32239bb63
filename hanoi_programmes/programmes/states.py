"""The life of a task as one table of moves (PRODUCT §5).

Rules, their refusals, buttons, forms, bulk moves, tests, and the table and diagram of the README
(`manage.py moves_table`) all come from here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices

from hanoi_programmes.people.roles import Role


class State(TextChoices):
    """Where a task stands. Timeliness (late, due soon) is never stored: see `timeliness`."""

    DRAFT = "draft", "Dự thảo"
    ASSIGNED = "assigned", "Đã giao, chưa tiếp nhận"
    IN_PROGRESS = "in_progress", "Đang thực hiện"
    AWAITING = "awaiting", "Chờ xác nhận"
    COMPLETED = "completed", "Đã hoàn thành"
    REFUSED = "refused", "Bị từ chối"
    SUSPENDED = "suspended", "Tạm dừng"
    CANCELLED = "cancelled", "Đã hủy"


class Actor(StrEnum):
    """Who may make a move; each has one predicate in `rules`."""

    OFFICE = "office"
    LEAD = "lead"
    LEAD_HEAD = "lead_head"
    VERIFIER = "verifier"


class Need(StrEnum):
    """What a move needs beside the right person and state; each has one check in `rules`."""

    SIX_CLEAR = "six_clear"
    EVIDENCE = "evidence"
    CHILDREN_CLOSED = "children_closed"
    LEAD_UNIT = "lead_unit"
    QUALITY = "quality"
    DOCUMENT = "document"
    REASON = "reason"


class Clarity(StrEnum):
    """The six rõ of PRODUCT §5, in the order of the card."""

    WHO = "who"
    WHAT = "what"
    WHEN = "when"
    ANSWERABLE = "answerable"
    PRODUCT = "product"
    AUTHORITY = "authority"


class Quality(TextChoices):
    """The verifier's grade of the product."""

    GOOD = "good", "Tốt"
    MET = "met", "Đạt yêu cầu"
    PARTLY = "partly", "Đạt một phần, cần theo dõi tiếp"


# Open: the clock runs (PRODUCT §6). A refused task stays the unit's until the office decides.
OPEN = (State.ASSIGNED, State.IN_PROGRESS, State.REFUSED)
# Outside every figure.
OUTSIDE = (State.DRAFT, State.CANCELLED)
COUNTED = tuple(state for state in State if state not in OUTSIDE)
CLOSED = (State.COMPLETED, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Who:
    """An actor in words: for the README, for whom it refuses (`{unit}` is whose it is), by role.

    `roles` are those that could ever make such a move: to others it is not even offered.
    """

    words: str
    refusal: str
    roles: frozenset[Role]


WHO: dict[Actor, Who] = {
    Actor.OFFICE: Who(
        "office", "Việc này do Văn phòng Thành ủy thực hiện.", frozenset({Role.OFFICE})
    ),
    Actor.LEAD: Who(
        "lead unit",
        "Việc này do đơn vị chủ trì ({unit}) thực hiện.",
        frozenset({Role.OFFICER, Role.HEAD}),
    ),
    Actor.LEAD_HEAD: Who(
        "head of lead unit",
        "Việc này do người đứng đầu đơn vị chủ trì ({unit}) quyết định.",
        frozenset({Role.HEAD}),
    ),
    Actor.VERIFIER: Who(
        "office or parent task's lead unit, never the submitter",
        "Việc này do {unit} xác nhận.",
        frozenset({Role.OFFICE, Role.OFFICER, Role.HEAD}),
    ),
}
OWN_WORK = "Không tự xác nhận việc của chính đơn vị mình."


@dataclass(frozen=True, slots=True)
class Needed:
    """A need in words: for the README, and what is said when it is missing.

    `typed` is the field that brings it with the move; without one it is a fact of the task.
    """

    words: str
    refusal: str
    typed: str = ""


NEEDED: dict[Need, Needed] = {
    Need.SIX_CLEAR: Needed("the six rõ complete", "Chưa đủ 6 rõ để giao, còn thiếu: {missing}."),
    Need.EVIDENCE: Needed(
        "evidence",
        "Trình hoàn thành cần minh chứng: tệp sản phẩm, hoặc số, ký hiệu và ngày văn bản.",
    ),
    Need.CHILDREN_CLOSED: Needed(
        "children closed or a reason",
        "Còn {left} nhiệm vụ thành phần chưa xong. Ghi rõ lý do trình khi chưa đủ.",
    ),
    Need.LEAD_UNIT: Needed(
        "another lead unit with a head in office", "Chọn đơn vị chủ trì mới.", "lead_unit"
    ),
    Need.QUALITY: Needed(
        "quality grade", "Chọn mức chất lượng của sản phẩm trước khi xác nhận.", "quality"
    ),
    Need.DOCUMENT: Needed("deciding document", "Ghi số, ký hiệu văn bản quyết định.", "document"),
    Need.REASON: Needed("reason", "Ghi lý do để đơn vị biết cần làm gì tiếp.", "reason"),
}


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed change of state.

    `told` is how the history tells it afterwards; `remark` what the README adds to its needs.
    `carries`: the tasks below may follow if who moves says so. `in_bulk`: many at once.
    """

    name: str
    label: str
    told: str
    sources: tuple[State, ...]
    target: State
    actor: Actor
    needs: tuple[Need, ...] = ()
    remark: str = ""
    carries: bool = False
    in_bulk: bool = True

    def __str__(self) -> str:
        """One line for those who read code: name, label, states, who, needs."""
        sources = ", ".join(self.sources)
        parts = [f"{self.name} ({self.label}): {sources} → {self.target}", WHO[self.actor].words]
        return "; ".join([*parts, self.needs_in_words] if self.needs_in_words else parts)

    @property
    def needs_in_words(self) -> str:
        """What it needs, and what else is to be known of it, in English."""
        words = [NEEDED[need].words for need in self.needs]
        return "; ".join([*words, self.remark] if self.remark else words)

    @property
    def not_from(self) -> str:
        """Why it cannot be made from another state, with `{state}` to be filled in."""
        return (
            f"Nhiệm vụ đang ở trạng thái “{{state}}” nên không thể {self.label.lower()}; "
            f"chỉ làm được khi {either(self.sources)}."
        )


def either(states: Iterable[State]) -> str:
    """States in words: “A”, “B” hoặc “C”."""
    *others, last = (f"“{state.label}”" for state in states)
    return f"{', '.join(others)} hoặc {last}" if others else last


# Open: the clock runs (PRODUCT §6). A refused task stays the unit's until the office decides.
OPEN = (State.ASSIGNED, State.IN_PROGRESS, State.REFUSED)
# Outside every figure.
OUTSIDE = (State.DRAFT, State.CANCELLED)
COUNTED = tuple(state for state in State if state not in OUTSIDE)
CLOSED = (State.COMPLETED, State.CANCELLED)

_TABLE = (
    Move(
        "issue",
        "Giao nhiệm vụ",
        "Giao nhiệm vụ",
        (State.DRAFT,),
        State.ASSIGNED,
        Actor.OFFICE,
        (Need.SIX_CLEAR,),
    ),
    Move(
        "acknowledge",
        "Tiếp nhận",
        "Tiếp nhận nhiệm vụ",
        (State.ASSIGNED,),
        State.IN_PROGRESS,
        Actor.LEAD,
        remark="does not stop the clock",
    ),
    Move(
        "refuse",
        "Từ chối",
        "Từ chối nhận",
        (State.ASSIGNED,),
        State.REFUSED,
        Actor.LEAD_HEAD,
        (Need.REASON,),
        remark="office reassigns or insists",
    ),
    Move(
        "insist",
        "Giao lại",
        "Giao lại sau khi từ chối",
        (State.REFUSED,),
        State.ASSIGNED,
        Actor.OFFICE,
        (Need.REASON,),
    ),
    Move(
        "reassign",
        "Giao đơn vị khác",
        "Giao đơn vị khác chủ trì",
        OPEN,
        State.ASSIGNED,
        Actor.OFFICE,
        (Need.LEAD_UNIT, Need.REASON),
        remark="the clock is not reset",
    ),
    Move(
        "submit",
        "Trình hoàn thành",
        "Trình hoàn thành",
        (State.IN_PROGRESS,),
        State.AWAITING,
        Actor.LEAD,
        (Need.EVIDENCE, Need.CHILDREN_CLOSED),
        in_bulk=False,
    ),
    Move(
        "accept",
        "Xác nhận hoàn thành",
        "Xác nhận hoàn thành",
        (State.AWAITING,),
        State.COMPLETED,
        Actor.VERIFIER,
        (Need.QUALITY,),
    ),
    Move(
        "return",
        "Trả lại",
        "Trả lại",
        (State.AWAITING,),
        State.IN_PROGRESS,
        Actor.VERIFIER,
        (Need.REASON,),
    ),
    Move(
        "suspend",
        "Tạm dừng",
        "Tạm dừng",
        OPEN,
        State.SUSPENDED,
        Actor.OFFICE,
        (Need.DOCUMENT,),
        carries=True,
    ),
    Move(
        "resume",
        "Tiếp tục",
        "Tiếp tục thực hiện",
        (State.SUSPENDED,),
        State.IN_PROGRESS,
        Actor.OFFICE,
        (Need.DOCUMENT,),
        carries=True,
    ),
    Move(
        "cancel",
        "Hủy nhiệm vụ",
        "Hủy nhiệm vụ",
        OPEN,
        State.CANCELLED,
        Actor.OFFICE,
        (Need.DOCUMENT,),
        carries=True,
    ),
    Move(
        "reopen",
        "Mở lại",
        "Mở lại",
        (State.COMPLETED,),
        State.IN_PROGRESS,
        Actor.OFFICE,
        (Need.REASON,),
    ),
)
MOVES: dict[str, Move] = {move.name: move for move in _TABLE}


def bulk_moves(role: str) -> list[Move]:
    """The moves on many tasks at once that somebody of this role could ever make."""
    return [move for move in _TABLE if move.in_bulk and role in WHO[move.actor].roles]
