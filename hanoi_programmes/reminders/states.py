"""Fixed words of reminders: how urgent, where a mail stands, how a rung may be called."""

from django.db.models import IntegerChoices, TextChoices


class Urgency(TextChoices):
    """The groups of a digest, in its order: what needs its reader first; and of the bell."""

    URGED = "urged", "Được đôn đốc"
    OVERDUE = "overdue", "Quá hạn"
    TODAY = "today", "Hết hạn hôm nay"
    ANSWER = "answer", "Chờ trả lời chỉ đạo"
    DECIDE = "decide", "Chờ quyết định"
    SOON = "soon", "Sắp đến hạn"
    UPDATE = "update", "Cần cập nhật"
    VERIFY = "verify", "Chờ xác nhận"
    AHEAD = "ahead", "Trong hạn"
    # What another part of the house tells; such a notice stands in no digest.
    READY = "ready", "Báo cáo"
    TROUBLE = "trouble", "Báo cáo cần xem lại"

    @property
    def rank(self) -> int:
        """Its place in the order, from 0."""
        return list(Urgency).index(self)

    @property
    def tone(self) -> str:
        """The colour class of the design that carries it."""
        return _LOOKS[self][0]

    @property
    def icon(self) -> str:
        """Its picture in the sprite."""
        return _LOOKS[self][1]


_LOOKS: dict[str, tuple[str, str]] = {
    Urgency.URGED: ("late", "bell"),
    Urgency.OVERDUE: ("late", "s-late"),
    Urgency.TODAY: ("soon", "s-soon"),
    Urgency.ANSWER: ("soon", "chat"),
    Urgency.DECIDE: ("soon", "gavel"),
    Urgency.SOON: ("soon", "s-soon"),
    Urgency.UPDATE: ("run", "edit"),
    Urgency.VERIFY: ("wait", "s-wait"),
    Urgency.AHEAD: ("run", "s-run"),
    Urgency.READY: ("done", "s-done"),
    Urgency.TROUBLE: ("late", "s-late"),
}


class MailState(TextChoices):
    """Where a mail stands. From doubtful only a person, or the relay's own record, leads on."""

    QUEUED = "queued", "Chờ gửi"
    CLAIMED = "claimed", "Đang gửi"
    SENT = "sent", "Đã gửi"
    CANCELLED = "cancelled", "Không gửi nữa"
    FAILED = "failed", "Không gửi được"
    DOUBTFUL = "doubtful", "Chưa rõ đã gửi hay chưa"


class MailKind(TextChoices):
    """What a mail is for."""

    DIGEST = "digest", "Thư gộp trong ngày"
    SINGLE = "single", "Thư riêng từng việc"
    URGING = "urging", "Đôn đốc"
    ALARM = "alarm", "Báo động vận hành"
    TIDING = "tiding", "Báo cáo"


class Subject(TextChoices):
    """What a ladder of rungs is about, and which day it counts from."""

    DEADLINE = "deadline", "Thời hạn nhiệm vụ"
    UPDATE = "update", "Thiếu cập nhật trong kỳ"
    VERIFY = "verify", "Chờ xác nhận kết quả"
    DIRECTION = "direction", "Chỉ đạo chưa trả lời"
    OBSTACLE = "obstacle", "Vướng mắc chờ quyết định"
    EXTENSION = "extension", "Đề nghị gia hạn chờ quyết định"


# What a progress report answers; the others wait for a verdict, an answer or a decision.
BY_REPORT = frozenset({Subject.DEADLINE, Subject.UPDATE})


class Audience(TextChoices):
    """Who is meant, seen from the task."""

    OFFICER = "officer", "Chuyên viên của đơn vị"
    HEAD = "head", "Người đứng đầu đơn vị"
    SUPERIOR = "superior", "Người đứng đầu cấp trên"
    OFFICE = "office", "Văn phòng Thành ủy"
    LEADER = "leader", "Lãnh đạo phụ trách"
    VERIFIER = "verifier", "Bên xác nhận"
    DECIDER = "decider", "Bên quyết định"
    GIVER = "giver", "Người chỉ đạo"


class Escalation(IntegerChoices):
    """How far a late task has been carried up by itself; the value is the day from which."""

    FIRST = 1, "chuyên viên, người đứng đầu đơn vị"
    SECOND = 3, "người đứng đầu cấp trên"
    THIRD = 7, "Văn phòng và lãnh đạo phụ trách"
    WEEKLY = 14, "nhắc lại hằng tuần tới mọi cấp"

    @classmethod
    def of(cls, days: int) -> "Escalation | None":
        """The level that holds so many days after the deadline, whatever the rungs are."""
        return max((level for level in cls if level <= days), default=None)

    @property
    def rank(self) -> int:
        """Mức 1, 2, 3, 4."""
        return list(Escalation).index(self) + 1


class Delivery(TextChoices):
    """How a person wants the mails."""

    DIGEST = "digest", "Một thư gộp mỗi ngày làm việc"
    SINGLE = "single", "Mỗi việc một thư"


# The days on which offices work, as Python counts them.
WEEKDAYS = {0: "Thứ Hai", 1: "Thứ Ba", 2: "Thứ Tư", 3: "Thứ Năm", 4: "Thứ Sáu"}


class Reply(TextChoices):
    """What a person can say straight from a mail."""

    NOTHING = "nothing", "Không phát sinh"
    DONE = "done", "Đã xong"
    STUCK = "stuck", "Vướng"

    @property
    def word(self) -> str:
        """How the address in the mail names it: the page opens on it."""
        return {"nothing": "khong-phat-sinh", "done": "da-xong", "stuck": "vuong"}[self]


class LinkEnd(TextChoices):
    """Why a link of a mail answers no more, as its reader is told."""

    USED = "used", "Đường dẫn này đã được dùng"
    EXPIRED = "expired", "Đường dẫn này đã hết hạn"
    MOVED = "moved", "Việc này đã chuyển người phụ trách"
    CLOSED = "closed", "Việc này không còn chờ cập nhật"

    @property
    def advice(self) -> str:
        """What its reader can do instead."""
        return _ADVICE[self]


_ADVICE: dict[str, str] = {
    LinkEnd.USED: "Mỗi đường dẫn chỉ ghi một lần. Cần bổ sung thì đăng nhập, mở nhiệm vụ rồi cập "
    "nhật tiếp.",
    LinkEnd.EXPIRED: "Đường dẫn trong thư chỉ dùng được trong 72 giờ từ khi thư gửi đi. Đăng nhập, "
    "mở nhiệm vụ để cập nhật, hoặc dùng đường dẫn trong thư nhắc mới nhất.",
    LinkEnd.MOVED: "Người nhận thư này không còn phụ trách việc đó nên không trả lời từ thư được "
    "nữa. Nếu chưa đúng, đề nghị người đứng đầu đơn vị hoặc Văn phòng Thành ủy kiểm tra lại.",
    LinkEnd.CLOSED: "Nhiệm vụ đã trình, đã xong hoặc tạm dừng sau khi thư gửi đi. Đăng nhập, mở "
    "nhiệm vụ để xem đang ở bước nào.",
}


# before_30 … on_day … after_7, after_14 …; update_before_3; verify_5; direction_after_1;
# obstacle_on_day; extension_3; urged by hand.
RUNG = (
    r"^((direction_|obstacle_|update_)?(before_[0-9]+|on_day|after_[0-9]+)"
    r"|(verify|extension)_[0-9]+|urged)$"
)
URGED = "urged"
AFTER = "after_"
