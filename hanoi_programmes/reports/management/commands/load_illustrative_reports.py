"""Ask for illustrative reports, after the illustrative tasks. Safe to repeat."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate, now

from hanoi_programmes.reports.services.illustrative_reports import load_illustrative_reports
from hanoi_programmes.ui.attribution import acting


class Command(BaseCommand):
    """`manage.py load_illustrative_reports`."""

    help = "Ask for illustrative reports; safe to repeat."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Refuse on a real installation; else ask as of today."""
        if not settings.ILLUSTRATIVE:
            raise CommandError("Set ILLUSTRATIVE=1: made-up data must never mix with real data.")
        with acting("command", "load_illustrative_reports"):
            number = load_illustrative_reports(on=localdate(), now=now())
        self.stdout.write(f"{number} reports")
