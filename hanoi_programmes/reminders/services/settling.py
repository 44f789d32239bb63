"""What a person decides about a mail that nobody else can decide about."""

from django.db.models.functions import Now

from hanoi_programmes.lib.verdict import require
from hanoi_programmes.people.models import User
from hanoi_programmes.reminders.models import Mail
from hanoi_programmes.reminders.querysets import MailQuerySet
from hanoi_programmes.reminders.rules import may_keep_machines
from hanoi_programmes.reminders.states import MailState


def settle_doubtful(mail: Mail, *, was_sent: bool, by: User) -> bool:
    """Call a mail in doubt sent, or let it go again; False when it is no longer in doubt."""
    require(may_keep_machines(by))
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
    require(may_keep_machines(by))
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
