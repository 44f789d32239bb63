"""App configuration."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Registers the app for its template library."""

    name = "hanoi_programmes.ui"
    verbose_name = "Giao diện"
