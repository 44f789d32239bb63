"""The office changes the rungs: what may hold, what is written, what the planner makes of it."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, transaction

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import PlaceEvent
from hanoi_programmes.reminders.forms import rows_of, rungs_in
from hanoi_programmes.reminders.models import Ladder, Reminder
from hanoi_programmes.reminders.policy import (
    DEFAULT,
    EVERYBODY,
    TEAM,
    Rung,
    may_hold,
    rung_from,
    rung_named,
)
from hanoi_programmes.reminders.services.ladder import CHANGED_SINCE, change_ladder, current_rungs
from hanoi_programmes.reminders.services.plan import plan
from hanoi_programmes.reminders.states import Audience, Subject
from tests import factories
from tests.conftest import TODAY, Cast, act, signed_in

FIVE_BEFORE = Rung(Subject.DEADLINE, -5, TEAM)


def change(cast: Cast, rungs: Sequence[Rung], **changes: object) -> Ladder:
    """The office saves a ladder."""
    seen = Ladder.objects.first()
    fields = {"note": "", "seen": seen.pk if seen else None} | changes
    return change_ladder(rungs, act=act(cast.office), **fields)  # type: ignore[arg-type]


def without(subject: Subject, offset: int) -> list[Rung]:
    """PRODUCT's table less one rung."""
    return [rung for rung in DEFAULT if (rung.subject, rung.offset) != (subject, offset)]


def weekly(audience: frozenset[Audience], repeats: int) -> Rung:
    """The last rung of the deadline's ladder, otherwise."""
    return Rung(Subject.DEADLINE, 7, audience, repeats, is_statutory=True)


def test_the_table_of_the_product_may_hold_and_is_what_holds_first(cast: Cast) -> None:
    assert may_hold(DEFAULT)
    assert current_rungs() == DEFAULT


def test_a_rung_is_read_as_it_was_written() -> None:
    assert tuple(rung_from(rung.as_json()) for rung in DEFAULT) == DEFAULT


def test_the_form_filled_from_a_ladder_says_the_same_ladder(cast: Cast) -> None:
    page = signed_in(cast.office).get("/rungs/edit/")
    sent: dict[str, object] = {}
    for _, part in page.context["rows"]:
        sent |= _fields(part)
    rows = rows_of(DEFAULT, sent)
    assert all(part.is_valid() for part in rows.values())
    assert set(rungs_in(rows)) == set(DEFAULT)


def _fields(part: object) -> dict[str, object]:
    """What a browser sends of untouched rows."""
    sent: dict[str, object] = {}
    for form in [part.management_form, *part.forms]:  # type: ignore[attr-defined]
        for bound in form:
            value = bound.value()
            if value is not None and not bound.field.disabled:
                sent[bound.html_name] = value
    return sent


@pytest.mark.parametrize(
    ("rungs", "reason"),
    [
        (without(Subject.DEADLINE, 3), "bắt buộc"),
        (
            [*without(Subject.DEADLINE, 7), Rung(Subject.DEADLINE, 7, TEAM, 7, is_statutory=True)],
            "bắt buộc",
        ),
        (
            [
                *without(Subject.DEADLINE, 7),
                Rung(Subject.DEADLINE, 7, EVERYBODY, 14, is_statutory=True),
            ],
            "thưa",
        ),
        ([*DEFAULT, Rung(Subject.DEADLINE, -7, TEAM)], "hai lần"),
        ([*DEFAULT, Rung(Subject.DEADLINE, -5, frozenset())], "chưa chọn nhắc ai"),
        ([*DEFAULT, Rung(Subject.UPDATE, -5, frozenset({Audience.VERIFIER}))], "không nhắc được"),
        ([*DEFAULT, *(Rung(Subject.DEADLINE, -n, TEAM) for n in range(40, 50))], "nhiều nhất"),
    ],
)
def test_what_may_not_hold(rungs: list[Rung], reason: str) -> None:
    assert reason in may_hold(rungs).reason


def test_a_wider_statutory_rung_may_hold() -> None:
    wider = Rung(Subject.DEADLINE, 1, EVERYBODY, 0, is_statutory=True)
    assert may_hold([*without(Subject.DEADLINE, 1), wider])


def test_repetitions_stand_on_their_rung() -> None:
    weekly = rung_named("after_21", DEFAULT)
    assert weekly
    assert weekly.offset == 7
    assert rung_named("after_22", DEFAULT) is None
    assert rung_named("before_5", DEFAULT) is None


def test_a_change_is_an_edition_with_one_event_and_holds_from_the_next_plan(cast: Cast) -> None:
    deadline = TODAY + timedelta(5)
    factories.make_task(cast.programme, cast.ward, deadline=deadline, last_report_on=TODAY)
    plan(on=TODAY, at=act(None).at)
    assert set(Reminder.objects.values_list("rung", flat=True)) == {"before_7"}
    change(cast, [*DEFAULT, FIVE_BEFORE], note="Theo ý kiến giao ban")
    event = PlaceEvent.objects.get(kind="ladder")
    assert (event.by, event.note) == (cast.office, "Theo ý kiến giao ban")
    told = ["", "Chuyên viên của đơn vị, Người đứng đầu đơn vị"]
    assert event.changes == {"Trước thời hạn 5 ngày": told}
    plan(on=TODAY, at=act(None).at)
    assert set(Reminder.objects.values_list("rung", flat=True)) == {"before_7", "before_5"}


