"""App configuration."""

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """Registers the app."""

    name = "hanoi_programmes.programmes"
    verbose_name = "Chương trình hành động"
