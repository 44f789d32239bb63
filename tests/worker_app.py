"""The product's Celery app under a key prefix of its own: `celery -A tests.worker_app worker`."""

import os

from hanoi_programmes.celery import app

app.conf.broker_transport_options["global_keyprefix"] = os.environ["BROKER_KEY_PREFIX"]
