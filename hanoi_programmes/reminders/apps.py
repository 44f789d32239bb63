"""App configuration."""

from django.apps import AppConfig


class RemindersConfig(AppConfig):
    """Registers the app."""

    name = "hanoi_programmes.reminders"
    verbose_name = "Nhắc việc"
