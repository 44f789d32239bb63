"""App configuration."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Registers the app."""

    name = "hanoi_programmes.reports"
    verbose_name = "Báo cáo"
