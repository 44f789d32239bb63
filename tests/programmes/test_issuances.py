"""Units' own plans: who may write them down, once, with what is refused; lines pasted; counts."""

from collections import Counter
from datetime import date, timedelta
from uuid import uuid4

import pytest

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import PlaceEvent, Unit, UnitGroup, User
from hanoi_programmes.people.roles import Level
from hanoi_programmes.programmes.models import ActionProgramme, PlanIssuance
from hanoi_programmes.programmes.services.inspection import KINDS
from hanoi_programmes.programmes.services.issuances import (
    Paper,
    PastedLine,
    read_lines,
    record_lines,
    record_plan,
)
from hanoi_programmes.programmes.shapes.issuances import (
    EVERY_AXIS,
    PlansAsked,
    group_plans,
    plan_groups,
    plan_table,
)
from tests import factories
from tests.conftest import TODAY, Cast, act

PAPER = Paper("12/KH-UBND", date(2026, 2, 5), "Kế hoạch thực hiện")
DAY = timedelta(days=1)


def recorded() -> Counter[str]:
    return Counter(PlaceEvent.objects.values_list("kind", flat=True))


@pytest.mark.parametrize("who", ["ward_officer", "ward_head", "office"])
def test_the_unit_and_the_office_write_down_its_plan(cast: Cast, who: str) -> None:
    user: User = getattr(cast, who)
    row = record_plan(cast.programme, cast.ward, PAPER, act=act(user))
    assert (row.number, row.issued_on, row.title) == ("12/KH-UBND", date(2026, 2, 5), PAPER.title)
    event = PlaceEvent.objects.get()
    assert (event.kind, event.unit, event.by) == ("plan-issue", cast.ward, user)
    assert set(recorded()) <= set(KINDS)


@pytest.mark.parametrize("who", ["officer", "outsider", "leader", "inspector", "administrator"])
def test_nobody_else_does(cast: Cast, who: str) -> None:
    with pytest.raises(Denied, match="chính đơn vị"):
        record_plan(cast.programme, cast.ward, PAPER, act=act(getattr(cast, who)))
    assert not PlanIssuance.objects.exists()
    assert not recorded()


def test_a_draft_programme_asks_for_no_plan(cast: Cast) -> None:
    ActionProgramme.objects.update(status="draft", number="")
    cast.programme.refresh_from_db()
    with pytest.raises(Denied, match="dự thảo"):
        record_plan(cast.programme, cast.ward, PAPER, act=act(cast.office))


@pytest.mark.parametrize(
    ("day", "words"), [(TODAY + DAY, "chưa tới"), (date(2025, 9, 8), "trước ngày của")]
)
def test_a_day_that_cannot_be_is_refused(cast: Cast, day: date, words: str) -> None:
    with pytest.raises(Denied, match=words):
        record_plan(cast.programme, cast.ward, Paper("1/KH", day), act=act(cast.office))
    assert not PlanIssuance.objects.exists()


def test_a_unit_that_has_ended_gets_no_new_plan_but_its_old_one_can_be_corrected(
    cast: Cast,
) -> None:
    record_plan(cast.programme, cast.ward, PAPER, act=act(cast.office))
    Unit.objects.update(ends_on=TODAY - DAY)
    with pytest.raises(Denied, match="đã kết thúc"):
        record_plan(cast.programme, cast.other_ward, PAPER, act=act(cast.office))
    other = Paper("13/KH-UBND", PAPER.issued_on)
    assert (
        record_plan(cast.programme, cast.ward, other, act=act(cast.office)).number == other.number
    )


def test_a_form_sent_twice_writes_once(cast: Cast) -> None:
    twice = act(cast.ward_officer, form_key=uuid4())
    record_plan(cast.programme, cast.ward, PAPER, act=twice)
    record_plan(cast.programme, cast.ward, Paper("99/KH", PAPER.issued_on), act=twice)
    assert PlanIssuance.objects.get().number == PAPER.number
    assert recorded() == {"plan-issue": 1}


