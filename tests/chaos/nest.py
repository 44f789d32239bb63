"""Raises workers: `python -m tests.chaos.nest` has everything imported and forks a group at once.

A new interpreter takes seconds to get ready, which is most of a run with many kills. Each line of
the input is JSON, `{"number": 1, "control": "", "settings": {…}}`; the answer is the group's id.
"""

import json
import os
import sys
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django must be set up before

import tests.worker_app  # noqa: E402, F401 - the keys in the broker
from hanoi_programmes.celery import app  # noqa: E402
from tests.chaos import controls  # noqa: E402

PROCESSES = 4


def main() -> None:
    """Until the input ends."""
    app.loader.import_default_modules()
    controls.shorten_clocks()
    controls.add_plain_job(app)
    print("ready", flush=True)  # noqa: T201 - it is the answer
    for line in sys.stdin:
        reap()
        pid = os.fork()
        if not pid:
            work(json.loads(line))
        print(pid, flush=True)  # noqa: T201


def work(wish: dict[str, Any]) -> None:
    """The child's whole life: a worker like any other."""
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    for name, value in wish["settings"].items():
        setattr(settings, name, value)
    if wish["control"]:
        controls.CONTROLS[wish["control"]](app)
    options = ["-Q", "mail", "-c", str(PROCESSES), "-l", "WARNING", "--without-mingle"]
    name = f"chaos-{os.getppid()}-{wish['number']}@%h"
    app.worker_main(["worker", *options, "--without-gossip", "--without-heartbeat", "-n", name])
    os._exit(0)


def reap() -> None:
    """The dead are counted elsewhere."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


if __name__ == "__main__":
    main()
