"""Load illustrative accounts and tasks, marked as such everywhere. Safe to repeat."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate

from hanoi_programmes.people.models import User
from hanoi_programmes.people.services.reference import (
    ILLUSTRATIVE_PASSWORD,
    load_illustrative_people,
)
from hanoi_programmes.programmes.services.illustrative import load_illustrative_tasks
from hanoi_programmes.programmes.services.illustrative_plans import load_illustrative_plans
from hanoi_programmes.ui.attribution import acting

SINCE = "2025-07-01"


class Command(BaseCommand):
    """`manage.py load_illustrative`."""

    help = "Load illustrative accounts and tasks; safe to repeat."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Refuse on a real installation; else load as of today."""
        if not settings.ILLUSTRATIVE:
            raise CommandError("Set ILLUSTRATIVE=1: made-up data must never mix with real data.")
        if User.objects.filter(is_illustrative=False).exists():
            raise CommandError("This database has real accounts: made-up data stays out of it.")
        today = localdate()
        since = today.fromisoformat(SINCE)
        with acting("command", "load_illustrative"):
            load_illustrative_people(password=ILLUSTRATIVE_PASSWORD, since=since)
            counts = load_illustrative_tasks(on=today)
            counts["plans of units"] = load_illustrative_plans(on=today)
        self.stdout.write(", ".join(f"{number} {name}" for name, number in counts.items()))