def test_a_correction_keeps_one_plan_and_says_from_what_to_what(cast: Cast) -> None:
    record_plan(cast.programme, cast.ward, PAPER, act=act(cast.ward_officer))
    record_plan(cast.programme, cast.ward, PAPER, act=act(cast.ward_officer))
    assert recorded() == {"plan-issue": 1}
    new = Paper("14/KH-UBND", PAPER.issued_on, PAPER.title)
    record_plan(cast.programme, cast.ward, new, act=act(cast.office))
    assert PlanIssuance.objects.get().number == "14/KH-UBND"
    changed = PlaceEvent.objects.get(kind="plan-correct")
    assert changed.changes == {"number": ["12/KH-UBND", "14/KH-UBND"]}


# Pasted lines


def pasted(cast: Cast, text: str) -> list[PastedLine]:
    wards = [cast.ward, cast.other_ward]
    return read_lines(cast.programme, text, wards, today=TODAY)


@pytest.mark.parametrize(
    "line",
    [
        "Ủy ban nhân dân Phường Láng; 12/KH-UBND; 05/02/2026",
        "uy ban nhan dan phuong lang\t12/KH-UBND\t05/02/2026",
        "PHƯỜNG LÁNG;12/KH-UBND;5/2/2026",
        "00001-UBND ; 12/KH-UBND ; 05/02/2026 ; Kế hoạch",
    ],
)
def test_a_line_names_a_unit_as_people_do(cast: Cast, line: str) -> None:
    (found,) = pasted(cast, f"\n{line}\n\n")
    assert (found.unit, found.refusal, found.place) == (cast.ward, "", 2)
    assert found.paper is not None
    assert (found.paper.number, found.paper.issued_on) == (PAPER.number, PAPER.issued_on)
    assert found.is_new


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Phường Láng; 12/KH-UBND", "ba phần"),
        ("Phường Mây; 12/KH-UBND; 05/02/2026", "Không có đơn vị “Phường Mây”"),
        ("Phường Láng; số mười hai; 05/02/2026", "Số “số mười hai” chưa đúng"),
        ("Phường Láng; 12/KH-UBND; 31/02/2026", "Ngày “31/02/2026” chưa đúng"),
        ("Phường Láng; 12/KH-UBND; 05/02/2030", "chưa tới"),
        ("Phường Láng; 12/KH-UBND; 05/02/2026; Kế hoạch TỐI MẬT", "TỐI MẬT"),
    ],
)
def test_a_line_that_cannot_be_taken_says_why(cast: Cast, line: str, words: str) -> None:
    (found,) = pasted(cast, line)
    assert words in found.refusal
    assert not found.is_new


def test_good_lines_are_written_and_bad_ones_left(cast: Cast) -> None:
    record_plan(cast.programme, cast.other_ward, PAPER, act=act(cast.office))
    text = "Phường Láng; 7/KH-UBND; 01/03/2026\nPhường Láng; 8/KH; 02/03/2026\nAi đó; 1/KH; x"
    lines = pasted(cast, f"{text}\nXã Suối Hai; 12/KH-UBND; 05/02/2026")
    assert [bool(line.refusal) for line in lines] == [False, True, True, False]
    assert lines[3].is_same
    once = act(cast.office, form_key=uuid4())
    assert record_lines(cast.programme, lines, act=once) == 1
    record_lines(cast.programme, lines, act=once)
    assert PlanIssuance.objects.get(unit=cast.ward).number == "7/KH-UBND"
    assert PlanIssuance.objects.get(unit=cast.other_ward).title == PAPER.title
    assert recorded() == {"plan-issue": 2}


def test_a_pasted_correction_keeps_the_title(cast: Cast) -> None:
    record_plan(cast.programme, cast.ward, PAPER, act=act(cast.office))
    lines = pasted(cast, "Phường Láng; 9/KH-UBND; 05/02/2026")
    record_lines(cast.programme, lines, act=act(cast.office))
    row = PlanIssuance.objects.get()
    assert (row.number, row.title) == ("9/KH-UBND", PAPER.title)


