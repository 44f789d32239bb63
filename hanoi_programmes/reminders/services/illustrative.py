"""Made-up urgings by hand, so that the list and the histories of the quick start are alive."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction

from hanoi_programmes.people.models import User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.services.history import Act
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.reminders.models import Urging
from hanoi_programmes.reminders.services.urging import Wish, urge

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
_SPACE = UUID("0b0f3f5e-6f0a-5a57-8d0e-6f6f1a3c2d11")


@dataclass(frozen=True, slots=True)
class _Story:
    """So many days ago, in these words: a slice of the city's late tasks, the longest first."""

    days: int
    part: slice
    text: str
    also_superior: bool = False


_STORIES = (
    _Story(
        8,
        slice(0, 3),
        "(minh họa) Các nhiệm vụ dưới đây quá hạn lâu nhất. Đề nghị báo cáo rõ nguyên nhân, vướng "
        "mắc và ngày hoàn thành trước buổi giao ban tuần tới.",
        also_superior=True,
    ),
    _Story(
        1,
        slice(0, 1),
        "(minh họa) Chưa nhận được báo cáo theo lần đôn đốc trước. Đề nghị người đứng đầu trực "
        "tiếp báo cáo trong ngày.",
        also_superior=True,
    ),
    _Story(
        1,
        slice(3, 6),
        "(minh họa) Đề nghị hoàn thành và gửi minh chứng; nếu chưa xong, nêu cấp cần quyết định.",
    ),
)


@transaction.atomic
def load_illustrative_urgings(*, on: date) -> int:
    """Store them as of the day; when there are any already, change nothing. Returns how many."""
    office = User.objects.filter(is_illustrative=True, role=Role.OFFICE).order_by("pk").first()
    if office and not Urging.objects.exists():
        late = Task.objects.overdue(on).filter(parent__isnull=True, lead_unit__isnull=False)
        tasks = list(late.order_by("deadline", "code")[:6])
        for number, story in enumerate(_STORIES):
            if chosen := tasks[story.part]:
                day = on - timedelta(days=story.days)
                at = datetime.combine(day, time(9 + number), HANOI)
                act = Act(by=office, at=at, on=day, form_key=uuid5(_SPACE, f"{day} {number}"))
                urge(chosen, Wish(story.text, story.also_superior), act=act)
    return Urging.objects.count()
