"""Urging by hand: whom it reaches, that it is in the ledger once, and what its mail says."""

from datetime import timedelta
from uuid import UUID

import pytest
from pytest_django import DjangoAssertNumQueries

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import Holding, Unit, User
from hanoi_programmes.programmes.models import Event, Task
from hanoi_programmes.reminders.models import Mail, Notice, Reminder, Urging
from hanoi_programmes.reminders.services.deliver import deliver_one
from hanoi_programmes.reminders.services.plan import is_planned, plan
from hanoi_programmes.reminders.services.urging import Wish, mails_of, preview, urge
from hanoi_programmes.reminders.states import MailKind, MailState
from tests import factories
from tests.conftest import TODAY, Cast, act
from tests.mail_server import Sink

KEY = UUID(int=7)
WISH = Wish("Đề nghị báo cáo ngay <b>kết quả</b>.")


@pytest.fixture
def task(cast: Cast) -> Task:
    """The ward's, nine days late."""
    return factories.make_task(cast.programme, cast.ward, deadline=TODAY - timedelta(9))


def told(urging: Urging) -> set[str]:
    """Who stands in the ledger for it."""
    rows = Reminder.objects.filter(rung="urged", matter=urging.pk)
    return set(rows.values_list("recipient__username", flat=True))


def names(users: list[User]) -> set[str]:
    return {user.username for user in users}


def test_the_preview_names_who_gets_it_and_writes_nothing(cast: Cast, task: Task) -> None:
    factories.make_head("mayor", cast.city)
    found = preview([task], on=TODAY)
    assert names(found.people) == {"ward_officer", "ward_head"}
    assert names(found.superiors) == {"mayor"}
    assert not Urging.objects.exists()
    assert not Reminder.objects.exists()


def test_it_is_in_ledger_notices_mails_and_history(cast: Cast, task: Task) -> None:
    urging = urge([task], WISH, act=act(cast.office, form_key=KEY))
    assert told(urging) == {"ward_officer", "ward_head"}
    row = Reminder.objects.filter(matter=urging.pk)[0]
    assert (row.task, row.deadline, row.due_on, row.planned_on) == (
        task,
        task.deadline,
        TODAY,
        TODAY,
    )
    assert Notice.objects.filter(reminder__matter=urging.pk, kind="urged").count() == 2
    mails = Mail.objects.filter(kind=MailKind.URGING)
    assert {mail.dedup_key for mail in mails} == {
        f"urging:{urging.pk}:{cast.ward_officer.pk}",
        f"urging:{urging.pk}:{cast.ward_head.pk}",
    }
    assert sorted(mail.pk for mail in mails) == mails_of(urging)
    event = Event.objects.get(task=task, kind="urge")
    assert event.by == cast.office
    assert WISH.text in event.note
    assert "ward_head" in event.note


def test_the_head_above_hears_it_only_when_wanted(cast: Cast, task: Task) -> None:
    factories.make_head("mayor", cast.city)
    without = urge([task], WISH, act=act(cast.office))
    with_mayor = urge([task], Wish("Lần hai", also_superior=True), act=act(cast.office))
    assert "mayor" not in told(without)
    assert "mayor" in told(with_mayor)


def test_many_tasks_are_one_mail_a_person(cast: Cast, task: Task) -> None:
    more = [factories.make_task(cast.programme, cast.ward) for _ in range(3)]
    urge([task, *more], WISH, act=act(cast.office, form_key=KEY))
    assert Mail.objects.filter(recipient=cast.ward_officer, kind=MailKind.URGING).count() == 1
    assert Reminder.objects.filter(recipient=cast.ward_officer, rung="urged").count() == 4
    assert Event.objects.filter(kind="urge").count() == 4


def test_the_same_form_urges_once(cast: Cast, task: Task) -> None:
    first = urge([task], WISH, act=act(cast.office, form_key=KEY))
    assert urge([task], WISH, act=act(cast.office, form_key=KEY)) == first
    assert Mail.objects.count() == 2
    assert Event.objects.filter(kind="urge").count() == 1
    # Another form is another urging, of the same task by the same people.
    urge([task], WISH, act=act(cast.office, form_key=UUID(int=8)))
    assert Mail.objects.count() == 4


