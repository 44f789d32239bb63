"""What a person may decide about a mail: in doubt, or failed."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.reminders.models import Mail
from hanoi_programmes.reminders.services.deliver import GAVE_UP, UNKNOWN
from hanoi_programmes.reminders.services.settling import retry_failed, settle_doubtful
from hanoi_programmes.reminders.states import MailState
from tests.conftest import TODAY, Cast


@pytest.fixture
def mail(cast: Cast) -> Mail:
    """One that nobody knows the fate of."""
    return Mail.objects.create(
        recipient=cast.ward_officer,
        on=TODAY,
        dedup_key="digest:1",
        message_id="<1@thudo.example>",
        state=MailState.DOUBTFUL,
        reason=UNKNOWN,
        handed_at=Now(),
        attempts=3,
        crashes=2,
    )


def failed(mail: Mail) -> Mail:
    """The server has put it off for a day."""
    mail.state, mail.reason, mail.handed_at = MailState.FAILED, GAVE_UP, None
    mail.failing_since = Now() - timedelta(days=2)
    mail.save()
    return mail


def test_in_doubt_and_sent(mail: Mail, cast: Cast) -> None:
    assert settle_doubtful(mail, was_sent=True, by=cast.administrator)
    mail.refresh_from_db()
    assert (mail.state, mail.reason, mail.settled_by) == (MailState.SENT, "", cast.administrator)
    assert not settle_doubtful(mail, was_sent=False, by=cast.administrator)


def test_in_doubt_and_to_go_again(mail: Mail, cast: Cast) -> None:
    assert settle_doubtful(mail, was_sent=False, by=cast.administrator)
    mail.refresh_from_db()
    assert (mail.state, mail.handed_at, mail.crashes) == (MailState.QUEUED, None, 0)
    assert list(Mail.objects.due()) == [mail]


def test_a_failed_one_goes_again_with_fresh_patience(mail: Mail, cast: Cast) -> None:
    assert retry_failed(failed(mail), by=cast.administrator)
    mail.refresh_from_db()
    assert (mail.state, mail.failing_since, mail.reason) == (MailState.QUEUED, None, "")
    assert mail.attempts == 3
    assert not retry_failed(mail, by=cast.administrator)


def test_what_is_in_doubt_is_not_retried_as_if_it_had_failed(mail: Mail, cast: Cast) -> None:
    assert not retry_failed(mail, by=cast.administrator)
    assert not settle_doubtful(failed(mail), was_sent=False, by=cast.administrator)


@pytest.mark.parametrize("role", ["office", "leader", "inspector", "ward_head", "ward_officer"])
def test_nobody_else_decides(mail: Mail, cast: Cast, role: str) -> None:
    with pytest.raises(Denied):
        settle_doubtful(mail, was_sent=True, by=getattr(cast, role))
    with pytest.raises(Denied):
        retry_failed(mail, by=getattr(cast, role))
