"""Appointing and relieving: what is written, what is refused in which words, and two at once."""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connections

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people import rules
from hanoi_programmes.people.models import Holding, PlaceEvent, Post, Unit, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.services import posts
from hanoi_programmes.people.services.posts import After, Term, appoint, relieve
from tests import factories
from tests.conftest import TODAY, Cast, act
from tests.stored import stored

DAY = timedelta(days=1)


@pytest.fixture
def post(cast: Cast) -> Post:
    """The ward's head post; "ward_head" holds it since 2 March 2026."""
    return cast.ward.posts.get()


@pytest.fixture
def vacant(cast: Cast) -> Post:
    """A head post without a holder."""
    return factories.make_unit("UBND-STC", parent=cast.city, name="Sở Tài chính").posts.get()


def held(post: Post) -> list[tuple[str, date, date | None]]:
    rows = Holding.objects.filter(post=post).order_by("starts_on")
    return [(h.user.username, h.starts_on, h.ends_on) for h in rows.select_related("user")]


# Appointing


@pytest.mark.parametrize("days", [-400, 0, 30])
def test_a_vacant_post_is_given_on_any_day(cast: Cast, vacant: Post, days: int) -> None:
    start = TODAY + days * DAY
    appoint(vacant, cast.officer, Term(start, note="118-QĐ/TU"), act=act(cast.administrator))
    assert held(vacant) == [("officer", start, None)]
    head = rules.head_of(vacant.unit, on=start)
    assert head
    assert head.user == cast.officer
    assert rules.head_of(vacant.unit, on=start - DAY) is None
    event = PlaceEvent.objects.get()
    assert (event.unit, event.account, event.kind) == (vacant.unit, cast.officer, "appoint")
    assert (event.by, event.on, event.note) == (cast.administrator, TODAY, "118-QĐ/TU")
    assert event.changes == {"holder": ["", "officer"]}


def test_a_successor_follows_from_day_to_day(cast: Cast, post: Post) -> None:
    term = Term(TODAY, succeeds=True)
    appoint(post, cast.ward_officer, term, act=act(cast.administrator))
    assert held(post) == [
        ("ward_head", factories.ISSUED, TODAY - DAY), ("ward_officer", TODAY, None),
    ]  # fmt: skip
    assert PlaceEvent.objects.get().changes["holder"] == ["ward_head", "ward_officer"]


@pytest.mark.parametrize(
    ("after", "role", "is_active"),
    [
        (After.OFFICER, Role.OFFICER, True),
        (After.OFF, Role.HEAD, False),
        (After.SAME, Role.HEAD, True),
    ],
)
def test_the_account_of_who_left_becomes_what_was_chosen(
    cast: Cast, post: Post, after: After, role: Role, *, is_active: bool
) -> None:
    term = Term(TODAY, succeeds=True, as_head=True, after=after)
    appoint(post, cast.outsider, term, act=act(cast.administrator))
    left = User.objects.get(pk=cast.ward_head.pk)
    assert (left.role, left.is_active, left.unit) == (role, is_active, cast.ward)
    came = User.objects.get(pk=cast.outsider.pk)
    assert (came.role, came.unit) == (Role.HEAD, cast.ward)
    kinds = sorted(PlaceEvent.objects.values_list("kind", flat=True))
    assert kinds == (["appoint"] if after == After.SAME else ["account", "appoint"])


def test_accounts_stay_as_they_are_until_the_day_comes(cast: Cast, post: Post) -> None:
    term = Term(TODAY + 30 * DAY, succeeds=True, as_head=True, after=After.OFF)
    appoint(post, cast.outsider, term, act=act(cast.administrator))
    assert User.objects.get(pk=cast.outsider.pk).role == Role.OFFICER
    assert User.objects.get(pk=cast.ward_head.pk).is_active
    assert held(post)[0][2] == TODAY + 29 * DAY


def test_a_term_of_the_past_makes_nobody_head_today(cast: Cast, vacant: Post) -> None:
    term = Term(TODAY - 90 * DAY, TODAY - DAY, as_head=True)
    appoint(vacant, cast.officer, term, act=act(cast.administrator))
    assert User.objects.get(pk=cast.officer.pk).role == Role.OFFICER


