"""The alarm: has the run of 07:30 done its work by 07:45, and does anything run at all?

Pure functions of what the database knows: the mail server, the broker, the workers and the
timetable may all be dead, and somebody who looks from outside still learns it.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import TextChoices

RUN_AT = time(7, 30)
DONE_BY = time(7, 45)
CLOSING = time(17, 30)
# So long a mail may take from being written to being sent.
GRACE = timedelta(minutes=15)
# Jobs run each minute: an hour without one in working hours is a timetable that stands still.
SILENCE = timedelta(hours=1)
# A single mailbox that is full keeps its mail waiting for a day; that is no alarm. A mail server
# that takes nothing is one.
_ONE_IN = 20


class Alarm(TextChoices):
    """What is wrong, in one sentence that tells a stranger nothing of the work."""

    NOT_PLANNED = "not_planned", "Lượt nhắc việc 07:30 hôm nay chưa lập xong."
    NOT_SENT = "not_sent", "Thư nhắc việc hôm nay chưa gửi hết."
    STALLED = "stalled", "Hơn một giờ không có việc định kỳ nào chạy."


ALL_WELL = "Nhắc việc chạy bình thường."


@dataclass(frozen=True, slots=True)
class Morning:
    """What is known of a day at a moment (`at` in Hanoi's time).

    `untried` and `put_back` are mails that are late: nobody has taken them up, or the mail server
    did not take them and they wait for another try; `mails` is how many the day has.
    """

    at: datetime
    is_working_day: bool
    is_planned: bool
    mails: int
    untried: int
    put_back: int
    last_run_at: datetime | None


def run_of(on: date, zone: datetime) -> datetime:
    """When the day's run begins; `zone` is any moment in Hanoi's time."""
    return datetime.combine(on, RUN_AT, zone.tzinfo)


def late_before(at: datetime) -> datetime:
    """A mail written before this and still here is late: the morning's at 07:45, others after a
    quarter of an hour."""
    done_by = datetime.combine(at.date(), DONE_BY, at.tzinfo)
    return max(at - GRACE, done_by) if at >= done_by else at - GRACE


def alarms(morning: Morning) -> list[Alarm]:
    """The worst first; nothing when all is well. A day off owes no run, but its mails must go."""
    found = []
    clock = morning.at.time()
    if morning.is_working_day and clock >= DONE_BY and not morning.is_planned:
        found.append(Alarm.NOT_PLANNED)
    if morning.untried or morning.put_back * _ONE_IN > morning.mails:
        found.append(Alarm.NOT_SENT)
    if morning.is_working_day and RUN_AT <= clock < CLOSING and _is_still(morning):
        found.append(Alarm.STALLED)
    return found


def _is_still(morning: Morning) -> bool:
    last = morning.last_run_at
    return last is None or morning.at - last > SILENCE
