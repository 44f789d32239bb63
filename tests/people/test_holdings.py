"""Posts and who holds them: what the database refuses, and who was head on a day."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from hanoi_programmes.people import rules
from hanoi_programmes.people.models import Area, CalendarDay, Holding, Post, Unit, User
from hanoi_programmes.people.roles import Role
from tests import factories
from tests.conftest import TODAY, Cast

DAY = timedelta(days=1)
START, END = date(2026, 6, 1), date(2026, 6, 30)


@pytest.fixture
def post(cast: Cast) -> Post:
    """A head post without a holder."""
    return factories.make_unit("UBND-STC", parent=cast.city).posts.get()


@pytest.fixture
def held(cast: Cast, post: Post) -> Holding:
    """Held in June 2026."""
    return Holding.objects.create(post=post, user=cast.officer, starts_on=START, ends_on=END)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (START, END),
        (START + DAY, END - DAY),
        (START - DAY, START),
        (END, END + DAY),
        (START - DAY, END + DAY),
        (START - DAY, None),
        (END, None),
    ],
    ids=["same", "inside", "first day", "last day", "around", "open from before", "open from last"],
)
def test_a_post_is_never_held_by_two_at_once(
    cast: Cast, held: Holding, start: date, end: date | None
) -> None:
    with pytest.raises(IntegrityError, match="post_held_by_one_at_a_time"), transaction.atomic():
        Holding.objects.create(post=held.post, user=cast.head, starts_on=start, ends_on=end)
    assert Holding.objects.filter(post=held.post).get() == held


def test_not_even_twice_by_the_same_person(cast: Cast, held: Holding) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Holding.objects.create(post=held.post, user=held.user, starts_on=END)


@pytest.mark.parametrize(("start", "end"), [(END + DAY, None), (START - 9 * DAY, START - DAY)])
def test_one_holder_follows_the_other_from_day_to_day(
    cast: Cast, held: Holding, start: date, end: date | None
) -> None:
    Holding.objects.create(post=held.post, user=cast.head, starts_on=start, ends_on=end)
    assert Holding.objects.filter(post=held.post).count() == 2


def test_one_person_may_hold_several_posts(cast: Cast, held: Holding) -> None:
    second = factories.make_unit("UBND-SXD", parent=cast.city).posts.get()
    Holding.objects.create(post=second, user=held.user, starts_on=START)
    assert held.user.holdings.held(START).count() == 2


def test_a_holding_does_not_end_before_it_starts(cast: Cast, post: Post) -> None:
    fields = {"post": post, "user": cast.officer, "starts_on": END}
    with pytest.raises(IntegrityError, match="holding_ends_after_start"), transaction.atomic():
        Holding.objects.create(**fields, ends_on=END - DAY)
    assert Holding.objects.create(**fields, ends_on=END).in_force(END)


def test_a_unit_has_one_head_post(cast: Cast, post: Post) -> None:
    Post.objects.create(unit=post.unit, title="Phó Giám đốc")
    with pytest.raises(IntegrityError, match="one_head_post_per_unit"), transaction.atomic():
        Post.objects.create(unit=post.unit, title="Giám đốc thứ hai", is_head=True)


# Who is head on a day


def test_the_head_is_the_holder_on_the_day_asked(cast: Cast, held: Holding) -> None:
    unit = held.post.unit
    follower = factories.make_user("follower", Role.HEAD, unit)
    later = Holding.objects.create(post=held.post, user=follower, starts_on=END + DAY)
    found = {n: rules.head_of(unit, on=START + n * DAY) for n in (-1, 0, 29, 30, 900)}
    assert found == {-1: None, 0: held, 29: held, 30: later, 900: later}
    assert rules.is_head(cast.officer, unit, on=END)
    assert not rules.is_head(cast.officer, unit, on=END + DAY)


def test_a_deputy_is_not_the_head(cast: Cast, post: Post) -> None:
    deputy = Post.objects.create(unit=post.unit, title="Phó Giám đốc")
    Holding.objects.create(post=deputy, user=cast.officer, starts_on=START)
    assert rules.head_of(post.unit, on=START) is None
    assert not rules.is_head(cast.officer, post.unit, on=START)


def test_heads_of_many_units_come_in_one_query(
    cast: Cast, post: Post, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    units = {cast.ward.pk, cast.department.pk, post.unit.pk}
    with django_assert_num_queries(1):
        heads = rules.heads_of(units, on=TODAY)
        shown = {unit: (holding.user, str(holding.post)) for unit, holding in heads.items()}
    assert {unit: user for unit, (user, _) in shown.items()} == {
        cast.ward.pk: cast.ward_head,
        cast.department.pk: cast.head,
    }
    assert rules.heads_of(set(), on=TODAY) == {}


def test_one_works_for_the_unit_in_which_one_is_placed(cast: Cast) -> None:
    assert rules.works_for(cast.ward_officer, cast.ward)
    assert rules.works_for(cast.ward_head, cast.ward)
    assert not rules.works_for(cast.officer, cast.ward)
    assert cast.office.unit
    assert not rules.works_for(cast.office, cast.office.unit)


# Other things that the database refuses


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD])
def test_officers_and_heads_have_a_unit(db: None, role: Role) -> None:
    with pytest.raises(IntegrityError, match="officers_and_heads_have_a_unit"):
        factories.make_user("nowhere", role, None)


def test_user_names_are_unique_however_they_are_typed(cast: Cast) -> None:
    assert factories.make_user("MiXed", Role.LEADER, None).username == "mixed"
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_user("mixed", Role.LEADER, None)


@pytest.mark.parametrize("code", ["1", "0000A", "000001", ""])
def test_an_area_has_a_code_of_five_digits(db: None, code: str) -> None:
    with pytest.raises(DatabaseError, match=r"area_code_has_five_digits|too long"):
        Area.objects.create(code=code, name="X", kind="ward", sort_key="x")


def test_an_area_has_one_unit_on_an_axis(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="one_unit_per_axis_and_area"), transaction.atomic():
        factories.make_unit("twice", level="commune", area=cast.ward.area)
    with pytest.raises(IntegrityError, match="commune_units_have_an_area"), transaction.atomic():
        factories.make_unit("nowhere", level="commune")
    area = Area.objects.create(code="00009", name="X", kind="ward", sort_key="x")
    with pytest.raises(IntegrityError, match="commune_units_have_an_area"), transaction.atomic():
        factories.make_unit("department", area=area)


def test_an_account_that_acted_cannot_be_deleted(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=cast.ward_head.pk).delete()


# Units and the calendar


def test_units_exist_between_their_days(cast: Cast) -> None:
    Unit.objects.filter(pk=cast.ward.pk).update(starts_on=START, ends_on=END)
    for n, active in ((-1, False), (0, True), (29, True), (30, False)):
        found = Unit.objects.active(START + n * DAY).filter(pk=cast.ward.pk).exists()
        assert found is active
    Unit.objects.filter(pk=cast.ward.pk).update(is_active=False)
    assert not Unit.objects.active(START).filter(pk=cast.ward.pk).exists()


def test_a_subtree_is_the_unit_and_all_below(cast: Cast) -> None:
    assert set(Unit.objects.within(cast.city)) == {
        cast.city, cast.department, cast.ward, cast.other_ward,
    }  # fmt: skip
    assert list(Unit.objects.within(cast.ward)) == [cast.ward]


def test_the_calendar_tells_what_differs_from_the_ordinary_week(db: None) -> None:
    CalendarDay.objects.create(day=START, is_working=False, name="Nghỉ")
    CalendarDay.objects.create(day=END, is_working=True, name="Làm bù")
    assert rules.calendar_exceptions(START, END) == {START: False, END: True}
    assert rules.calendar_exceptions(START + DAY, END - DAY) == {}
