"""Load the reference data: bodies, areas, calendar, resolutions, programmes. Safe to repeat."""

from typing import Any

from django.core.management.base import BaseCommand

from hanoi_programmes.people.services.reference import load_organisations
from hanoi_programmes.programmes.services.reference import load_programmes
from hanoi_programmes.ui.attribution import acting


class Command(BaseCommand):
    """`manage.py load_reference`."""

    help = "Load the reference data; safe to repeat."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Load both halves and say how much there is now."""
        with acting("command", "load_reference"):
            counts = load_organisations() | load_programmes()
        self.stdout.write(", ".join(f"{number} {name}" for name, number in counts.items()))
