"""A real Celery worker for tests: own process, the test database, its own keys in the broker.

A test marked `worker` takes `celery_worker_process`, starts `worker = celery_worker_process("mail",
EMAIL_PORT="2525")`, sends a job as the product does, and calls `worker.wait_for_job(job.id)`.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Condition, Thread
from typing import IO

import pytest
import redis
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from hanoi_programmes.celery import app

ROOT = Path(__file__).resolve().parent.parent
WAIT_SECONDS = 60
# A development worker or another test process on the same broker must not take our jobs.
PREFIX = f"test-{os.getpid()}:"
StartWorker = Callable[..., "Worker"]


class Worker:
    """A running worker; every line of its log wakes whoever waits."""

    def __init__(self, process: "subprocess.Popen[str]", output: IO[str]) -> None:
        self.process = process
        self.lines: list[str] = []
        self.is_silent = False
        self._output = output
        self._news = Condition()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self._output:
            with self._news:
                self.lines.append(line.rstrip())
                self._news.notify_all()
        with self._news:
            self.is_silent = True
            self._news.notify_all()

    @property
    def log(self) -> str:
        """All that the worker has said."""
        return "\n".join(self.lines)

    def wait_for(self, happened: Callable[[], bool], seconds: float = WAIT_SECONDS) -> None:
        """Return when it happened, asked at each line of the log; fail when the worker ends."""
        with self._news:
            self._news.wait_for(lambda: self.is_silent or happened(), seconds)
            assert happened(), f"It did not happen in {seconds} s:\n{self.log}"

    def wait_for_job(self, job_id: str | None, seconds: float = WAIT_SECONDS) -> None:
        """Return when the job succeeded; fail when it failed or takes too long."""
        ends = [f"[{job_id}] {end}" for end in ("succeeded", "raised", "failed")]
        self.wait_for(lambda: any(end in line for line in self.lines for end in ends), seconds)
        assert ends[0] in self.log, self.log

    def stop(self) -> None:
        """Warm stop: the running job ends first."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """What a crash does: the whole group at once, no clean-up."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self.process.poll() is None:
            (os.killpg if how == signal.SIGKILL else os.kill)(self.process.pid, how)
        self.process.wait(timeout=WAIT_SECONDS)
        self._reader.join(timeout=5)
        self._output.close()


@pytest.fixture(autouse=True, scope="session")
def broker_keys() -> Iterator[None]:
    """This test process speaks to the broker under its own prefix, and leaves nothing there."""
    app.conf.broker_transport_options["global_keyprefix"] = PREFIX
    yield
    forget_jobs()


def forget_jobs() -> None:
    """Empty this test process's part of the broker; nothing to do when no broker answers."""
    broker = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1)
    try:
        keys = list(broker.scan_iter(match=f"{PREFIX}*"))
        if keys:
            broker.delete(*keys)
    except redis.ConnectionError:
        return
    finally:
        broker.close()


@pytest.fixture
def celery_worker_process(transactional_db: None) -> Iterator[StartWorker]:
    """Starts workers by queue names; keywords go into their environment. Ended with the test."""
    forget_jobs()
    started: list[Worker] = []

    def start(*queues: str, **environment: str) -> Worker:
        worker = _start(",".join(queues) or "default,mail,pdf", environment)
        started.append(worker)
        worker.wait_for(lambda: any(line.endswith(" ready.") for line in worker.lines))
        return worker

    yield start
    for worker in started:
        worker.kill()
    forget_jobs()


def _start(queues: str, environment: dict[str, str]) -> Worker:
    command = [sys.executable, "-m", "celery", "-A", "tests.worker_app", "worker", "-Q", queues]
    process = subprocess.Popen(
        [*command, "-c", "1", "-l", "INFO", "--without-mingle", "-n", f"test-{os.getpid()}@%h"],
        cwd=ROOT,
        env=os.environ | connections() | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    return Worker(process, process.stdout)


def connections() -> dict[str, str]:
    """The test database, which only this process knows by name, and its keys in the broker."""
    db = connection.settings_dict
    parts = {"dbname": db["NAME"], "user": db["USER"], "password": db["PASSWORD"]}
    parts |= {"host": db["HOST"], "port": db["PORT"]}
    return {
        "DATABASE_URL": make_conninfo("", **{name: v for name, v in parts.items() if v}),
        "REDIS_URL": settings.REDIS_URL,
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "BROKER_KEY_PREFIX": PREFIX,
        "SECRET_KEY": settings.SECRET_KEY,
        "PYTHONUNBUFFERED": "1",
    }
