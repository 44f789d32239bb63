"""One of everything that an address may name: the world of the access matrix."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils.timezone import localdate, now

from hanoi_programmes.people.models import Holding, User
from hanoi_programmes.programmes.models import Cascade, Handover, Task
from hanoi_programmes.reminders.models import Notice, Urging
from hanoi_programmes.reminders.services.urging import Wish, urge
from hanoi_programmes.reports.models import Report
from tests import factories, uploads
from tests.conftest import Cast, act, signed_in
from tests.contested import make_contest
from tests.frozen import make_letter, make_report

# A column of the matrix and the member of the cast, where they are not called the same.
CASTING = {"officer": "ward_officer", "head": "ward_head"}


@dataclass(frozen=True)
class World:
    """One of everything that an address may name."""

    cast: Cast
    task: Task
    new_task: Task
    submitted: Task
    evidence: int
    asked: dict[str, int]
    notice: Notice
    urging: Urging
    waiting: Report
    cancelled: Report
    done: Report
    letter: Report
    cascade: Cascade
    handover: Handover
    left: Holding

    def client(self, person: str) -> Client:
        """The browser of a column of the matrix."""
        if person == "anonymous":
            return Client()
        user: User = getattr(self.cast, CASTING.get(person, person))
        return signed_in(user)


@pytest.fixture
def world(cast: Cast) -> World:
    """The ward's tasks, its officer's notice and reports."""
    today = localdate()
    month = timedelta(days=30)
    dates = {"issued_on": today - month, "deadline": today + month}
    task = factories.make_task(cast.programme, cast.ward, **dates)
    new_task = factories.make_task(cast.programme, cast.ward, state="assigned", **dates)
    submitted = factories.make_task(
        cast.programme, cast.ward, state="awaiting", submitted_on=today,
        submitted_by=cast.ward_officer, **dates,
    )  # fmt: skip
    make_contest(cast.ward, cast.ward_officer, today)
    evidence = factories.make_file(factories.make_report(task, cast.ward_officer, today))
    evidence.file.save("evidence/00/1", ContentFile(uploads.PDF))
    return World(
        cast,
        task,
        new_task,
        submitted,
        evidence.pk,
        factories.make_questions(task, new_task, cast.leader, today),
        Notice.objects.create(
            recipient=cast.ward_officer, at=now(), on=today, kind="soon", headline="Còn 3 ngày",
            text="Nhiệm vụ", task=task,
        ),
        urge([task], Wish("Làm ngay"), act=act(cast.office, on=today)),
        make_report(cast.ward_officer, key=1),
        make_report(cast.ward_officer, key=2, state="cancelled"),
        make_report(cast.ward_officer, key=3, state="done"),
        make_letter(cast.office, cast.ward),
        Cascade.objects.create(parent=task, at=now(), on=today, size=0),
        factories.make_handover(cast.ward, cast.ward_officer, date(2026, 1, 1)),
        factories.make_left_holding(cast.ward, cast.ward_officer, date(2025, 1, 1)),
    )  # fmt: skip
