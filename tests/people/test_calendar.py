"""Keeping the working-day calendar: who may, what may stand in it, and what a reload leaves."""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from django.db import connections

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import CalendarDay, PlaceEvent, User
from hanoi_programmes.people.roles import Confidence
from hanoi_programmes.people.rules import calendar_exceptions
from hanoi_programmes.people.services.calendar import DayEntry, add_days, remove_day, set_day
from hanoi_programmes.people.services.history import Act
from hanoi_programmes.people.services.reference import load_organisations
from hanoi_programmes.programmes.services.inspection import KINDS
from tests.conftest import TODAY, Cast, act
from tests.stored import stored

DAY = timedelta(days=1)
# A Thursday and a Saturday to come, and a Friday that is over.
THURSDAY, SATURDAY, FRIDAY = date(2026, 12, 31), date(2027, 1, 9), date(2026, 11, 13)


def off(day: date = THURSDAY, name: str = "Nghỉ hoán đổi") -> DayEntry:
    return DayEntry(day, is_working=False, name=name, source="Thông báo 01/TB (minh họa)")


def test_a_day_off_and_its_make_up_day_are_written_with_their_events(cast: Cast) -> None:
    set_day(off(), act=act(cast.office))
    made_up = DayEntry(SATURDAY, is_working=True, name="Làm bù", source="Thông báo 01/TB")
    set_day(made_up, act=act(cast.administrator))
    assert calendar_exceptions(THURSDAY, SATURDAY) == {THURSDAY: False, SATURDAY: True}
    day = CalendarDay.objects.get(day=THURSDAY)
    assert (day.name, day.confidence) == ("Nghỉ hoán đổi", Confidence.CONFIRMED)
    second, first = PlaceEvent.objects.all()
    assert first.told == "Lịch làm việc: 31/12/2026 là ngày nghỉ (Nghỉ hoán đổi)"
    assert first.note == "Căn cứ: Thông báo 01/TB (minh họa)"
    assert first.changes == {"2026-12-31": ["như thường lệ", "ngày nghỉ (Nghỉ hoán đổi)"]}
    assert (first.unit, first.area, first.account, first.by) == (None, None, None, cast.office)
    assert second.told.endswith("09/01/2027 là ngày làm việc (Làm bù)")


def test_a_day_is_renamed_in_place(cast: Cast) -> None:
    set_day(off(), act=act(cast.office))
    set_day(off(name="Nghỉ Tết Dương lịch"), act=act(cast.office))
    assert CalendarDay.objects.get().name == "Nghỉ Tết Dương lịch"
    assert PlaceEvent.objects.all()[0].changes["2026-12-31"] == [
        "ngày nghỉ (Nghỉ hoán đổi)", "ngày nghỉ (Nghỉ Tết Dương lịch)",
    ]  # fmt: skip


def test_a_day_is_taken_out_and_told(cast: Cast) -> None:
    set_day(off(), act=act(cast.office))
    remove_day(THURSDAY, act=act(cast.office))
    assert not CalendarDay.objects.exists()
    assert PlaceEvent.objects.all()[0].kind == "calendar-remove"
    with pytest.raises(Denied, match="không còn trong lịch"):
        remove_day(THURSDAY, act=act(cast.office))


Write = Callable[[Act], object]
WRITES: dict[str, Write] = {
    "set": lambda given: set_day(off(), act=given),
    "add": lambda given: add_days([off(), off(THURSDAY - DAY)], act=given),
    "remove": lambda given: remove_day(date(2026, 11, 24), act=given),
}


@pytest.mark.parametrize("name", WRITES)
def test_only_the_office_and_the_administrator_keep_it(cast: Cast, name: str) -> None:
    CalendarDay.objects.create(day=date(2026, 11, 24), is_working=False, name="Nghỉ")
    before = stored()
    others = (cast.ward_officer, cast.ward_head, cast.head, cast.leader, cast.inspector)
    for user in others:
        with pytest.raises(Denied, match="do Văn phòng Thành ủy và quản trị hệ thống sửa"):
            WRITES[name](act(user))
    assert stored() == before


@pytest.mark.parametrize("name", WRITES)
def test_a_form_sent_twice_writes_once(cast: Cast, name: str) -> None:
    CalendarDay.objects.create(day=date(2026, 11, 24), is_working=False, name="Nghỉ")
    given = act(cast.office, form_key=uuid4())
    WRITES[name](given)
    before = stored()
    WRITES[name](given)
    assert stored() == before
    assert PlaceEvent.objects.get().kind in KINDS


