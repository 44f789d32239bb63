"""Asks whether reminders run as they should: for a timer of the system that mails what fails."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.timezone import localtime

from hanoi_programmes.reminders.rules.alarm import ALL_WELL, alarms
from hanoi_programmes.reminders.services.health import morning_of


class Command(BaseCommand):
    """`manage.py check_reminders`. Needs the database only; ends with 1 when somebody must look."""

    help = "Exit code 1 when the day's reminders are not done by 07:45, or nothing runs at all."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        """One sentence an alarm."""
        try:
            found = alarms(morning_of(localtime()))
        except DatabaseError as error:
            raise CommandError("Không đọc được cơ sở dữ liệu.") from error
        if found:
            raise CommandError("\n".join(alarm.label for alarm in found))
        self.stdout.write(ALL_WELL)
