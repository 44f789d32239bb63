"""`run`: the whole product on this machine, from an empty folder to a page, until Ctrl-C."""

import http.client
import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hanoi_programmes.embedded import servers
from hanoi_programmes.embedded.children import Child, leave_on_signals, python, stop
from hanoi_programmes.embedded.mailbox import open_mailbox
from hanoi_programmes.embedded.places import (
    ROOT,
    VAR,
    CannotStartError,
    free_port,
    lock,
    secret_key,
    server_home,
)
from hanoi_programmes.embedded.progress import say, say_if_heard, seconds

USUAL_PORT = 8000
SIGN_IN = "/sign-in/"
WEB_SECONDS = 60
# A program that dies this often without having lived for a minute will not get better by itself.
MOST_DEATHS = 3
STABLE_SECONDS = 60
WATCH_EVERY = 0.5
RECORD = VAR / "run.json"
SERVERS = {"PostgreSQL": servers.postgres, "Valkey": servers.valkey}
PLACE = servers.Place(VAR, "run")


@dataclass
class Family:
    """All programs of one run, and the record by which the next run finds what a kill left."""

    address: str = ""
    servers: dict[str, Child] = field(default_factory=dict)
    programs: list[Child] = field(default_factory=list)

    def everyone(self) -> list[Child]:
        """Servers first."""
        return [*self.servers.values(), *self.programs]

    def record(self) -> None:
        """Written after each start, whole or not at all."""
        rows = [{"name": c.name, "pid": c.pid, "born": c.born} for c in self.everyone()]
        facts = {"process": os.getpid(), "address": self.address, "programs": rows}
        unfinished = RECORD.with_suffix(".new")
        unfinished.write_text(json.dumps(facts), encoding="utf-8")
        unfinished.rename(RECORD)

    def begin(self, program: Child) -> None:
        """Start and remember."""
        program.start()
        self.programs.append(program)
        self.record()

    def end(self) -> None:
        """Programs first: they still need the servers to finish what they do."""
        stop(self.programs)
        stop(self.servers.values())
        RECORD.unlink(missing_ok=True)


def run() -> int:
    """Returns when the developer ends it; whatever ends it, nothing is left running."""
    VAR.mkdir(exist_ok=True)
    held = lock(VAR / "run.lock")
    if held is None:
        return point_to_running()
    leave_on_signals()
    family = Family()
    try:
        end_leftovers()
        start(family)
        watch(family)
    except KeyboardInterrupt:
        return 0
    finally:
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, signal.SIG_IGN)
        say_if_heard("Stopping")
        family.end()
        say_if_heard("Stopped; the data is kept for the next time")
        held.close()
    return 0


def read_record() -> dict[str, Any]:
    """What the last run wrote of itself; empty when it ended well."""
    if not RECORD.exists():
        return {}
    facts: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return facts


def point_to_running() -> int:
    """A second run shows where the first is."""
    facts = read_record()
    where = f"at {facts['address']}" if facts.get("address") else "and still starting"
    print(f"It is already running {where} (process {facts.get('process')}). Ctrl-C there stops it.")
    return 0


def end_leftovers() -> None:
    """After a killed run: end its programs. Its servers are taken over when they are started."""
    rows = read_record().get("programs", [])
    found = [
        Child.adopt(row["name"], row["pid"], born=row["born"])
        for row in rows
        if row["name"] not in SERVERS
    ]
    living = [child for child in found if child.alive()]
    if living:
        say(f"Ending what a killed run left: {', '.join(child.name for child in living)}")
    stop(found)


def start(family: Family) -> None:
    """In the order in which each needs the one before."""
    port = free_port(USUAL_PORT)
    if port != USUAL_PORT:
        say(f"Port {USUAL_PORT} is busy: using {port}")
    env = environment(family, f"http://127.0.0.1:{port}")
    mailbox = open_mailbox(VAR / "mail", Path(env["MAIL_RELAY_LOG"]))
    env |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(mailbox.port)}
    accounts = fill(env)
    say("Starting web, worker and beat")
    web, *others = programs(env, port)
    family.begin(web)
    # Whoever waits, waits for the page: the others would take the processor from it.
    wait_for_web(family, port)
    family.address = env["SITE_URL"]
    for program in others:
        family.begin(program)
    show(env, accounts)


