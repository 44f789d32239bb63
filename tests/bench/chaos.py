# ruff: noqa: E402 - servers must run and Django must be set up before models are imported
"""What kills and outages do to mails: lost, doubled, in doubt, and how long it takes to recover.

    python -m tests.bench.chaos [mails] [kills] [ours|plain|a part of another run's name …]

Starts a PostgreSQL and a Valkey of its own, kills and restarts them, and prints a Markdown table as
it goes. Each run has a control: the same without one protection ("forgetful", as a last word: on a
database that says "committed" before it is on the disk). Clocks run sixty times as fast as in the
product (`tests.chaos.controls`): five minutes of a lease are five seconds.
"""

import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from hanoi_programmes.embedded import servers
from hanoi_programmes.embedded.children import Child, stop

HOME = Path(tempfile.mkdtemp(prefix="hp-chaos-"))
HOME.chmod(0o755)
# What is committed is on the disk, as in an installation; the tests' own server forgets for speed.
PLACE = servers.Place(HOME, HOME.name, throw_away="forgetful" in sys.argv)
PLACE.logs.mkdir(parents=True, exist_ok=True)


def starting() -> dict[str, Child]:
    """Both servers, and the environment of everything that is started later."""
    database, where = servers.postgres(PLACE)
    broker, bells = servers.valkey(PLACE)
    os.environ |= {
        "DATABASE_URL": where,
        "REDIS_URL": bells,
        "SECRET_KEY": "only for a bench, where nothing is worth protecting",
        "HTTPS": "0",
        "DJANGO_SETTINGS_MODULE": "hanoi_programmes.settings",
        "STATEMENT_TIMEOUT_MS": "120000",
        "BROKER_KEY_PREFIX": "hanoi:",
    }
    return {"database": database, "broker": broker}


RUNNING = starting() if __name__ == "__main__" else {}

import django

django.setup()

from django.core.management import call_command
from django.db import connection

from hanoi_programmes.celery import app
from hanoi_programmes.reminders import relay
from hanoi_programmes.reminders.jobs import ring
from hanoi_programmes.reminders.models import Mail
from tests.chaos.breaks import flush_broker, kill_at_random, pause
from tests.chaos.controls import LEASE, PLAIN
from tests.chaos.count import Count, all_settled, spread, wait_until
from tests.chaos.crew import Beat, Crew, Nest
from tests.chaos.town import plan_mails, settle_people, write_mails
from tests.mail_server import Server

Break = Callable[[Crew, Count, Server], None]
GIVE_UP = 900.0
A_MINUTE = 60.0
# Nothing moves for so long: what has not come will not come.
QUIET = 15.0


@contextmanager
def town(
    nest: Nest, control: str, **settings: float
) -> Iterator[tuple[Server, Callable[[], Crew]]]:
    """An empty database and broker, a mail server, and how to start a crew that uses it."""
    flush_broker()
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        names = ", ".join(f'"{table}"' for table in tables if table != "django_migrations")
        cursor.execute(f"SET session_replication_role = replica; TRUNCATE {names} CASCADE")
    connection.close()
    folder = Path(tempfile.mkdtemp(dir=HOME))
    server = Server(folder / "mail.log")
    server.sink.answers_after = 0.02
    where = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": server.port}
    where |= {"MAIL_RELAY_LOG": str(server.log.path)}
    try:
        yield server, lambda: Crew(nest, control=control, **where, **settings)
    finally:
        server.down()


def row(name: str, count: Count, began: float, *, is_control: bool) -> None:
    """One line of the table."""
    cells = [
        name,
        f"{len(count.addresses):,}",
        f"**{count.lost:,}**",
        f"**{count.doubled:,}**",
        f"{count.doubtful:,}",
        spread(count.recovery()),
        f"{time.time() - began:.0f} s",
        "control" if is_control else "",
    ]
    print(f"| {' | '.join(cells)} |", flush=True)


@dataclass(frozen=True, slots=True)
class Run:
    """One line of the table before it is known: what breaks, and what protects."""

    name: str
    mails: int
    broken: Break
    control: str = ""
    is_swept: bool = True
    is_slow: bool = False
    are_digests: bool = False

    def go(self, nest: Nest) -> None:
        """Mails flow, something breaks: what came of them, once all is settled or nothing moves."""
        settings = {"MAIL_REPLY_SECONDS": 1.0} if self.is_slow else {}
        with town(nest, self.control, **settings) as (server, crew_of):
            write = plan_mails if self.are_digests else write_mails
            count = Count(write(self.mails), server.sink)
            if self.is_slow:
                server.sink.answers_after = 2.0
            beat: AbstractContextManager[object] = Beat() if self.is_swept else nullcontext()
            began = time.time()
            with crew_of() as crew, beat:
                ring(self.mails)
                self.broken(crew, count, server)
                gives_up = GIVE_UP if self.is_swept else QUIET
                wait_until(
                    lambda: all_settled() or is_quiet(count, gives_up),
                    # Copies without an end, in the control.
                    A_MINUTE if self.is_slow else GIVE_UP,
                )
                # A copy that comes late would still be counted.
                pause(LEASE.total_seconds() + 2)
            row(self.name, count, began, is_control=bool(self.control) or not self.is_swept)


def is_quiet(count: Count, seconds: float) -> bool:
    """Nothing has come for so long, and nothing will."""
    moments = [one.at for one in count.sink.taken[-1:]] + [at for at, _ in count.hits[-1:]]
    return bool(moments) and time.time() - max(moments) > seconds


