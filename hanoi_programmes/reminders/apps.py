"""App configuration."""

from django.apps import AppConfig
from django.core.checks import register

from hanoi_programmes.reminders.checks import check_clocks


class RemindersConfig(AppConfig):
    """Registers the app, and what it checks before anything starts."""

    name = "hanoi_programmes.reminders"
    verbose_name = "Nhắc việc"

    def ready(self) -> None:
        """The clocks of mails must be in order."""
        register(check_clocks)
