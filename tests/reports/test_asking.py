"""Who may ask for a report on what; what cannot be asked; equal wishes share one result."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from hanoi_programmes.lib.dates import Period, quarter_of
from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import User
from hanoi_programmes.reports import services
from hanoi_programmes.reports.kinds import KINDS, Wish
from hanoi_programmes.reports.models import Report, Subject
from hanoi_programmes.reports.models.about import FIELDS
from hanoi_programmes.reports.states import Issuer, Kind, Profile, Rhythm, State
from tests.conftest import TODAY, Cast
from tests.reports.test_services import AT, ask

DAY = timedelta(days=1)
QUARTER = quarter_of(TODAY)


def wish(kind: Kind, subject: Subject | None = None, **changes: Any) -> Wish:
    """A unit's wish for the quarter."""
    facts: dict[str, Any] = {"period": QUARTER, "as_of": TODAY, "issuer": Issuer.UNIT}
    return Wish(kind=kind, subject=subject, **(facts | changes))


def subjects(cast: Cast) -> dict[str, tuple[Kind, Any]]:
    """One wish of each kind that is about something."""
    return {
        "own unit": (Kind.UNIT, cast.ward),
        "other unit": (Kind.UNIT, cast.department),
        "other ward": (Kind.UNIT, cast.other_ward),
        "own area": (Kind.AREA, cast.ward.area),
        "other area": (Kind.AREA, cast.other_ward.area),
        "own head": (Kind.HEAD, cast.ward_head.holdings.get().post),
        "programme": (Kind.PROGRAMME, cast.programme),
        "resolution": (Kind.RESOLUTION, cast.programme.resolution),
        "axis": (Kind.AXIS, cast.ward.axis),
    }


WARD = {"own unit", "own area", "own head", "programme", "resolution", "axis"}
MAY = {
    "ward_officer": WARD,
    "ward_head": WARD,
    "officer": {"other unit", "programme", "resolution", "axis"},
    "administrator": set(),
}


@pytest.mark.parametrize("reader", MAY)
def test_everybody_reports_on_what_they_see(cast: Cast, reader: str) -> None:
    user: User = getattr(cast, reader)
    allowed = set()
    for name, (kind, subject) in subjects(cast).items():
        try:
            with transaction.atomic():
                report = ask(user, wish(kind, subject))
        except Denied:
            continue
        allowed.add(name)
        assert report.about_what == subject
    assert allowed == MAY[reader]


def test_who_sees_all_reports_on_all(cast: Cast) -> None:
    for kind, subject in subjects(cast).values():
        ask(cast.office, wish(kind, subject, issuer=Issuer.OFFICE))
    assert Report.objects.count() == len(subjects(cast))


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"period": Period(TODAY, TODAY - DAY), "rhythm": Rhythm.DATES}, "trước ngày bắt đầu"),
    ({"period": Period(TODAY + DAY, TODAY + 9 * DAY)}, "chưa bắt đầu"),
    ({"as_of": QUARTER.end}, "không sau hôm nay"),
    ({"as_of": QUARTER.start - DAY}, "phải nằm trong kỳ"),
    ({"profile": Profile.STATE}, "không dùng thể thức"),
    ({"issuer": Issuer.UNIT}, "dưới tên cơ quan này"),
    ({"kind": Kind.UNIT}, "Chọn đối tượng"),
    ({"kind": Kind.LETTER}, "lập tại trang riêng"),
]


@pytest.mark.parametrize(("changes", "sentence"), WRONG, ids=[words for _, words in WRONG])
def test_what_cannot_be_is_refused_with_a_sentence(
    cast: Cast, changes: dict[str, Any], sentence: str
) -> None:
    facts: dict[str, Any] = {
        "kind": Kind.CITY, "period": QUARTER, "as_of": TODAY, "issuer": Issuer.BOARD,
    }  # fmt: skip
    with pytest.raises(Denied, match=sentence):
        ask(cast.office, Wish(**facts | changes))
    assert not Report.objects.exists()


