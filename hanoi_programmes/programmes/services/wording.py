"""How the fields of a task are called, and their values told: in histories and conflicts."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist

from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.programmes.models import Rhythm, Task, TaskGroup

_LABELS = {
    "task_group": "nhóm nhiệm vụ",
    "code": "mã",
    "text": "nội dung",
    "count_label": "tên chỉ số",
    "count_unit": "đơn vị tính",
    "count_goal": "số cần đạt",
    "authority": "thẩm quyền",
    "lead_unit": "đơn vị chủ trì",
    "officer": "chuyên viên theo dõi",
    "partners": "đơn vị phối hợp",
    "partners_text": "phối hợp theo văn bản",
    "source_document": "văn bản giao",
    "clause": "điểm, mục",
    "starts_on": "ngày bắt đầu",
    "deadline_text": "thời hạn",
    "rhythm": "kỳ báo cáo",
    "is_key": "trọng tâm",
    "is_hard": "việc khó",
    "is_new": "việc mới",
    "is_unprecedented": "chưa có tiền lệ",
    "budget_given": "kinh phí được giao",
    "parent": "nhiệm vụ cấp trên",
}


def label_of(name: str) -> str:
    """The field in the words of the form; a name that is none of a task's stays as it is."""
    return settings.PRODUCT_LABEL.lower() if name == "product" else _LABELS.get(name, name)


def _units(ids: list[int]) -> str:
    return ", ".join(str(unit) for unit in Unit.objects.filter(pk__in=ids))


_SHOWN: dict[str, Callable[[Any], str]] = {
    "task_group": lambda pk: str(TaskGroup.objects.get(pk=pk)),
    "lead_unit": lambda pk: str(Unit.objects.get(pk=pk)),
    "officer": lambda pk: User.objects.select_related("unit").get(pk=pk).signature,
    "parent": lambda pk: str(Task.objects.values_list("code", flat=True).get(pk=pk)),
    "partners": _units,
    "starts_on": lambda day: f"{date.fromisoformat(day):%d/%m/%Y}",
    "rhythm": lambda rhythm: str(Rhythm(rhythm).label),
    "budget_given": lambda sum_: f"{sum_:,}".replace(",", "."),
    "count_goal": lambda goal: f"{goal:,}".replace(",", "."),
}


def shown(name: str, value: Any) -> str:  # noqa: ANN401 - whatever the field holds
    """A plain value as a person reads it; nothing is an empty text."""
    if isinstance(value, bool):
        return "có" if value else "không"
    if value is None or value in ("", []):
        return ""
    return _SHOWN.get(name, str)(value)


def shown_if_any(name: str, value: Any) -> str:  # noqa: ANN401 - whatever a hidden field holds
    """The same for a value that came from outside; what is no value of the field is nothing."""
    try:
        return shown(name, value)
    except (ValueError, TypeError, ObjectDoesNotExist):
        return ""
