"""Programs that a run starts: each in a group of its own, with a log, stopped whatever happens."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import NoReturn

from hanoi_programmes.embedded.places import ROOT, RunAs

PAUSE = 0.05


def identity(pid: int) -> str:
    """Tells a process from a later one with the same number by its start; empty when it is gone."""
    record = Path(f"/proc/{pid}/stat")
    if not Path("/proc/self/stat").exists():
        asked = ["ps", "-o", "lstart=", "-p", str(pid)]
        return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    try:
        # The name in parentheses may hold anything; after it come the state and, far on, the start.
        state, *fields = record.read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if state == "Z" else fields[18]


def kill_group(pid: int) -> None:
    """End what a leader left behind."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


@dataclass
class Child:
    """One program: started by us, or found alive after a run that was killed (`adopt`)."""

    name: str
    command: Sequence[str] = ()
    log: Path = Path(os.devnull)
    env: Mapping[str, str] | None = None
    cwd: Path = ROOT
    runs_as: RunAs = field(default_factory=RunAs)
    ends_by: signal.Signals = signal.SIGTERM
    pid: int = 0
    born: str = ""
    deaths: int = 0
    started_at: float = 0.0
    process: subprocess.Popen[bytes] | None = None

    @classmethod
    def adopt(
        cls, name: str, pid: int, *, born: str = "", ends_by: int = signal.SIGTERM
    ) -> "Child":
        """A program that somebody else started; without `born` it is the one that lives now."""
        ends = signal.Signals(ends_by)
        return cls(name=name, pid=pid, born=born or identity(pid), ends_by=ends)

    def start(self) -> None:
        """A session of its own keeps Ctrl-C for us: we stop the programs in order."""
        # The log begins with the run and goes on when a program is started again.
        with self.log.open("ab" if self.process else "wb") as out:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=self.env,
                cwd=self.cwd,
                start_new_session=True,
                **self.runs_as,
            )
        self.started_at = time.monotonic()
        self.pid, self.born = self.process.pid, identity(self.process.pid)

    def lived(self) -> float:
        """Seconds since its last start."""
        return time.monotonic() - self.started_at

    def alive(self) -> bool:
        """Whether it runs now, and is not a later process with its number."""
        if self.process:
            return self.process.poll() is None
        return bool(self.born) and identity(self.pid) == self.born

    def ask_to_end(self) -> None:
        """Say it and do not wait."""
        if self.alive():
            os.kill(self.pid, self.ends_by)

    def end(self, grace: float = 10.0) -> None:
        """Wait for an end that was asked for; after the grace period the whole group is killed."""
        until = time.monotonic() + grace
        while self.alive() and time.monotonic() < until:
            time.sleep(PAUSE)
        # A group outlives its leader, and its number is not given away while a member lives.
        if self.process or identity(self.pid) in {"", self.born}:
            kill_group(self.pid)
        if self.process:
            self.process.wait()

    def last_words(self, lines: int = 12) -> str:
        """The end of its log."""
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.is_file() else ""
        return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


def stop(children: Iterable[Child]) -> None:
    """Ask all to end, then wait for each."""
    together = list(children)
    for child in together:
        child.ask_to_end()
    for child in together:
        child.end()


def leave_on_signals() -> None:
    """Turn the signals that end a program into an ordinary way out, on which all is stopped."""
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, leave)


def leave(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - Python calls it so
    """The exit code by which a shell shows a signal."""
    raise SystemExit(128 + number)


def python(*arguments: str) -> list[str]:
    """This environment's Python."""
    return [sys.executable, *arguments]