@pytest.mark.parametrize("name", ["leader", "inspector", "ward_head", "officer", "administrator"])
def test_only_the_office_urges(cast: Cast, task: Task, name: str) -> None:
    with pytest.raises(Denied, match="Việc này do Văn phòng Thành ủy thực hiện"):
        urge([task], WISH, act=act(getattr(cast, name)))
    assert not Urging.objects.exists()


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("awaiting", "đang chờ xác nhận"),
        ("refused", "đã từ chối"),
        ("completed", "đã hoàn thành"),
        ("suspended", "đang tạm dừng"),
    ],
)
def test_what_does_not_wait_for_its_unit_is_not_urged(
    cast: Cast, task: Task, state: str, reason: str
) -> None:
    facts = {"submitted_on": TODAY, "submitted_by": cast.ward_officer, "completed_on": TODAY}
    other = factories.make_task(cast.programme, cast.ward, state=state, **facts)
    found = preview([task, other], on=TODAY)
    assert found.tasks == [task]
    assert reason in found.unable[0].reason
    with pytest.raises(Denied, match=reason):
        urge([other], WISH, act=act(cast.office))
    urging = urge([task, other], WISH, act=act(cast.office))
    assert list(urging.tasks.all()) == [task]


def test_a_vacant_post_is_named_and_the_officers_hear_it(cast: Cast, task: Task) -> None:
    Holding.objects.filter(user=cast.ward_head).update(ends_on=TODAY - timedelta(1))
    found = preview([task], on=TODAY)
    assert names(found.people) == {"ward_officer"}
    assert found.unreached == [("chưa có người đứng đầu", [cast.ward])]


def test_where_nobody_is_it_is_said(cast: Cast, task: Task) -> None:
    User.objects.filter(unit=cast.ward).update(is_active=False)
    Unit.objects.filter(pk=cast.ward.pk).update(ends_on=TODAY - timedelta(1))
    found = preview([task], on=TODAY)
    assert found.able == ()
    assert found.unable[0].reason == (
        "Không có ai để đôn đốc: đơn vị đã kết thúc hoạt động, chưa có người đứng đầu, "
        "chưa có chuyên viên có tài khoản."
    )


def test_who_has_no_address_finds_it_in_the_app(cast: Cast, task: Task) -> None:
    User.objects.filter(pk=cast.ward_head.pk).update(email="")
    urging = urge([task], WISH, act=act(cast.office))
    assert names(preview([task], on=TODAY).without_mail) == {"ward_head"}
    assert told(urging) == {"ward_officer", "ward_head"}
    assert Mail.objects.count() == 1


def test_urging_by_hand_is_no_planning(cast: Cast, task: Task) -> None:
    urge([task], WISH, act=act(cast.office))
    assert not is_planned(TODAY)
    plan(on=TODAY, at=act(None).at)
    digest = Mail.objects.get(recipient=cast.ward_officer, kind=MailKind.DIGEST)
    urging = Mail.objects.get(recipient=cast.ward_officer, kind=MailKind.URGING)
    assert [row.rung for row in digest.reminders.all()] == ["after_7"]
    assert [row.rung for row in urging.reminders.all()] == ["urged"]


def test_as_many_queries_for_many_as_for_one(
    cast: Cast, task: Task, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    more = [factories.make_task(cast.programme, cast.ward) for _ in range(20)]
    rows = list(Task.objects.filter(pk__in=[t.pk for t in more]).select_related("lead_unit"))
    with django_assert_max_num_queries(6):
        preview(rows, on=TODAY)
    with django_assert_max_num_queries(24):
        urge(rows, WISH, act=act(cast.office, form_key=KEY))


def test_the_mail_begins_with_the_offices_words(cast: Cast, task: Task, sink: Sink) -> None:
    other = factories.make_task(cast.programme, cast.ward, deadline=TODAY + timedelta(9))
    urging = urge([task, other], WISH, act=act(cast.office))
    for key in mails_of(urging):
        assert deliver_one(key, on=TODAY, at=act(None).at) == MailState.SENT
    mail = sink.to(cast.ward_officer.email)[0]
    assert (
        mail["Subject"].strip()
        == "Văn phòng Thành ủy đôn đốc 2 nhiệm vụ, quá hạn nhiều nhất 9 ngày"
    )
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert text.index(WISH.text) < text.index(task.text) < text.index(other.text)
    assert "Quá hạn 9 ngày · Thời hạn 07/11/2026" in text
    assert f"/tasks/{task.pk}/" in text
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "&lt;b&gt;kết quả&lt;/b&gt;" in html
    assert html.index("kết quả") < html.index(task.text)


def test_what_is_done_before_it_leaves_is_not_urged(cast: Cast, task: Task, sink: Sink) -> None:
    urging = urge([task], WISH, act=act(cast.office))
    Task.objects.filter(pk=task.pk).update(state="completed", completed_on=TODAY)
    for key in mails_of(urging):
        assert deliver_one(key, on=TODAY, at=act(None).at) == MailState.CANCELLED
    assert sink.mails == []