def test_a_subject_that_is_not_the_kinds_is_refused(cast: Cast) -> None:
    with pytest.raises(Denied, match="không lập cho đối tượng"):
        ask(cast.office, wish(Kind.CITY, cast.ward, issuer=Issuer.BOARD))


def test_a_post_that_nobody_held_has_no_report(cast: Cast) -> None:
    holding = cast.ward_head.holdings.get()
    holding.ends_on = TODAY - DAY
    holding.save()
    head = wish(Kind.HEAD, holding.post, issuer=Issuer.BOARD)
    with pytest.raises(Denied, match="không có người giữ"):
        ask(cast.office, head)
    before = wish(Kind.HEAD, holding.post, issuer=Issuer.BOARD, as_of=TODAY - 2 * DAY)
    assert ask(cast.office, before).post == holding.post


def test_who_sees_all_shares_what_is_being_made(cast: Cast) -> None:
    city = wish(Kind.CITY, issuer=Issuer.BOARD)
    report = ask(cast.office, city)
    assert ask(cast.leader, city) == report
    assert Report.objects.count() == 1
    assert [row.user for row in report.recipients.all()] == [cast.leader]
    # Another profile, another day, without names: other papers.
    for changes in ({"profile": Profile.PLAIN}, {"as_of": TODAY - DAY}, {"named": False}):
        other = wish(Kind.CITY, issuer=Issuer.BOARD, **changes)
        assert ask(cast.leader, other) != report
    with pytest.raises(Denied, match="người khác chờ"):
        services.cancel(report, by=cast.office)


def test_units_share_nothing(cast: Cast) -> None:
    """They see different tasks: the same words are another report."""
    own = wish(Kind.CITY)
    assert ask(cast.ward_officer, own) != ask(cast.officer, own)


def test_what_is_sent_to_a_post_is_seen_while_it_is_held(cast: Cast) -> None:
    report = ask(cast.office, wish(Kind.CITY, issuer=Issuer.BOARD))
    visible = Report.objects.visible_to(cast.ward_head)
    assert not visible.exists()
    holding = cast.ward_head.holdings.get()
    report.recipients.create(user=cast.ward_head, post=holding.post)
    assert visible.get() == report
    holding.ends_on = date(2020, 1, 1)
    holding.starts_on = date(2019, 1, 1)
    holding.save()
    assert not visible.exists()


def test_a_version_waits_for_its_figures(cast: Cast) -> None:
    report = ask(cast.office, wish(Kind.CITY, issuer=Issuer.BOARD))
    sent = services.Sent(cast.office, AT, TODAY, uuid4())
    with pytest.raises(Denied, match="đã xong"):
        services.request_version(report, named=False, sent=sent)


def test_every_kind_has_one_entry() -> None:
    assert set(KINDS) == set(Kind)
    for kind, spec in KINDS.items():
        assert spec.kind == kind
        assert set(spec.about) <= set(FIELDS)


@pytest.mark.parametrize("kind", Kind)
def test_the_database_knows_what_a_kind_is_about(cast: Cast, kind: Kind) -> None:
    """Each subject with each kind: held by the table as by the registry."""
    report = ask(cast.office, wish(Kind.CITY, issuer=Issuer.BOARD))
    known = {
        "resolution": cast.programme.resolution, "programme": cast.programme,
        "axis": cast.ward.axis, "about_unit": cast.ward, "area": cast.ward.area,
        "post": cast.ward_head.holdings.get().post,
    }  # fmt: skip
    addressee = cast.ward if kind == Kind.LETTER else None
    spec = KINDS[kind]
    for names in [(), *((name,) for name in FIELDS), ("axis", "area")]:
        chosen = {name: known[name] if name in names else None for name in FIELDS}
        fits = all(name in spec.about for name in names) and len(names) < 2
        fits = fits and bool(names or not spec.must)
        try:
            with transaction.atomic():
                rows = Report.objects.filter(pk=report.pk)
                rows.update(kind=kind, addressee=addressee, **chosen)
        except IntegrityError:
            assert not fits, names
        else:
            assert fits, names
    assert Report.objects.get().state == State.WAITING
