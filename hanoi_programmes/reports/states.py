"""Fixed words about reports: kinds, rhythms, states, steps, profiles, parts of texts."""

from django.db.models import TextChoices


class Kind(TextChoices):
    """What the report tells of."""

    CITY = "city", "Tổng hợp toàn thành phố"
    RESOLUTION = "resolution", "Theo nghị quyết"
    PROGRAMME = "programme", "Theo chương trình hành động"
    AXIS = "axis", "Theo trục"
    UNIT = "unit", "Theo đơn vị"
    AREA = "area", "Theo phường, xã"
    HEAD = "head", "Theo người đứng đầu"
    EXCEPTIONS = "exceptions", "Danh sách việc cần tập trung"
    URGING = "urging", "Danh sách cần đôn đốc"
    TABLES = "tables", "Phụ lục nhiệm vụ theo đơn vị"
    AREAS = "areas", "Báo cáo của tất cả phường, xã"
    LETTER = "letter", "Công văn đôn đốc"


# What a report of each kind must be about: the field of `Report` that says it.
SUBJECTS = {
    Kind.RESOLUTION: "resolution",
    Kind.PROGRAMME: "programme",
    Kind.AXIS: "axis",
    Kind.UNIT: "about_unit",
    Kind.AREA: "area",
    Kind.HEAD: "post",
}
# Papers in sentences: they have places for the office's own words.
WRITTEN = (Kind.CITY, *SUBJECTS)
# Lists tell of the whole city, or of any one of the subjects.
LISTS = (Kind.EXCEPTIONS, Kind.URGING, Kind.TABLES)


class Rhythm(TextChoices):
    """The length of the period; the keys are those of `lib.dates.SPANS`."""

    WEEK = "week", "Tuần"
    MONTH = "month", "Tháng"
    QUARTER = "quarter", "Quý"
    HALF = "half", "6 tháng"
    NINE = "nine", "9 tháng"
    YEAR = "year", "Năm"
    DATES = "dates", "Từ ngày … đến ngày …"


# What can be asked for again and again; longer periods are asked for when they are wanted.
REGULAR = (Rhythm.WEEK, Rhythm.MONTH, Rhythm.QUARTER)


class State(TextChoices):
    """Where the making of a report stands."""

    WAITING = "waiting", "Đang chờ"
    RUNNING = "running", "Đang lập"
    DONE = "done", "Đã xong"
    FAILED = "failed", "Không lập được"
    CANCELLED = "cancelled", "Đã hủy"


class SectionState(TextChoices):
    """Where one section of a report stands: drawn or not."""

    WAITING = "waiting", "Đang chờ"
    DONE = "done", "Đã xong"


class Profile(TextChoices):
    """A named layout (docs of report formats): the Party's, the State's, or a working paper."""

    PARTY = "party-05HD", "Thể thức văn bản của Đảng (05-HD/VPTW)"
    STATE = "state-ND30", "Thể thức văn bản hành chính (Nghị định 30/2020/NĐ-CP)"
    PLAIN = "plain", "Bản làm việc"


class Issuer(TextChoices):
    """Under whose name the paper is drafted."""

    BOARD = "board", "Ban Thường vụ Thành ủy"
    OFFICE = "office", "Văn phòng Thành ủy"
    UNIT = "unit", "Đơn vị lập báo cáo"


UNFINISHED = (State.WAITING, State.RUNNING)
# What the reader is told while each step runs; the last one ends with the stored file.
STEPS = ("chốt số liệu", "dàn trang từng phần", "ghép tệp", "ghi tệp")


class TextPart(TextChoices):
    """A place of a report where the office writes its own words."""

    RESULTS = "results_note", "Kết quả nổi bật"
    STRENGTHS = "strengths", "Ưu điểm"
    LIMITS = "limits", "Hạn chế"
    CAUSES = "causes", "Nguyên nhân"
    AHEAD = "ahead", "Phương hướng, nhiệm vụ"
    PROPOSALS = "proposals", "Kiến nghị, đề xuất"


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
