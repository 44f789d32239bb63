"""Fills the quick start's database; one process for all steps, since starting Django takes time."""

import hashlib
import io
import sys
from pathlib import Path
from typing import IO

import django
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError

from hanoi_programmes.embedded.places import ROOT, VAR
from hanoi_programmes.embedded.progress import say


def fingerprint_of_static() -> str:
    """Changes with each of our static files and with the packages that bring their own."""
    seen = hashlib.sha256((ROOT / "requirements.lock").read_bytes() + bytes(settings.DEBUG))
    for path in sorted((ROOT / "static").rglob("*")):
        found = path.stat()
        seen.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def collect_static() -> None:
    """Takes a second or two, so only when a file changed."""
    stamp = Path(settings.STATIC_ROOT).with_suffix(".stamp")
    wanted = fingerprint_of_static()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    say("Collecting the static files")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(wanted, encoding="utf-8")


def load_illustrative(log: IO[str]) -> str:
    """Made-up tasks and accounts, and the list of these accounts."""
    say("Loading the illustrative data")
    call_command("load_illustrative", stdout=log)
    call_command("load_illustrative_contests", stdout=log)
    call_command("load_illustrative_reports", stdout=log)
    call_command("load_illustrative_urgings", stdout=log)
    call_command("load_illustrative_schedules", stdout=log)
    # So that bells and mailboxes are not empty on the first look, on a Sunday either; the worker
    # sends the mails.
    call_command("send_reminders", "--no-mail", "--last-working-day", stdout=log)
    shown = io.StringIO()
    call_command("illustrative_accounts", stdout=shown)
    return shown.getvalue()


def prepare(accounts: Path) -> None:
    """Schema, static files, the two kinds of data; leaves the accounts to show in a file."""
    django.setup()
    details = VAR / "log" / "prepare.log"
    with details.open("w", encoding="utf-8") as log:
        say("Bringing the database up to date")
        call_command("migrate", interactive=False, stdout=log)
        collect_static()
        say("Loading the reference data")
        call_command("load_reference", stdout=log)
        shown = load_illustrative(log) if settings.ILLUSTRATIVE else ""
    accounts.write_text(shown, encoding="utf-8")


if __name__ == "__main__":
    try:
        prepare(Path(sys.argv[1]))
    except (CommandError, OperationalError) as reason:
        # Expected with a given server: it cannot be reached, or has no such database.
        sys.exit(str(reason).strip())