def test_a_form_sent_twice_makes_one_edition(cast: Cast) -> None:
    key = uuid4()
    for _ in range(2):
        change_ladder(DEFAULT, note="", seen=None, act=act(cast.office, form_key=key))
    assert Ladder.objects.count() == PlaceEvent.objects.filter(kind="ladder").count() == 1


def test_who_saves_over_an_edition_that_came_meanwhile_is_told(cast: Cast) -> None:
    change(cast, [*DEFAULT, FIVE_BEFORE])
    with pytest.raises(Denied) as refusal:
        change(cast, DEFAULT, seen=None)
    assert refusal.value.reason == CHANGED_SINCE
    assert FIVE_BEFORE in current_rungs()


@pytest.mark.parametrize("role", ["leader", "head", "officer", "inspector", "administrator"])
def test_only_the_office_changes_rungs(cast: Cast, role: str) -> None:
    with pytest.raises(Denied, match="Văn phòng"):
        change_ladder(DEFAULT, note="", seen=None, act=act(getattr(cast, role)))


def test_editions_are_never_changed_nor_removed(cast: Cast) -> None:
    edition = change(cast, DEFAULT)
    refused = (InternalError, ProgrammingError, IntegrityError)
    with pytest.raises(refused), transaction.atomic():
        Ladder.objects.filter(pk=edition.pk).update(note="khác")
    with pytest.raises(refused), transaction.atomic():
        edition.delete()


# The pages


def sent(cast: Cast, **changes: object) -> dict[str, object]:
    """The office's form as it comes, with changes of its own."""
    page = signed_in(cast.office).get("/rungs/edit/")
    fields: dict[str, object] = {}
    for _, part in page.context["rows"]:
        fields |= _fields(part)
    form = page.context["form"]
    seen = form["seen"].value()
    fields |= {"form_key": form["form_key"].value(), "seen": seen or "", "note": ""}
    return fields | changes


# The blank row comes after the nine of PRODUCT's deadline ladder.
NEW = {"deadline-9-days": "5", "deadline-9-side": "before", "deadline-9-audience": ["head"]}


def test_a_preview_says_what_would_change_and_writes_nothing(cast: Cast) -> None:
    page = signed_in(cast.office).post("/rungs/edit/", sent(cast, preview="1", **NEW))
    assert page.status_code == 200
    assert "Nếu lưu: 30 ngày tới" in page.content.decode()
    assert not Ladder.objects.exists()


def test_saving_writes_the_edition_and_leads_back(cast: Cast) -> None:
    page = signed_in(cast.office).post("/rungs/edit/", sent(cast, save="1", **NEW), follow=True)
    assert "Đã lưu bộ nấc nhắc" in page.content.decode()
    assert Rung(Subject.DEADLINE, -5, frozenset({Audience.HEAD})) in current_rungs()
    assert "Trước thời hạn 5 ngày" in page.content.decode()


def test_a_row_that_is_dropped_goes(cast: Cast) -> None:
    # The first row is thirty days before.
    signed_in(cast.office).post("/rungs/edit/", sent(cast, save="1", **{"deadline-0-drop": "on"}))
    assert next(r.offset for r in current_rungs() if r.subject == Subject.DEADLINE) == -14


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"deadline-9-days": "5"}, "Chọn ít nhất một nơi nhận."),
        ({"deadline-9-days": "", "deadline-9-audience": ["head"]}, "Nhập số ngày"),
        ({"deadline-9-days": "500", "deadline-9-audience": ["head"]}, "không quá 90"),
        ({"deadline-9-days": "mai", "deadline-9-audience": ["head"]}, "Nhập"),
        (NEW | {"deadline-9-days": "7"}, "có hai lần"),
        ({"verify-1-days": "0", "verify-1-audience": ["office"]}, "từ 1 trở lên"),
        ({"deadline-TOTAL_FORMS": "900"}, ""),
        ({"deadline-TOTAL_FORMS": "x"}, ""),
    ],
)
def test_a_mistake_keeps_what_was_typed_and_says_what_to_do(
    cast: Cast, changes: dict[str, object], sentence: str
) -> None:
    page = signed_in(cast.office).post("/rungs/edit/", sent(cast, save="1", note="giữ", **changes))
    assert page.status_code == 422
    text = page.content.decode()
    assert sentence in text
    assert 'value="giữ"' in text
    assert not Ladder.objects.exists()


def test_a_tampered_statutory_row_stays_as_it_is(cast: Cast) -> None:
    """Its day is no field, and its people are not asked: whatever is sent, they stay."""
    changes = {"deadline-8-days": "60", "deadline-8-audience": [], "deadline-8-drop": "on"}
    signed_in(cast.office).post("/rungs/edit/", sent(cast, save="1", **changes))
    assert {r for r in DEFAULT if r.is_statutory} <= set(current_rungs())


def test_everybody_who_is_reminded_may_read_when(cast: Cast) -> None:
    page = signed_in(cast.ward_officer).get("/rungs/")
    assert page.status_code == 200
    assert "Quá thời hạn 3 ngày" in page.content.decode()
    assert "Sửa nấc nhắc" not in page.content.decode()
