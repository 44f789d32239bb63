"""Units and areas that become one: what moves, what stays, what is refused."""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connections

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people import rules
from hanoi_programmes.people.models import Area, Holding, PlaceEvent, Post, Unit, UnitGroup, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.services.accounts import place_account
from hanoi_programmes.people.services.merging import merge_areas, merge_units
from hanoi_programmes.people.services.posts import Term, appoint
from hanoi_programmes.people.services.reference import load_organisations
from tests import factories
from tests.conftest import TODAY, Cast, act
from tests.stored import stored

DAY = timedelta(days=1)
PAPER = "Nghị quyết 12/NQ-HĐND"


def merge(cast: Cast, unit: Unit, into: Unit, *, on: date = TODAY, by: User | None = None) -> None:
    """One act of the administrator."""
    merge_units(unit=unit, into=into, on=on, document=PAPER, act=act(by or cast.administrator))


@pytest.fixture
def other_head(cast: Cast) -> User:
    """The head of the ward that takes over."""
    return factories.make_head("other_head", cast.other_ward)


def test_the_old_unit_ends_and_its_past_stays(cast: Cast, other_head: User) -> None:
    days = [factories.ISSUED - DAY, factories.ISSUED, TODAY - DAY, TODAY]
    before = {day: rules.head_of(cast.ward, on=day) for day in days}
    merge(cast, cast.ward, cast.other_ward)
    ward = Unit.objects.get(pk=cast.ward.pk)
    assert (ward.ends_on, ward.merged_into) == (TODAY, cast.other_ward)
    assert {day: rules.head_of(ward, on=day) for day in days} == before
    assert rules.head_of(ward, on=TODAY + DAY) is None
    follower = rules.head_of(cast.other_ward, on=TODAY + DAY)
    assert follower
    assert follower.user == other_head


def test_the_old_unit_is_offered_no_more_from_the_day_on(cast: Cast) -> None:
    merge(cast, cast.ward, cast.other_ward)
    offered = [cast.ward in Unit.objects.active(TODAY + n * DAY) for n in (-1, 0, 1)]
    assert offered == [True, False, False]
    assert cast.other_ward in Unit.objects.active(TODAY)


def test_the_objects_given_are_as_the_database_has_them(cast: Cast) -> None:
    merge(cast, cast.ward, cast.other_ward)
    assert cast.ward.merged_into == cast.other_ward
    assert cast.ward.path == Unit.objects.get(pk=cast.ward.pk).path


def test_accounts_move_and_a_second_head_becomes_an_officer(cast: Cast, other_head: User) -> None:
    merge(cast, cast.ward, cast.other_ward)
    moved = User.objects.filter(username__in=["ward_head", "ward_officer", "other_head"])
    assert dict(moved.values_list("username", "role")) == {
        "ward_head": Role.OFFICER,
        "ward_officer": Role.OFFICER,
        "other_head": Role.HEAD,
    }
    assert set(moved.values_list("unit", flat=True)) == {cast.other_ward.pk}


def test_a_head_stays_one_where_nobody_heads_the_new_unit(cast: Cast) -> None:
    merge(cast, cast.ward, cast.other_ward)
    assert User.objects.get(username="ward_head").role == Role.HEAD


def test_units_below_follow_with_their_paths(cast: Cast) -> None:
    old = factories.make_unit("SO-A", parent=cast.city)
    child = factories.make_unit("SO-A-1", parent=old)
    grandchild = factories.make_unit("SO-A-1-1", parent=child)
    closed = factories.make_unit("SO-A-2", parent=old, ends_on=TODAY - DAY)
    twin = factories.make_unit("SO-AB", parent=cast.city)
    merge(cast, old, cast.department)
    top = "/UBND/UBND-SYT/"
    paths = dict(Unit.objects.values_list("code", "path"))
    assert paths["SO-A"] == f"{top}SO-A/"
    assert paths["SO-A-1"] == f"{top}SO-A-1/"
    assert paths["SO-A-1-1"] == f"{top}SO-A-1/SO-A-1-1/"
    assert paths["SO-A-2"] == f"{top}SO-A/SO-A-2/"
    assert paths["SO-AB"] == twin.path
    child.refresh_from_db()
    closed.refresh_from_db()
    assert (child.parent, closed.parent) == (cast.department, old)
    for unit in Unit.objects.select_related("parent"):
        assert unit.path == f"{unit.parent.path if unit.parent else '/'}{unit.code}/"
    assert grandchild in Unit.objects.within(cast.department)


def test_what_was_merged_into_it_stays_with_a_unit_that_merges_again(cast: Cast) -> None:
    third = factories.make_ward("00003", parent=cast.city, name="Phường Ba")
    merge(cast, cast.ward, cast.other_ward)
    merge(cast, cast.other_ward, third)
    assert set(Unit.objects.within(third)) == {third, cast.other_ward, cast.ward}


def test_a_listed_group_names_the_new_unit_too(cast: Cast) -> None:
    group = UnitGroup.objects.create(key="two", name="Hai xã")
    group.members.set([cast.ward, cast.department])
    merge(cast, cast.ward, cast.other_ward)
    offered = Unit.objects.in_group(group).active(TODAY)
    assert set(offered) == {cast.other_ward, cast.department}


