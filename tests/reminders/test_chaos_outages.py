"""Broker, database and mail server go away while mails flow; each comes back, and all arrive once.

Each control is the same outage with nobody to sweep, and must leave mails behind.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import pytest

from hanoi_programmes.reminders.jobs import ring
from hanoi_programmes.reminders.models import Mail
from hanoi_programmes.reminders.states import MailState
from tests.chaos.breaks import database_away, flush_broker, pause
from tests.chaos.count import Count, all_settled, wait_until
from tests.chaos.crew import Beat, Crew
from tests.chaos.town import write_mails
from tests.mail_server import Server
from tests.reminders.conftest import StartCrew

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
MAILS = 100


Outage = Callable[[Crew, Server], None]


def flushed(crew: Crew, _smtp: Server) -> None:
    """Under live workers, and while none is there: what they have not yet taken is forgotten."""
    flush_broker()
    pause(1)
    crew.kill()
    flush_broker()
    crew.replace()


def without_database(_crew: Crew, _smtp: Server) -> None:
    """For two seconds; whoever carries a mail loses it from sight."""
    with database_away():
        pause(2)


def without_mail_server(_crew: Crew, smtp: Server) -> None:
    """For three seconds: three minutes on these clocks."""
    smtp.down()
    pause(3)
    smtp.up()


OUTAGES = [flushed, without_database, without_mail_server]


@contextmanager
def an_outage(
    start_crew: StartCrew,
    smtp: Server,
    outage: Outage,
    beat: AbstractContextManager[object],
) -> Iterator[Count]:
    """Mails flow, something breaks and comes back; the crew goes on meanwhile."""
    count = Count(write_mails(MAILS), smtp.sink)
    # Slow enough that most mails still wait when the outage comes, however late this process wakes.
    smtp.sink.answers_after = 0.05
    with start_crew() as crew, beat:
        ring(MAILS)
        smtp.sink.wait_for(MAILS // 5, seconds=60)
        outage(crew, smtp)
        yield count


@pytest.mark.parametrize("outage", OUTAGES)
def test_after_an_outage_each_mail_arrives_once(
    start_crew: StartCrew, smtp: Server, outage: Outage
) -> None:
    with an_outage(start_crew, smtp, outage, Beat()) as count:
        assert wait_until(all_settled, seconds=90)
    assert (count.lost, count.doubled, count.doubtful) == (0, 0, 0)
    assert set(Mail.objects.values_list("state", flat=True)) == {MailState.SENT}


@pytest.mark.parametrize("outage", OUTAGES)
def test_control_with_nobody_to_sweep_mails_are_left_behind(
    start_crew: StartCrew, smtp: Server, outage: Outage
) -> None:
    """Longer than the other run took; what is left then is left for good."""
    with an_outage(start_crew, smtp, outage, nullcontext()) as count:
        assert not wait_until(all_settled, seconds=6)
    assert count.lost > 0 or Mail.objects.exclude(state=MailState.SENT).exists()
