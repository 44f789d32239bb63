"""What a person decides about a mail that nobody else can decide about."""

from django.db.models.functions import Now

from hanoi_programmes.lib.verdict import Verdict, require
from hanoi_programmes.people.models import User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.reminders.models import Mail
from hanoi_programmes.reminders.querysets import MailQuerySet
from hanoi_programmes.reminders.states import MailState

ONLY_ADMINISTRATORS = "Việc này do quản trị hệ thống thực hiện."


def settle_doubtful(mail: Mail, *, was_sent: bool, by: User) -> bool:
    """Call a mail in doubt sent, or let it go again; False when it is no longer in doubt."""
    require(_may_settle(by))
    doubtful = Mail.objects.filter(pk=mail.pk, state=MailState.DOUBTFUL)
    if was_sent:
        settled = doubtful.update(
            state=MailState.SENT, sent_at=Now(), reason="", next_try_at=None, settled_by=by
        )
    else:
        settled = _go_again(doubtful, by)
    return bool(settled)


def retry_failed(mail: Mail, *, by: User) -> bool:
    """Let a refused or given-up mail go again, as if it were new; False when it has not failed."""
    require(_may_settle(by))
    return bool(_go_again(Mail.objects.filter(pk=mail.pk, state=MailState.FAILED), by))


def _go_again(mails: MailQuerySet, by: User) -> int:
    return mails.update(
        state=MailState.QUEUED,
        handed_at=None,
        next_try_at=None,
        failing_since=None,
        crashes=0,
        reason="",
        settled_by=by,
    )


def _may_settle(user: User) -> Verdict:
    return Verdict() if user.role == Role.ADMINISTRATOR else Verdict(ONLY_ADMINISTRATORS)
