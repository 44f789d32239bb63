"""App configuration."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Registers the app."""

    name = "hanoi_programmes.people"
    verbose_name = "Tổ chức, con người"
