"""How a person wants the mails: kept, told, refused where it would switch all off."""

from datetime import date, timedelta
from html import unescape
from typing import cast as typed
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.utils.timezone import localdate

from hanoi_programmes.people.models import PlaceEvent, User
from hanoi_programmes.reminders.models import Preference
from hanoi_programmes.reminders.policy import next_mail_day
from tests.conftest import Cast, signed_in

ADDRESS = "/notices/preferences/"
# A Friday.
FRIDAY = date(2026, 11, 27)
DAY = timedelta(days=1)


def send(user: User, **fields: object) -> HttpResponse:
    """The form, as the page sends it."""
    data = {"form_key": str(uuid4()), "delivery": "digest"} | fields
    return typed("HttpResponse", signed_in(user).post(ADDRESS, data))


def test_the_page_says_what_cannot_be_switched_off_and_when_the_next_mail_comes(cast: Cast) -> None:
    page = unescape(signed_in(cast.ward_officer).get(ADDRESS).content.decode())
    assert "Phần không tắt được" in page
    assert "Thông báo trong phần mềm luôn có" in page
    assert "Thư nhắc gần nhất có thể đến" in page
    assert cast.ward_officer.email in page


def test_a_choice_is_kept_and_told_in_the_history(cast: Cast) -> None:
    user, first = cast.ward_officer, localdate()
    response = send(
        user, delivery="single", quiet_weekdays=["4", "0"], quiet_from=str(first),
        quiet_until=str(first + 9 * DAY),
    )  # fmt: skip
    assert response.status_code == 302
    kept = Preference.objects.get(user=user)
    assert (kept.delivery, kept.quiet_weekdays) == ("single", [0, 4])
    assert (kept.quiet_from, kept.quiet_until) == (first, first + 9 * DAY)
    event = PlaceEvent.objects.get(account=user)
    assert (event.by, event.told) == (user, "Đổi cách nhận thư nhắc việc")
    assert event.changes["quiet_weekdays"] == ["", "Thứ Hai, Thứ Sáu"]


def test_a_form_sent_twice_and_a_choice_that_changes_nothing_write_nothing(cast: Cast) -> None:
    key = str(uuid4())
    for _ in range(2):
        assert send(cast.ward_officer, form_key=key, delivery="single").status_code == 302
    send(cast.ward_officer, delivery="single")
    assert PlaceEvent.objects.filter(account=cast.ward_officer).count() == 1


def test_nobody_changes_what_another_chose(cast: Cast) -> None:
    send(cast.ward_officer, delivery="single")
    send(cast.ward_head, quiet_weekdays=["1"])
    assert Preference.objects.get(user=cast.ward_officer).quiet_weekdays == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"quiet_weekdays": list("01234")}, "Để lại ít nhất một ngày"),
        ({"quiet_from": "2026-12-01"}, "Nhập cả ngày đầu và ngày cuối"),
        ({"quiet_until": "2026-12-01"}, "Nhập cả ngày đầu và ngày cuối"),
        ({"quiet_from": "2026-12-02", "quiet_until": "2026-12-01"}, "trở đi"),
        ({"quiet_from": "2026-12-02", "quiet_until": "2027-12-01"}, "Tối đa ba tháng"),
        ({"quiet_weekdays": ["9"]}, "Lựa chọn"),
        ({"delivery": "never"}, "Lựa chọn"),
    ],
)
def test_what_would_switch_all_off_or_makes_no_sense_is_refused(
    cast: Cast, fields: dict[str, object], said: str
) -> None:
    response = send(cast.ward_officer, **fields)
    assert response.status_code == 422
    assert said in unescape(response.content.decode())
    assert not Preference.objects.exists()


# The database's own word


@pytest.mark.parametrize("ends", [(FRIDAY, None), (None, FRIDAY), (FRIDAY, FRIDAY - DAY)])
def test_the_database_wants_both_ends_of_an_absence(
    cast: Cast, ends: tuple[date | None, date | None]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Preference.objects.create(user=cast.ward_officer, quiet_from=ends[0], quiet_until=ends[1])


# The next mail


@pytest.mark.parametrize(
    ("changes", "exceptions", "day"),
    [
        ({}, {}, FRIDAY + 3 * DAY),
        ({}, {FRIDAY + 3 * DAY: False}, FRIDAY + 4 * DAY),
        ({}, {FRIDAY + DAY: True}, FRIDAY + DAY),
        ({"quiet_weekdays": [0, 1]}, {}, FRIDAY + 5 * DAY),
        ({"quiet_from": FRIDAY, "quiet_until": FRIDAY + 10 * DAY}, {}, FRIDAY + 11 * DAY),
        ({"quiet_weekdays": [0, 1, 2, 3, 4]}, {}, None),
    ],
)
def test_the_next_mail_comes_on_the_next_working_day_that_is_not_quiet(
    changes: dict[str, object], exceptions: dict[date, bool], day: date | None
) -> None:
    assert next_mail_day(Preference(**changes), FRIDAY, exceptions) == day