def environment(family: Family, site: str) -> dict[str, str]:
    """What all our programs are told; given addresses of servers win, missing ones are started."""
    env = {
        "DEBUG": "0",
        "DJANGO_SETTINGS_MODULE": "hanoi_programmes.settings",
        "ILLUSTRATIVE": "1",
        "SECRET_KEY": secret_key(),
        **os.environ,
        "HTTPS": "0",
        "SITE_URL": site,
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "STATIC_ROOT": str(VAR / "static"),
        "MEDIA_ROOT": str(VAR / "media"),
        "MAIL_SINK_DIR": str(VAR / "mail"),
        "MAIL_RELAY_LOG": str(PLACE.logs / "mail.log"),
        "PYTHONUNBUFFERED": "1",
    }
    for variable, name in (("DATABASE_URL", "PostgreSQL"), ("REDIS_URL", "Valkey")):
        if env.get(variable):
            say(f"{name}: using the one that {variable} names")
            continue
        family.servers[name], env[variable] = SERVERS[name](PLACE)
        family.record()
        say(f"{name} is up")
    if server_home(VAR) != VAR:
        say(f"The database lies in {server_home(VAR)}: its user may not enter this folder")
    return env


def fill(env: dict[str, str]) -> str:
    """Schema and data, by a process that ends before the web starts; returns the accounts."""
    accounts = VAR / "accounts.txt"
    command = python("-m", "hanoi_programmes.embedded.prepare", str(accounts))
    # A session of its own: Ctrl-C reaches us, and `run` then kills it.
    done = subprocess.run(command, env=env, cwd=ROOT, start_new_session=True, check=False)
    if done.returncode:
        raise CannotStartError("The database could not be filled; the lines above say why.")
    shown = accounts.read_text(encoding="utf-8")
    accounts.unlink()
    return shown


def programs(env: dict[str, str], port: int) -> list[Child]:
    """WSGI with 2 processes of 4 threads; one worker for all three queues; one beat."""
    web = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws"]
    web += ["--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers"]
    # A worker process that is told to end while it starts would never hear it.
    web += ["--workers-kill-timeout", "3"]
    celery = python("-m", "celery", "-A", "hanoi_programmes.celery")
    worker = [
        "worker",
        "-c",
        "2",
        "-Q",
        "default,mail,pdf",
        "--without-mingle",
        "--loglevel",
        "INFO",
    ]
    beat = ["beat", "--schedule", str(VAR / "beat-schedule"), "--pidfile=", "--loglevel", "INFO"]
    commands = {
        "web": python("-m", "granian", *web, "hanoi_programmes.wsgi:application"),
        "worker": [*celery, *worker],
        "beat": [*celery, *beat],
    }
    return [
        Child(name, command, log=PLACE.logs / f"{name}.log", env=env)
        for name, command in commands.items()
    ]


def wait_for_web(family: Family, port: int) -> None:
    """Until the sign-in page is there, as a browser would see it."""
    until = time.monotonic() + WEB_SECONDS
    while (status := answer(port)) != http.client.OK:
        look_after(family)
        # An error of our own does not go away by waiting.
        if status >= http.client.INTERNAL_SERVER_ERROR or time.monotonic() > until:
            words = family.programs[0].last_words()
            raise CannotStartError(
                f"{SIGN_IN} does not answer (status {status}); the web's last words:\n{words}"
            )
        time.sleep(0.1)


def answer(port: int) -> int:
    """The status of the sign-in page; 0 when nobody listens yet."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", SIGN_IN)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def show(env: dict[str, str], accounts: str) -> None:
    """The end of the first command: where it is and who may enter."""
    site = env["SITE_URL"]
    print(f"\n  Ready in {seconds():.1f} s / Đã sẵn sàng:  {site}/")
    print(f"  Mails / Thư:  {site}/mails/")
    print("  Illustrative accounts / Tài khoản minh họa:")
    rows = [line.split("\t") for line in accounts.splitlines()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print(f"    {'  '.join(cells).rstrip()}")
    print("  Ctrl-C stops everything / dừng tất cả. Logs: var/log/\n", flush=True)


def watch(family: Family) -> None:
    """For ever: start again what dies."""
    while True:
        look_after(family)
        time.sleep(WATCH_EVERY)


def look_after(family: Family) -> None:
    """One round."""
    for child in family.everyone():
        if not child.alive():
            revive(family, child)


def revive(family: Family, child: Child) -> None:
    """Start a dead program again, unless it dies again and again."""
    child.end()
    child.deaths = 1 if child.lived() > STABLE_SECONDS else child.deaths + 1
    if child.deaths > MOST_DEATHS:
        words = child.last_words()
        raise CannotStartError(f"{child.name} ended {child.deaths} times; its last words:\n{words}")
    say(f"{child.name} ended unexpectedly: starting it again (var/log/ says more)")
    if child.name in SERVERS:
        again, _ = SERVERS[child.name](PLACE)
        again.deaths = child.deaths
        family.servers[child.name] = again
    else:
        child.start()
    family.record()