def run_plain(nest: Nest, mails: int, kills: int) -> None:
    """What most projects do: a message in the broker is all there is."""
    with town(nest, "plain_celery") as (server, crew_of):
        count = Count(settle_people(mails), server.sink)
        began = time.time()
        with crew_of() as crew:
            for address in count.addresses:
                app.send_task(PLAIN, (address,), queue="mail")
            kill_at_random(crew, count, kills)
            wait_until(lambda: count.lost == 0 or is_quiet(count, QUIET), GIVE_UP)
        row(f"plain Celery, group killed {kills} times", count, began, is_control=True)


# What is broken


def flow(count: Count, share: float) -> None:
    """Go on when so much has come; in a control perhaps no more comes."""
    wanted = len(count.addresses) * share
    wait_until(lambda: len(count.sink.taken) >= wanted or is_quiet(count, 4 * QUIET), GIVE_UP)


def killed(times: int) -> Break:
    """`kill -9` of the whole group at random moments."""

    def broken(crew: Crew, count: Count, _server: Server) -> None:
        kill_at_random(crew, count, times)

    return broken


def broker_lost(crew: Crew, count: Count, _server: Server) -> None:
    """Killed with all that it held, and later flushed; workers are restarted with it."""
    for share in (0.25, 0.5):
        flow(count, share)
        count.hit()
        broker = RUNNING["broker"]
        crew.kill()
        os.kill(broker.pid, signal.SIGKILL)
        broker.end(0)
        pause(2)
        RUNNING["broker"], address = servers.valkey(PLACE)
        assert address == os.environ["REDIS_URL"]
        crew.replace()
    flow(count, 0.75)
    crew.kill()
    count.hit()
    flush_broker()
    crew.replace()


def database_lost(_crew: Crew, count: Count, _server: Server) -> None:
    """Stopped "immediate", three times, away for two seconds each."""
    for share in (0.25, 0.5, 0.75):
        flow(count, share)
        count.hit()
        connection.close()
        database = RUNNING["database"]
        os.kill(database.pid, signal.SIGQUIT)
        database.end()
        pause(2)
        RUNNING["database"], address = servers.postgres(PLACE)
        assert address == os.environ["DATABASE_URL"]


def server_away(_crew: Crew, count: Count, server: Server) -> None:
    """An hour on these clocks: a minute."""
    flow(count, 0.3)
    server.down()
    pause(60)
    server.up()
    waiting = Mail.objects.exclude(state="sent").values_list("message_id", flat=True)
    count.hits.append((time.time(), set(waiting)))


def some_refused(_crew: Crew, count: Count, server: Server) -> None:
    """Every tenth mailbox for ever, every tenth for the next ten seconds."""
    never, later = count.addresses[::10], count.addresses[5::10]
    count.addresses = [one for one in count.addresses if one not in set(never)]
    server.sink.refused |= dict.fromkeys(never, "550 No such mailbox")
    server.sink.refused |= dict.fromkeys(later, "452 Mailbox is full")
    pause(10)
    for address in later:
        server.sink.refused.pop(address)
    # The first wait is a minute; here it is over at once.
    count.hits.append((time.time(), set()))
    wait_until(lambda: count.lost <= len(later), GIVE_UP)
    Mail.objects.filter(state="queued").update(next_try_at=None)


def nothing(_crew: Crew, _count: Count, _server: Server) -> None:
    """The server itself is what is wrong."""


def main() -> None:
    """The table."""
    mails = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    kills = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    wanted = [part for part in sys.argv[3:] if part != "forgetful"]
    relay.SETTLING = LEASE
    few = max(mails // 10, 100)
    call_command("migrate", verbosity=0, interactive=False)
    connection.close()
    nest = Nest({}, HOME / "workers.log")
    print("| run | mails | lost | doubled | in doubt | recovery p50 / p99 / max, s | took | |")
    print("|---|---:|---:|---:|---:|---|---:|---|", flush=True)
    try:
        if "ours" in wanted or not wanted:
            Run(f"group killed {kills} times", mails, killed(kills)).go(nest)
        if "plain" in wanted or not wanted:
            run_plain(nest, mails, kills)
        for one in runs(few, kills):
            if not wanted or any(part in one.name for part in wanted):
                one.go(nest)
    finally:
        nest.end()
        stop(RUNNING.values())
        shutil.rmtree(HOME, ignore_errors=True)


def runs(few: int, kills: int) -> list[Run]:
    """Everything but the long run, each beside its control."""
    return [
        Run(f"not asked, killed {kills // 5} times", few, killed(kills // 5), "nobody_is_asked"),
        Run("digests, group killed 5 times", few, killed(5), are_digests=True),
        Run("broker killed twice, flushed once", few, broker_lost),
        Run("the broker so, nobody sweeps", few, broker_lost, is_swept=False),
        Run('database stopped "immediate" 3 times', few, database_lost),
        Run("the database so, nobody sweeps", few, database_lost, is_swept=False),
        Run("mail server answers after we left", 40, nothing, is_slow=True),
        Run("the mail server so, not asked", 40, nothing, "nobody_is_asked", is_slow=True),
        Run("mail server away for an hour", few, server_away),
        Run("the mail server so, nobody sweeps", few, server_away, is_swept=False),
        Run("every 10th mailbox refused, every 10th full", few, some_refused),
    ]


if __name__ == "__main__":
    main()
