"""A group of workers that is killed and replaced, and the beat that calls the sweep."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import IO, Any, Self

from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from hanoi_programmes.celery import app
from hanoi_programmes.reminders.jobs import deliver_waiting
from tests.chaos.controls import SWEEP_SECONDS

ROOT = Path(__file__).resolve().parents[2]


class Nest:
    """The process that raises workers; see `tests.chaos.nest`."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("w") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.chaos.nest"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                cwd=ROOT,
                env=os.environ | environment,
                text=True,
                start_new_session=True,
            )
        assert self._answer() == "ready", log.read_text()
        self._number = 0

    def raise_workers(self, control: str, settings: dict[str, Any]) -> int:
        """Fork a group; its id."""
        self._number += 1
        wish = {"number": self._number, "control": control, "settings": settings}
        assert self._process.stdin
        self._process.stdin.write(json.dumps(wish) + "\n")
        self._process.stdin.flush()
        return int(self._answer())

    def _answer(self) -> str:
        output: IO[str] | None = self._process.stdout
        assert output
        return output.readline().strip()

    def end(self) -> None:
        """Nobody is raised any more."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()
        self._process.kill()
        self._process.wait()


class Crew:
    """One group at work at a time."""

    def __init__(self, nest: Nest, *, control: str = "", **settings: Any) -> None:
        self._nest, self._control, self._settings = nest, control, settings
        self.group = nest.raise_workers(control, settings)

    def kill(self) -> None:
        """All processes at once, no clean-up."""
        with suppress(ProcessLookupError):
            os.killpg(self.group, signal.SIGKILL)

    def replace(self) -> None:
        """As a supervisor would."""
        self.group = self._nest.raise_workers(self._control, self._settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()


class Beat:
    """Calls the sweep as the timetable does; a broker that is away is asked again."""

    def __init__(self) -> None:
        self._over = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        while not self._over.wait(SWEEP_SECONDS):
            with suppress(OperationalError, RedisError, OSError):
                app.send_task(deliver_waiting.name, expires=5 * SWEEP_SECONDS)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()
