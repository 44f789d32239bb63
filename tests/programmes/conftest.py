"""What tests of pages share: tasks placed by distance from the day that views see, and forms."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.timezone import localdate

from hanoi_programmes.people.models import UnitGroup, User
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.services.plans import values_of
from tests import factories
from tests.conftest import TODAY, Cast, signed_in
from tests.programmes.fan_out import DUE

DAY = timedelta(days=1)
# A sentence that nobody wants to type twice, and what no text may hold.
TYPED = "Đã rà soát 14 tổ dân phố, còn 2 tổ chưa nộp danh sách."
NUL = "a\0b"


@pytest.fixture
def clock() -> date:
    """The day that views see; tests of pages count from it."""
    return localdate()


@pytest.fixture
def city_task(cast: Cast, clock: date) -> Task:
    """The department's task, above the ward's."""
    return factories.make_task(
        cast.programme, cast.department, issued_on=clock - 30 * DAY, deadline=clock + 30 * DAY
    )


@pytest.fixture
def ward_task(cast: Cast, clock: date, city_task: Task) -> Task:
    """The ward's task: in progress, 30 days old, ten days left."""
    return factories.make_task(
        cast.programme, cast.ward, parent=city_task, issued_on=clock - 30 * DAY,
        deadline=clock + 10 * DAY, text="Lập hồ sơ sức khỏe cho người cao tuổi",
    )  # fmt: skip


@pytest.fixture
def page(cast: Cast, ward_task: Task) -> tuple[Client, str]:
    """The officer's browser on the update form."""
    return signed_in(cast.ward_officer), f"/tasks/{ward_task.pk}/report/"


def update_form(**fields: Any) -> dict[str, Any]:
    """What the update form sends."""
    return {"form_key": str(uuid4()), "situation": "doing"} | fields


def move_form(task: Task, **fields: Any) -> dict[str, Any]:
    """What the form of a move sends."""
    return {"form_key": str(uuid4()), "version": task.version} | fields


def text_of(response: Any) -> str:  # noqa: ANN401 - Django's test response has no public type
    """The answer as a reader sees it, on one line."""
    return re.sub(r"\s+", " ", unescape(response.content.decode()))


@pytest.fixture
def parent(cast: Cast) -> Task:
    """The department's task, taken on."""
    return factories.make_task(
        cast.programme, cast.department, code="72-4.3", deadline=DUE, issued_on=TODAY - 30 * DAY
    )


@pytest.fixture
def group(cast: Cast) -> UnitGroup:
    """All governments of wards and communes."""
    return UnitGroup.objects.create(
        key="ubnd-xa", name="UBND các xã, phường", axis=cast.ward.axis, level="commune"
    )


@pytest.fixture
def other_head(cast: Cast) -> User:
    """The other ward has a head too, so that both can be given tasks."""
    return factories.make_head("other_head", cast.other_ward)


@pytest.fixture
def draft(cast: Cast) -> Task:
    """A draft of the department."""
    return factories.make_task(
        cast.programme, cast.department, state="draft", issued_on=None,
        deadline_text="31/12/2026",
    )  # fmt: skip


def plan(cast: Cast, **changes: Any) -> dict[str, Any]:
    """All values of a new task."""
    return values_of(Task(programme=cast.programme)) | {
        "task_group": cast.programme.groups.get().pk,
        "text": "Lập hồ sơ sức khỏe",
        "deadline_text": "Quý IV/2026",
        "lead_unit": cast.department.pk,
        "product": "Báo cáo",
        "authority": "UBND Thành phố",
    } | changes  # fmt: skip
