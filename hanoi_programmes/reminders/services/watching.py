"""Sounds the alarm: a notice and a mail to each administrator, once a day however often asked."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from hanoi_programmes.people.models import User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.reminders.models import Mail, Notice
from hanoi_programmes.reminders.rules.alarm import Alarm, alarms
from hanoi_programmes.reminders.services.health import morning_of
from hanoi_programmes.reminders.services.mailing import message_id
from hanoi_programmes.reminders.states import MailKind, Urgency

HEADLINE = "Nhắc việc cần kiểm tra ngay"


@transaction.atomic
def watch(*, at: datetime) -> int:
    """Tell the administrators what is wrong at a moment in Hanoi's time; how many mails wait."""
    found = alarms(morning_of(at))
    if not found:
        return 0
    people = User.objects.filter(is_active=True, role=Role.ADMINISTRATOR).order_by("pk")
    # Locked, so that two who watch at once do not both find nobody told yet.
    keepers = list(people.select_for_update(no_key=True))
    _ring(keepers, found, at)
    return _write(keepers, found, at)


def _ring(keepers: list[User], found: list[Alarm], at: datetime) -> None:
    today = Notice.objects.filter(on=at.date(), headline=HEADLINE, recipient__in=keepers)
    told = set(today.values_list("recipient_id", flat=True))
    Notice.objects.bulk_create(
        Notice(
            recipient=keeper,
            at=at,
            on=at.date(),
            kind=Urgency.OVERDUE,
            headline=HEADLINE,
            text=" ".join(alarm.label for alarm in found),
        )
        for keeper in keepers
        if keeper.pk not in told
    )


def _write(keepers: list[User], found: list[Alarm], at: datetime) -> int:
    keys = {f"alarm:{keeper.pk}:{at.date()}": keeper for keeper in keepers if keeper.email}
    Mail.objects.bulk_create(
        [
            Mail(
                recipient=keeper,
                kind=MailKind.ALARM,
                on=at.date(),
                dedup_key=key,
                message_id=message_id(),
                subject=HEADLINE,
                text=_text(found, at),
            )
            for key, keeper in keys.items()
        ],
        ignore_conflicts=True,
    )
    return Mail.objects.due().filter(dedup_key__in=keys).count()


def _text(found: list[Alarm], at: datetime) -> str:
    page = f"{settings.SITE_URL}{reverse('reminders:system')}"
    lines = "\n".join(f"- {alarm.label}" for alarm in found)
    return f"Lúc {at:%H:%M} ngày {at:%d/%m/%Y}:\n\n{lines}\n\nXem và xử lý: {page}"
