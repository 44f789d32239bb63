"""1,000 mails while the whole worker group is killed ten times: none lost, none doubled.

Real workers, broker, database and SMTP. Each control is the same run without one protection, and
must show the failure that the protection guards against.
"""

import pytest

from hanoi_programmes.celery import app
from hanoi_programmes.reminders.jobs import ring
from hanoi_programmes.reminders.models import Mail
from hanoi_programmes.reminders.states import MailState
from tests.chaos.breaks import kill_at_random
from tests.chaos.controls import PLAIN
from tests.chaos.count import Count, all_settled, wait_until
from tests.chaos.crew import Beat
from tests.chaos.town import settle_people, write_mails
from tests.mail_server import Server
from tests.reminders.conftest import StartCrew

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]


def test_ten_kills_lose_nothing_and_double_nothing(start_crew: StartCrew, smtp: Server) -> None:
    count = Count(write_mails(1000), smtp.sink)
    smtp.sink.answers_after = 0.02
    with start_crew() as crew, Beat():
        ring(1000)
        kill_at_random(crew, count, kills=10)
        assert wait_until(all_settled, seconds=120)
    assert (count.lost, count.doubled, count.doubtful) == (0, 0, 0)
    assert set(Mail.objects.values_list("state", flat=True)) == {MailState.SENT}
    # The kills did hit: mails were in dead hands.
    assert Mail.objects.filter(crashes__gt=0).count() >= 5


def test_control_without_asking_the_server_the_same_kills_double_mails(
    start_crew: StartCrew, smtp: Server
) -> None:
    count = Count(write_mails(150), smtp.sink)
    # More of each mail's time passes between the server's log and its answer.
    smtp.sink.answers_after = 0.05
    with start_crew("nobody_is_asked") as crew, Beat():
        ring(150)
        kill_at_random(crew, count, kills=5)
        assert wait_until(all_settled, seconds=90)
    assert count.lost == 0
    assert count.doubled > 0


def test_control_plain_celery_loses_mails_for_good(start_crew: StartCrew, smtp: Server) -> None:
    count = Count(settle_people(300), smtp.sink)
    smtp.sink.answers_after = 0.02
    with start_crew("plain_celery") as crew:
        for address in count.addresses:
            app.send_task(PLAIN, (address,), queue="mail")
        kill_at_random(crew, count, kills=4)
        wait_until(lambda: count.lost == 0, seconds=6)
    assert count.lost > 0
