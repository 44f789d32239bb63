"""The sweep: takes up whatever a dead worker, broker or mail server has left lying.

It may run anywhere, at any time, twice at once: every step is one conditional update. A mail that
was handed over is sent again only after the first server's record has said that it does not have
it; as long as the record cannot tell, the mail is parked, and asked after each time.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q
from django.db.models.functions import Now

from hanoi_programmes.reminders import relay
from hanoi_programmes.reminders.models import Mail
from hanoi_programmes.reminders.relay import Record, UnreachableError
from hanoi_programmes.reminders.services.deliver import GAVE_UP, PATIENCE, UNKNOWN
from hanoi_programmes.reminders.states import MailState

log = logging.getLogger(__name__)

# A mail with which so many carriers died is not given to a sixth.
MOST_CRASHES = 5
# Logs are rotated weekly: after two rotations nobody can tell any more, and a person decides.
ASKED_FOR = timedelta(days=14)
_AT_ONCE = 1000

POISON = "Tiến trình gửi đã chết nhiều lần khi gửi thư này"


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did, in mails; `waiting` is how many can leave now: none without a server."""

    waiting: int = 0
    taken_back: int = 0
    found_sent: int = 0
    found_unsent: int = 0
    doubtful: int = 0
    server: str = ""

    @property
    def told(self) -> str:
        """What the administrator reads of it; nothing when there was nothing to do."""
        done = {
            "thư đang gửi": self.waiting,
            "thu lại": self.taken_back,
            "đã gửi theo nhật ký": self.found_sent,
            "gửi lại theo nhật ký": self.found_unsent,
            "chưa rõ": self.doubtful,
        }
        words = [f"{number} {word}" for word, number in done.items() if number]
        return ", ".join([*words, "máy chủ thư không trả lời"] if self.server else words)


def sweep(*, most: int) -> Swept:
    """Take back what the dead have left, settle what is in doubt; `waiting` counts up to `most`."""
    taken_back = take_back_expired()
    # The connection also makes a quiet server's log go on, so that it can tell.
    trouble = _trouble_of_the_server()
    told = ask_about_doubtful()
    waiting = 0 if trouble else Mail.objects.due().order_by()[:most].count()
    return Swept(
        waiting=waiting,
        taken_back=taken_back,
        found_sent=told[Record.TAKEN],
        found_unsent=told[Record.NOT_TAKEN],
        doubtful=told[Record.SILENT],
        server=trouble,
    )


def take_back_expired() -> int:
    """Mails whose carrier died: in doubt if handed over, else back into the queue or given up."""
    expired = Mail.objects.expired()
    one_more = F("crashes") + 1
    unsure = expired.filter(handed_at__isnull=False).update(
        state=MailState.DOUBTFUL, lease_until=None, crashes=one_more, reason=UNKNOWN
    )
    poison = expired.filter(crashes__gte=MOST_CRASHES - 1).update(
        state=MailState.FAILED, lease_until=None, crashes=one_more, reason=POISON
    )
    again = expired.update(state=MailState.QUEUED, lease_until=None, crashes=one_more)
    if taken_back := unsure + poison + again:
        log.warning("Carriers died: %s unsure, %s poison, %s again", unsure, poison, again)
    return taken_back


def ask_about_doubtful() -> Mapping[Record, int]:
    """Ask the first server's record about every mail in doubt; how many it told what of."""
    rows = Mail.objects.doubtful().filter(handed_at__gt=Now() - ASKED_FOR).order_by("pk")
    doubtful = list(rows.only("pk", "message_id", "handed_at", "attempts")[:_AT_ONCE])
    told = dict.fromkeys(Record, 0)
    records = relay.ask_all(
        {mail.message_id: mail.handed_at for mail in doubtful if mail.handed_at}
    )
    for mail in doubtful:
        record = records[mail.message_id]
        told[record] += 1
        _conclude(mail, record)
    return told


def _conclude(mail: Mail, record: Record) -> None:
    """Only if it is still this attempt that is in doubt: another sweep may have been quicker."""
    same = Mail.objects.filter(pk=mail.pk, attempts=mail.attempts, state=MailState.DOUBTFUL)
    match record:
        case Record.TAKEN:
            same.update(state=MailState.SENT, sent_at=F("handed_at"), reason="", next_try_at=None)
        case Record.NOT_TAKEN:
            known = {"handed_at": None, "next_try_at": None}
            poison = Q(crashes__gte=MOST_CRASHES)
            same.filter(poison).update(state=MailState.FAILED, reason=POISON, **known)
            same.update(state=MailState.QUEUED, reason="", **known)
        case Record.SILENT:
            # Parked, and asked about again by the next sweep.
            same.update(next_try_at=None)


def _trouble_of_the_server() -> str:
    """Why no mail can leave now; empty when the server answers, or nobody needs it."""
    if not (Mail.objects.due().exists() or Mail.objects.doubtful().exists()):
        return ""
    try:
        with relay.mail_server():
            return ""
    except UnreachableError as error:
        log.warning("No mail server: %s", error)
        _bear_with(str(error))
        return str(error)


def _bear_with(error: str) -> None:
    """Remember since when it is away; after a day of it the mails are shown to a person."""
    Mail.objects.due().filter(failing_since=None).update(failing_since=Now(), error=error)
    Mail.objects.due().failing_for(PATIENCE).update(
        state=MailState.FAILED, reason=GAVE_UP, error=error
    )
