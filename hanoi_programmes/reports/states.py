"""Fixed words about reports: kinds, states, steps, profiles."""

from django.db.models import TextChoices


class Kind(TextChoices):
    """What the report tells of."""

    QUARTER = "quarter", "Kết quả thực hiện theo quý"
    LETTER = "letter", "Công văn đôn đốc"


class State(TextChoices):
    """Where the making of a report stands."""

    WAITING = "waiting", "Đang chờ"
    RUNNING = "running", "Đang lập"
    DONE = "done", "Đã xong"
    FAILED = "failed", "Không lập được"
    CANCELLED = "cancelled", "Đã hủy"


class Profile(TextChoices):
    """A named layout (docs of report formats): the Party's, or a neutral working paper."""

    PARTY = "party-05HD", "Thể thức văn bản của Đảng (05-HD/VPTW)"
    PLAIN = "plain", "Bản làm việc"


class Issuer(TextChoices):
    """Under whose name the paper is drafted."""

    BOARD = "board", "Ban Thường vụ Thành ủy"
    OFFICE = "office", "Văn phòng Thành ủy"
    UNIT = "unit", "Đơn vị lập báo cáo"


UNFINISHED = (State.WAITING, State.RUNNING)
# What the reader is told while each step runs; the last one ends with the stored file.
STEPS = ("chốt số liệu", "vẽ biểu đồ, soạn nội dung", "dàn trang", "ghi tệp")


class Figure(TextChoices):
    """A figure of a scorecard that its unit may contest; the keys are stored."""

    OVERDUE = "overdue", "Đang quá hạn"
    ON_TIME = "on_time", "Đúng hạn"
    ORIGINAL = "original", "Đúng hạn gốc"
    LATE_DONE = "late_done", "Xong, quá hạn"
    UPDATED = "updated", "Có cập nhật"
    EXTENDED = "extended", "Gia hạn"
    RETURNED = "returned", "Bị trả lại"
    TOTAL = "total", "Nhiệm vụ chủ trì"
    WAITED = "waited", "Vì sao chậm"
    GRADES = "grades", "Chất lượng đã xác nhận"
    OTHER = "other", "Số liệu khác trên phiếu"
