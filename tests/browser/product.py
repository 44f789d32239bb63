"""The product as the quick start runs it, on a database of its own: web, worker, local mail server.

A process of its own and not Django's live server: real settings, the strict policy for content,
compressed static files, pages of mails, and data that no other test can see or empty.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from hanoi_programmes.embedded.mailbox import open_mailbox
from hanoi_programmes.embedded.places import free_port
from hanoi_programmes.people.services.reference import ILLUSTRATIVE_PASSWORD
from tests.workers import PREFIX, ROOT, Worker

PASSWORD = ILLUSTRATIVE_PASSWORD
# One illustrative account a role, and the two that check what the others send.
ACCOUNTS = {
    "officer": "chuyenvien.lang",
    "head": "chutich.lang",
    "department": "giamdoc.soyte",
    "specialist": "chuyenvien.soyte",
    "finance": "giamdoc.sotaichinh",
    "culture": "giamdoc.sovhtt",
    "office": "vanphong",
    "leader": "thuongtruc",
    "inspector": "kiemtra",
    "administrator": "quantri",
}


@dataclass
class Product:
    """Where it runs, and what its programs are told."""

    address: str
    database: str
    mail_folder: Path
    environment: dict[str, str]
    programs: list[Worker] = field(default_factory=list)

    def start(self, *command: str) -> Worker:
        """A program of the product, ended with it."""
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert process.stdout is not None
        program = Worker(process, process.stdout)
        self.programs.append(program)
        return program

    def start_worker(self) -> Worker:
        """A real Celery worker of all queues, ready when this returns."""
        options = ["-Q", "default,mail,pdf", "-c", "1", "-l", "INFO", "--without-mingle"]
        name = ["-n", f"browser-{os.getpid()}@%h"]
        worker = self.start("celery", "-A", "tests.worker_app", "worker", *options, *name)
        worker.wait_for(lambda: any(line.endswith(" ready.") for line in worker.lines))
        return worker

    def rows(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        """What the database holds now: to choose a task, or to see that nothing came twice."""
        with psycopg.connect(self.database) as database:
            return database.execute(query.encode(), values).fetchall()

    def count(self, table: str, where: str = "TRUE", **values: Any) -> int:
        """How many rows a table holds."""
        number: int = self.rows(f"SELECT count(*) FROM {table} WHERE {where}", **values)[0][0]  # noqa: S608 - words of tests
        return number

    def mails(self) -> list[Path]:
        """What the local mail server took."""
        return sorted(self.mail_folder.glob("*.eml"))

    def make_working_day(self, day: date) -> None:
        """No digest goes out on a day off; tests run on all days."""
        with psycopg.connect(self.database) as database:
            database.execute(
                "INSERT INTO people_calendarday (day, is_working, name, source, confidence)"
                " VALUES (%s, true, 'Ngày làm việc', '', 'illustrative')"
                " ON CONFLICT (day) DO UPDATE SET is_working = true",
                [day],
            )


@contextmanager
def running(folder: Path) -> Iterator[Product]:
    """The product with reference and illustrative data of today, until the block ends."""
    mailbox = open_mailbox(folder / "mail", folder / "mail.log")
    port = free_port()
    try:
        with _database() as database:
            environment = _environment(folder, database, port) | {"EMAIL_PORT": str(mailbox.port)}
            address = environment["SITE_URL"]
            product = Product(address, database, folder / "mail", environment)
            try:
                _start(product, port)
                yield product
            finally:
                for program in product.programs:
                    program.kill()
    finally:
        mailbox.stop()


def _start(product: Product, port: int) -> None:
    filled = product.start("tests.browser.prepare")
    filled.process.wait(timeout=180)
    assert filled.process.returncode == 0, filled.log
    options = ["--interface", "wsgi", "--port", str(port), "--no-ws", "--blocking-threads", "4"]
    web = product.start("granian", *options, "tests.browser.web_app:application")
    web.wait_for(lambda: "Started worker" in web.log)


@contextmanager
def _database() -> Iterator[str]:
    """An empty database beside the one of the other tests, dropped at the end."""
    known = connection.settings_dict
    names = {"user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    parts = {name: known[key] for name, key in names.items() if known[key]}
    database = make_conninfo(dbname=f"test_browser_{os.getpid()}", **parts)
    server = make_conninfo(dbname="postgres", **parts)
    name = sql.Identifier(str(conninfo_to_dict(database)["dbname"]))
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name)
    with psycopg.connect(server, autocommit=True) as connected:
        connected.execute(drop)
        connected.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))
        yield database
        connected.execute(drop)


def _environment(folder: Path, database: str, port: int) -> dict[str, str]:
    """What the quick start tells its programs; nothing of the other tests' settings."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "hanoi_programmes.settings",
        "SECRET_KEY": "only for tests, where nothing is worth protecting",
        "DATABASE_URL": database,
        "DEBUG": "0",
        "HTTPS": "0",
        "ILLUSTRATIVE": "1",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1",
        "STATIC_ROOT": str(folder / "static"),
        "MEDIA_ROOT": str(folder / "media"),
        "MAIL_SINK_DIR": str(folder / "mail"),
        "EMAIL_HOST": "127.0.0.1",
        "BROKER_KEY_PREFIX": PREFIX,
        "PYTHONUNBUFFERED": "1",
    }