def test_both_units_and_each_account_tell_of_it(cast: Cast, other_head: User) -> None:
    merge(cast, cast.ward, cast.other_ward)
    told = {(e.unit, e.account): e for e in PlaceEvent.objects.select_related("unit", "account")}
    assert set(told) == {
        (cast.ward, None), (cast.other_ward, None),
        (None, cast.ward_head), (None, cast.ward_officer),
    }  # fmt: skip
    old = told[(cast.ward, None)]
    assert (old.kind, old.by, old.on, old.note) == ("merge", cast.administrator, TODAY, PAPER)
    assert old.changes["ends_on"] == ["", "2026-11-16"]
    assert told[(None, cast.ward_head)].changes["role"] == ["Người đứng đầu", "Chuyên viên"]
    assert "role" not in told[(None, cast.ward_officer)].changes


def test_sent_twice_it_is_done_once(cast: Cast) -> None:
    given = act(cast.administrator, form_key=uuid4())
    merge_units(unit=cast.ward, into=cast.other_ward, on=TODAY, document=PAPER, act=given)
    before = stored()
    merge_units(unit=cast.ward, into=cast.other_ward, on=TODAY, document=PAPER, act=given)
    assert stored() == before


# Refusals


def ended(cast: Cast) -> tuple[Unit, Unit]:
    return cast.ward, factories.make_unit(
        "X", parent=cast.city, level="department", ends_on=TODAY - DAY
    )


def switched_off(cast: Cast) -> tuple[Unit, Unit]:
    return cast.department, factories.make_unit("X", parent=cast.city, is_active=False)


def below(cast: Cast) -> tuple[Unit, Unit]:
    child = factories.make_unit("X", parent=cast.department)
    return cast.department, factories.make_unit("Y", parent=child)


def another_axis(cast: Cast) -> tuple[Unit, Unit]:
    return cast.ward, factories.make_ward("00002", parent=cast.city, name="Xã", axis="dang")


def later_holder(cast: Cast) -> tuple[Unit, Unit]:
    post = Post.objects.create(unit=cast.ward, title="Phó Chủ tịch")
    Holding.objects.create(post=post, user=cast.ward_officer, starts_on=TODAY + DAY)
    return cast.ward, cast.other_ward


BAD_PAIRS: dict[str, tuple[Callable[[Cast], tuple[Unit, Unit]], str]] = {
    "itself": (lambda cast: (cast.ward, cast.ward), "chính mình"),
    "into an ended one": (ended, "đã kết thúc ngày 15/11/2026"),
    "an ended one": (lambda cast: ended(cast)[::-1], "đã kết thúc ngày 15/11/2026"),
    "into one that is switched off": (switched_off, "chưa bật"),
    "into one below": (below, "trực thuộc Sở Y tế"),
    "across axes": (another_axis, "không cùng trục"),
    "across levels": (lambda cast: (cast.ward, cast.department), "không cùng cấp"),
    "before a holding begins": (later_holder, "ward_officer giữ chức danh Phó Chủ tịch"),
}


@pytest.mark.parametrize("case", BAD_PAIRS)
def test_what_cannot_be_one_is_told_so(cast: Cast, case: str) -> None:
    make, sentence = BAD_PAIRS[case]
    unit, into = make(cast)
    before = stored()
    with pytest.raises(Denied, match=sentence):
        merge(cast, unit, into)
    assert stored() == before


def test_a_day_to_come_is_refused(cast: Cast) -> None:
    before = stored()
    with pytest.raises(Denied, match="chưa tới"):
        merge(cast, cast.ward, cast.other_ward, on=TODAY + DAY)
    assert stored() == before


def test_a_day_before_the_new_unit_began_is_refused(cast: Cast) -> None:
    Unit.objects.filter(pk=cast.other_ward.pk).update(starts_on=TODAY - DAY)
    with pytest.raises(Denied, match="thành lập ngày 15/11/2026"):
        merge(cast, cast.ward, cast.other_ward, on=TODAY - 2 * DAY)


@pytest.mark.parametrize("name", ["officer", "ward_head", "leader", "inspector"])
def test_only_administrators_and_the_office_merge(cast: Cast, name: str) -> None:
    before = stored()
    with pytest.raises(Denied, match="quản trị hệ thống hoặc Văn phòng"):
        merge(cast, cast.ward, cast.other_ward, by=getattr(cast, name))
    assert stored() == before


# Areas


@pytest.fixture
def areas(cast: Cast) -> tuple[Area, Area]:
    """Two areas with units on two axes."""
    for code, name in (("00001", "Phường Láng"), ("00002", "Xã Suối Hai")):
        factories.make_ward(code, parent=Unit.objects.get(code="TU"), name=name, axis="dang")
    return Area.objects.get(code="00001"), Area.objects.get(code="00002")


