"""The pages of the calendar: a year at a glance, and changes that are previewed first."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils.timezone import localdate

from hanoi_programmes.lib.dates import is_working_day
from hanoi_programmes.people.models import CalendarDay, PlaceEvent
from hanoi_programmes.people.rules import calendar_exceptions
from hanoi_programmes.reminders.services.calendar import foresee_calendar
from tests import factories
from tests.conftest import TODAY, Cast, signed_in
from tests.programmes.conftest import text_of
from tests.programmes.test_bad_addresses import HOSTILE
from tests.stored import stored

DAY = timedelta(days=1)


def coming(weekday: int) -> date:
    """The first such day of the week at least a week from now, nothing in the calendar yet."""
    start = localdate() + 7 * DAY
    return start + (weekday - start.weekday()) % 7 * DAY


def form_of(day: date, kind: str = "off", **more: Any) -> dict[str, Any]:
    """What a browser sends."""
    return {
        "form_key": uuid4(),
        "day": day.isoformat(),
        "kind": kind,
        "name": "Nghỉ hoán đổi",
        "source": "Thông báo 01/TB (minh họa)",
        **more,
    }


def saving(day: date, kind: str = "off", **more: Any) -> dict[str, Any]:
    """The same after its preview."""
    return form_of(day, kind, previewed=f"{day} {kind}", save="1", **more)


# The year


def test_a_year_shows_months_exceptions_and_today(cast: Cast) -> None:
    today = localdate()
    CalendarDay.objects.create(day=date(today.year, 1, 1), is_working=False, name="Tết Dương lịch")
    page = signed_in(cast.ward_officer).get("/working-days/")
    shown = text_of(page)
    assert f"Lịch làm việc năm {today.year}" in shown
    assert shown.count("<caption>") == 12
    assert ", nghỉ: Tết Dương lịch" in shown
    assert shown.count(", hôm nay") == 1
    assert "Chưa rõ" in shown or "chưa rõ" in shown
    # Who only reads is offered nothing to change.
    assert "/working-days/day/" not in shown
    assert "theo đề xuất" not in shown


def test_the_months_count_their_working_days(cast: Cast) -> None:
    CalendarDay.objects.create(day=date(2026, 11, 24), is_working=False, name="Ngày Văn hóa")
    CalendarDay.objects.create(day=date(2026, 11, 28), is_working=True, name="Làm bù")
    CalendarDay.objects.create(day=date(2026, 11, 20), is_working=False, name="Nghỉ")
    months = signed_in(cast.office).get("/working-days/?year=2026").context["months"]
    assert [month.working_days for month in months] == [
        22,
        20,
        22,
        22,
        21,
        22,
        23,
        21,
        22,
        22,
        20,
        23,
    ]
    cells = [cell for week in months[10].weeks for cell in week if cell.day]
    assert [cell.day.day for cell in cells] == list(range(1, 31))
    assert all(len(week) == 7 for month in months for week in month.weeks)


@pytest.mark.parametrize("year", ["1999", "2999", "x", *HOSTILE])
def test_a_year_that_is_not_kept_is_this_one(cast: Cast, year: str) -> None:
    page = signed_in(cast.office).get("/working-days/", {"year": year})
    assert page.context["year"] == localdate().year


def test_years_are_walked_to_their_ends(cast: Cast) -> None:
    first, last = localdate().year - 3, localdate().year + 5
    client = signed_in(cast.office)
    assert client.get(f"/working-days/?year={first}").context["before"] is None
    assert client.get(f"/working-days/?year={last}").context["after"] is None
    assert f"?year={last - 1}" in text_of(client.get(f"/working-days/?year={last}"))


# A day


@pytest.mark.parametrize("name", ["office", "administrator"])
def test_a_day_is_previewed_and_then_written(cast: Cast, name: str) -> None:
    client, day = signed_in(getattr(cast, name)), coming(2)
    factories.make_task(cast.programme, cast.ward, deadline=day)
    before = stored()
    preview = client.post("/working-days/day/", form_of(day))
    shown = text_of(preview)
    assert stored() == before
    assert preview.status_code == 200
    # The deadline's own rung moves off the day that will be free.
    changed = {row.on: (row.before, row.after) for row in preview.context["preview"].days
               if row.is_changed}  # fmt: skip
    assert changed[day] == (1, 0)
    assert "có số việc được nhắc khác đi" in shown
    assert "Nghỉ hoán đổi" in shown
    done = client.post("/working-days/day/", saving(day))
    assert done["Location"] == f"/working-days/?year={day.year}"
    assert calendar_exceptions(day, day) == {day: False}
    assert "Đã ghi ngày" in text_of(client.get(done["Location"]))


def test_what_was_not_previewed_is_not_written(cast: Cast) -> None:
    """The day was changed in the form after the preview: it is previewed again."""
    day, other = coming(2), coming(3)
    sent = saving(day) | {"day": other.isoformat()}
    answer = signed_in(cast.office).post("/working-days/day/", sent)
    assert answer.status_code == 200
    assert answer.context["stamp"] == f"{other} off"
    assert not CalendarDay.objects.exists()


def test_a_form_sent_twice_writes_one_event(cast: Cast) -> None:
    client, sent = signed_in(cast.office), saving(coming(2))
    assert [client.post("/working-days/day/", sent).status_code for _ in range(2)] == [302, 302]
    assert PlaceEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("weekday", "kind", "sentence"),
    [(2, "working", "vốn là ngày làm việc"), (5, "off", "vốn là ngày nghỉ cuối tuần")],
)
def test_an_ordinary_day_is_refused_and_the_form_kept(
    cast: Cast, weekday: int, kind: str, sentence: str
) -> None:
    for sent in (form_of(coming(weekday), kind), saving(coming(weekday), kind)):
        answer = signed_in(cast.office).post("/working-days/day/", sent)
        shown = text_of(answer)
        assert answer.status_code == 422
        assert sentence in shown
        assert "Thông báo 01/TB (minh họa)" in shown
    assert not CalendarDay.objects.exists()


def test_a_past_day_needs_a_reason(cast: Cast) -> None:
    client = signed_in(cast.office)
    day = next(d for n in range(1, 5) if is_working_day(d := localdate() - n * DAY, {}))
    answer = client.post("/working-days/day/", saving(day))
    assert answer.status_code == 422
    assert "đã qua" in text_of(answer)
    assert client.post("/working-days/day/", saving(day, reason="ghi sót")).status_code == 302


@pytest.mark.parametrize("day", ["", "31/02/2027", *HOSTILE])
def test_bad_days_are_told_in_the_form(cast: Cast, day: str) -> None:
    client = signed_in(cast.office)
    sent = form_of(coming(2)) | {"day": day}
    assert client.post("/working-days/day/", sent).status_code == 422
    assert client.get("/working-days/day/", {"day": day}).status_code == 200


def test_a_standing_day_fills_its_form_and_an_unchecked_basis_is_asked_anew(cast: Cast) -> None:
    day = coming(2)
    CalendarDay.objects.create(
        day=day, is_working=False, name="Tết", source="thư viện", confidence="recalled"
    )
    shown = text_of(signed_in(cast.office).get(f"/working-days/day/?day={day}"))
    assert 'value="Tết"' in shown
    assert 'value="thư viện"' not in shown
    assert "Ghi lại thì thay nội dung này" in shown


# Taking one out


def test_a_day_is_taken_out_after_a_look(cast: Cast) -> None:
    client, day = signed_in(cast.office), coming(2)
    address = f"/working-days/{day}/remove/"
    assert client.get(address).status_code == 404
    CalendarDay.objects.create(day=day, is_working=False, name="Nghỉ")
    factories.make_task(cast.programme, cast.ward, deadline=day)
    page = client.get(address)
    rows = {row.on: (row.before, row.after) for row in page.context["preview"].days}
    assert rows[day] == (0, 1)
    sent = {"form_key": uuid4()}
    assert [client.post(address, sent).status_code for _ in range(2)] == [302, 302]
    assert not CalendarDay.objects.exists()
    assert PlaceEvent.objects.count() == 1
    assert client.post(address, {"form_key": uuid4()}).status_code == 404


def test_a_past_day_is_taken_out_for_a_reason(cast: Cast) -> None:
    client, day = signed_in(cast.office), localdate() - 9 * DAY
    CalendarDay.objects.create(day=day, is_working=False, name="Nghỉ")
    address = f"/working-days/{day}/remove/"
    assert "Lý do" in text_of(client.get(address))
    refused = client.post(address, {"form_key": uuid4()})
    assert refused.status_code == 422
    assert "Nêu lý do" in text_of(refused)
    assert client.post(address, {"form_key": uuid4(), "reason": "sai"}).status_code == 302


@pytest.mark.parametrize("day", ["2027-13-45", "x", "2027-02-30"])
def test_what_is_no_day_does_not_exist(cast: Cast, day: str) -> None:
    assert signed_in(cast.office).get(f"/working-days/{day}/remove/").status_code == 404


# Proposals


def take(cast: Cast, year: int, **sent: Any) -> Any:  # noqa: ANN401 - the test client's answer
    """Send the form of proposals."""
    address = f"/working-days/proposals/?year={year}"
    return signed_in(cast.office).post(address, {"form_key": uuid4(), **sent})


def test_proposals_are_ticked_previewed_and_taken_with_their_source(cast: Cast) -> None:
    year = localdate().year + 1
    client = signed_in(cast.office)
    assert "theo đề xuất" in text_of(client.get(f"/working-days/?year={year}"))
    page = client.get(f"/working-days/proposals/?year={year}")
    form = page.context["form"]
    # What the yearly announcement decides is left for the office to tick.
    assert form.ticked
    assert all(p.foretold.is_settled for p in page.context["proposals"]
               if p.foretold.day in form.ticked)  # fmt: skip
    days = sorted(str(day) for day in form.ticked)[:3]
    preview = take(cast, year, days=days)
    assert preview.context["stamp"] == " ".join(days)
    assert preview.context["form"].ticked == {date.fromisoformat(day) for day in days}
    assert not CalendarDay.objects.exists()
    done = take(cast, year, days=days, previewed=" ".join(days), save="1")
    assert done.status_code == 302
    assert CalendarDay.objects.count() == 3
    one = CalendarDay.objects.all()[0]
    assert one.source.startswith("thư viện holidays 0.")
    assert one.source.endswith("chưa có thông báo chính thức")
    assert one.confidence == "recalled"
    assert PlaceEvent.objects.get().kind == "calendar-add"


def test_days_that_are_there_already_are_shown_and_not_offered(cast: Cast) -> None:
    year = localdate().year + 1
    day = next(p for p in _proposals(cast, year) if p.is_open).foretold.day
    CalendarDay.objects.create(day=day, is_working=False, name="Theo thông báo")
    extra = coming(3)
    CalendarDay.objects.create(day=extra, is_working=False, name="Ngày riêng")
    page = text_of(signed_in(cast.office).get(f"/working-days/proposals/?year={year}"))
    assert "Đã có trong lịch: Theo thông báo" in page
    assert f'value="{day}"' not in page
    assert take(cast, year, days=[str(day)]).status_code == 422
    own = text_of(signed_in(cast.office).get(f"/working-days/proposals/?year={extra.year}"))
    assert "Ngày riêng" in own


def _proposals(cast: Cast, year: int) -> list[Any]:
    page = signed_in(cast.office).get(f"/working-days/proposals/?year={year}")
    found: list[Any] = page.context["proposals"]
    return found


def test_nothing_chosen_and_days_of_nobody_are_refused(cast: Cast) -> None:
    year = localdate().year + 1
    for days in ([], [f"{year}-03-03"], ["x"]):
        answer = take(cast, year, days=days, previewed="", save="1")
        assert answer.status_code == 422
    assert not CalendarDay.objects.exists()


# What the preview says


def test_a_day_far_ahead_is_looked_at_from_near(cast: Cast) -> None:
    day = date(2027, 9, 3)
    task = factories.make_task(cast.programme, cast.ward, deadline=day)
    assert task.deadline == day
    seen = foresee_calendar({day: False}, on=TODAY)
    assert seen.after == day - 8 * DAY
    rows = {row.on: row for row in seen.days}
    assert (rows[day].before, rows[day].after) == (1, 0)
    assert rows[day].is_changed
    assert not seen.is_long


def test_a_whole_year_shows_only_what_differs(cast: Cast) -> None:
    factories.make_task(cast.programme, cast.ward, deadline=date(2027, 6, 1))
    seen = foresee_calendar({date(2027, 1, 1): False, date(2027, 11, 24): False}, on=TODAY)
    assert seen.is_long
    assert all(row.is_changed for row in seen.days)


def test_a_change_that_moves_nothing_says_so(cast: Cast) -> None:
    seen = foresee_calendar({date(2026, 12, 31): False}, on=TODAY)
    assert seen.different == 0
