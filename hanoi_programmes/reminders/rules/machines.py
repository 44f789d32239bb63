"""Who may look after the machines, and what is wrong with them: a pure function of facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from hanoi_programmes.lib.verdict import ALLOWED, Verdict
from hanoi_programmes.people.models import User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.reminders.rules.alarm import Alarm, Morning, alarms

# A pulse comes each minute; three without one are no accident.
PULSE_IS_OLD = timedelta(minutes=3)
# Below so much of the disk, files of evidence and reports will soon be refused.
LITTLE_SPACE = 0.1

# What works on a queue, in words for who looks after it.
QUEUES = {"mail": "gửi thư", "pdf": "lập báo cáo", "default": "việc chung"}


def may_keep_machines(user: User) -> Verdict:
    """The administrator's alone: it shows who gets mails and why they failed, never what of."""
    if user.role == Role.ADMINISTRATOR:
        return ALLOWED
    return Verdict(
        "Trang này dành cho quản trị hệ thống. Thấy thư nhắc không đến thì báo quản trị hệ thống."
    )


@dataclass(frozen=True, slots=True)
class Machines:
    """What is known at a moment; no `doorbells` when the broker does not answer."""

    morning: Morning
    pulses: Mapping[str, datetime]
    doorbells: Mapping[str, int] | None
    failed: int
    doubtful: int
    broken_jobs: int
    free_share: float | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that needs somebody: how badly (`late` or `soon`), what, and what to do."""

    tone: str
    words: str
    advice: str

    @property
    def icon(self) -> str:
        """Its picture in the sprite."""
        return f"s-{self.tone}"


_WORKER = "Xem tiến trình worker và nhật ký của nó, khởi động lại nếu cần."
_ADVICE = {
    Alarm.NOT_PLANNED: "Xem lượt chạy gần nhất bên dưới; chạy tay: manage.py send_reminders.",
    Alarm.NOT_SENT: "Xem máy chủ thư và hàng đợi gửi thư bên dưới; thư tự đi khi nối lại được.",
    Alarm.STALLED: "Xem tiến trình beat, worker và Valkey.",
}


def is_old(pulse: datetime | None, at: datetime) -> bool:
    """Nobody works on the queue any more."""
    return pulse is None or at - pulse > PULSE_IS_OLD


def findings(machines: Machines) -> list[Finding]:
    """What needs somebody, the worst first; nothing when all is well."""
    return [
        *(Finding("late", alarm.label, _ADVICE[alarm]) for alarm in alarms(machines.morning)),
        *_standing_still(machines),
        *_to_be_looked_at(machines),
    ]


def _standing_still(machines: Machines) -> list[Finding]:
    found = []
    if machines.doorbells is None:
        advice = "Xem tiến trình Valkey. Không mất việc nào: sổ nhắc việc nằm trong cơ sở dữ liệu."
        found.append(Finding("late", "Không kết nối được hàng đợi (Valkey).", advice))
    at = machines.morning.at
    silent = [q for q in QUEUES if is_old(machines.pulses.get(q), at)]
    if len(silent) == len(QUEUES):
        found.append(Finding("late", "Không có máy nào đang làm việc nền.", _WORKER))
    else:
        found += [
            Finding("late", f"Không có máy nào nhận việc ở hàng đợi {QUEUES[queue]}.", _WORKER)
            for queue in silent
        ]
    return found


def _to_be_looked_at(machines: Machines) -> list[Finding]:
    found = []
    if machines.doubtful:
        words = f"{machines.doubtful} thư chưa rõ đã gửi hay chưa."
        found.append(Finding("soon", words, "Hỏi người nhận hoặc nhật ký máy chủ thư rồi chốt."))
    if machines.failed:
        words = f"{machines.failed} thư không gửi được."
        found.append(Finding("soon", words, "Xem lý do ở danh sách dưới, sửa rồi gửi lại."))
    if machines.broken_jobs:
        words = f"{machines.broken_jobs} việc định kỳ có lượt chạy gần nhất bị lỗi hoặc dừng."
        found.append(Finding("soon", words, "Xem lý do ở bảng việc định kỳ."))
    if machines.free_share is not None and machines.free_share < LITTLE_SPACE:
        words = "Ổ đĩa chứa tệp còn dưới 10% chỗ trống."
        found.append(Finding("soon", words, "Thêm dung lượng trước khi tệp minh chứng bị từ chối."))
    return found
