"""App configuration."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Registers the app."""

    name = "hanoi_programmes.api"
    verbose_name = "Kết nối với chương trình khác"
