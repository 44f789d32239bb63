"""How each figure is counted, a sentence each: said once, for tiles, papers and sheets."""

from dataclasses import dataclass

from django.conf import settings

from hanoi_programmes.programmes.timeliness import DUE_SOON, Group


@dataclass(frozen=True, slots=True)
class Definition:
    """A figure's name and its rule; a rule is a sentence without its full stop."""

    label: str
    rule: str


def definitions() -> dict[str, Definition]:
    """All of them, by the key of the figure, in the order of every screen."""
    return {
        "total": Definition("Tổng nhiệm vụ", "Nhiệm vụ đã giao, không kể dự thảo và đã hủy"),
        **{group.value: Definition(group.label, rule) for group, rule in _groups().items()},
        "due": Definition(
            "Đã đến hạn", "Hoàn thành đúng hạn, hoàn thành quá hạn và quá hạn cộng lại"
        ),
        "on_time": Definition(
            "Đúng hạn",
            "Hoàn thành đúng hạn trên số đã đến hạn (đã hoàn thành hoặc quá hạn). "
            "Hạn gốc: thời hạn giao lần đầu",
        ),
        "blocked": Definition(
            "Chờ quyết định",
            "Chưa hoàn thành, có vướng mắc chưa được cấp có thẩm quyền trả lời",
        ),
        "silent": Definition(
            "Không cập nhật",
            f"Chưa hoàn thành, không có báo cáo nào trong {settings.SILENT_DAYS} ngày qua",
        ),
    }


def _groups() -> dict[Group, str]:
    """The nine groups of timeliness in words."""
    days = DUE_SOON.days
    return {
        Group.OVERDUE: "Chưa hoàn thành và đã qua thời hạn hiện tại",
        Group.DUE_SOON: f"Chưa hoàn thành, còn từ 0 đến {days} ngày đến thời hạn",
        Group.AWAITING: "Đơn vị đã trình, chờ cấp trên xác nhận; không tính là quá hạn của đơn vị",
        Group.SUSPENDED: "Tạm dừng theo văn bản",
        Group.NO_DEADLINE: "Chưa hoàn thành, phải có thời hạn mà chưa có",
        Group.IN_TERM: f"Chưa hoàn thành, còn hơn {days} ngày đến thời hạn",
        Group.ONGOING: "Làm đều theo kỳ, không có một thời hạn cuối",
        Group.COMPLETED_LATE: "Ngày của văn bản minh chứng sau thời hạn",
        Group.COMPLETED_ON_TIME: "Ngày của văn bản minh chứng không sau thời hạn",
    }
