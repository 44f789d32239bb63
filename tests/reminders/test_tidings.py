"""What other apps want told: a bell, a mail when wished; once, whatever is killed or doubled."""

from datetime import date
from email import message_from_bytes, policy
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import Settings

from hanoi_programmes.people.models import Tiding, User
from hanoi_programmes.reminders.models import Mail, Notice, Preference
from hanoi_programmes.reminders.services import tidings
from hanoi_programmes.reminders.services.deliver import deliveries
from hanoi_programmes.reminders.services.tidings import take_tidings
from hanoi_programmes.reminders.states import MailKind, Urgency
from tests.conftest import TODAY, Cast, act, signed_in
from tests.mail_server import Sink

AT = act(None).at
PATH = "/reports/code/SL-1116-0001/"


def leave(user: User, key: str = "report:1", **changes: object) -> Tiding:
    """Word for somebody."""
    said = {"headline": "Báo cáo đã lập xong", "text": "Kết quả quý IV/2026", "path": PATH}
    return Tiding.objects.create(key=key, recipient=user, **said | changes)


def test_a_tiding_is_one_notice_that_leads_to_its_page(cast: Cast) -> None:
    leave(cast.ward_officer)
    assert take_tidings(on=TODAY, at=AT) == (1, 0)
    assert take_tidings(on=TODAY, at=AT) == (0, 0)
    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind, notice.on) == (cast.ward_officer, Urgency.READY, TODAY)
    page = signed_in(cast.ward_officer).get("/notices/").content.decode()
    assert f'<a href="{PATH}">Kết quả quý IV/2026</a>' in page
    assert "Kết quả quý IV" not in signed_in(cast.outsider).get("/notices/").content.decode()
    latest = signed_in(cast.ward_officer).get("/notices/latest/").content.decode()
    assert f'<a href="{PATH}">' in latest


def test_bad_news_look_like_it(cast: Cast) -> None:
    leave(cast.office, tone="bad", headline="Không lập được báo cáo")
    take_tidings(on=TODAY, at=AT)
    assert Notice.objects.get().urgency.tone == "late"


def test_a_mail_goes_only_when_wished_and_holds_nothing_but_the_way(
    cast: Cast, sink: Sink, settings: Settings
) -> None:
    settings.SITE_URL = "http://theo-doi.thudo.example"
    leave(cast.office, by_mail=True, text="Kết quả <script>alert(1)</script>")
    leave(cast.leader)
    assert take_tidings(on=TODAY, at=AT) == (2, 1)
    assert list(deliveries(on=TODAY, at=AT)) == ["sent"]
    (mail,) = sink.taken
    message = message_from_bytes(mail.content, policy=policy.default)
    assert message["To"] == cast.office.email
    assert message["Subject"].strip() == "Báo cáo đã lập xong: Kết quả <script>alert(1)</script>"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert f"http://theo-doi.thudo.example{PATH}" in text.get_content()
    assert f'href="http://theo-doi.thudo.example{PATH}"' in html.get_content()
    assert "<script>" not in html.get_content()


def test_no_mail_without_an_address_on_a_quiet_day_or_to_who_left(cast: Cast) -> None:
    User.objects.filter(pk=cast.head.pk).update(email="")
    User.objects.filter(pk=cast.officer.pk).update(is_active=False)
    Preference.objects.create(user=cast.office, quiet_weekdays=[TODAY.weekday()])
    # Who wants a mail a task or one a day gets this one by itself all the same.
    Preference.objects.create(user=cast.leader, delivery="single")
    for user in (cast.head, cast.officer, cast.office, cast.leader, cast.ward_head):
        leave(user, by_mail=True)
    assert take_tidings(on=TODAY, at=AT) == (4, 2)
    readers = Mail.objects.filter(kind=MailKind.TIDING).values_list("recipient", flat=True)
    assert set(readers) == {cast.leader.pk, cast.ward_head.pk}
    assert not Notice.objects.filter(recipient=cast.officer).exists()


def test_the_same_occasion_is_told_once_and_paths_stay_in_the_house(cast: Cast) -> None:
    leave(cast.office)
    for wrong in ({}, {"key": "2", "path": "//elsewhere.example/"}, {"key": "3", "path": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            leave(cast.office, **wrong)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_share_them_out_and_the_killed_one_leaves_nothing_half(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(40):
        leave(cast.office, f"report:{number}", by_mail=True)

    def dies(*_args: object) -> object:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(tidings, "_mail", dies)
        with pytest.raises(KeyboardInterrupt):
            take_tidings(on=TODAY, at=AT)
    assert (Notice.objects.count(), Mail.objects.count()) == (0, 0)
    barrier = Barrier(4)
    told: list[tuple[int, int]] = []

    def take(on: date) -> None:
        try:
            barrier.wait()
            told.append(take_tidings(on=on, at=AT, most=25))
            told.append(take_tidings(on=on, at=AT, most=25))
        finally:
            connection.close()

    threads = [Thread(target=take, args=(TODAY,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(notices for notices, _mails in told) == 40
    assert (Notice.objects.count(), Mail.objects.count()) == (40, 40)