def test_a_head_of_two_units_stays_head_of_the_other(cast: Cast, vacant: Post) -> None:
    """Who heads the department as well works there; leaving this post changes nothing there."""
    Holding.objects.create(post=vacant, user=cast.head, starts_on=factories.ISSUED)
    term = Term(TODAY, succeeds=True, after=After.OFFICER)
    appoint(vacant, cast.officer, term, act=act(cast.administrator))
    assert User.objects.get(pk=cast.head.pk).role == Role.HEAD


def test_appointing_sent_twice_is_done_once(cast: Cast, post: Post) -> None:
    given, term = act(cast.administrator, form_key=uuid4()), Term(TODAY, succeeds=True)
    appoint(post, cast.ward_officer, term, act=given)
    before = stored()
    appoint(post, cast.ward_officer, term, act=given)
    assert stored() == before


Make = Callable[[Cast, Post], tuple[User, Term]]


def with_later(cast: Cast, post: Post) -> tuple[User, Term]:
    Holding.objects.filter(post=post).update(ends_on=TODAY - DAY)
    Holding.objects.create(post=post, user=cast.head, starts_on=TODAY + 9 * DAY)
    return cast.ward_officer, Term(TODAY)


def two_in_the_way(cast: Cast, post: Post) -> tuple[User, Term]:
    with_later(cast, post)
    Holding.objects.filter(post=post, user=cast.ward_head).update(ends_on=TODAY + DAY)
    return cast.ward_officer, Term(TODAY, succeeds=True)


def of_an_ended_unit(cast: Cast, post: Post) -> tuple[User, Term]:
    Unit.objects.filter(pk=post.unit_id).update(ends_on=TODAY - DAY)
    Holding.objects.filter(post=post).update(ends_on=TODAY - 9 * DAY)
    return cast.ward_officer, Term(TODAY - 5 * DAY)


def of_a_new_unit(cast: Cast, post: Post) -> tuple[User, Term]:
    Unit.objects.filter(pk=post.unit_id).update(starts_on=TODAY)
    return cast.ward_officer, Term(date(2026, 1, 5), date(2026, 1, 9))


def switched_off(cast: Cast, post: Post) -> tuple[User, Term]:
    User.objects.filter(pk=cast.ward_officer.pk).update(is_active=False)
    return cast.ward_officer, Term(TODAY, succeeds=True)


