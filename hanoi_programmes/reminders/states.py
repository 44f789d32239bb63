"""Fixed words of reminders: how urgent, where a mail stands, how a rung may be called."""

from django.db.models import TextChoices


class Urgency(TextChoices):
    """The groups of a digest, in its order: what needs its reader first."""

    OVERDUE = "overdue", "Quá hạn"
    TODAY = "today", "Hết hạn hôm nay"
    SOON = "soon", "Sắp đến hạn"
    UPDATE = "update", "Cần cập nhật"
    VERIFY = "verify", "Chờ xác nhận"
    AHEAD = "ahead", "Trong hạn"

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
    Urgency.OVERDUE: ("late", "s-late"),
    Urgency.TODAY: ("soon", "s-soon"),
    Urgency.SOON: ("soon", "s-soon"),
    Urgency.UPDATE: ("run", "edit"),
    Urgency.VERIFY: ("wait", "s-wait"),
    Urgency.AHEAD: ("run", "s-run"),
}


class MailState(TextChoices):
    """Where a mail stands. From doubtful only a person, or the relay's own record, leads on."""

    QUEUED = "queued", "Chờ gửi"
    CLAIMED = "claimed", "Đang gửi"
    SENT = "sent", "Đã gửi"
    CANCELLED = "cancelled", "Không gửi nữa"
    FAILED = "failed", "Không gửi được"
    DOUBTFUL = "doubtful", "Chưa rõ đã gửi hay chưa"


# before_30 … on_day … after_7, after_14 …; update_due; verify_5, verify_10 …
RUNG = r"^(before_[0-9]+|on_day|after_[0-9]+|update_due|verify_[0-9]+)$"
UPDATE_DUE = "update_due"
VERIFY = "verify_"
