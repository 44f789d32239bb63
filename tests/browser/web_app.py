"""The product's WSGI application, its jobs under a key prefix of their own, as tests.worker_app."""

import os

from hanoi_programmes.celery import app
from hanoi_programmes.wsgi import application

__all__ = ["application"]

app.conf.broker_transport_options["global_keyprefix"] = os.environ["BROKER_KEY_PREFIX"]