REFUSED: dict[str, tuple[Make, str]] = {
    "held by another": (
        lambda cast, _: (cast.ward_officer, Term(TODAY)),
        "do ward_head giữ từ 02/03/2026. Một chức danh không giao cho hai người cùng lúc",
    ),
    "held by another in the past": (
        lambda cast, _: (cast.ward_officer, Term(date(2026, 1, 5), date(2026, 3, 2))),
        "do ward_head giữ từ 02/03/2026",
    ),
    "given to another later": (with_later, "do head giữ từ 25/11/2026"),
    "a second one in the way of a successor": (two_in_the_way, "do head giữ từ 25/11/2026"),
    "ends before it starts": (
        lambda cast, _: (cast.ward_officer, Term(TODAY, TODAY - DAY)),
        "Ngày thôi giữ 15/11/2026 trước ngày nhận 16/11/2026",
    ),
    "succeeds on the first day": (
        lambda cast, _: (cast.ward_officer, Term(factories.ISSUED, succeeds=True)),
        "ward_head nhận chức danh này từ 02/03/2026, nên không thể thôi giữ",
    ),
    "succeeds oneself": (
        lambda cast, _: (cast.ward_head, Term(TODAY, succeeds=True)),
        "ward_head đang giữ chức danh này từ 02/03/2026",
    ),
    "of an ended unit": (of_an_ended_unit, "đã kết thúc ngày 15/11/2026"),
    "before the unit began": (of_a_new_unit, "thành lập ngày 16/11/2026"),
    "a switched-off account": (switched_off, "ward_officer đang tắt"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_given_is_told_and_nothing_written(
    cast: Cast, post: Post, case: str
) -> None:
    make, sentence = REFUSED[case]
    user, term = make(cast, post)
    before = stored()
    with pytest.raises(Denied, match=sentence):
        appoint(post, user, term, act=act(cast.administrator))
    assert stored() == before


@pytest.mark.parametrize("change", ["head", "off"])
def test_administrators_do_not_change_their_own_account(
    cast: Cast, post: Post, vacant: Post, change: str
) -> None:
    if change == "off":
        Holding.objects.create(post=vacant, user=cast.administrator, starts_on=factories.ISSUED)
        user, term = cast.officer, Term(TODAY, succeeds=True, after=After.OFF)
    else:
        user, term = cast.administrator, Term(TODAY, as_head=True)
    before = stored()
    with pytest.raises(Denied, match="một quản trị khác"):
        appoint(vacant, user, term, act=act(cast.administrator))
    assert stored() == before


# Relieving


@pytest.mark.parametrize("days", [-30, 0, 30])
def test_a_holding_ends_on_any_day(cast: Cast, post: Post, days: int) -> None:
    last = TODAY + days * DAY
    relieve(
        post.holdings.get(), ends_on=last, after=After.OFFICER, note="Nghỉ hưu",
        act=act(cast.administrator),
    )  # fmt: skip
    assert held(post) == [("ward_head", factories.ISSUED, last)]
    assert rules.is_head(cast.ward_head, cast.ward, on=last)
    assert not rules.is_head(cast.ward_head, cast.ward, on=last + DAY)
    left = User.objects.get(pk=cast.ward_head.pk)
    assert left.role == (Role.OFFICER if days <= 0 else Role.HEAD)
    event = PlaceEvent.objects.get(kind="relieve")
    assert (event.note, event.changes) == ("Nghỉ hưu", {"ends_on": ["", last.isoformat()]})


@pytest.mark.parametrize(
    ("last", "sentence"),
    [
        (date(2026, 3, 1), "Chọn ngày từ 02/03/2026 trở đi"),
        (TODAY, "Đã ghi ward_head thôi giữ"),
        (TODAY + 9 * DAY, "do head giữ từ 25/11/2026"),
    ],
    ids=["before it starts", "as it is", "into the next one's days"],
)
def test_a_last_day_that_cannot_be_is_told(
    cast: Cast, post: Post, last: date, sentence: str
) -> None:
    Holding.objects.filter(post=post).update(ends_on=TODAY)
    holding = post.holdings.get()
    Holding.objects.create(post=post, user=cast.head, starts_on=TODAY + 9 * DAY)
    before = stored()
    with pytest.raises(Denied, match=sentence):
        relieve(holding, ends_on=last, act=act(cast.administrator))
    assert stored() == before


def test_what_has_not_begun_can_be_taken_back(cast: Cast, vacant: Post) -> None:
    term = Term(TODAY + DAY)
    appoint(vacant, cast.officer, term, act=act(cast.administrator))
    given = act(cast.administrator, form_key=uuid4())
    holding = vacant.holdings.get()
    posts.withdraw(holding, act=given)
    assert held(vacant) == []
    assert set(PlaceEvent.objects.values_list("kind", flat=True)) == {"appoint", "withdraw"}
    before = stored()
    with pytest.raises(Denied, match="vừa được người khác hủy"):
        relieve(Holding(pk=987, post=vacant), ends_on=TODAY, act=act(cast.administrator))
    assert stored() == before


def test_what_has_begun_stays(cast: Cast, post: Post) -> None:
    before = stored()
    with pytest.raises(Denied, match="không xóa"):
        posts.withdraw(post.holdings.get(), act=act(cast.administrator))
    assert stored() == before


# Posts


def test_a_post_is_added_and_renamed(cast: Cast) -> None:
    posts.add_post(cast.ward, title="Phó Chủ tịch", act=act(cast.administrator))
    post = cast.ward.posts.get(is_head=False)
    posts.rename_post(post, title="Phó Chủ tịch thường trực", act=act(cast.administrator))
    assert cast.ward.posts.get(is_head=False).title == "Phó Chủ tịch thường trực"
    event = PlaceEvent.objects.get(kind="rename")
    assert event.changes == {"title": ["Phó Chủ tịch", "Phó Chủ tịch thường trực"]}


def test_a_unit_without_a_head_post_may_get_one(cast: Cast) -> None:
    Post.objects.filter(unit=cast.other_ward).delete()
    posts.add_post(cast.other_ward, title="Chủ tịch", is_head=True, act=act(cast.administrator))
    assert cast.other_ward.posts.get().is_head


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": "Chủ tịch", "is_head": True}, "đã có chức danh đứng đầu"),
        ({"title": "NGƯỜI ĐỨNG ĐẦU Ủy ban nhân dân phường Láng"}, "Đặt tên khác"),
    ],
)
def test_a_second_head_post_or_title_is_refused(
    cast: Cast, fields: dict[str, object], sentence: str
) -> None:
    before = stored()
    with pytest.raises(Denied, match=sentence):
        posts.add_post(cast.ward, act=act(cast.administrator), **fields)  # type: ignore[arg-type]
    assert stored() == before