REFUSED = {
    "a working day as a working day": (THURSDAY, True, "Thứ Năm, 31/12/2026 vốn là ngày làm việc"),
    "a weekend as a day off": (SATURDAY, False, "Thứ Bảy, 09/01/2027 vốn là ngày nghỉ cuối tuần"),
    "a slip of the year": (date(2206, 12, 31), False, "Chọn ngày trong các năm 2023 đến 2031"),
    "a day that is over": (FRIDAY, False, "Nêu lý do sửa lịch của ngày đã qua"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_exception_is_refused_in_a_sentence(cast: Cast, case: str) -> None:
    day, is_working, sentence = REFUSED[case]
    before = stored()
    with pytest.raises(Denied, match=sentence):
        set_day(DayEntry(day, is_working, "Tên", "Căn cứ"), act=act(cast.office))
    assert stored() == before


def test_a_past_day_is_changed_for_a_reason_that_the_history_keeps(cast: Cast) -> None:
    set_day(off(FRIDAY), reason="ghi sót", act=act(cast.office))
    with pytest.raises(Denied, match="Nêu lý do"):
        remove_day(FRIDAY, reason="  ", act=act(cast.office))
    remove_day(FRIDAY, reason="ghi nhầm", act=act(cast.office))
    assert [event.note for event in PlaceEvent.objects.all()] == [
        "ghi nhầm", "Căn cứ: Thông báo 01/TB (minh họa). Lý do: ghi sót",
    ]  # fmt: skip
    set_day(off(TODAY), act=act(cast.office))


def test_proposals_come_in_one_event_and_leave_what_stands(cast: Cast) -> None:
    set_day(off(name="Theo thông báo"), act=act(cast.office))
    entries = [off(), off(THURSDAY - DAY), off(THURSDAY - 2 * DAY)]
    assert add_days(entries, act=act(cast.office)) == 2
    assert CalendarDay.objects.get(day=THURSDAY).name == "Theo thông báo"
    event = PlaceEvent.objects.get(kind="calendar-add")
    assert set(event.changes) == {"2026-12-30", "2026-12-29"}
    assert event.told == "Lịch làm việc: nhận 2 ngày đề xuất (30/12/2026, 29/12/2026)"
    with pytest.raises(Denied, match="đều có trong lịch rồi"):
        add_days(entries, act=act(cast.office))


def test_a_refused_proposal_brings_none_in(cast: Cast) -> None:
    before = stored()
    with pytest.raises(Denied):
        add_days([off(), off(SATURDAY)], act=act(cast.office))
    assert stored() == before


def test_reference_data_leaves_what_was_decided_by_hand(db: None, cast: Cast) -> None:
    """Changed, taken out or taken over: the data files no longer speak of these days."""
    load_organisations()
    national, culture, new = date(2027, 9, 3), date(2026, 11, 24), date(2027, 2, 4)
    set_day(off(national, "Theo thông báo"), act=act(cast.office))
    remove_day(culture, act=act(cast.office))
    add_days([off(new)], act=act(cast.office))
    kept = set(CalendarDay.objects.values_list("day", "name", "source", "confidence"))
    CalendarDay.objects.filter(day=date(2027, 9, 2)).update(name="sửa trong cơ sở dữ liệu")
    load_organisations()
    found = set(CalendarDay.objects.values_list("day", "name", "source", "confidence"))
    # What nobody decided is loaded again, as before.
    assert found == kept
    assert not CalendarDay.objects.filter(day=culture).exists()
    assert CalendarDay.objects.get(day=national).name == "Theo thông báo"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", [None, uuid4()], ids=["two forms", "one form twice"])
def test_two_at_once_write_one_after_the_other(cast: Cast, key: UUID | None) -> None:
    start, refused = Barrier(2), []

    def write(user: User) -> None:
        start.wait()
        try:
            set_day(off(), act=act(user, form_key=key))
        except Denied as refusal:
            refused.append(refusal.reason)
        finally:
            connections.close_all()

    threads = [Thread(target=write, args=[user]) for user in (cast.office, cast.administrator)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert refused == []
    assert CalendarDay.objects.filter(day=THURSDAY).count() == 1
    assert PlaceEvent.objects.count() == (1 if key else 2)
