"""The web server's entry."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

# Jobs are published through this app; without it they would go to Celery's default broker.
import hanoi_programmes.celery  # noqa: F401

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hanoi_programmes.settings")

application = get_wsgi_application()

# What is loaded now lives as long as the process. Left among what may become garbage it is looked
# through again on every busy page, which took a sixth of the dashboard's time.
get_resolver().check()
gc.collect()
gc.freeze()
# A busy page makes tens of thousands of objects and almost no circles: looking for them every
# seven hundred took a twentieth of its time.
gc.set_threshold(50_000, 20, 20)