def test_an_ended_unit_gets_no_post(cast: Cast, post: Post) -> None:
    Unit.objects.filter(pk=cast.ward.pk).update(ends_on=TODAY - DAY)
    before = stored()
    with pytest.raises(Denied, match="đã kết thúc"):
        posts.add_post(cast.ward, title="Phó Chủ tịch", act=act(cast.administrator))
    with pytest.raises(Denied, match="đã kết thúc"):
        posts.rename_post(post, title="Trưởng", act=act(cast.administrator))
    assert stored() == before


@pytest.mark.parametrize("name", ["officer", "head", "office", "leader", "inspector"])
def test_only_an_administrator_changes_posts(cast: Cast, post: Post, name: str) -> None:
    by = act(getattr(cast, name))
    holding, before = post.holdings.get(), stored()
    acts: list[Callable[[], None]] = [
        lambda: appoint(post, cast.officer, Term(TODAY, succeeds=True), act=by),
        lambda: relieve(holding, ends_on=TODAY, act=by),
        lambda: posts.withdraw(holding, act=by),
        lambda: posts.add_post(cast.ward, title="X", act=by),
        lambda: posts.rename_post(post, title="X", act=by),
    ]
    for attempt in acts:
        with pytest.raises(Denied, match="dành cho quản trị hệ thống"):
            attempt()
    assert stored() == before


# Two at once


def race(*attempts: Callable[[], None]) -> list[str]:
    """Each in a thread of its own, all from one moment: what became of them, in order of words."""
    barrier, answers = Barrier(len(attempts)), []

    def work(attempt: Callable[[], None]) -> None:
        try:
            barrier.wait(timeout=10)
            attempt()
            answers.append("done")
        except Denied as refusal:
            answers.append(refusal.reason)
        finally:
            connections.close_all()

    threads = [Thread(target=work, args=(attempt,)) for attempt in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(answers, key=len)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locks", [True, *[False] * 6])
def test_of_two_appointments_at_once_one_is_told_of_the_other(
    cast: Cast, vacant: Post, monkeypatch: pytest.MonkeyPatch, *, locks: bool
) -> None:
    """Without the lock both pass the rule, and only the database's constraint keeps them apart; in
    every fourth race it does so by ending one of two that wait for each other."""
    if not locks:
        asked = Barrier(2)

        def meet(*_args: object, **_kwargs: object) -> object:
            asked.wait(timeout=10)
            return rules.may_withdraw(Holding(starts_on=TODAY + DAY), today=TODAY)

        monkeypatch.setattr(posts, "_locked", lambda unit: Unit.objects.get(pk=unit.pk))
        monkeypatch.setattr(rules, "may_appoint", meet)
    answers = race(
        *(
            lambda user=user: appoint(vacant, user, Term(TODAY), act=act(cast.administrator))
            for user in (cast.officer, cast.outsider)
        )
    )
    (winner, _, _), *others = held(vacant)
    assert others == []
    assert answers[0] == "done"
    assert f"do {winner} giữ từ 16/11/2026" in answers[1]
    assert PlaceEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_successors_at_once_leave_one_chain(cast: Cast, post: Post) -> None:
    answers = race(
        *(
            lambda user=user: appoint(
                post, user, Term(TODAY, succeeds=True), act=act(cast.administrator)
            )
            for user in (cast.officer, cast.outsider)
        )
    )
    assert answers[0] == "done"
    assert "không thể thôi giữ vào ngày trước đó" in answers[1]
    assert [end for _, _, end in held(post)] == [TODAY - DAY, None]
    assert PlaceEvent.objects.count() == 1
