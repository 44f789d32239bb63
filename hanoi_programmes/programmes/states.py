"""The life of a task as one table of moves (PRODUCT §5): rules, buttons and tests read it."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices


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
    """What a move needs beside the right person and state."""

    SIX_CLEAR = "six_clear"
    EVIDENCE = "evidence"
    CHILDREN_CLOSED = "children_closed"
    QUALITY = "quality"
    REASON = "reason"
    DOCUMENT = "document"


class Quality(TextChoices):
    """The verifier's grade of the product."""

    GOOD = "good", "Tốt"
    MET = "met", "Đạt yêu cầu"
    PARTLY = "partly", "Đạt một phần, cần theo dõi tiếp"


# Open: the clock runs (PRODUCT §6). A refused task stays the unit's until the office decides.
OPEN = (State.ASSIGNED, State.IN_PROGRESS, State.REFUSED)
# Outside every figure.
OUTSIDE = (State.DRAFT, State.CANCELLED)
CLOSED = (State.COMPLETED, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed change of state; `told` is how the history tells it afterwards."""

    name: str
    label: str
    told: str
    sources: tuple[State, ...]
    target: State
    actor: Actor
    needs: tuple[Need, ...] = ()


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
    ),
    Move(
        "refuse",
        "Từ chối",
        "Từ chối nhận",
        (State.ASSIGNED,),
        State.REFUSED,
        Actor.LEAD_HEAD,
        (Need.REASON,),
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
        "submit",
        "Trình hoàn thành",
        "Trình hoàn thành",
        (State.IN_PROGRESS,),
        State.AWAITING,
        Actor.LEAD,
        (Need.EVIDENCE, Need.CHILDREN_CLOSED),
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
    Move("suspend", "Tạm dừng", "Tạm dừng", OPEN, State.SUSPENDED, Actor.OFFICE, (Need.DOCUMENT,)),
    Move(
        "resume",
        "Tiếp tục",
        "Tiếp tục thực hiện",
        (State.SUSPENDED,),
        State.IN_PROGRESS,
        Actor.OFFICE,
        (Need.DOCUMENT,),
    ),
    Move(
        "cancel",
        "Hủy nhiệm vụ",
        "Hủy nhiệm vụ",
        OPEN,
        State.CANCELLED,
        Actor.OFFICE,
        (Need.DOCUMENT,),
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
