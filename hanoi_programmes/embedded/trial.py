"""`test`: all tests on servers of their own, whose data is thrown away."""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from typing import IO

from hanoi_programmes.embedded import servers
from hanoi_programmes.embedded.children import Child, leave_on_signals, python, stop
from hanoi_programmes.embedded.places import ROOT, VAR, CannotStartError, lock
from hanoi_programmes.embedded.progress import say

# Two people in one folder, or one beside a continuous run: each takes the first free place.
MOST_AT_ONCE = 8
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def run(arguments: Sequence[str]) -> int:
    """pytest's own exit code."""
    leave_on_signals()
    place, held = free_place()
    running: list[Child] = []
    try:
        env = environment(place, running)
        say("Running the tests")
        return pytest(arguments or default_arguments(), env)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        stop(running)
        held.close()


def free_place() -> tuple[servers.Place, IO[str]]:
    """Folders that no other test run uses now."""
    for number in range(1, MOST_AT_ONCE + 1):
        name = f"test-{number}"
        held = lock(VAR / f"{name}.lock")
        if held:
            return servers.Place(VAR / name, name, throw_away=True), held
    raise CannotStartError(f"{MOST_AT_ONCE} test runs are going on in this folder already.")


def environment(place: servers.Place, running: list[Child]) -> dict[str, str]:
    """Given servers win, missing ones are started; nothing is shared with the quick start."""
    env = {
        **os.environ,
        "DEBUG": "0",
        "HTTPS": "0",
        "DJANGO_SETTINGS_MODULE": "hanoi_programmes.settings",
        "SECRET_KEY": "only for tests, where nothing is worth protecting",
        "STATIC_ROOT": str(place.var / "static"),
        "MEDIA_ROOT": str(place.var / "media"),
        "MAIL_SINK_DIR": str(place.var / "mail"),
    }
    starts = {"DATABASE_URL": servers.postgres, "REDIS_URL": servers.valkey}
    for variable, begin in starts.items():
        if not env.get(variable):
            child, env[variable] = begin(place)
            running.append(child)
    if not any(shutil.which(name) for name in BROWSERS):
        say("No Chromium here: the browser tests will be skipped (sudo apt-get install chromium)")
    return env


def default_arguments() -> list[str]:
    """Everything, on all cores; with arguments of one's own pytest gets just those."""
    return ["-n", str(min(os.cpu_count() or 1, 4))]


def pytest(arguments: Sequence[str], env: dict[str, str]) -> int:
    """Ctrl-C reaches pytest too, which ends by itself with what it knows; we wait for that."""
    process = subprocess.Popen(python("-m", "pytest", *arguments), env=env, cwd=ROOT)
    # A handler, not "ignore": the latter would be handed down to pytest.
    signal.signal(signal.SIGINT, lambda _number, _frame: None)
    try:
        return process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
