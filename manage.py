#!/usr/bin/env python3
"""Django's command line."""

import os
import sys

from django.core.management import execute_from_command_line

# Commands publish jobs through this app; without it they would go to Celery's default broker.
import hanoi_programmes.celery  # noqa: F401
from hanoi_programmes.ui.attribution import acting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hanoi_programmes.settings")

if __name__ == "__main__":
    with acting("command", "manage.py " + " ".join(sys.argv[1:2])):
        execute_from_command_line(sys.argv)
