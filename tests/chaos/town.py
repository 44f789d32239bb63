"""A ward with as many officers as a run needs mails."""

from uuid import uuid4

from django.db.models import Value
from django.db.models.functions import Concat
from django.utils.timezone import localdate, now

from hanoi_programmes.people.models import CalendarDay, User
from hanoi_programmes.reminders.models import Mail
from hanoi_programmes.reminders.services.plan import plan
from hanoi_programmes.reminders.states import MailKind
from tests import factories


def settle_people(number: int) -> list[str]:
    """The addresses of those who will be told."""
    city = factories.make_unit("UBND", level="city")
    ward = factories.make_ward("00001", parent=city, name="Phường Láng")
    officers = factories.make_users(ward, range(number))
    User.objects.filter(unit=ward).update(email=Concat("username", Value("@thudo.example")))
    today = localdate()
    # By the wall clock: a worker has no other. Today is worked on, whatever day it is.
    CalendarDay.objects.get_or_create(
        day=today, defaults={"is_working": True, "name": "Ngày làm việc"}
    )
    programme = factories.make_programme()
    factories.make_task(programme, ward, deadline=today, last_report_on=today)
    return [f"{one.username}@thudo.example" for one in officers]


def plan_mails(number: int) -> list[str]:
    """So many digests wait, as the planner writes them; their addresses."""
    addresses = settle_people(number)
    plan(on=localdate(), at=now())
    assert Mail.objects.due().count() == number
    return addresses


def write_mails(number: int) -> list[str]:
    """So many short mails wait: the same way out of the house, and a fourth of the work."""
    addresses = settle_people(number)
    readers = User.objects.filter(email__in=addresses).order_by("pk")
    Mail.objects.bulk_create(
        Mail(
            recipient=reader,
            kind=MailKind.ALARM,
            on=localdate(),
            dedup_key=f"chaos:{reader.pk}",
            message_id=f"<{uuid4().hex}@thudo.example>",
            subject="Thử gửi",
            text="Thư thử máy gửi.",
        )
        for reader in readers
    )
    return addresses