# The table


@pytest.fixture
def group(cast: Cast) -> UnitGroup:
    axis = cast.ward.axis
    return UnitGroup.objects.create(
        key="ubnd-xa", name="UBND các xã, phường", axis=axis, level=Level.COMMUNE
    )


def test_counts_are_those_of_plain_python(cast: Cast, group: UnitGroup) -> None:
    second = factories.make_programme("hn71")
    draft = factories.make_programme("hn79")
    ActionProgramme.objects.filter(pk=draft.pk).update(status="draft", number="")
    wards = [cast.ward, cast.other_ward]
    wards += factories.make_wards(cast.city, cast.ward_head, range(9))
    has = {
        programme.key: [ward for n, ward in enumerate(wards) if n % step == 0]
        for programme, step in ((cast.programme, 2), (second, 3))
    }
    for programme in (cast.programme, second):
        for ward in has[programme.key]:
            record_plan(programme, ward, PAPER, act=act(cast.office))
    table = plan_table(cast.leader, PlansAsked(group=group.key), on=TODAY)
    counts = {column.programme.key: (column.issued, column.total) for column in table.columns}
    assert counts == {"hn71": (4, 11), "hn72": (6, 11), "hn79": (0, 11)}
    asked = {column.programme.key: column.missing for column in table.columns}
    assert asked == {"hn71": 7, "hn72": 5, "hn79": 0}
    expected = {ward.pk: sum(ward not in rows for rows in has.values()) for ward in wards}
    assert {row.unit.pk: row.missing for row in table.rows} == expected
    missing = [row.missing for row in table.rows]
    assert missing == sorted(missing, reverse=True)
    for key, rows in has.items():
        for show, wanted in (("issued", rows), ("missing", [w for w in wards if w not in rows])):
            part = PlansAsked(group=group.key, programme=key, show=show)
            shown = plan_table(cast.leader, part, on=TODAY).rows
            assert {row.unit.pk for row in shown} == {ward.pk for ward in wanted}
    (found,) = group_plans(cast.leader, cast.programme, on=TODAY)
    assert (found.issued, found.total, len(found.missing)) == (6, 11, 5)


@pytest.mark.parametrize(
    ("who", "units"),
    [
        ("leader", {"00001-UBND", "00002-UBND"}),
        ("inspector", {"00001-UBND", "00002-UBND"}),
        ("ward_officer", {"00001-UBND"}),
        ("officer", set()),
        ("administrator", set()),
    ],
)
def test_everybody_sees_the_units_of_their_scope(
    cast: Cast, group: UnitGroup, who: str, units: set[str]
) -> None:
    for ward in (cast.ward, cast.other_ward):
        record_plan(cast.programme, ward, PAPER, act=act(cast.office))
    user: User = getattr(cast, who)
    table = plan_table(user, PlansAsked(group=group.key), on=TODAY)
    assert {row.unit.code for row in table.rows} == units
    assert PlanIssuance.objects.visible_to(user).count() == len(units)
    assert all(row.missing == 0 for row in table.rows)


def test_who_sees_many_wards_may_ask_for_every_axis(cast: Cast, group: UnitGroup) -> None:
    party = factories.make_ward("00001", parent=cast.city, name="Phường Láng", axis="dang")
    keys = [key for key, _ in plan_groups(cast.leader, on=TODAY)]
    assert keys == [group.key, EVERY_AXIS]
    assert [key for key, _ in plan_groups(cast.ward_officer, on=TODAY)] == [group.key]
    rows = plan_table(cast.leader, PlansAsked(group=EVERY_AXIS), on=TODAY).rows
    assert party.code in {row.unit.code for row in rows}
    assert len(rows) == 3
    searched = PlansAsked(group=EVERY_AXIS, q="suoi hai")
    assert [r.unit.code for r in plan_table(cast.leader, searched, on=TODAY).rows] == ["00002-UBND"]
