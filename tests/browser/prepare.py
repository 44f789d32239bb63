"""Fills a browser run's database and static files: `python -m tests.browser.prepare`."""

import django
from django.core.management import call_command

if __name__ == "__main__":
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("load_reference")
    call_command("load_illustrative")
    call_command("load_illustrative_contests")
    call_command("load_illustrative_urgings")
    call_command("load_illustrative_schedules")
