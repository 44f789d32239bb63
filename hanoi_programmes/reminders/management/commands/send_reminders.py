"""Plans a day's reminders and sends what is waiting, by hand: the same services as the jobs."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.timezone import localdate, now

from hanoi_programmes.reminders.services.deliver import deliver_one, park_expired, waiting
from hanoi_programmes.reminders.services.plan import Planned, plan


class Command(BaseCommand):
    """Safe to repeat: the ledger lets each reminder in once."""

    help = "Lập và gửi nhắc việc của một ngày; chạy lại không gửi trùng."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The day, and whether to write at all."""
        parser.add_argument("--on", type=date.fromisoformat, help="YYYY-MM-DD, mặc định hôm nay")
        parser.add_argument("--dry-run", action="store_true", help="chỉ đếm, không ghi, không gửi")
        parser.add_argument("--no-mail", action="store_true", help="ghi, để tiến trình nền gửi thư")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Plan, then send one by one, telling the figures."""
        on = options["on"] or localdate()
        with transaction.atomic():
            planned = plan(on=on, at=now())
            if options["dry_run"]:
                transaction.set_rollback(True)
        self._tell(on, planned)
        if not (options["dry_run"] or options["no_mail"]):
            self._send(on)

    def _tell(self, on: date, planned: Planned) -> None:
        self.stdout.write(
            f"{on:%d/%m/%Y}: {planned.reminders} lượt nhắc mới, {planned.mails} thư, "
            f"{planned.nobody} nấc không có người nhận"
        )

    def _send(self, on: date) -> None:
        park_expired()
        ids = waiting(limit=100_000)
        states = [deliver_one(mail_id, on=on, at=now()) for mail_id in ids]
        for state in sorted({state for state in states if state}):
            self.stdout.write(f"{state.label}: {states.count(state)} thư")