def test_the_units_of_areas_become_one_axis_by_axis(cast: Cast, areas: tuple[Area, Area]) -> None:
    area, into = areas
    given = act(cast.office, form_key=uuid4())
    pairs = merge_areas(area=area, into=into, on=TODAY, document=PAPER, act=given)
    codes = [(old.code, new.code) for old, new in pairs]
    assert codes == [("00001-UBND", "00002-UBND"), ("00001-DANG", "00002-DANG")]
    assert all(old.merged_into == new and old.ends_on == TODAY for old, new in pairs)
    area.refresh_from_db()
    assert (area.ends_on, area.merged_into) == (TODAY, into)
    assert set(PlaceEvent.objects.exclude(area=None).values_list("area", "kind")) == {
        (area.pk, "merge"), (into.pk, "receive"),
    }  # fmt: skip
    before = stored()
    again = merge_areas(area=area, into=into, on=TODAY, document=PAPER, act=given)
    assert again == pairs
    assert stored() == before


def test_one_axis_that_cannot_keeps_all_as_they_were(cast: Cast, areas: tuple[Area, Area]) -> None:
    area, into = areas
    Unit.objects.filter(code="00002-DANG").update(is_active=False)
    before = stored()
    with pytest.raises(Denied, match="chưa bật"):
        merge_areas(area=area, into=into, on=TODAY, document="", act=act(cast.administrator))
    assert stored() == before


@pytest.mark.parametrize(("case", "sentence"), [
    ("itself", "chính mình"), ("ended", "đã kết thúc"), ("no axis", "chưa có đơn vị trên trục"),
    ("to come", "chưa tới"), ("foreign", "quản trị hệ thống"),
])  # fmt: skip
def test_areas_that_cannot_be_one_are_told_so(
    cast: Cast, areas: tuple[Area, Area], case: str, sentence: str
) -> None:
    area, into = areas
    if case == "ended":
        Area.objects.filter(pk=into.pk).update(starts_on=factories.ISSUED, ends_on=TODAY)
    if case == "no axis":
        factories.make_ward("00001", parent=cast.city, name="Phường Láng", axis="mttq")
    before = stored()
    with pytest.raises(Denied, match=sentence):
        merge_areas(
            area=area,
            into=area if case == "itself" else into,
            on=TODAY + DAY if case == "to come" else TODAY,
            document="",
            act=act(cast.head if case == "foreign" else cast.administrator),
        )
    assert stored() == before


def race(*attempts: Callable[[], object]) -> list[str]:
    """Each in a thread of its own, all from one moment: what became of them."""
    barrier, answers = Barrier(len(attempts)), []

    def work(attempt: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=10)
            attempt()
            answers.append("done")
        except Denied:
            answers.append("denied")
        finally:
            connections.close_all()

    threads = [Thread(target=work, args=(attempt,)) for attempt in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(answers)


def merge_anew(cast: Cast, unit: Unit, into: Unit) -> None:
    """As another process would: with objects of its own."""
    merge(cast, Unit.objects.get(pk=unit.pk), Unit.objects.get(pk=into.pk))


@pytest.mark.django_db(transaction=True)
def test_two_mergings_at_once_leave_one_chain(cast: Cast) -> None:
    """A into B and B into A: one is done, the other finds that its unit has ended."""
    answers = race(
        lambda: merge_anew(cast, cast.ward, cast.other_ward),
        lambda: merge_anew(cast, cast.other_ward, cast.ward),
    )
    assert answers == ["denied", "done"]
    assert Unit.objects.exclude(merged_into=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_appointment_during_a_merging_does_not_outlive_the_unit(cast: Cast) -> None:
    post = Post.objects.create(unit=cast.ward, title="Phó Chủ tịch")
    answers = race(
        lambda: merge_anew(cast, cast.ward, cast.other_ward),
        lambda: appoint(post, cast.outsider, Term(TODAY), act=act(cast.administrator)),
    )
    assert "done" in answers
    assert not Holding.objects.filter(post__unit=cast.ward).from_day(TODAY + DAY).exists()


@pytest.mark.django_db(transaction=True)
def test_an_account_placed_during_a_merging_is_not_left_behind(cast: Cast) -> None:
    answers = race(
        lambda: merge_anew(cast, cast.ward, cast.other_ward),
        lambda: place_account(
            cast.officer, role=Role.OFFICER, unit=cast.ward, act=act(cast.administrator)
        ),
    )
    assert "done" in answers
    assert not User.objects.filter(unit=cast.ward).exists()


def test_loading_reference_data_again_keeps_what_was_merged(db: None) -> None:
    load_organisations()
    places = [Area.objects.get(code=code) for code in ("00199", "00004", "00008")]
    merge_areas(area=places[0], into=places[1], on=TODAY, document="", act=act(None))
    merge_areas(area=places[1], into=places[2], on=TODAY, document="", act=act(None))
    old, new = Unit.objects.get(code="UBND-SNV"), Unit.objects.get(code="UBND-SGDDT")
    merge_units(unit=old, into=new, on=TODAY, document="", act=act(None))
    columns = ("code", "parent", "path", "ends_on", "merged_into")
    before = list(Unit.objects.values_list(*columns))
    load_organisations()
    assert list(Unit.objects.values_list(*columns)) == before
