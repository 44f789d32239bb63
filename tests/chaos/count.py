"""Mails lost, mails doubled, and how long those in dead hands were late."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Event

from django.db import OperationalError, connection

from hanoi_programmes.reminders.models import Mail
from hanoi_programmes.reminders.states import MailState
from tests.mail_server import Sink

_OPEN = [MailState.QUEUED, MailState.CLAIMED, MailState.DOUBTFUL]


def wait_until(happened: Callable[[], bool], seconds: float) -> bool:
    """Whether it happened in time."""
    until, pause = time.monotonic() + seconds, Event()
    while not happened():
        if time.monotonic() > until:
            return False
        pause.wait(0.1)
    return True


def all_settled() -> bool:
    """No mail waits, is being sent or is in doubt; not known while the database is away."""
    try:
        return not Mail.objects.filter(state__in=_OPEN).exists()
    except OperationalError:
        connection.close()
        return False


@dataclass(slots=True)
class Count:
    """What came of the mails to these addresses."""

    addresses: list[str]
    sink: Sink
    # When something was broken or came back, and the Message-IDs of the mails that it hit.
    hits: list[tuple[float, set[str]]] = field(default_factory=list)

    def hit(self) -> None:
        """Something broke just now: these mails were in somebody's hands."""
        claimed = Mail.objects.filter(state=MailState.CLAIMED)
        self.hits.append((time.time(), set(claimed.values_list("message_id", flat=True))))

    @property
    def lost(self) -> int:
        """Nobody got them."""
        return len(set(self.addresses) - set(self.sink.copies()))

    @property
    def doubled(self) -> int:
        """Copies beyond the first."""
        return sum(copies - 1 for copies in self.sink.copies().values())

    @property
    def doubtful(self) -> int:
        """Left to a person."""
        return Mail.objects.filter(state=MailState.DOUBTFUL).count()

    def recovery(self) -> list[float]:
        """Seconds from the break to the arrival of each mail that it kept from arriving."""
        first: dict[str, float] = {}
        for one in self.sink.taken:
            first.setdefault(one.message_id, one.at)
        return sorted(
            first[name] - moment
            for moment, names in self.hits
            for name in names
            if first.get(name, 0) > moment
        )


def spread(times: Iterable[float]) -> str:
    """The middle, the 99th percentile and the longest, for a table."""
    ordered = sorted(times)
    if not ordered:
        return "– / – / –"
    places = (len(ordered) // 2, min(len(ordered) - 1, len(ordered) * 99 // 100), -1)
    return " / ".join(f"{ordered[place]:.1f}" for place in places)
