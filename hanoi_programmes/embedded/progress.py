"""Lines for the developer at the terminal, with the seconds since the command began."""

import contextlib
import os
import time

# `dev.py` sets it, so that the installation counts too.
BEGAN = float(os.environ.get("QUICK_START_BEGAN") or time.time())


def seconds() -> float:
    """How long the command has been running."""
    return time.time() - BEGAN


def say(text: str) -> None:
    """One line, at once."""
    print(f"[{seconds():5.1f} s] {text}", flush=True)


def say_if_heard(text: str) -> None:
    """While stopping: a terminal that was closed must not keep us from it."""
    with contextlib.suppress(OSError):
        say(text)
