"""Plans a day's reminders and sends what is waiting, by hand: the same services as the jobs."""

from argparse import ArgumentParser
from collections import Counter
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.timezone import localdate, now

from hanoi_programmes.lib.dates import ONE_DAY, is_working_day
from hanoi_programmes.reminders.services.deliver import deliveries
from hanoi_programmes.reminders.services.plan import exceptions_around, plan
from hanoi_programmes.reminders.services.sweep import sweep


class Command(BaseCommand):
    """`manage.py send_reminders`. Safe to repeat: the ledger lets each reminder in once."""

    help = "Plan the day's reminders and send what is waiting; safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The day, and how far to go."""
        parser.add_argument("--on", type=date.fromisoformat, help="YYYY-MM-DD, today by default")
        parser.add_argument(
            "--last-working-day", action="store_true", help="the last working day up to the day"
        )
        parser.add_argument("--dry-run", action="store_true", help="count; write and send nothing")
        parser.add_argument("--no-mail", action="store_true", help="leave sending to the worker")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Plan, then send one by one, telling the figures."""
        on, dry_run = options["on"] or localdate(), options["dry_run"]
        if on > localdate() and not dry_run:
            raise CommandError(f"{on} has not come yet: only --dry-run looks ahead.")
        if options["last_working_day"]:
            exceptions = exceptions_around(on)
            while not is_working_day(on, exceptions):
                on -= ONE_DAY
        with transaction.atomic():
            planned = plan(on=on, at=now())
            transaction.set_rollback(dry_run)
        self.stdout.write(
            f"{on}: {planned.reminders} reminders, {planned.mails} mails, "
            f"{planned.nobody} rungs with nobody to tell"
        )
        if not (dry_run or options["no_mail"]):
            self._send()

    def _send(self) -> None:
        swept = sweep(most=1)
        if swept.server:
            self.stderr.write(f"No mail server: {swept.server}")
        ended = Counter(state for state in deliveries(on=localdate(), at=now()) if state)
        for state, count in sorted(ended.items()):
            self.stdout.write(f"{state.value}: {count}")
