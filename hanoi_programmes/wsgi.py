"""The web server's entry."""

import os

from django.core.wsgi import get_wsgi_application

# Jobs are published through this app; without it they would go to Celery's default broker.
import hanoi_programmes.celery  # noqa: F401

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hanoi_programmes.settings")

application = get_wsgi_application()
